import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, Callers, type ClusterBenchOptions, flatCosts } from '../kubernetes/testing/bench.ts';
import { userIdentity } from '../kubernetes/flow-control/identity.ts';
import { createChronicle, createSite } from '../operations/testing/bench.ts';
import { PlainUsers } from '../data-plane/plain-users.ts';
import type { World } from './build.ts';
import { Observation } from './observe.ts';

function setUp(options: ClusterBenchOptions = {}, { count = 1, headroom = 0 } = {}) {
  const simulation = new Simulation({ seed: 1 });
  const chronicle = createChronicle(simulation);
  const ids = ['large', 'other'].slice(0, count);
  const sites = ids.map((id) => createSite(simulation, chronicle, id, options));
  const products = [{ id: 'chat', title: 'Chat', requestsPerSecond: 100, lookups: 5 }];
  const users = new PlainUsers(simulation, { products, headroom }, sites, () => {});
  const observation = new Observation(simulation, { sites, users } as unknown as World);
  const cluster = sites[0]!.cluster;
  return { simulation, observation, users, watch: observation.sites[0]!, site: sites[0]!, cluster };
}

describe('windows', () => {
  it('are a minute long and begin with the run', () => {
    const { simulation, observation, watch } = setUp();
    advance(simulation, minutes(3) + seconds(59));
    expect(observation.windows).toEqual([0, minutes(1), minutes(2)]);
    for (const column of Object.values(watch.columns)) expect(column).toHaveLength(3);
  });

  it('count every user request once', () => {
    const { simulation, observation, watch } = setUp();
    advance(simulation, minutes(10) + seconds(1));
    const requests = observation.userRequests.get('')!;
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(60_000);
    expect(observation.userRequests.get('chat')).toEqual(requests);
    expect(observation.userFailures.get('')).toEqual(requests.map(() => 0));
    expect([watch.userRequests, watch.userFailures]).toEqual([60_000, 0]);
  });
});

describe('users that fail in a window', () => {
  const registryDns = {
    instances: 1,
    names: 50,
    ttl: minutes(1),
    negativeTtl: seconds(5),
    lookupTimeout: seconds(2),
    patience: seconds(1),
    serveStale: seconds(0),
  };

  it('are those that would have failed, where all were steered away', () => {
    const { simulation, observation, users, watch, cluster } = setUp({ registryDns }, { count: 2, headroom: 1 });
    users.steer(0, true);
    cluster.blockAdminApi();
    advance(simulation, minutes(4) + seconds(1));
    expect([watch.userRequests, watch.userFailures]).toEqual([0, 0]);
    expect(watch.columns.userErrorShare).toEqual([0, 0, 0, 0]);
    expect(watch.failingUsers.slice(2)).toEqual([1, 1]);
    expect(observation.sites[1]!.failingUsers).toEqual([0, 0, 0, 0]);
    cluster.unblockAdminApi();
    advance(simulation, minutes(2));
    expect(watch.failingUsers.at(-1)).toBe(0);
  });

  it('are those that did, where any came: not what it is like when the window ends', () => {
    const { simulation, users, watch, cluster } = setUp({ registryDns });
    advance(simulation, minutes(1) + seconds(10));
    cluster.blockAdminApi();
    advance(simulation, seconds(50));
    const [, failing] = watch.failingUsers;
    // Names run out one after the other: a good deal of the minute went well, and at its end next to nothing does.
    expect(users.failureShare(0)).toBeGreaterThan(0.95);
    expect(failing).toBeLessThan(0.9);
    expect(failing).toBeGreaterThan(0.3);
    expect(failing).toBeCloseTo(watch.columns.userErrorShare[1]!, 5);
  });
});

describe('first failures', () => {
  const LIST = 'list-pods-cache-json';

  it('cores: the start of the first minute that was saturated throughout', () => {
    const { simulation, watch, cluster } = setUp({
      apiServers: 1,
      cores: 1,
      costs: flatCosts({ [LIST]: { cpuMs: 600_000 } }),
    });
    const callers = new Callers(simulation, cluster.controlPlane, { timeout: minutes(60) });
    advance(simulation, seconds(101));
    callers.send(0, LIST);
    advance(simulation, minutes(5));
    const at = watch.firstFailure.get('api-server-cpu')!;
    expect(at / seconds(1)).toBeGreaterThanOrEqual(95);
    expect(at / seconds(1)).toBeLessThanOrEqual(105);
    expect(watch.columns.apiServerCpu.slice(2, 5)).toEqual([1, 1, 1]);
    expect([...watch.firstFailure.keys()]).toEqual(['api-server-cpu']);
  });

  it('a burst of half a minute is no saturated minute', () => {
    const { simulation, watch, cluster } = setUp({
      apiServers: 1,
      cores: 1,
      costs: flatCosts({ [LIST]: { cpuMs: 30_000 } }),
    });
    const callers = new Callers(simulation, cluster.controlPlane);
    advance(simulation, seconds(60));
    callers.send(0, LIST);
    advance(simulation, minutes(3));
    expect(watch.firstFailure.size).toBe(0);
    expect(watch.columns.apiServerCpu[1]).toBeGreaterThan(0.49);
  });

  it('seats: the first rejection; memory: the first kill', () => {
    const { simulation, watch, cluster } = setUp({
      apiServers: 1,
      cores: 8,
      memory: 1000,
      flowControl: { enablePriorityAndFairness: false, maxRequestsInflight: 1 },
      costs: flatCosts({ [LIST]: { cpuMs: 20_000, bytes: 600 } }),
    });
    const describe = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
    const people = new Callers(simulation, cluster.controlPlane, { clients: 2, describe });
    const admin = new Callers(simulation, cluster.controlPlane);
    advance(simulation, seconds(61));
    people.send(0, LIST);
    people.send(1, LIST);
    advance(simulation, seconds(10));
    admin.send(0, LIST);
    advance(simulation, minutes(2));
    expect(watch.firstFailure.get('seats')).toBe(seconds(65));
    expect(watch.firstFailure.get('api-server-memory')).toBe(seconds(75));
    // The controller's own heartbeats are rejected too while the one place is taken.
    expect(watch.columns.apiRejections[0]).toBe(0);
    expect(watch.columns.apiRejections[1]).toBeGreaterThanOrEqual(1);
    expect(watch.columns.apiMemoryKills.slice(0, 3)).toEqual([0, 1, 0]);
    expect(watch.columns.apiServerMemory[1]).toBe(0.6);
    expect(watch.columns.apiServersReady[2]).toBe(1);
  });
});

