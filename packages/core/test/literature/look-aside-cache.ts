/** V12: a look-aside cache hides how little the database can do, until the cache is lost. */
import { TtlCache } from '../../src/cache/ttl-cache.ts';
import { createStation } from '../../src/queueing/station.ts';
import { Simulation } from '../../src/simulation.ts';
import { hours, plus, seconds, timeZero, type Duration } from '../../src/time.ts';
import { Arrivals } from '../../src/traffic/arrivals.ts';
import type { Attempt } from '../../src/traffic/attempt.ts';
import { Client } from '../../src/traffic/client.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import { summarise, type Comparison, type Experiment } from './comparison.ts';

const KEYS = 1_000;
const REPLICATIONS = 4;
const DATABASE_PER_SECOND = 300;

/** Lookups per second that reach the database behind a cache that holds `capacity` of 1,000 equally popular keys. */
function demand(perSecond: number, capacity: number, replication: number): number {
  const simulation = new Simulation({ seed: 'V12', replication });
  const cache = new TtlCache(simulation, { name: 'cache', capacity });
  const keys = simulation.streams.get('users/keys');
  let misses = 0;
  for (let key = 0; key < capacity; key++) cache.put(key, hours(9));
  const onArrival = (): void => {
    const key = keys.integer(KEYS);
    if (cache.lookup(key) !== 'miss') return;
    misses++;
    cache.put(key, hours(9));
  };
  new Arrivals(simulation, { name: 'users', perSecond, onArrival }).start();
  simulation.runUntil(plus(timeZero, seconds(40)));
  return misses / 40;
}

/** Share of requests answered within their timeout in the half minute before the cache is lost, and a minute later. */
function loseCache(
  perSecond: number,
  fills: 'by the app, in time' | 'by the cache itself',
): { before: number; after: number } {
  const simulation = new Simulation({ seed: 'V12 loss' });
  const cache = new TtlCache(simulation, { name: 'cache', capacity: 900 });
  const table = new RequestTable(4096);
  const keys = simulation.streams.get('users/keys');
  const work = simulation.streams.get('database/work');
  let asked = 0;
  let answered = 0;
  const fill = (key: number): void => cache.put(key, hours(9));
  const database = createStation(simulation, {
    name: 'database',
    servers: 1,
    queueLimit: 1_000,
    onServed: (attempt) => {
      if (fills === 'by the cache itself') fill(table.labelOf(attempt as Attempt));
      table.answer(attempt as Attempt, true);
    },
    onRejected: (attempt) => table.answer(attempt as Attempt, false),
  });
  const app = new Client(simulation, {
    name: 'app',
    table,
    attemptTimeout: seconds(1),
    server: {
      submit: (attempt) =>
        database.arrive(attempt, Math.round(work.exponential(1e6 / DATABASE_PER_SECOND)) as Duration),
    },
    onOutcome: (request, outcome) => {
      if (outcome !== 'served') return;
      answered++;
      fill(table.labelOfRequest(request));
    },
  });
  const onArrival = (): void => {
    const key = keys.integer(KEYS);
    asked++;
    if (cache.lookup(key) === 'miss') app.send(key);
    else answered++;
  };
  for (let key = 0; key < 900; key++) fill(key);
  new Arrivals(simulation, { name: 'users', perSecond, onArrival }).start();
  const share = (from: number, to: number): number => {
    simulation.runUntil(plus(timeZero, seconds(from)));
    asked = 0;
    answered = 0;
    simulation.runUntil(plus(timeZero, seconds(to)));
    return answered / asked;
  };
  const before = share(10, 40);
  cache.clear();
  return { before, after: share(100, 130) };
}

export const lookAsideCache: Experiment = {
  id: 'V12',
  title: 'a look-aside cache and its hidden capacity',
  source:
    'Bronson, Aghayev, Charapko, Zhu, "Metastable Failures in Distributed Systems" (HotOS 2021), look-aside cache',
  model:
    `A database of ${DATABASE_PER_SECOND}/s (exponential work, 1,000 waiting places) behind a cache of ` +
    `900 of ${KEYS} equally popular keys, so 90 % hits; ` +
    `the app waits 1 s. ${REPLICATIONS} replications for the demand, one run each for the loss of the cache.`,
  run: () => {
    const row = (quantity: string, expected: number, perSecond: number, capacity: number): Comparison => {
      const ours = summarise(
        Array.from({ length: REPLICATIONS }, (_, replication) => demand(perSecond, capacity, replication)),
      );
      return {
        quantity,
        expected,
        origin: 'printed',
        simulated: ours.mean,
        halfWidth: ours.halfWidth,
        tolerance: 0,
        digits: 0,
      };
    };
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    const vulnerable = loseCache(2_700, 'by the app, in time');
    const safe = loseCache(250, 'by the app, in time');
    const readThrough = loseCache(2_700, 'by the cache itself');
    const evidence = ({ before, after }: { before: number; after: number }): string =>
      `answered in time ${percent(before)} before, ${percent(after)} from 60 to 90 s after the loss`;
    return {
      comparisons: [
        row('at the advertised 3,000/s with a warm cache: demand on the database /s', 300, 3_000, 900),
        row('the same load without the cache: demand on the database /s', 3_000, 3_000, 0),
      ],
      findings: [
        {
          statement:
            'at 2,700/s the loss of the cache is never recovered from: late answers are thrown away and ' +
            'nothing is refilled',
          evidence: evidence(vulnerable),
          holds: vulnerable.before > 0.999 && vulnerable.after < 0.5,
        },
        {
          statement: 'below the hidden capacity of 300/s (at 250/s) it heals by itself',
          evidence: evidence(safe),
          holds: safe.before > 0.999 && safe.after > 0.999,
        },
        {
          statement: 'at 2,700/s a cache that fills itself from late answers heals too',
          evidence: evidence(readThrough),
          holds: readThrough.before > 0.999 && readThrough.after > 0.999,
        },
      ],
    };
  },
};
