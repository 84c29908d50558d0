import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Status } from '../requests/api-request.ts';
import { startProbes } from './probes.ts';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

function setUp(options: BenchOptions) {
  const simulation = new Simulation({ seed: 1 });
  const bench = createBench(simulation, options);
  startProbes(simulation, bench.controlPlane, { period: seconds(10), timeout: seconds(15), failureThreshold: 8 });
  return { simulation, ...bench };
}

it('an idle server is never killed', () => {
  const { simulation, events, controlPlane } = setUp({ apiServers: 3 });
  advance(simulation, minutes(60));
  expect(events).toEqual([]);
  controlPlane.checkBooks();
});

it('a server that cannot answer is killed when the eighth probe in a row has timed out', () => {
  // Each probe needs more than its timeout: the first is sent after 10 s, the eighth after 80 s, and fails 15 s later.
  const { simulation, events } = setUp({ costs: flatCosts({ probe: { cpuMs: 1_000_000 } }) });
  advance(simulation, seconds(96));
  expect(events).toEqual([{ at: seconds(95), what: 'api-server 0 died: liveness' }]);
});

it('etcd without a majority kills a server that is healthy itself: /livez asks it too', () => {
  const { simulation, events, controlPlane } = setUp({
    etcdMembers: 1,
    etcdMemory: 5,
    costs: flatCosts({ probe: { etcdBytes: 10 } }),
  });
  advance(simulation, minutes(3));
  expect(events.map((event) => event.what)).toContain('api-server 0 died: liveness');
  expect(controlPlane.servers[0]!.memoryKills).toBe(0);
});

it('failures before a restart do not count against the next life', () => {
  const { simulation, events, controlPlane } = setUp({ costs: flatCosts({ probe: { cpuMs: 1_000_000 } }) });
  advance(simulation, seconds(90));
  controlPlane.servers[0]!.kill('memory');
  const from = simulation.now;
  advance(simulation, minutes(3));
  const next = events.find((event) => event.at > from && event.what.endsWith('liveness'));
  // Ready 20 s after the kill; then eight probes, the last of which fails after 15 s.
  expect((next!.at - from) / seconds(1)).toBeGreaterThanOrEqual(20 + 70 + 15);
});

describe('the check of etcd inside /livez', () => {
  /** Probes that each dial; etcd answers a probe's read after `etcdMs`. */
  function checked(etcdMs: number, period = seconds(10)) {
    const simulation = new Simulation({ seed: 1 });
    const bench = createBench(simulation, {
      connectionCpu: ms(2),
      refusalCpu: ms(1),
      costs: flatCosts({ probe: { cpuMs: 1, etcdMs } }),
      apiServer: { etcdCheck: {} },
    });
    startProbes(simulation, bench.controlPlane, {
      period,
      timeout: seconds(15),
      failureThreshold: 8,
      dialsEachTime: true,
    });
    return { simulation, ...bench };
  }

  it('costs a connection, a read and the answer, and nothing is left behind', () => {
    const { simulation, controlPlane, events } = checked(5);
    advance(simulation, seconds(101));
    expect(events).toEqual([]);
    expect(controlPlane.servers[0]!.busyTime).toBe(10 * ms(2 + 1));
    expect(controlPlane.etcd.members[0]!.books().busyTime).toBe(10 * ms(5));
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });

  it('asks etcd no more than once a second; in between the last result answers', () => {
    const { simulation, controlPlane } = checked(5, ms(250));
    advance(simulation, seconds(10) + ms(100));
    // 40 probes; the first asks at 0.25 s, then those at 1.25 s, 2.25 s, ...
    expect(controlPlane.groups[0]!.sent).toBe(40);
    expect(controlPlane.etcd.members[0]!.books().busyTime).toBe(10 * ms(5));
  });

  it('a probe that comes while etcd is being asked is told the last result', () => {
    const { simulation, controlPlane } = checked(1500, ms(250));
    advance(simulation, ms(1100));
    expect(controlPlane.groups[0]!.ended[Status.ok]).toBe(3);
    expect(controlPlane.groups[0]!.inside).toBe(1);
  });

  it('fails after 2 s, and etcd reads on for nobody', () => {
    const { simulation, controlPlane } = checked(3000);
    advance(simulation, seconds(12) + ms(10));
    expect(controlPlane.groups[0]!.ended[Status.serverError]).toBe(1);
    expect(controlPlane.requests.openCount).toBe(1);
    advance(simulation, seconds(2));
    expect(controlPlane.requests.openCount).toBe(0);
    for (const level of controlPlane.servers[0]!.flowControl.levels) expect(level.seatsInUse).toBe(0);
    controlPlane.checkBooks();
  });

  it('its timer is over when etcd has answered', () => {
    // The answer comes after 1.5 s; the probe 1 s later is still answered with it, and not with a failure at 2 s.
    const { simulation, controlPlane } = checked(1500, seconds(1));
    advance(simulation, seconds(60));
    expect(controlPlane.groups[0]!.ended[Status.serverError]).toBe(0);
  });
});

