import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type BenchOptions, Callers, controlPlaneOptions, createBench, flatCosts } from '../testing/bench.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
const LIST = 'list-pods-cache-json';

/** Two servers in two zones; a LIST takes 2 s. */
function setUp(options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, events } = createBench(simulation, {
    apiServers: 2,
    cores: 8,
    costs: flatCosts({ [LIST]: { cpuMs: 2000 } }),
    controlPlane: { zones: ['a', 'b'] },
    ...options,
  });
  const callers = new Callers(simulation, controlPlane, { clients: 4, describe: person, timeout: seconds(60) });
  const connect = (client: number, server: number): void => {
    callers.group.connect(client, server, controlPlane.servers[server]!.life);
  };
  const statuses = (): readonly unknown[] =>
    callers.replies.map(({ client, status, at }) => [client, status, at / seconds(1)]);
  return { simulation, controlPlane, events, callers, connect, statuses };
}

describe('a zone that is lost', () => {
  it('says nothing: who is connected waits until HTTP/2 notices after 45 s', () => {
    const { simulation, controlPlane, callers, connect, statuses } = setUp();
    for (const client of [0, 1]) connect(client, client);
    for (const client of [0, 1]) callers.send(client, LIST);
    advance(simulation, seconds(1));
    controlPlane.zones.fail('a');
    advance(simulation, seconds(10));
    // The connection looks alive, so what is sent over it now waits too.
    connect(2, 0);
    callers.send(2, LIST);
    advance(simulation, minutes(2));
    expect(statuses()).toEqual([
      [1, 'ok', 2],
      [2, 'reset', 46],
      [0, 'reset', 46],
    ]);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });

  it('clients with shorter timeouts give up by themselves', () => {
    const { simulation, controlPlane, callers, statuses } = setUp();
    const hasty = new Callers(simulation, controlPlane, { timeout: seconds(10), describe: person });
    hasty.group.connect(0, 0, controlPlane.servers[0]!.life);
    hasty.send(0, LIST);
    advance(simulation, seconds(1));
    controlPlane.zones.fail('a');
    advance(simulation, minutes(2));
    expect(hasty.replies.map(({ status, at }) => [status, at])).toEqual([['timed-out', seconds(10)]]);
    expect([statuses(), callers.replies]).toEqual([[], []]);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });

  it('leaves the balancer after two failed checks; meanwhile dialling there hangs', () => {
    const { simulation, controlPlane, callers } = setUp({
      controlPlane: { zones: ['a', 'b'], balancer: 'round-robin' },
    });
    controlPlane.zones.fail('a');
    for (const client of [0, 1]) callers.send(client, LIST);
    advance(simulation, seconds(11));
    expect(callers.replies.map(({ client, status }) => [client, status])).toEqual([[1, 'ok']]);
    expect(controlPlane.balancer.rotation).toEqual([1]);
    for (const client of [2, 3]) callers.send(client, LIST);
    advance(simulation, seconds(10));
    expect(callers.ok).toBe(3);
    advance(simulation, minutes(1));
    controlPlane.checkBooks();
  });

  it('a read that etcd works on at that moment is answered to nobody', () => {
    const GET = 'list-pods-etcd-json';
    const { simulation, controlPlane, callers, connect, statuses } = setUp({
      etcdMembers: 2,
      costs: flatCosts({ [GET]: { etcdMs: 5000, cpuMs: 10 } }),
    });
    connect(0, 0);
    connect(1, 0);
    callers.send(0, GET);
    const hasty = new Callers(simulation, controlPlane, { timeout: seconds(3), describe: person });
    hasty.group.connect(0, 0, controlPlane.servers[0]!.life);
    hasty.send(0, GET);
    advance(simulation, seconds(1));
    controlPlane.zones.fail('a');
    advance(simulation, minutes(3));
    expect(statuses()).toEqual([[0, 'reset', 46]]);
    expect(hasty.replies.map(({ status }) => status)).toEqual(['timed-out']);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });
});

describe('a zone that comes back', () => {
  it('boots its servers, which go through start and cache fill, and ends old connections at once', () => {
    const { simulation, controlPlane, callers, events, connect, statuses } = setUp();
    connect(0, 0);
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    controlPlane.zones.fail('a');
    advance(simulation, seconds(20));
    controlPlane.zones.restore('a');
    advance(simulation, minutes(1));
    expect(statuses()).toEqual([[0, 'reset', 21]]);
    expect(events.map(({ at, what }) => [at, what])).toEqual([
      [seconds(1), 'api-server 0 died: machine-lost'],
      [seconds(31) + ms(1), 'api-server 0 ready'],
    ]);
    callers.send(0, LIST);
    advance(simulation, seconds(10));
    expect(callers.ok).toBe(1);
    controlPlane.checkBooks();
  });

  it('and goes again: clients notice 45 s after the second loss, not after the first', () => {
    const { simulation, controlPlane, callers, connect, statuses } = setUp();
    controlPlane.zones.fail('a');
    advance(simulation, seconds(10));
    controlPlane.zones.restore('a');
    advance(simulation, seconds(20));
    connect(0, 0);
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    controlPlane.zones.fail('a');
    advance(simulation, minutes(2));
    expect(statuses()).toEqual([[0, 'reset', 31 + 45]]);
    controlPlane.checkBooks();
  });

  it('a server that was waiting out its back-off when the zone went stays away until then', () => {
    const { simulation, controlPlane, events } = setUp();
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(5));
    controlPlane.zones.fail('a');
    advance(simulation, minutes(5));
    expect(controlPlane.servers[0]!.isReady).toBe(false);
    controlPlane.zones.restore('a');
    advance(simulation, seconds(11));
    expect(controlPlane.servers[0]!.isReady).toBe(true);
    expect(events.map(({ what }) => what)).toEqual(['api-server 0 died: liveness', 'api-server 0 ready']);
  });
});

it('takes the etcd members of the zone along, and brings them back', () => {
  const { controlPlane: plain } = setUp();
  expect(() => plain.zones.fail('a')).not.toThrow();
  const raft = { zones: [0, 1, 2] };
  const { simulation, controlPlane } = setUp({
    apiServers: 3,
    controlPlane: {
      zones: ['a', 'b', 'c'],
      etcdZones: { a: 0, b: 1, c: 2 },
      etcd: { ...controlPlaneOptions({ etcdMembers: 3 }).etcd, raft },
    },
  });
  controlPlane.zones.fail('b');
  advance(simulation, seconds(10));
  expect([0, 1, 2].map((member) => controlPlane.etcd.isUp(member))).toEqual([true, false, true]);
  expect(controlPlane.etcd.hasQuorum).toBe(true);
  controlPlane.zones.fail('a');
  advance(simulation, seconds(10));
  expect(controlPlane.etcd.hasQuorum).toBe(false);
  for (const zone of ['a', 'b']) controlPlane.zones.restore(zone);
  advance(simulation, minutes(2));
  expect([0, 1, 2].map((member) => controlPlane.etcd.isUp(member))).toEqual([true, true, true]);
  expect(controlPlane.readyCount).toBe(3);
  controlPlane.checkBooks();
});

it('a zone that nobody is in is refused', () => {
  expect(() => setUp().controlPlane.zones.fail('c')).toThrow('zones: no API server is in zone "c"');
});
