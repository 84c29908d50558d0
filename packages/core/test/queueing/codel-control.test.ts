/**
 * What CoDel can and cannot control, argued before the run.
 *
 * Load that ignores refusals. The n-th job is thrown out at t with sum_{k<n} I / sqrt(k) = t, so n grows like
 * (t / 2I)^2 and the rate like t / (2 I^2). A surplus of E jobs/s is matched only after T = 2 I^2 E, when the line has
 * grown by E T / 2 = I^2 E^2; twice the surplus means four times the line. The target does not occur in this: CoDel alone
 * does not keep such a queue near it. (The sum is 2 sqrt(n) - 1.46, not 2 sqrt(n), which saves it 1.46 I: 7 % of T at
 * E = 100/s, so 15 % of the line; the rest is what came in before the first job was thrown out.)
 *
 * Load that reacts. Five flows raise their window by one job per round trip and halve it when a job is refused. Whenever
 * the queue stands for an interval one flow is halved, which takes 10 % off the load, so no queue can stand for many
 * intervals: the shortest wait of any two seconds (20 intervals) is below target. The window left is at least 90 % of
 * what fills the server, so at least 90 % of its capacity is used. With a limit of 1,000 places instead, nobody is
 * refused before the line is full, and halving the windows of a full system of 1,100 leaves 450 waiting: 0.45 s.
 */
import { describe, expect, it } from 'vitest';
import { JobPool } from '../../src/queueing/job-pool.ts';
import { createStation } from '../../src/queueing/station.ts';
import type { StationOptions } from '../../src/queueing/station-options.ts';
import { Simulation } from '../../src/simulation.ts';
import { expectConserved } from '../../src/testing/conservation.ts';
import { ms, plus, seconds, timeZero, us } from '../../src/time.ts';

const PER_SECOND = 1_000;
const INTERVAL = 0.1;

/** The longest line of a first spell of evenly spaced load beyond the server's 1,000/s, and what the spell let through. */
function surplus(excess: number): { longest: number; longestWait: number; served: number } {
  const simulation = new Simulation({ seed: 1 });
  const jobs = new JobPool('jobs');
  let longest = 0;
  let longestWait = 0;
  const station = createStation(simulation, {
    name: 'server',
    servers: 1,
    queueLimit: Infinity,
    codel: {},
    onServed: (job) => jobs.release(job),
    onRejected: (job) => jobs.release(job),
    waitingTimes: { record: (wait) => void (longestWait = Math.max(longestWait, wait / 1e6)) },
  });
  const arrival = simulation.event('arrival', () => {
    station.arrive(jobs.take(), ms(1));
    longest = Math.max(longest, station.waiting);
    arrival.after(us(Math.round(1e6 / (PER_SECOND + excess))), 0);
  });
  arrival.at(timeZero, 0);
  // The line would be gone after 2 T.
  simulation.runUntil(plus(timeZero, seconds(4 * INTERVAL * INTERVAL * excess)));
  expectConserved([station]);
  return { longest, longestWait, served: station.books().served / (simulation.now / 1e6) };
}

const FLOWS = 5;
const ROUND_TRIP = ms(100);

/** Shares and waits of window-based flows, after 20 s of warm-up; waits in seconds. */
function reacting(options: Pick<StationOptions, 'queueLimit' | 'codel'>): {
  utilisation: number;
  shortestWaits: number[];
  log: string;
} {
  const simulation = new Simulation({ seed: 1 });
  const jobs = new JobPool('jobs');
  const flowOf = new Uint8Array(1 << 13);
  const window = new Float64Array(FLOWS).fill(4);
  const underWay = new Float64Array(FLOWS);
  const halvedAt = new Float64Array(FLOWS).fill(-Infinity);
  let shortest = Infinity;
  const shortestWaits: number[] = [];
  const station = createStation(simulation, {
    name: 'server',
    servers: 1,
    ...options,
    onServed: (job) => void served.after(ROUND_TRIP, job),
    onRejected: (job) => void refused.after(ROUND_TRIP, job),
    waitingTimes: { record: (wait) => void (shortest = Math.min(shortest, wait / 1e6)) },
  });
  const arrival = simulation.event('arrival', (job) => station.arrive(job, ms(1)), 'arrival');
  const sendMore = (flow: number): void => {
    // Paced over a millisecond by flow, so that five flows are not one.
    for (; underWay[flow]! < Math.floor(window[flow]!); underWay[flow]!++) {
      const job = jobs.take();
      flowOf[job] = flow;
      arrival.after(us(200 * flow), job);
    }
  };
  const ended = (job: number, change: (flow: number) => void): void => {
    const flow = flowOf[job]!;
    jobs.release(job);
    underWay[flow]!--;
    change(flow);
    sendMore(flow);
  };
  const served = simulation.event('served', (job) => ended(job, (flow) => void (window[flow]! += 1 / window[flow]!)));
  const refused = simulation.event('refused', (job) =>
    ended(job, (flow) => {
      if (simulation.now - halvedAt[flow]! < ROUND_TRIP) return;
      halvedAt[flow] = simulation.now;
      window[flow] = Math.max(1, window[flow]! / 2);
    }),
  );
  for (let flow = 0; flow < FLOWS; flow++) sendMore(flow);
  simulation.runUntil(plus(timeZero, seconds(20)));
  const before = station.books();
  for (let second = 22; second <= 60; second += 2) {
    shortest = Infinity;
    simulation.runUntil(plus(timeZero, seconds(second)));
    shortestWaits.push(shortest);
  }
  expectConserved([station]);
  const after = station.books();
  const utilisation = (after.served - before.served) / (40 * PER_SECOND);
  return { utilisation, shortestWaits, log: JSON.stringify(after) };
}

describe('codel', () => {
  it('meets a surplus of load that does not react only after a line of interval^2 surplus^2', () => {
    for (const excess of [100, 250]) {
      const predicted = INTERVAL * INTERVAL * excess * excess;
      const { longest, longestWait, served } = surplus(excess);
      expect(longest).toBeGreaterThan(0.8 * predicted);
      expect(longest).toBeLessThan(1.2 * predicted);
      expect(longestWait).toBeGreaterThan(10 * 0.005);
      expect(served).toBeGreaterThan(0.99 * PER_SECOND);
    }
  });

  it('keeps no queue standing where the load reacts, and the server busy', () => {
    const managed = reacting({ queueLimit: Infinity, codel: {} });
    expect(Math.max(...managed.shortestWaits)).toBeLessThan(0.005);
    expect(managed.utilisation).toBeGreaterThan(0.9);
    expect(reacting({ queueLimit: Infinity, codel: {} }).log).toBe(managed.log);
  });

  it('where a limit of places is all there is, the same load keeps a queue standing', () => {
    const { shortestWaits, utilisation } = reacting({ queueLimit: 1_000 });
    expect(Math.min(...shortestWaits)).toBeGreaterThan(0.3);
    expect(utilisation).toBeGreaterThan(0.99);
  });
});
