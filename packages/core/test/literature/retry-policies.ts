/** V4: independent failures at rate p, met by no retries, three retries, a token bucket, and a breaker on retries. */
import { exponential } from '../../src/random/distributions/exponential.ts';
import { durations } from '../../src/random/durations.ts';
import { Simulation } from '../../src/simulation.ts';
import { noTime, plus, seconds, timeZero, type Instant } from '../../src/time.ts';
import { Arrivals } from '../../src/traffic/arrivals.ts';
import type { Attempt } from '../../src/traffic/attempt.ts';
import { Client } from '../../src/traffic/client.ts';
import { Link } from '../../src/traffic/link.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import { FailureRatioBudget, RatioBudget, type RetryBudget } from '../../src/traffic/retry-budget.ts';
import { fixedRetry, noRetry, type RetryPolicy } from '../../src/traffic/retry.ts';
import { summarise, type Comparison, type Experiment } from './comparison.ts';

const CLIENTS = 100;
const REPLICATIONS = 4;
const threeRetries = fixedRetry({ delay: noTime, maxAttempts: 4 });
const unlimited = fixedRetry({ delay: noTime, maxAttempts: Infinity });

interface Variant {
  readonly name: string;
  readonly retry: RetryPolicy;
  readonly budget: (() => RetryBudget) | undefined;
  /** Calls per unique request and share of successes at each failure rate, as the program gave them. */
  readonly rows: Readonly<Record<number, readonly [calls: number, success: number]>>;
}

const variants: readonly Variant[] = [
  {
    name: 'no retries',
    retry: noRetry,
    budget: undefined,
    rows: { 0.1: [1, 0.898], 0.3: [1, 0.698], 0.5: [1, 0.489] },
  },
  {
    name: '3 retries',
    retry: threeRetries,
    budget: undefined,
    rows: { 0.1: [1.113, 1], 0.3: [1.406, 0.992], 0.5: [1.854, 0.941] },
  },
  {
    name: 'bucket 0.1, size 5',
    retry: unlimited,
    budget: () => new RatioBudget({ retriesPerRequest: 0.1, reserve: 5 }),
    rows: { 0.1: [1.102, 0.994], 0.3: [1.139, 0.795], 0.5: [1.142, 0.575] },
  },
  {
    name: 'breaker at 10 %',
    retry: threeRetries,
    budget: () => new FailureRatioBudget({ maxFailureRatio: 0.1 }),
    rows: { 0.1: [1.03, 0.932], 0.3: [1.001, 0.703], 0.5: [1, 0.502] },
  },
];

function play(variant: Variant, failureRate: number, replication: number): { calls: number; success: number } {
  const simulation = new Simulation({ seed: 'V4', replication });
  const table = new RequestTable(1024);
  const luck = simulation.streams.get('server/failures');
  const delay = durations(exponential(10), 'milliseconds');
  const isGood = new Uint8Array(1 << 16);
  const replies = new Link(simulation, {
    name: 'replies',
    delay,
    onDelivered: (attempt) => table.answer(attempt as Attempt, isGood[attempt] === 1),
  });
  const calls = new Link(simulation, {
    name: 'calls',
    delay,
    onDelivered: (attempt) => {
      isGood[attempt] = luck.uniform() < failureRate ? 0 : 1;
      replies.send(attempt);
    },
  });
  const clients = Array.from({ length: CLIENTS }, (_, i) => {
    const budget = variant.budget?.();
    const client = new Client(simulation, {
      name: `client ${i}`,
      table,
      server: { submit: (attempt) => calls.send(attempt) },
      retry: variant.retry,
      ...(budget === undefined ? {} : { budget }),
    });
    const arrivals = new Arrivals(simulation, { name: `users ${i}`, perSecond: 10, onArrival: () => client.send() });
    arrivals.start();
    simulation.at(plus(timeZero, seconds(10)), () => arrivals.stop());
    return client;
  });
  simulation.runUntil(Infinity as Instant);
  const total = (pick: (client: Client) => number): number => clients.reduce((sum, client) => sum + pick(client), 0);
  const requests = total((client) => client.ledger.requests);
  return {
    calls: total((client) => client.ledger.attempts) / requests,
    success: total((client) => client.ledger.goodput) / requests,
  };
}

export const retryPolicies: Experiment = {
  id: 'V4',
  title: 'retry policies against independent failures',
  source:
    'Brooker, "Fixing retries with token buckets and circuit breakers" (2022), and its simulator ' +
    '(simulator_example/retry_sim)',
  model:
    `${CLIENTS} clients x 10 requests/s x 10 s, Exp(10 ms) each way; budgets are per client; ` +
    `${REPLICATIONS} replications of ours.\n` +
    "Tolerance of the program's single runs: 1.5 % of calls, 1.5 percentage points of success. Closed " +
    'forms: calls = 1 + p + p^2 + p^3, success = 1 - p^4.\n' +
    'The bucket of the program retries above one token, ours at one token, which shifts its start-up by ' +
    'up to 1/100 call per request.',
  run: () => {
    const comparisons: Comparison[] = [];
    for (const p of [0.1, 0.3, 0.5]) {
      for (const variant of variants) {
        const results = Array.from({ length: REPLICATIONS }, (_, replication) => play(variant, p, replication));
        const calls = summarise(results.map((result) => result.calls));
        const success = summarise(results.map((result) => result.success));
        const [expectedCalls, expectedSuccess] = variant.rows[p]!;
        const head = `p = ${p}, ${variant.name}:`;
        const rerun = { origin: 'rerun of the published program' as const, digits: 3 };
        comparisons.push(
          {
            ...rerun,
            quantity: `${head} calls per request`,
            expected: expectedCalls,
            simulated: calls.mean,
            halfWidth: calls.halfWidth,
            tolerance: 0.015 * expectedCalls,
          },
          {
            ...rerun,
            quantity: `${head} success`,
            expected: expectedSuccess,
            simulated: success.mean,
            halfWidth: success.halfWidth,
            tolerance: 0.015,
          },
        );
        if (variant.name !== '3 retries') continue;
        const exact = { origin: 'derived' as const, digits: 4, tolerance: 0 };
        comparisons.push(
          {
            ...exact,
            quantity: `${head} calls, closed form`,
            expected: 1 + p + p ** 2 + p ** 3,
            simulated: calls.mean,
            halfWidth: calls.halfWidth,
          },
          {
            ...exact,
            quantity: `${head} success, closed form`,
            expected: 1 - p ** 4,
            simulated: success.mean,
            halfWidth: success.halfWidth,
          },
        );
      }
    }
    const worst = Math.max(
      ...comparisons
        .filter(({ quantity }) => quantity.includes('bucket') && quantity.includes('calls'))
        .map(({ simulated }) => simulated),
    );
    return {
      comparisons,
      findings: [
        {
          statement: 'the bucket never exceeds 1 + 0.1 + 5/100 calls per request',
          evidence: `worst ${worst.toFixed(3)}`,
          holds: worst <= 1.152,
        },
      ],
    };
  },
};
