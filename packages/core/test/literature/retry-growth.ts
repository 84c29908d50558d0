/** 6.1b: one percent of overload, retried after a second, grows by itself every second. */
import { TokenBucket } from '../../src/queueing/token-bucket.ts';
import { Simulation } from '../../src/simulation.ts';
import { minutes, ms, noTime, plus, seconds, timeZero, type Duration } from '../../src/time.ts';
import { Arrivals, evenGaps } from '../../src/traffic/arrivals.ts';
import { Client } from '../../src/traffic/client.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import { RateBudget, type RetryBudget } from '../../src/traffic/retry-budget.ts';
import { fixedRetry } from '../../src/traffic/retry.ts';
import type { Comparison, Experiment } from './comparison.ts';

/** Retries that reach the backend in each second. */
function retriesPerSecond(options: {
  readonly capacity: number;
  readonly offered: number;
  readonly maxAttempts: number;
  readonly horizonSeconds: number;
  /** Up to so long on the way, at random: it mixes first tries and retries, so that both are refused alike. */
  readonly onTheWay: Duration;
  readonly budget?: RetryBudget;
}): number[] {
  const { capacity, offered, maxAttempts, horizonSeconds, onTheWay, budget } = options;
  const simulation = new Simulation({ seed: '6.1b' });
  const table = new RequestTable(65_536);
  const limit = new TokenBucket({ name: 'backend', rate: capacity, burst: capacity / 10, initial: 0 });
  const retries = new Array<number>(horizonSeconds + 1).fill(0);
  const luck = simulation.streams.get('backend/order');
  const reply = simulation.event(
    'reply',
    (attempt) => table.answer(attempt as never, limit.take(simulation.now)),
    'arrival',
  );
  const client = new Client(simulation, {
    name: 'users',
    table,
    retry: fixedRetry({ delay: seconds(1), maxAttempts }),
    ...(budget === undefined ? {} : { budget }),
    server: {
      submit: (attempt) => {
        if (table.attemptCountOf(table.requestOf(attempt)) > 1) retries[Math.floor(simulation.now / 1e6)]!++;
        reply.after(Math.round(onTheWay * luck.uniform()) as Duration, attempt);
      },
    },
  });
  new Arrivals(simulation, {
    name: 'users',
    perSecond: offered,
    gaps: evenGaps,
    onArrival: () => client.send(),
  }).start();
  simulation.runUntil(plus(timeZero, seconds(horizonSeconds)));
  return retries;
}

/**
 * The retry stream at which a cap on attempts holds it: q^n of requests fail n attempts, and all failures are retried
 * but the last.
 */
function saturatedRetries(capacity: number, offered: number, maxAttempts: number): number {
  const q = (1 - capacity / offered) ** (1 / maxAttempts);
  return (offered * (1 - q ** maxAttempts)) / (1 - q) - offered;
}

export const retryGrowth: Experiment = {
  id: '6.1b',
  title: 'retries of one percent too much',
  source: 'Site Reliability Engineering (Google), "Addressing Cascading Failures", retries',
  model:
    'A backend that admits 10,000/s gets 10,100/s, evenly spaced; what it refuses comes back after 1,000 ' +
    'ms, without end.\n' +
    'The saturation with a cap of 10 attempts is run at a fiftieth of the size (200/s and 202/s) for ' +
    '1,200 s and averaged over the last 400 s; tolerance 5 % for the independence its formula assumes.',
  run: () => {
    const published = { capacity: 10_000, offered: 10_100, maxAttempts: Infinity, horizonSeconds: 9, onTheWay: noTime };
    const growth = retriesPerSecond(published);
    const comparisons: Comparison[] = [2, 4, 6, 8].map((second) => ({
      quantity: `retries in second ${second + 1}`,
      expected: 100 * second,
      origin: 'printed',
      simulated: growth[second]!,
      halfWidth: 0,
      tolerance: 12,
      digits: 0,
    }));
    const budget = new RateBudget(new TokenBucket({ name: 'budget', rate: 60, per: minutes(1), burst: 1 }));
    const pinned = retriesPerSecond({ ...published, budget });
    comparisons.push({
      quantity: 'retries per second with a server-wide budget of 60 per minute',
      expected: 1,
      origin: 'derived',
      simulated: pinned.slice(2, 9).reduce((sum, count) => sum + count, 0) / 7,
      halfWidth: 0,
      tolerance: 0,
      digits: 0,
    });
    const small = { capacity: 200, offered: 202, maxAttempts: 10, horizonSeconds: 1_200, onTheWay: ms(50) };
    const capped = retriesPerSecond(small).slice(800, 1_200);
    const expected = saturatedRetries(small.capacity, small.offered, small.maxAttempts);
    comparisons.push({
      quantity: 'retries per second once a cap of 10 attempts holds them',
      expected,
      origin: 'derived',
      simulated: capped.reduce((sum, count) => sum + count, 0) / capped.length,
      halfWidth: 0,
      tolerance: 0.05 * expected,
      digits: 0,
    });
    return { comparisons };
  },
};