describe('startup probe', () => {
  it('kills a process that is not ready in time, again and again', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, events } = createBench(simulation, {
      costs: flatCosts({ 'cache-fill': { cpuMs: 300_000 } }),
    });
    startProbes(simulation, controlPlane, {
      period: seconds(10),
      timeout: seconds(15),
      failureThreshold: 8,
      startupFailureThreshold: 24,
    });
    controlPlane.servers[0]!.kill('memory');
    advance(simulation, minutes(12));
    // Started after 10 s, seen by the probes at 20, 30, ... 250 s; then 20 s of back-off and 24 probes more.
    const deaths = events.filter(({ what }) => what.includes('liveness')).map(({ at }) => at / seconds(1));
    expect(deaths).toHaveLength(2);
    expect(deaths[0]).toBeGreaterThanOrEqual(240);
    expect(deaths[0]).toBeLessThanOrEqual(250);
    expect(deaths[1]! - deaths[0]!).toBeGreaterThanOrEqual(20 + 230);
    expect(deaths[1]! - deaths[0]!).toBeLessThanOrEqual(20 + 250);
  });

  it('leaves one alone that needs four minutes less a bit', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, events } = createBench(simulation, {
      costs: flatCosts({ 'cache-fill': { cpuMs: 215_000 } }),
    });
    startProbes(simulation, controlPlane, {
      period: seconds(10),
      timeout: seconds(15),
      failureThreshold: 8,
      startupFailureThreshold: 24,
    });
    controlPlane.servers[0]!.kill('memory');
    advance(simulation, minutes(12));
    expect(events.map(({ what }) => what)).toEqual(['api-server 0 died: memory', 'api-server 0 ready']);
  });
});

describe('a kubelet that gives the process time to end', () => {
  it('ends it gracefully: what it can still finish in 30 s is finished, then back-off as after a crash', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, events } = createBench(simulation, {
      cores: 4,
      costs: flatCosts({ probe: { etcdMs: 1 }, 'list-pods-cache-json': { cpuMs: 20_000 } }),
      apiServer: { etcdCheck: {} },
    });
    const grace = { period: seconds(10), timeout: seconds(15), failureThreshold: 8, killGrace: seconds(30) };
    startProbes(simulation, controlPlane, grace);
    controlPlane.etcd.members[0]!.setCores(0.0001);
    const callers = new Callers(simulation, controlPlane, { timeout: minutes(5) });
    advance(simulation, seconds(70));
    callers.send(0, 'list-pods-cache-json');
    advance(simulation, seconds(15));
    // Eight failures by 82 s: it closes at once, and ends when the LIST is done, 20 s after it came.
    expect(controlPlane.servers[0]!.isReady).toBe(false);
    advance(simulation, seconds(10));
    controlPlane.etcd.members[0]!.setCores(1);
    advance(simulation, seconds(20));
    expect(callers.ok).toBe(1);
    expect(events).toEqual([
      { at: seconds(90), what: 'api-server 0 died: liveness' },
      { at: seconds(110) + ms(1), what: 'api-server 0 ready' },
    ]);
    controlPlane.checkBooks();
  });
});
