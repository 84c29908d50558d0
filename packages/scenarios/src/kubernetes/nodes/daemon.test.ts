import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type BenchOptions, createBench, flatCosts } from '../testing/bench.ts';
import { Daemon, type DaemonOptions } from './daemon.ts';

const LIST = 'list-pods-etcd-json';

function setUp(nodes: number, options: BenchOptions = {}, agent: Partial<DaemonOptions> = {}, seed = 1) {
  const simulation = new Simulation({ seed });
  const bench = createBench(simulation, { cores: 8, ...options });
  const daemon = new Daemon(
    simulation,
    'bench',
    nodes,
    {
      name: 'agent',
      namespace: 'telemetry',
      operation: LIST,
      period: seconds(60),
      periodJitter: 0,
      timeout: seconds(60),
      startDelay: { sample: () => seconds(5) },
      ...agent,
    },
    bench.controlPlane,
  );
  const group = bench.controlPlane.groups.find((one) => one.name === 'agent')!;
  /** Instants in seconds at which the group sent, watched for so many seconds in steps of 10 ms. */
  const watch = (time: number): number[] => {
    const instants: number[] = [];
    for (let i = 0; i < time * 100; i++) {
      const before = group.sent;
      advance(simulation, ms(10));
      for (let n = before; n < group.sent; n++) instants.push((i + 1) / 100);
    }
    return instants;
  };
  return { simulation, ...bench, daemon, group, watch };
}

describe('an agent', () => {
  it('asks first when it has started, then one period after each answer', () => {
    const costs = flatCosts({ [LIST]: { cpuMs: 2000 } });
    const { daemon, watch } = setUp(1, { costs });
    daemon.start(0);
    const seen = watch(200).map((at) => Math.floor(at));
    expect(seen).toEqual([5, 67, 129, 191]);
  });

  it('varies its period evenly around the middle', () => {
    const { simulation, daemon, group } = setUp(
      1,
      { costs: flatCosts({ [LIST]: { cpuMs: 0.001 } }) },
      { periodJitter: 0.5 },
    );
    daemon.start(0);
    const gaps: number[] = [];
    let last = -1;
    for (let i = 0; i < 100_000; i++) {
      const before = group.sent;
      advance(simulation, ms(500));
      if (group.sent === before) continue;
      if (last >= 0) gaps.push((simulation.now - last) / seconds(1));
      last = simulation.now;
    }
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(29.5);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(90.5);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    // Uniform over 60 s: standard deviation 17.3 s, of the mean 17.3 / sqrt(n).
    expect(Math.abs(mean - 60)).toBeLessThan((5 * 17.3) / Math.sqrt(gaps.length));
  });

  it('is started once, stops at once, and counts', () => {
    const { simulation, daemon, group } = setUp(3);
    daemon.start(0);
    daemon.start(0);
    daemon.start(1);
    expect(daemon.runningCount).toBe(2);
    advance(simulation, seconds(30));
    daemon.stop(0);
    daemon.stop(0);
    expect(daemon.runningCount).toBe(1);
    const before = group.sent;
    daemon.stop(1);
    advance(simulation, minutes(10));
    expect(group.sent).toBe(before);
    expect(daemon.runningCount).toBe(0);
  });

  it('that is stopped while it waits for an answer asks no more; started again, it does', () => {
    const { simulation, daemon, group, controlPlane } = setUp(1, { costs: flatCosts({ [LIST]: { cpuMs: 10_000 } }) });
    daemon.start(0);
    advance(simulation, seconds(6));
    daemon.stop(0);
    advance(simulation, minutes(5));
    expect(group.sent).toBe(1);
    expect(group.ended[0]).toBe(1);
    daemon.start(0);
    advance(simulation, minutes(1));
    expect(group.sent).toBe(2);
    controlPlane.checkBooks();
  });

  it('whose pod object is deleted is told 401, cheaply, from 90 s later until its process is stopped', () => {
    const costs = flatCosts({ [LIST]: { cpuMs: 1000 } });
    const { simulation, daemon, group, controlPlane } = setUp(1, { costs, refusalCpu: ms(1) });
    daemon.start(0);
    advance(simulation, seconds(30));
    const busy = controlPlane.servers[0]!.busyTime;
    daemon.revokeToken(0);
    advance(simulation, seconds(89));
    expect(group.ended[2]).toBe(0);
    const answered = group.ended[0]!;
    expect(answered).toBeGreaterThan(1);
    expect(controlPlane.servers[0]!.busyTime - busy).toBe((answered - 1) * seconds(1));
    advance(simulation, minutes(10));
    const refused = group.ended[2]!;
    expect(refused).toBeGreaterThan(10);
    expect(group.ended[0]).toBe(answered);
    expect(controlPlane.servers[0]!.busyTime - busy).toBe((answered - 1) * seconds(1) + refused * ms(1));
  });

  it('has the token of the pod that took the place of a deleted one', () => {
    const { simulation, daemon, group } = setUp(1);
    daemon.start(0);
    advance(simulation, seconds(30));
    daemon.revokeToken(0);
    advance(simulation, seconds(30));
    daemon.start(0);
    advance(simulation, minutes(10));
    expect(group.ended[2]).toBe(0);
  });
});

describe('after a failure', () => {
  it('waits double from 0.8 s to 30 s, each with as much again at random', () => {
    const { simulation, daemon, controlPlane, watch } = setUp(1, {}, { timeout: ms(10) });
    advance(simulation, seconds(1));
    controlPlane.block();
    daemon.start(0);
    const seen = watch(400);
    const gaps = seen.slice(1).map((at, i) => at - seen[i]! - 0.01);
    [0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30].forEach((base, i) => {
      expect(gaps[i]).toBeGreaterThanOrEqual(base - 0.02);
      expect(gaps[i]).toBeLessThanOrEqual(2 * base + 0.02);
    });
  });

  it('a Retry-After is obeyed ten times, then the back-off takes over', () => {
    const flowControl = { enablePriorityAndFairness: false, maxRequestsInflight: 1 };
    const costs = flatCosts({ [LIST]: { cpuMs: 10_000_000 } });
    const { simulation, daemon, group, watch } = setUp(2, { costs, flowControl }, { timeout: minutes(60) });
    daemon.start(0);
    advance(simulation, seconds(6));
    daemon.start(1);
    const seen = watch(200);
    const gaps = seen.slice(1).map((at, i) => at - seen[i]!);
    expect(group.ended[1]).toBeGreaterThan(20);
    const isWhole = (gap: number): boolean => Math.abs(gap - Math.round(gap)) < 0.03;
    expect(gaps.slice(0, 10).every(isWhole)).toBe(true);
    // The eleventh answer ends the request: the first back-off is 0.8 to 1.6 s, and ten more retries follow.
    expect(gaps[10]).toBeGreaterThanOrEqual(0.78);
    expect(gaps[10]).toBeLessThanOrEqual(1.62);
    expect(gaps.slice(11, 21).every(isWhole)).toBe(true);
    expect(gaps[21]).toBeGreaterThanOrEqual(1.58);
    expect(gaps[21]).toBeLessThanOrEqual(3.22);
  });

  it('repetitions are counted as such', () => {
    const { simulation, daemon, controlPlane, group } = setUp(1, {}, { timeout: ms(10) });
    controlPlane.block();
    daemon.start(0);
    advance(simulation, minutes(2));
    expect(group.firstAttempts).toBe(1);
    expect(group.sent).toBeGreaterThan(5);
    controlPlane.unblock();
    advance(simulation, minutes(5));
    expect(group.firstAttempts).toBeGreaterThan(1);
    controlPlane.checkBooks();
  });
});
