import type { Interval } from '../experiment/interval.ts';
import { replicate } from '../experiment/replicate.ts';

/** A model whose results a formula knows. */
export interface TheoryCase<Name extends string> {
  /** What is compared, for instance `M/M/1, rho 0.9`. */
  readonly model: string;
  /** What the formula says, by measure. */
  readonly expected: Readonly<Record<Name, number>>;
  /** Simulates one replication and measures the same. */
  readonly run: (replication: number) => Readonly<Record<Name, number>>;
  /** Default 20. */
  readonly replications?: number;
  /** Level of each interval, default 0.99. */
  readonly level?: number;
  /** Half-width of each interval that is still worth something, relative to the expected value; default 0.05. */
  readonly precision?: number;
}

/** One measure beside its formula. */
export interface TheoryResult {
  readonly model: string;
  readonly measure: string;
  readonly expected: number;
  readonly simulated: Interval;
  /** `agrees`: the interval is narrow enough and covers the expected value. */
  readonly verdict: 'agrees' | 'differs' | 'too imprecise';
}

/** Runs the replications and compares each measure with its formula. */
export function compareWithTheory<Name extends string>(theory: TheoryCase<Name>): TheoryResult[] {
  const { model, expected, run, replications = 20, level = 0.99, precision = 0.05 } = theory;
  const measured: Readonly<Record<string, { readonly interval: Interval }>> = replicate({ replications, level }, run);
  return Object.entries<number>(expected).map(([measure, value]) => {
    const simulated = measured[measure]?.interval;
    if (simulated === undefined) throw new Error(`${model}: the run does not measure ${measure}`);
    return { model, measure, expected: value, simulated, verdict: verdictOn(value, simulated, precision) };
  });
}

/** Throws with a table of all results unless each of them agrees. */
export function expectTheory(results: readonly TheoryResult[]): void {
  if (results.length === 0) throw new Error('expectTheory: no result was given, so nothing was tested');
  if (results.some(({ verdict }) => verdict !== 'agrees')) throw new Error(`\n${describeTheory(results)}`);
}

/** One line per measure: expected value, simulated interval, verdict. */
export function describeTheory(results: readonly TheoryResult[]): string {
  const rows = results.map(({ model, measure, expected, simulated, verdict }) => [
    model,
    measure,
    `expected ${digits(expected)}`,
    `simulated ${digits(simulated.mean)} +- ${digits(simulated.halfWidth)} (${simulated.level * 100} %, n ${simulated.count})`,
    verdict,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function verdictOn(expected: number, simulated: Interval, precision: number): TheoryResult['verdict'] {
  if (!(simulated.halfWidth <= precision * Math.abs(expected === 0 ? 1 : expected))) return 'too imprecise';
  return simulated.low <= expected && expected <= simulated.high ? 'agrees' : 'differs';
}

function digits(value: number): string {
  return value.toPrecision(5);
}
