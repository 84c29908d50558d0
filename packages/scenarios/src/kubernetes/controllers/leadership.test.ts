import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, type BenchOptions, createBench, flatCosts } from '../testing/bench.ts';
import { Leadership, type LeadershipOptions } from './leadership.ts';

const options = { leaseDuration: seconds(15), renewDeadline: seconds(10), retryPeriod: seconds(2) };

function setUp(bench: BenchOptions = {}, election: LeadershipOptions = options) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, bench);
  const started: number[] = [];
  const leadership = new Leadership(simulation, 'controllers', election, controlPlane, () =>
    started.push(simulation.now),
  );
  /** First instant, in whole seconds from now, at which it leads or not. */
  const wait = (isLeading: boolean): number => {
    const from = simulation.now;
    while (leadership.isLeading !== isLeading && simulation.now - from < minutes(30)) advance(simulation, seconds(1));
    return (simulation.now - from) / seconds(1);
  };
  return { simulation, controlPlane, leadership, started, wait };
}

it('keeps the lease as long as renewals succeed', () => {
  const { simulation, leadership, started, controlPlane } = setUp();
  advance(simulation, minutes(30));
  expect(leadership.isLeading).toBe(true);
  expect(started).toEqual([]);
  const lease = controlPlane.groups.find((group) => group.name === 'controllers-lease')!;
  expect(lease.sent).toBe(900);
  controlPlane.checkBooks();
});

it('loses the lease between 10 and 14 s after the last renewal, and not before', () => {
  const { simulation, controlPlane, wait, leadership } = setUp();
  advance(simulation, seconds(60) + ms(500));
  controlPlane.servers[0]!.kill('liveness');
  advance(simulation, seconds(9));
  expect(leadership.isLeading).toBe(true);
  const lost = 9 + wait(false);
  expect(lost).toBeGreaterThanOrEqual(9.5);
  expect(lost).toBeLessThanOrEqual(14);
});

it('is not taken over before its duration has passed since the last renewal, even when the API is back at once', () => {
  for (const leaseDuration of [seconds(15), seconds(120)]) {
    const { simulation, controlPlane, started, wait } = setUp({}, { ...options, leaseDuration });
    advance(simulation, seconds(60) + ms(500));
    controlPlane.servers[0]!.kill('liveness');
    wait(false);
    wait(true);
    // Renewed at 60 s, and asked for every 2 s. The API answers again after some 30 s, which is later than 15.
    const since = (started[0]! - seconds(60)) / seconds(1);
    expect(since).toBeGreaterThanOrEqual(leaseDuration / seconds(1));
    expect(since).toBeLessThan(Math.max(45, leaseDuration / seconds(1) + 3));
    controlPlane.checkBooks();
  }
});

it('leads again only after its informers are filled', () => {
  const costs = flatCosts({ 'list-pods-cache-protobuf': { cpuMs: 5000 } });
  const { simulation, controlPlane, started, wait } = setUp({ costs });
  advance(simulation, seconds(60));
  controlPlane.servers[0]!.kill('liveness');
  wait(false);
  wait(true);
  expect(started).toHaveLength(1);
  // Back in rotation after 10 s back-off, 10 s start and 10 s of health checks; then a renewal and 5 s of listing.
  const since = (started[0]! - seconds(60)) / seconds(1);
  expect(since).toBeGreaterThanOrEqual(35);
  expect(since).toBeLessThanOrEqual(35 + 12);
  controlPlane.checkBooks();
});

it('a control plane that is up for two seconds a minute is never led', () => {
  const costs = flatCosts({ 'list-pods-cache-protobuf': { cpuMs: 5000 } });
  const { simulation, controlPlane, leadership, started } = setUp({ costs, apiServers: 1 });
  advance(simulation, seconds(60));
  for (let i = 0; i < 20; i++) {
    controlPlane.servers[0]!.kill('memory');
    let waited = 0;
    while (controlPlane.readyCount === 0 && waited++ < 400) advance(simulation, seconds(1));
    advance(simulation, seconds(2));
  }
  expect(leadership.isLeading).toBe(false);
  expect(started).toEqual([]);
});
