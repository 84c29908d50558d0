/** V1: clients that contend for one row under optimistic concurrency control, with five kinds of back-off. */
import type { Distribution } from '../../src/random/distributions/distribution.ts';
import { durations } from '../../src/random/durations.ts';
import { Simulation } from '../../src/simulation.ts';
import { ms, noTime, seconds, timeZero, type Duration } from '../../src/time.ts';
import { Link } from '../../src/traffic/link.ts';
import {
  decorrelatedJitter,
  equalJitter,
  exponentialBackoff,
  fixedRetry,
  fullJitter,
  giveUp,
  type RetryPolicy,
} from '../../src/traffic/retry.ts';
import { summarise, type Comparison, type Experiment } from './comparison.ts';

const forAsLongAsItTakes = { cap: seconds(2), maxAttempts: Infinity };
/** The program raises 2 to the number of failures, so its first wait is (up to) twice its base of 5 ms. */
const policies: readonly RetryPolicy[] = [
  fixedRetry({ delay: noTime, maxAttempts: Infinity }),
  exponentialBackoff({ base: ms(10), ...forAsLongAsItTakes }),
  equalJitter({ base: ms(10), ...forAsLongAsItTakes }),
  fullJitter({ base: ms(10), ...forAsLongAsItTakes }),
  decorrelatedJitter({ base: ms(5), ...forAsLongAsItTakes }),
];
const names = ['none', 'exponential', 'equal jitter', 'full jitter', 'decorrelated'];

/** Calls and completion time in ms, by policy, as the program gave them; deviations of calls where they were noted. */
const published: readonly {
  clients: number;
  runs: number;
  rows: readonly (readonly [calls: number, deviation: number, time: number])[];
}[] = [
  {
    clients: 10,
    runs: 200,
    rows: [
      [50.7, 4.3, 378],
      [51.1, 4, 3_554],
      [42.4, 0, 723],
      [38.9, 0, 455],
      [37.8, 0, 442],
    ],
  },
  {
    clients: 50,
    runs: 200,
    rows: [
      [689.6, 17, 1_140],
      [623.4, 28, 36_554],
      [346.9, 6, 4_223],
      [332.8, 5, 2_927],
      [373.9, 13, 2_177],
    ],
  },
  {
    clients: 100,
    runs: 100,
    rows: [
      [2_425.5, 35, 2_029],
      [1_860.4, 59, 63_862],
      [812.2, 8, 6_564],
      [796.9, 7, 4_939],
      [998.8, 29, 4_647],
    ],
  },
];
const OUR_RUNS = 40;

/** |N(10, 2)|, the network delay of the program. */
const hop: Distribution = {
  name: '|normal(10, 2)|',
  mean: () => 10,
  variance: () => 4,
  sample: (stream) => Math.abs(10 + 2 * stream.normal()),
};

/**
 * One run: every client reads the version of the row, writes on that condition, and on a conflict waits and reads
 * again.
 */
function contend(clients: number, policy: RetryPolicy, replication: number): { calls: number; time: number } {
  const simulation = new Simulation({ seed: 'V1', replication });
  const jitter = simulation.streams.get('clients/jitter');
  const seen = new Int32Array(clients);
  const failures = new Int32Array(clients);
  const previous = new Float64Array(clients);
  const won = new Uint8Array(clients);
  let version = 0;
  let calls = 0;
  const link = (name: string, onDelivered: (client: number) => void): Link =>
    new Link(simulation, { name, delay: durations(hop, 'milliseconds'), onDelivered });
  const writeReplies = link('write replies', (client) => {
    if (won[client] === 1) return;
    const delay = policy.delayBefore(++failures[client]! + 1, previous[client]! as Duration, jitter);
    if (delay === giveUp) throw new Error('a client gave up');
    previous[client] = delay;
    readAgain.after(delay, client);
  });
  const writes = link('writes', (client) => {
    calls++;
    won[client] = seen[client] === version ? 1 : 0;
    version += won[client]!;
    writeReplies.send(client);
  });
  const readReplies = link('read replies', (client) => writes.send(client));
  const reads = link('reads', (client) => {
    seen[client] = version;
    readReplies.send(client);
  });
  const readAgain = simulation.event('read again', (client) => reads.send(client));
  for (let client = 0; client < clients; client++) reads.send(client);
  let time = timeZero;
  while (simulation.step()) time = simulation.now;
  return { calls, time: time / 1_000 };
}

export const occContention: Experiment = {
  id: 'V1',
  title: 'back-off under optimistic concurrency control',
  source: 'AWS Architecture Blog, "Exponential Backoff And Jitter" (2015), and its simulator (aws-samples)',
  model:
    `N clients update one row; each hop takes |N(10, 2)| ms; base 5 ms, cap 2,000 ms; ${OUR_RUNS} runs of ours.\n` +
    'Tolerance: 3 % of the expected value or, where that is larger, 3.3 standard errors of its own runs ' +
    '(deviation as noted there, else as in ours).',
  run: () => {
    const comparisons: Comparison[] = [];
    const calls = new Map<string, number>();
    for (const { clients, runs, rows } of published) {
      policies.forEach((policy, i) => {
        const results = Array.from({ length: OUR_RUNS }, (_, replication) => contend(clients, policy, replication));
        const row = rows[i]!;
        const add = (
          what: string,
          expected: number,
          values: readonly number[],
          deviation: number,
          digits: number,
        ): void => {
          const ours = summarise(values);
          const standardError = (deviation > 0 ? deviation : ours.deviation) / Math.sqrt(runs);
          comparisons.push({
            quantity: `N = ${clients}, ${names[i]}: ${what}`,
            expected,
            origin: 'rerun of the published program',
            simulated: ours.mean,
            halfWidth: ours.halfWidth,
            tolerance: Math.max(0.03 * expected, 3.3 * standardError),
            digits,
          });
          if (what === 'calls') calls.set(`${clients} ${names[i]}`, ours.mean);
        };
        add(
          'calls',
          row[0],
          results.map((result) => result.calls),
          row[1],
          1,
        );
        add(
          'ms until all are done',
          row[2],
          results.map((result) => result.time),
          0,
          0,
        );
      });
    }
    const ratio = calls.get('100 full jitter')! / calls.get('100 none')!;
    return {
      comparisons,
      findings: [
        {
          statement: 'full jitter saves more than half of the calls at 100 clients',
          evidence: `${(100 * ratio).toFixed(1)} % of the calls without back-off; rerun 32.9 %`,
          holds: ratio < 0.5,
        },
      ],
    };
  },
};
