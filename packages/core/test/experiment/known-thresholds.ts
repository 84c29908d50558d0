/** Two models whose tipping points are known, for tests of searches. */
import { createStation } from '../../src/queueing/station.ts';
import { Simulation } from '../../src/simulation.ts';
import { ms, plus, seconds, timeZero, type Duration } from '../../src/time.ts';
import { Arrivals, evenGaps } from '../../src/traffic/arrivals.ts';
import type { Attempt } from '../../src/traffic/attempt.ts';
import { Client } from '../../src/traffic/client.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import { fullJitter } from '../../src/traffic/retry.ts';

/** Share of jobs that an M/M/1/K queue turns away: (1 - r) r^K / (1 - r^(K + 1)) at an offered load r. */
export function lossShare(load: number, places: number): number {
  let terms = 0;
  let term = 1;
  for (let inside = 0; inside < places; inside++, term *= load) terms += term;
  return term / (terms + term);
}

/** The load at which that share is reached. */
export function loadOfLoss(share: number, places: number): number {
  let [low, high] = [0, 10];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (lossShare(middle, places) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The share of so many arrivals that a simulated M/M/1/K queue turned away. */
export function lostOf(arrivals: number, load: number, places: number, replication: number): number {
  const simulation = new Simulation({ seed: 'loss', replication });
  const work = simulation.streams.get('server/work');
  const station = createStation(simulation, { name: 'server', servers: 1, queueLimit: places - 1 });
  const onArrival = (job: number): void => void station.arrive(job, Math.round(work.exponential(1e6)) as Duration);
  new Arrivals(simulation, { name: 'jobs', perSecond: load, onArrival }).start();
  simulation.runUntil(plus(timeZero, seconds(arrivals / load)));
  const { arrived, rejected } = station.books();
  return rejected / arrived;
}

/** What the retry model is put through. */
export interface RetryStorm {
  /** Requests per second, evenly spaced. */
  readonly load: number;
  /** How long the server takes nothing up, in seconds; what comes meanwhile waits. */
  readonly triggerSeconds: number;
  /** Length of the run, in seconds. */
  readonly horizon: number;
  readonly replication: number;
}

/** Attempts per request of the retry model, and attempts per second that its server finishes. */
export const attemptsPerRequest = 3;
export const serverPerSecond = 10;

/** Waiting places: the last of them waits ten seconds, ten times as long as anybody waits for an answer. */
const places = 100;
const window = 30;

/**
 * Share of requests answered in time at the end of a run: callers wait a second and try up to three times, and attempts
 * whose caller has gone are worked on all the same. Nothing but the back-off is random.
 *
 * While every attempt comes too late there are three attempts per request, so a full queue drains if and only if
 * 3 x load < 10/s (Huang et al., Metastable Failures in the Wild, OSDI 2022, theorem 2): below a load of 10/3 every trigger
 * heals, and above it one that fills the queue beyond a second of work does not.
 */
export function servedAtTheEnd({ load, triggerSeconds, horizon, replication }: RetryStorm): number {
  const simulation = new Simulation({ seed: 'storm', replication });
  const table = new RequestTable();
  const station = createStation(simulation, {
    name: 'server',
    servers: 1,
    queueLimit: places,
    onServed: (attempt) => table.answer(attempt as Attempt, true),
    onRejected: (attempt) => table.answer(attempt as Attempt, false),
  });
  const client = new Client(simulation, {
    name: 'client',
    table,
    server: { submit: (attempt) => station.arrive(attempt, ms(1_000 / serverPerSecond)) },
    attemptTimeout: seconds(1),
    retry: fullJitter({ base: ms(100), cap: ms(500), maxAttempts: attemptsPerRequest }),
  });
  const users = { name: 'users', perSecond: load, gaps: evenGaps, onArrival: () => client.send() };
  new Arrivals(simulation, users).start();
  simulation.at(plus(timeZero, seconds(20)), () => station.setServers(0));
  simulation.at(plus(timeZero, seconds(20 + triggerSeconds)), () => station.setServers(1));
  simulation.runUntil(plus(timeZero, seconds(horizon - window)));
  const before = [client.ledger.requests, client.ledger.goodput] as const;
  simulation.runUntil(plus(timeZero, seconds(horizon)));
  return (client.ledger.goodput - before[1]) / (client.ledger.requests - before[0]);
}