it('success is the share of counted attempts that ended well in the window', () => {
  const { simulation, watch, cluster } = setUp();
  advance(simulation, minutes(1));
  cluster.blockAdminApi();
  advance(simulation, minutes(2) + seconds(1));
  expect(watch.columns.apiSuccessShare[0]).toBe(1);
  // Controllers inside renew 30 times a minute; kubelets outside fail.
  expect(watch.columns.apiSuccessShare[2]!).toBeGreaterThan(0);
  expect(watch.columns.apiSuccessShare[2]!).toBeLessThan(0.6);
  expect(watch.columns.nodesNotReady[2]).toBe(10);
});

describe('latencies', () => {
  const GET = 'get';
  const LIST = 'list-pods-cache-json';
  const costs = flatCosts({ [GET]: { cpuMs: 10 }, [LIST]: { cpuMs: 1000 } });

  it('are those of requests that end in the window, LISTs apart; renewals of leases are in neither', () => {
    const { simulation, watch, cluster } = setUp({ apiServers: 1, cores: 8, costs });
    const callers = new Callers(simulation, cluster.controlPlane, { clients: 10, timeout: minutes(2) });
    advance(simulation, seconds(61));
    for (let client = 0; client < 9; client++) callers.send(client, GET);
    advance(simulation, seconds(30));
    callers.send(9, LIST);
    advance(simulation, seconds(60));
    const { apiLatencyP50, apiLatencyP90, apiLatencyP99, listLatencyP50, listLatencyP99 } = watch.columns;
    expect(listLatencyP50[0]).toBe(0);
    // Nine requests of 10 ms on eight cores, and a status or two. With the 60 renewals of the minute, 2 ms would be the median.
    expect(apiLatencyP50[1]).toBeGreaterThan(0.0098);
    expect(apiLatencyP50[1]).toBeLessThan(0.0125);
    expect(apiLatencyP90[1]).toBeLessThanOrEqual(apiLatencyP99[1]!);
    expect(listLatencyP99[1]! / 1).toBeCloseTo(1, 1);
  });

  it('count a request that nobody answers as long as its client waits, and one that is turned away not at all', () => {
    const { simulation, watch, cluster } = setUp({ apiServers: 1, cores: 8, costs });
    const callers = new Callers(simulation, cluster.controlPlane, { clients: 1, timeout: seconds(20) });
    advance(simulation, seconds(61));
    callers.send(0, GET, true);
    advance(simulation, seconds(5));
    expect(callers.count('unauthorized')).toBe(1);
    cluster.blockAdminApi();
    callers.send(0, GET);
    advance(simulation, minutes(1));
    // Kubelets give up after 10 s, and this client after 20.
    expect(watch.columns.apiLatencyP50[1]! / 10).toBeCloseTo(1, 1);
    expect(watch.columns.apiLatencyP99[1]! / 20).toBeCloseTo(1, 1);
  });
});

describe('seats', () => {
  const LIST = 'list-pods-cache-json';

  it('of a priority level are those in use over all servers, beside the limit and the requests that wait', () => {
    const { simulation, watch, cluster } = setUp({
      apiServers: 1,
      cores: 64,
      costs: flatCosts({ [LIST]: { cpuMs: 90_000 } }),
    });
    const describe = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
    const people = new Callers(simulation, cluster.controlPlane, { clients: 400, timeout: minutes(5), describe });
    advance(simulation, seconds(61));
    for (let client = 0; client < 400; client++) people.send(client, LIST);
    advance(simulation, minutes(2));
    const { level, columns } = watch.seats.levels.find(({ columns: { requestsWaiting } }) =>
      requestsWaiting.some((count) => count > 0),
    )!;
    expect(level).toBe('global-default');
    expect(columns.seatsInUse[0]).toBe(0);
    expect(columns.seatsInUse[1]).toBeLessThanOrEqual(columns.seatLimit[1]!);
    expect(columns.seatsInUse[1]! + columns.requestsWaiting[1]!).toBeGreaterThanOrEqual(300);
    for (const column of Object.values(columns)) expect(column).toHaveLength(3);
    // Nobody comes as catch-all, so that level has no series.
    expect(watch.seats.levels.map(({ level: name }) => name)).not.toContain('catch-all');
  });
});
