/** A branch beside its baseline: measure by measure, and from when on the two runs differ at all. */
import { measureDefinitions, type MeasureKind } from '../scenario/measure-definitions.ts';
import type { RunResult } from '../scenario/result.ts';

/** How a branch stands to its baseline in one measure. `unclear`: neither value is the better one, or nobody can say. */
export type Verdict = 'better' | 'worse' | 'same' | 'unclear';

/** One measure of both. */
export interface MeasureDifference {
  readonly name: string;
  readonly title: string;
  readonly kind: MeasureKind;
  /** `null` = did not happen. */
  readonly baseline: number | null;
  readonly branch: number | null;
  /** Branch less baseline; `null` where one of them did not happen. */
  readonly difference: number | null;
  readonly verdict: Verdict;
}

/** A branch beside its baseline. */
export interface BranchDifference {
  /** Whether both have the same seed and engine, so that their difference is a paired one. */
  readonly isPaired: boolean;
  /** Start of the first window in which any series differs, in seconds after the trigger; `null` = none does. */
  readonly differsFrom: number | null;
  readonly measures: readonly MeasureDifference[];
}

/** Compares a branch with its baseline. */
export function branchDifference(baseline: RunResult, branch: RunResult): BranchDifference {
  return {
    isPaired: baseline.seed === branch.seed && baseline.engineVersion === branch.engineVersion,
    differsFrom: differsFrom(baseline.series, branch.series),
    measures: measureDefinitions.map(({ name, title, kind }) => {
      const [before, after] = [valueOf(baseline, name), valueOf(branch, name)];
      return {
        name,
        title,
        kind,
        baseline: before,
        branch: after,
        difference: before === null || after === null ? null : after - before,
        verdict: verdictOf(name, before, after, valueOf(branch, 'clustersLost') === 0),
      };
    }),
  };
}

/** Which values are wanted, and what it means that something did not happen. */
type Wish = 'low' | 'high' | 'late' | 'recovery' | 'none';

const wishes: Readonly<Record<string, Wish>> = {
  firstSaturation: 'late',
  // An alert is early or absent for good reasons and for bad ones.
  firstAlert: 'none',
  firstUserError: 'late',
  peakImpact: 'none',
  firstClusterRecovered: 'recovery',
  lastClusterRecovered: 'recovery',
  goodputShare: 'high',
};

/** `isWell`: the branch lost no cluster, so that nothing had to recover in it. */
function verdictOf(name: string, baseline: number | null, branch: number | null, isWell: boolean): Verdict {
  if (baseline === branch) return 'same';
  const wish = wishes[name] ?? 'low';
  if (wish === 'none') return 'unclear';
  if (wish === 'recovery' && (baseline === null || branch === null)) {
    if (branch === null) return isWell ? 'better' : 'worse';
    return 'unclear';
  }
  // Something that should be late is best when it never happens; what should be low is nothing when it does not happen.
  const never = wish === 'late' ? Infinity : 0;
  const [before, after] = [baseline ?? never, branch ?? never];
  if (before === after) return 'same';
  const isHigher = after > before;
  return isHigher === (wish === 'high' || wish === 'late') ? 'better' : 'worse';
}

function valueOf({ kpis }: RunResult, name: string): number | null {
  const value = kpis[name];
  return typeof value === 'number' ? value : null;
}

/** A column that one of two runs does not have, for nothing ever happened in it: it stayed as the other one's began. */
function stillOf(column: readonly number[] = []): readonly number[] {
  return column.map(() => column[0] ?? 0);
}

function differsFrom(baseline: RunResult['series'], branch: RunResult['series']): number | null {
  const names = new Set([...Object.keys(baseline.columns), ...Object.keys(branch.columns)]);
  const length = Math.max(baseline.t.length, branch.t.length);
  let first = length;
  for (const name of names) {
    const [before = stillOf(branch.columns[name]), after = stillOf(before)] = [
      baseline.columns[name],
      branch.columns[name],
    ];
    let window = 0;
    while (window < first && before[window] === after[window]) window++;
    first = window;
  }
  return first === length ? null : (branch.t[first] ?? baseline.t[first] ?? null);
}
