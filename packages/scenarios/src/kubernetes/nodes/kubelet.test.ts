import { minutes, ms, seconds, Simulation, us } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type BenchOptions, createBench, flatCosts } from '../testing/bench.ts';
import { Kubelets } from './kubelet.ts';

const timings = {
  renewInterval: seconds(10),
  renewJitter: 0.04,
  requestTimeout: seconds(10),
  leaseDuration: seconds(40),
  statusInterval: minutes(5),
};

function setUp(nodes: number, options: BenchOptions & { renewJitter?: number } = {}, seed = 1) {
  const simulation = new Simulation({ seed });
  const { controlPlane } = createBench(simulation, { cores: 8, ...options });
  const synced: number[] = [];
  const { renewJitter = timings.renewJitter } = options;
  const kubelets = new Kubelets(simulation, 'bench', nodes, { ...timings, renewJitter }, controlPlane, {
    nodeSynced: (node) => synced.push(node),
  });
  const named = (name: string) => controlPlane.groups.find((group) => group.name === name)!;
  const [leases, statuses, watches] = ['kubelet-lease', 'kubelet-status', 'kubelet-watch'].map(named);
  return { simulation, controlPlane, kubelets, synced, leases: leases!, statuses: statuses!, watches: watches! };
}

/** Instants at which attempts of a group were sent, seen in steps of `step`, relative to the first step. */
function attempts(simulation: Simulation, group: { readonly sent: number }, step: number, steps: number): number[] {
  const instants: number[] = [];
  for (let i = 0; i < steps; i++) {
    const before = group.sent;
    advance(simulation, step);
    for (let n = before; n < group.sent; n++) instants.push((i * step) / ms(1));
  }
  return instants;
}

describe('lease renewals', () => {
  it('come at a tenth per node and second, less the jitter', () => {
    const nodes = 500;
    const { simulation, leases, controlPlane } = setUp(nodes);
    advance(simulation, seconds(60));
    const before = leases.sent;
    advance(simulation, minutes(10));
    // Interval 10 s plus 0 to 4 %, mean 10.2 s, plus the few milliseconds of the request itself.
    const expected = (nodes * 600) / 10.2;
    expect(Math.abs(leases.sent - before - expected) / expected).toBeLessThan(0.005);
    expect(leases.inside).toBeLessThan(nodes / 10);
    controlPlane.checkBooks();
  });

  it('of one node are 10 to 10.4 s apart and differ', () => {
    const { simulation, kubelets } = setUp(1);
    const gaps: number[] = [];
    advance(simulation, seconds(11));
    let last = kubelets.renewedAt[0]!;
    for (let i = 0; i < 3000; i++) {
      advance(simulation, ms(100));
      if (kubelets.renewedAt[0] === last) continue;
      gaps.push((kubelets.renewedAt[0]! - last) / ms(1));
      last = kubelets.renewedAt[0]!;
    }
    expect(gaps.length).toBeGreaterThan(25);
    // The request itself takes 1 ms at the server and 1 ms of fsync.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10_405);
    expect(new Set(gaps).size).toBeGreaterThan(20);
  });

  it('start at random phases: no tenth of a second gets more than its share', () => {
    const { simulation, leases } = setUp(2000, { renewJitter: 0 });
    const counts: number[] = [];
    for (let i = 0; i < 100; i++) {
      const before = leases.sent;
      advance(simulation, ms(100));
      counts.push(leases.sent - before);
    }
    // Poisson with mean 20 in each bin; five standard deviations above it is 42.
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2000);
    expect(Math.max(...counts)).toBeLessThan(43);
  });
});

