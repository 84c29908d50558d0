/** V14: the retry quota of the AWS SDKs. */
import { Simulation } from '../../src/simulation.ts';
import { ms, plus, seconds, timeZero } from '../../src/time.ts';
import type { Attempt } from '../../src/traffic/attempt.ts';
import { Client } from '../../src/traffic/client.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import { QuotaBudget } from '../../src/traffic/retry-budget.ts';
import { fullJitter } from '../../src/traffic/retry.ts';
import type { Comparison, Experiment } from './comparison.ts';

/** Standard mode: 3 attempts, base 100 ms, at most 20 s. */
const standard = fullJitter({ base: ms(100), cap: seconds(20), maxAttempts: 3 });

/**
 * Retries made for `requests` one after the other, each doomed or fine as told; a doomed one is refused or never
 * answered.
 */
function retries(requests: number, isDoomed: (i: number) => boolean, doom: 'refused' | 'never answered'): number {
  const simulation = new Simulation({ seed: 'V14' });
  const table = new RequestTable();
  const answer = simulation.event('answer', (attempt) =>
    table.answer(attempt as Attempt, table.labelOf(attempt as Attempt) === 0),
  );
  const lost = simulation.event('lost', (attempt) => table.lose(attempt as Attempt));
  const client = new Client(simulation, {
    name: 'sdk',
    table,
    attemptTimeout: seconds(1),
    retry: standard,
    budget: new QuotaBudget(),
    server: {
      submit: (attempt) => {
        const isLost = table.labelOf(attempt) === 1 && doom === 'never answered';
        (isLost ? lost : answer).after(ms(1), attempt);
      },
    },
  });
  for (let i = 0; i < requests; i++)
    simulation.at(plus(timeZero, seconds(10 * i)), () => client.send(isDoomed(i) ? 1 : 0));
  simulation.runUntil(plus(timeZero, seconds(10 * requests + 100)));
  return client.ledger.attempts - client.ledger.requests;
}

export const retryQuota: Experiment = {
  id: 'V14',
  title: 'the retry quota of the AWS SDKs',
  source: 'AWS SDK for JavaScript v3, util-retry constants; "AWS SDKs and Tools Reference", retry behavior',
  model:
    'Requests one after the other, standard mode (3 attempts); 500 tokens, a retry costs 5, after a ' +
    'timeout 10, a success at the first try earns 1.\n' +
    'For the long run, 200 doomed requests empty the quota; then ten fine requests earn 10 tokens before ' +
    'each doomed one, which can use them for its two retries, or for one after a timeout.',
  run: () => {
    const row = (quantity: string, expected: number, simulated: number): Comparison => ({
      quantity,
      expected,
      origin: 'derived',
      simulated,
      halfWidth: 0,
      tolerance: 0,
      digits: 0,
    });
    const cycles = 300;
    const mixed = (i: number): boolean => i < 200 || (i - 200) % 11 === 10;
    const longRun = (doom: 'refused' | 'never answered'): number =>
      retries(200 + 11 * cycles, mixed, doom) - retries(200, () => true, doom);
    return {
      comparisons: [
        row(
          'free retries when everything is refused',
          100,
          retries(400, () => true, 'refused'),
        ),
        row(
          'free retries when everything times out',
          50,
          retries(400, () => true, 'never answered'),
        ),
        row(
          `retries in the long run for ${10 * cycles} first-try successes: one per five`,
          (10 * cycles) / 5,
          longRun('refused'),
        ),
        row('the same after timeouts: one per ten', (10 * cycles) / 10, longRun('never answered')),
      ],
    };
  },
};
