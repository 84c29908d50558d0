import { describe, expect, it } from 'vitest';
import { type Precision, replicationsUntilPrecise } from './compare-precision.ts';
import type { Replication } from './replication.ts';

/** One run of which only the length of the outage is of interest. */
function run(outageSeconds: number): Replication {
  return { hash: '', engine: '', seed: '1', until: null, digest: '', events: 0, measures: { outageSeconds } };
}

/** Baseline 0 in every run; two variants whose runs lie by turns above and below their means. */
function endOf(precision: Precision, [first, second]: readonly (readonly [mean: number, spread: number])[]): string {
  const rule = replicationsUntilPrecise(precision, { variants: 3, maximum: 40 });
  const rows: Replication[][] = [];
  let step = rule.next();
  while (step.done !== true) {
    for (let i = 0; i < step.value; i++) {
      const sign = rows.length % 2 === 0 ? 1 : -1;
      rows.push([run(0), ...[first!, second!].map(([mean, spread]) => run(mean + sign * spread))]);
    }
    step = rule.next(rows);
  }
  return step.value;
}

describe('a comparison with two limits', () => {
  it('ends when every difference is within both, not only the one that is widest for its size', () => {
    const both = { halfWidth: 60, relativeHalfWidth: 0.25 };
    const small = [10, 2.5] as const;
    expect(endOf(both, [small, [1_000, 200]])).toBe('maximum');
    expect(endOf({ relativeHalfWidth: 0.25 }, [small, [1_000, 200]])).toBe('reached');
    expect(endOf(both, [small, [1_000, 20]])).toBe('reached');
  });
});
