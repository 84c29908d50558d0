/** V8: a client that throttles itself by what the backend accepts. */
import { TokenBucket } from '../../src/queueing/token-bucket.ts';
import { Simulation } from '../../src/simulation.ts';
import { minutes, ms, plus, seconds, timeZero } from '../../src/time.ts';
import { AdaptiveThrottle } from '../../src/traffic/adaptive-throttle.ts';
import { Arrivals } from '../../src/traffic/arrivals.ts';
import type { Attempt } from '../../src/traffic/attempt.ts';
import { Client } from '../../src/traffic/client.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import { summarise, type Comparison, type Experiment } from './comparison.ts';

const CAPACITY = 100;
const DEMAND = 400;
const REPLICATIONS = 4;

/** What a client does per second in the steady state. */
interface Rates {
  readonly sent: number;
  readonly accepted: number;
  /** Requests it refused by itself. */
  readonly refusedLocally: number;
}

function play(sentPerAccepted: number, replication: number): Rates {
  const simulation = new Simulation({ seed: 'V8', replication });
  const table = new RequestTable();
  const limit = new TokenBucket({ name: 'backend', rate: CAPACITY, burst: 20 });
  const reply = simulation.event('reply', (attempt) => table.answer(attempt as Attempt, limit.take(simulation.now)));
  const client = new Client(simulation, {
    name: 'users',
    table,
    server: { submit: (attempt) => void reply.after(ms(20), attempt) },
    gate: new AdaptiveThrottle({
      name: 'throttle',
      sentPerAccepted,
      window: minutes(2),
      stream: simulation.streams.get('users/throttle'),
    }),
  });
  new Arrivals(simulation, { name: 'users', perSecond: DEMAND, onArrival: () => client.send() }).start();
  simulation.runUntil(plus(timeZero, seconds(300)));
  const { attempts, goodput, refusedLocally } = client.ledger;
  simulation.runUntil(plus(timeZero, seconds(600)));
  return {
    sent: (client.ledger.attempts - attempts) / 300,
    accepted: (client.ledger.goodput - goodput) / 300,
    refusedLocally: (client.ledger.refusedLocally - refusedLocally) / 300,
  };
}

export const adaptiveThrottling: Experiment = {
  id: 'V8',
  title: 'client-side adaptive throttling',
  source: 'Site Reliability Engineering (Google), "Handling Overload", client-side throttling',
  model:
    `A backend that accepts ${CAPACITY}/s is asked for ${DEMAND}/s (Poisson) by clients that count over 2 minutes; ` +
    `${REPLICATIONS} replications of 300 s after 300 s.\n` +
    'Sent is K times accepted, so the backend rejects K - 1 per accepted one and the client refuses the rest of the ' +
    'demand by itself; tolerance 1 % for the finite window and ' +
    'the backend that now and then has a token nobody takes.',
  run: () => {
    const comparisons: Comparison[] = [];
    for (const factor of [2, 1.1]) {
      const results = Array.from({ length: REPLICATIONS }, (_, replication) => play(factor, replication));
      const add = (what: string, expected: number, values: readonly number[]): void => {
        const { mean, halfWidth } = summarise(values);
        const tolerance = 0.01 * expected;
        const quantity = `K = ${factor}: ${what}`;
        comparisons.push({ quantity, expected, origin: 'derived', simulated: mean, halfWidth, tolerance, digits: 3 });
      };
      add(
        'sent per second',
        factor * CAPACITY,
        results.map(({ sent }) => sent),
      );
      add(
        'refused by the client itself per second',
        DEMAND - factor * CAPACITY,
        results.map(({ refusedLocally }) => refusedLocally),
      );
      add(
        'rejected by the backend per accepted one',
        factor - 1,
        results.map(({ sent, accepted }) => sent / accepted - 1),
      );
    }
    return { comparisons };
  },
};
