/** What a literature test compares, and how the comparison is worded in docs/validation/literature.md. */
import { studentQuantile } from '../../src/experiment/student.ts';
import { Tally } from '../../src/metrics/tally.ts';

/** Where an expected value comes from. */
export type Origin = 'printed' | 'rerun of the published program' | 'derived';

/** One published number beside ours. */
export interface Comparison {
  readonly quantity: string;
  readonly expected: number;
  readonly origin: Origin;
  readonly simulated: number;
  /** Half of the 99 % interval of our mean over replications; 0 when the model has no randomness. */
  readonly halfWidth: number;
  /** How far the expected value itself may be off, by rounding or by being an estimate. */
  readonly tolerance: number;
  /** Digits after the point in the document. */
  readonly digits: number;
}

/** A statement that is true or false rather than near a number. */
export interface Finding {
  readonly statement: string;
  readonly evidence: string;
  readonly holds: boolean;
}

/** One published model, rebuilt from this package's components. */
export interface Experiment {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** What was simulated, and where it departs from the source. */
  readonly model: string;
  run(): { readonly comparisons: readonly Comparison[]; readonly findings?: readonly Finding[] };
}

/** Whether our interval, widened by the tolerance, covers the expected value. */
export function agrees(comparison: Comparison): boolean {
  return Math.abs(comparison.simulated - comparison.expected) <= comparison.halfWidth + comparison.tolerance;
}

/** The mean of replications, half of its 99 % interval and the standard deviation of one replication. */
export function summarise(values: readonly number[]): { mean: number; halfWidth: number; deviation: number } {
  const tally = new Tally();
  for (const value of values) tally.record(value);
  const deviation = tally.count < 2 ? 0 : tally.standardDeviation;
  const halfWidth =
    tally.count < 2 ? 0 : (studentQuantile(0.995, tally.count - 1) * deviation) / Math.sqrt(tally.count);
  return { mean: tally.mean, halfWidth, deviation };
}

/** The results as one Markdown document; the same numbers always give the same text. */
export function document(results: readonly (readonly [Experiment, ReturnType<Experiment['run']>])[]): string {
  const parts = [
    '# Literature: published models, rebuilt',
    'Written by `packages/core/test/literature/literature.test.ts`; the test fails when this file and the ' +
      'simulation part company.\n' +
      'To write it anew: `BROWNOUT_UPDATE=1 npx vitest run packages/core/test/literature`.',
    'A row agrees when the 99 % interval of our mean, widened by the stated tolerance of the expected ' +
      'value, covers that value.\n' +
      '*printed*: stands in the source; *rerun*: obtained by running the published program; *derived*: ' +
      'arithmetic on the source.',
  ];
  for (const [experiment, { comparisons, findings = [] }] of results) {
    parts.push(`## ${experiment.id} ${experiment.title}`, `Source: ${experiment.source}.`, experiment.model);
    if (comparisons.length > 0) parts.push(table(comparisons));
    if (findings.length > 0)
      parts.push(
        findings.map(({ statement, evidence, holds }) => `- ${verdict(holds)}: ${statement} (${evidence})`).join('\n'),
      );
  }
  return `${parts.join('\n\n')}\n`;
}

function table(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((comparison) => {
    const { quantity, expected, origin, simulated, halfWidth, tolerance, digits } = comparison;
    const interval =
      halfWidth > 0 ? `${simulated.toFixed(digits)} ± ${halfWidth.toFixed(digits)}` : simulated.toFixed(digits);
    const allowed = tolerance > 0 ? `± ${tolerance.toFixed(digits)}` : 'exact';
    const from = origin === 'rerun of the published program' ? 'rerun' : origin;
    return `| ${quantity} | ${expected.toFixed(digits)} | ${from}, ${allowed} | ${interval} | ${verdict(agrees(comparison))} |`;
  });
  return [
    '| quantity | expected | origin, tolerance | simulated (99 %) | verdict |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function verdict(holds: boolean): string {
  return holds ? 'agrees' : '**disagrees**';
}