describe('a refusing API server', () => {
  it('is tried five times back to back, then after 200 ms, doubling to 7 s', () => {
    const { simulation, leases, controlPlane } = setUp(1);
    advance(simulation, seconds(12));
    controlPlane.servers[0]!.kill('liveness');
    const before = leases.sent;
    while (leases.sent === before) advance(simulation, ms(1));
    const first = attempts(simulation, leases, ms(1), 500);
    // A refusal takes 1 ms; the first attempt has been seen already.
    expect(leases.sent - before).toBe(6);
    expect(first.slice(0, 4).every((at) => at <= 4)).toBe(true);
    expect(first[4]).toBeGreaterThanOrEqual(200);
    expect(first[4]).toBeLessThanOrEqual(206);
  });

  it('loop sleeps double up to 7 s', () => {
    const { simulation, controlPlane, leases } = setUp(1);
    advance(simulation, seconds(12));
    // A server that stays in rotation but never answers anything but a refusal: killed again at every check.
    const sent: number[] = [];
    controlPlane.servers[0]!.kill('liveness');
    const loop = (): void => {
      const before = leases.sent;
      while (leases.sent === before) advance(simulation, ms(1));
      sent.push(simulation.now);
    };
    for (let i = 0; i < 10 && simulation.now < seconds(21); i++) loop();
    const gaps = sent.slice(1).map((at, i) => Math.round((at - sent[i]!) / ms(100)) * 100);
    expect(gaps.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(gaps.slice(4)).toEqual([200, 400, 800, 1600, 3200].slice(0, gaps.length - 4));
    expect(gaps.length).toBeGreaterThan(6);
  });
});

describe('a hanging API server', () => {
  it('costs a whole grace period: five attempts of 10 s each', () => {
    const { simulation, controlPlane, leases, kubelets } = setUp(1);
    advance(simulation, seconds(12));
    controlPlane.block();
    const renewed = kubelets.renewedAt[0]!;
    const before = leases.sent;
    while (leases.sent === before) advance(simulation, ms(1));
    const from = simulation.now;
    const seen = attempts(simulation, leases, ms(10), 6000);
    expect(seen.slice(0, 4).map((at) => Math.round(at / 1000))).toEqual([10, 20, 30, 40]);
    expect(seen[4]).toBeGreaterThanOrEqual(50_180);
    expect(kubelets.renewedAt[0]).toBe(renewed);
    expect(from - renewed).toBeLessThan(seconds(10.5));
    expect(kubelets.countNotReady()).toBe(1);
    expect(leases.ended[4]).toBe(5);
    controlPlane.checkBooks();
  });

  it('the connection is closed at the second failure, not at the first', () => {
    const { simulation, controlPlane, leases } = setUp(1);
    advance(simulation, seconds(12));
    controlPlane.block();
    const before = leases.ended[4]!;
    while (leases.ended[4] === before) advance(simulation, ms(1));
    expect(leases.server[0]).toBe(0);
    while (leases.ended[4]! < before + 2) advance(simulation, ms(1));
    expect(leases.server[0]).toBe(-1);
  });

  it('a success ends the series: the next failure is a first one again', () => {
    const { simulation, controlPlane, leases } = setUp(1);
    advance(simulation, seconds(12));
    controlPlane.block();
    while (leases.ended[4]! < 1) advance(simulation, ms(1));
    controlPlane.unblock();
    advance(simulation, seconds(25));
    controlPlane.block();
    while (leases.ended[4]! < 3) advance(simulation, ms(1));
    expect(leases.server[0]).toBe(0);
  });
});

describe('readiness and reports', () => {
  it('a node is not ready 40 s after its last renewal', () => {
    const { simulation, controlPlane, kubelets } = setUp(50);
    advance(simulation, seconds(30));
    controlPlane.block();
    const oldest = Math.min(...kubelets.renewedAt);
    const youngest = Math.max(...kubelets.renewedAt);
    advance(simulation, oldest + seconds(40) - simulation.now);
    expect(kubelets.countNotReady()).toBe(0);
    advance(simulation, us(1));
    expect(kubelets.countNotReady()).toBeGreaterThanOrEqual(1);
    advance(simulation, youngest + seconds(40) - simulation.now + 1);
    expect(kubelets.countNotReady()).toBe(50);
  });

  it('status is reported every five minutes', () => {
    const { simulation, statuses } = setUp(30);
    advance(simulation, minutes(5));
    expect(statuses.sent).toBe(30);
    advance(simulation, minutes(10));
    expect(statuses.sent).toBe(90);
  });

  it('a removed node sends nothing any more', () => {
    const { simulation, controlPlane, kubelets } = setUp(4);
    advance(simulation, seconds(30));
    for (let node = 0; node < 4; node++) kubelets.remove(node);
    kubelets.remove(0);
    expect(kubelets.count).toBe(0);
    const sent = controlPlane.groups.reduce((sum, group) => sum + group.sent, 0);
    advance(simulation, minutes(20));
    expect(controlPlane.groups.reduce((sum, group) => sum + group.sent, 0)).toBeLessThanOrEqual(sent + 4);
    expect(kubelets.countNotReady()).toBe(0);
  });
});

describe('watches', () => {
  it('break with their server and are back after a jittered back-off, on another server', () => {
    const { simulation, controlPlane, kubelets, synced, watches } = setUp(60, { apiServers: 2 });
    advance(simulation, seconds(1));
    expect(kubelets.isSynced(0)).toBe(true);
    controlPlane.servers[0]!.kill('liveness');
    kubelets.connectionsBroke();
    const broken = Array.from({ length: 60 }, (_, node) => node).filter((node) => !kubelets.isSynced(node));
    expect(broken).toHaveLength(30);
    advance(simulation, seconds(60));
    expect([...synced].sort((a, b) => a - b)).toEqual(broken);
    expect(broken.every((node) => watches.server[node] === 1)).toBe(true);
    controlPlane.checkBooks();
  });

  it('that a short block left alone deliver what was missed when it ends', () => {
    const { simulation, controlPlane, kubelets, synced, watches } = setUp(5);
    controlPlane.block();
    kubelets.pathBlocked();
    advance(simulation, seconds(40));
    controlPlane.unblock();
    kubelets.pathOpened();
    expect(synced).toEqual([0, 1, 2, 3, 4]);
    advance(simulation, seconds(40));
    expect(watches.sent).toBe(0);
  });

  it('that fell silent twice for a short time are not broken by both together', () => {
    const { simulation, controlPlane, kubelets, watches } = setUp(5);
    for (const open of [5, 30]) {
      controlPlane.block();
      kubelets.pathBlocked();
      advance(simulation, seconds(30));
      controlPlane.unblock();
      kubelets.pathOpened();
      advance(simulation, seconds(open));
    }
    expect(watches.sent).toBe(0);
  });

  it('that fell silent for 45 s start over, and get through when the block ends', () => {
    const { simulation, controlPlane, kubelets, synced, watches } = setUp(5);
    controlPlane.block();
    kubelets.pathBlocked();
    advance(simulation, seconds(50));
    expect(watches.sent).toBe(5);
    controlPlane.unblock();
    kubelets.pathOpened();
    expect(synced).toEqual([]);
    // Attempts sent into the block end after 60 s and are repeated after 1.6 to 3.2 s.
    advance(simulation, seconds(70));
    expect([...synced].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect(kubelets.isSynced(3)).toBe(true);
  });
});

it('costs of leases and syncs reach the API server', () => {
  const costs = flatCosts({ 'lease-update': { cpuMs: 10, etcdMs: 1 } });
  const { simulation, controlPlane } = setUp(100, { costs });
  advance(simulation, seconds(10));
  const busy = controlPlane.servers[0]!.busyTime;
  // A hundred renewals of 10 ms; the reports of three or so nodes add 1 ms each.
  expect(busy).toBeGreaterThanOrEqual(ms(990));
  expect(busy).toBeLessThanOrEqual(ms(1020));
});
