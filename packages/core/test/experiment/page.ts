/** The page that shows what the statistics of experiments are worth. */
import type { Stopped } from '../../src/experiment/stopping.ts';

/** How often intervals held the truth. */
export interface Coverage {
  readonly what: string;
  readonly how: string;
  /** Probability that the interval states. */
  readonly nominal: number;
  readonly truth: number;
  readonly experiments: number;
  readonly covered: number;
  /** Median width of the intervals; some have no upper end. */
  readonly width: number;
}

/** What pairing saved. */
export interface Pairing {
  readonly truth: number;
  readonly paired: Stopped;
  readonly independent: Stopped;
  readonly saving: number;
  readonly correlation: number;
}

/** Markdown. */
export function experimentsPage(coverages: readonly Coverage[], pairing: Pairing): string {
  const { truth, paired, independent, saving, correlation } = pairing;
  const range = ({ low, high, values }: Stopped): string =>
    `${values.length} | ${low.toFixed(4)} to ${high.toFixed(4)}`;
  return `# Experiments: what the intervals are worth

Written by \`packages/core/test/experiment/experiments.test.ts\`, which fails when this page is not what it finds; after a
change that is meant to move numbers, run it with \`npx vitest run packages/core/test/experiment -u\`.

## How often an interval covers the truth

Queues with known answers, run by the engine. An experiment gives one interval; the truth is a formula. With 1,000
experiments the share that covers has a standard deviation of 0.7 %, with 300 of 1.3 %. The
test demands 93 to 97 % of the first two. One long run is worth less than it states: its batches hang together a little,
and MSER-5 cuts off a long queue that a run happens to begin with. Replications are the better choice where they are to be had.

| What | Interval | Truth | States | Covered | Experiments | Median width |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
${coverages
  .map(
    ({ what, how, truth: value, nominal, covered, experiments, width }) =>
      `| ${what} | ${how} | ${value.toFixed(4)} | ${(100 * nominal).toFixed(1)} % | ${((100 * covered) / experiments).toFixed(1)} % | ${experiments} | ${width.toFixed(4)} |`,
  )
  .join('\n')}

## What common random numbers save

M/M/1 with lambda 0.5/s and mu 1/s, and the same with service 2 % faster: the mean wait is shorter by ${Math.abs(truth).toFixed(4)} s. Both
procedures ask for replications of 1,000 customers until the 95 % interval of the difference has a half-width of half of
that, by the same stopping rule (\`untilPrecise\`).

| Replications | Needed | Interval of the difference (s) |
| --- | ---: | ---: |
| with the same seeds | ${range(paired)} |
| with seeds of their own | ${range(independent)} |

That is ${(independent.values.length / paired.values.length).toFixed(1)} times fewer; the least the stopping rule can do is 15. In 40 pairs the correlation is ${correlation.toFixed(4)} and the
variance of independent differences is ${saving.toFixed(0)} times that of the paired ones.
`;
}
