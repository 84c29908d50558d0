/** V9: retries at every layer multiply. */
import { Simulation } from '../../src/simulation.ts';
import { ms, plus, seconds, timeZero } from '../../src/time.ts';
import type { Attempt, AttemptServer, Request } from '../../src/traffic/attempt.ts';
import { Client } from '../../src/traffic/client.ts';
import type { Outcome } from '../../src/traffic/outcome.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import { fixedRetry } from '../../src/traffic/retry.ts';
import type { Comparison, Experiment } from './comparison.ts';

/** Attempts that one request causes at a database that refuses, below `layers` clients of `attempts` attempts each. */
function attemptsAtTheBottom(layers: number, attempts: number): number {
  const simulation = new Simulation({ seed: 'V9' });
  const table = new RequestTable();
  let atDatabase = 0;
  const refusal = simulation.event('refusal', (attempt) => table.answer(attempt as Attempt, false));
  let below: AttemptServer = {
    submit: (attempt) => {
      atDatabase++;
      refusal.after(ms(1), attempt);
    },
  };
  let client: Client | undefined;
  for (let layer = 0; layer < layers; layer++) {
    const own = new Client(simulation, {
      name: `layer ${layer}`,
      table,
      server: below,
      retry: fixedRetry({ delay: ms(10), maxAttempts: attempts }),
      // The label of a sub-request is the attempt it is made for, which gets the answer.
      onOutcome: (request: Request, outcome: Outcome) => {
        const parent = table.labelOfRequest(request);
        if (parent >= 0) table.answer(parent as Attempt, outcome === 'served');
      },
    });
    client = own;
    below = { submit: (attempt) => void own.sendFor(attempt, attempt) };
  }
  client!.send(-1);
  simulation.runUntil(plus(timeZero, seconds(60)));
  return atDatabase;
}

export const layeredRetries: Experiment = {
  id: 'V9',
  title: 'retries at several layers multiply',
  source:
    'Site Reliability Engineering (Google), "Addressing Cascading Failures" (three layers); AWS Builders\' ' +
    'Library, "Timeouts, retries, and backoff with jitter" (five layers)',
  model:
    'One request through a chain of clients, each retrying by itself, to a database that refuses ' +
    'everything. No randomness.',
  run: () => {
    const comparison = (layers: number, attempts: number, origin: Comparison['origin']): Comparison => ({
      quantity: `${layers} layers of ${attempts} attempts: attempts at the database`,
      expected: attempts ** layers,
      origin,
      simulated: attemptsAtTheBottom(layers, attempts),
      halfWidth: 0,
      tolerance: 0,
      digits: 0,
    });
    return { comparisons: [comparison(3, 4, 'printed'), comparison(5, 3, 'derived')] };
  },
};
