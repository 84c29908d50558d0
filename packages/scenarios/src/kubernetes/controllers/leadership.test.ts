import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { Status } from '../requests/api-request.ts';
import { advance, type BenchOptions, createBench, flatCosts } from '../testing/bench.ts';
import { Leadership, type LeadershipOptions } from './leadership.ts';

const options = { leaseDuration: seconds(15), renewDeadline: seconds(10), retryPeriod: seconds(2) };

function setUp(bench: BenchOptions = {}, election: LeadershipOptions = options) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, bench);
  const started: number[] = [];
  const stopped: number[] = [];
  const controller = { start: () => started.push(simulation.now), stop: () => stopped.push(simulation.now) };
  const leadership = new Leadership(simulation, 'controllers', election, controlPlane, controller);
  /** First instant, in whole seconds from now, at which it leads or not. */
  const wait = (isLeading: boolean): number => {
    const from = simulation.now;
    while (leadership.isLeading !== isLeading && simulation.now - from < minutes(30)) advance(simulation, seconds(1));
    return (simulation.now - from) / seconds(1);
  };
  return { simulation, controlPlane, leadership, started, stopped, wait };
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

/** Seconds for which one LIST of the informers keeps the API server busy. */
const listingFor = (time: number) => flatCosts({ 'list-pods-cache-protobuf': { cpuMs: time * 1000 } });

it('holds its lease while the informers are filled, however long that takes', () => {
  for (const time of [12, 30]) {
    const { simulation, controlPlane, leadership, started, wait } = setUp({ costs: listingFor(time), cores: 4 });
    advance(simulation, seconds(60));
    controlPlane.servers[0]!.kill('liveness');
    wait(false);
    wait(true);
    const since = (started[0]! - seconds(60)) / seconds(1);
    expect(since).toBeGreaterThanOrEqual(30 + time);
    expect(since).toBeLessThanOrEqual(30 + time + 12);
    for (let second = 0; second < 60; second++) {
      advance(simulation, seconds(1));
      expect(leadership.isLeading).toBe(true);
    }
    expect(started).toHaveLength(1);
    controlPlane.checkBooks();
  }
});

it('asks again with the next renewal when filling the informers failed', () => {
  const { simulation, controlPlane, leadership, started, wait } = setUp({
    costs: listingFor(5),
    cores: 4,
    apiServers: 2,
  });
  const lists = controlPlane.groups.find((group) => group.name === 'controllers-informer')!;
  advance(simulation, seconds(60));
  for (const server of controlPlane.servers) server.kill('liveness');
  wait(false);
  while (lists.sent === 0) advance(simulation, ms(100));
  // Of the two servers the one that lists is gone; the other one renews the lease.
  const listing = controlPlane.servers.find((server) => server.cpu.busyCores > 0)!;
  listing.kill('liveness');
  const killed = simulation.now;
  while (lists.sent === 1) advance(simulation, ms(100));
  expect((simulation.now - killed) / seconds(1)).toBeLessThanOrEqual(2.1);
  wait(true);
  expect((started[0]! - killed) / seconds(1)).toBeGreaterThanOrEqual(5);
  expect((started[0]! - killed) / seconds(1)).toBeLessThanOrEqual(2.1 + 5.1);
  expect(leadership.isLeading).toBe(true);
  controlPlane.checkBooks();
});

it('an answer to a process that has exited prolongs its lease and makes nobody lead', () => {
  // Asked for every 4 s: in vain at 4 s, for 15 s, then at 20 s. The process exits at 32 s, and the answer comes after that.
  const election = { leaseDuration: seconds(45), renewDeadline: seconds(30), retryPeriod: seconds(4) };
  const { operations, ...others } = flatCosts();
  const apiServerCpu = { evaluate: ({ pods = 0 }) => seconds(pods === 0 ? 100 : 13.5) };
  const costs = {
    ...others,
    operations: { ...operations, 'lease-update': { ...operations['lease-update'], apiServerCpu } },
  };
  const { simulation, controlPlane, started, stopped, wait } = setUp({ costs, cores: 4 }, election);
  advance(simulation, seconds(19) + ms(500));
  controlPlane.operations.resize({ pods: 1, nodes: 0 });
  expect(wait(false)).toBe(13);
  expect(stopped).toEqual([seconds(32)]);
  const lease = controlPlane.groups.find((group) => group.name === 'controllers-lease')!;
  advance(simulation, seconds(2));
  expect(lease.ended[Status.ok]).toBe(1);
  wait(true);
  // Renewed at 33.5 s, free from 78.5 s on, asked for at 80 s and answered 13.5 s later.
  expect(started).toHaveLength(1);
  expect(started[0]! / seconds(1)).toBeCloseTo(93.5, 1);
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
