/** V7: a few requests that never end take all threads when their deadline is long. */
import { Simulation } from '../../src/simulation.ts';
import { createStation } from '../../src/queueing/station.ts';
import { ms, plus, seconds, timeZero, type Duration } from '../../src/time.ts';
import { Arrivals } from '../../src/traffic/arrivals.ts';
import type { Attempt } from '../../src/traffic/attempt.ts';
import { Client } from '../../src/traffic/client.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import { summarise, type Experiment } from './comparison.ts';

const REPLICATIONS = 3;
/** A thread is stuck once in 20 requests: it comes round in 19 * 0.1 s + 100 s. Whole rounds are measured. */
const TWO_ROUNDS = seconds(2 * 101.9);

/** Shares of requests that found a thread and that were served, over `span` after a warm-up of the same length. */
function play(deadline: Duration, span: Duration, replication: number): { admitted: number; served: number } {
  const simulation = new Simulation({ seed: 'V7', replication });
  const table = new RequestTable(8192);
  let started = 0;
  const threads = createStation(simulation, {
    name: 'threads',
    servers: 1_000,
    queueLimit: 0,
    onStarted: () => started++,
    onServed: (attempt) => table.answer(attempt as Attempt, true),
    onRejected: (attempt) => table.answer(attempt as Attempt, false),
  });
  const client = new Client(simulation, {
    name: 'users',
    table,
    attemptTimeout: deadline,
    // Every 20th is stuck. It holds its thread until the server, too, sees the deadline: a moment after the caller.
    server: {
      submit: (attempt) => threads.arrive(attempt, started % 20 === 19 ? ((deadline + 1) as Duration) : ms(100)),
    },
  });
  new Arrivals(simulation, { name: 'users', perSecond: 1_000, onArrival: () => client.send() }).start();
  simulation.runUntil(plus(timeZero, span));
  const { ledger } = client;
  const before = { requests: ledger.requests, served: ledger.goodput, rejected: ledger.requestsEnded('rejected') };
  simulation.runUntil(plus(simulation.now, span));
  const requests = ledger.requests - before.requests;
  return {
    admitted: 1 - (ledger.requestsEnded('rejected') - before.rejected) / requests,
    served: (ledger.goodput - before.served) / requests,
  };
}

export const stuckThreads: Experiment = {
  id: 'V7',
  title: 'bimodal latency fills the threads',
  source: 'Site Reliability Engineering (Google), "Addressing Cascading Failures", bimodal latency',
  model:
    '1,000 requests/s (Poisson), 1,000 threads, no queue; of those that get a thread every 20th holds it ' +
    'until its deadline, the others 100 ms; ' +
    `${REPLICATIONS} replications of two rounds of a stuck thread (203.8 s) after two, with the short ` +
    `deadline 40 s after 40 s.\n` +
    'The source counts demand: 1,000 threads for 5,000 + 95 wanted. A loss system of that load does the ' +
    'same to one part in a thousand (Erlang B).',
  run: () => {
    const long = Array.from({ length: REPLICATIONS }, (_, replication) => play(seconds(100), TWO_ROUNDS, replication));
    const short = Array.from({ length: REPLICATIONS }, (_, replication) => play(seconds(1), seconds(40), replication));
    const admitted = summarise(long.map((result) => 100 * result.admitted));
    const saved = summarise(short.map((result) => 100 * result.served));
    return {
      comparisons: [
        {
          quantity: 'deadline 100 s: % of requests that get a thread',
          expected: 19.6,
          origin: 'printed',
          simulated: admitted.mean,
          halfWidth: admitted.halfWidth,
          tolerance: 0.1,
          digits: 2,
        },
        {
          quantity: 'deadline 1 s: % served',
          expected: 95,
          origin: 'derived',
          simulated: saved.mean,
          halfWidth: saved.halfWidth,
          tolerance: 0,
          digits: 2,
        },
      ],
    };
  },
};
