/**
 * Variants of a scenario against a baseline, and against each other, from replications under the same seeds. What comes
 * out is meant to be defended: differences are taken pair by pair, every interval holds together with all others, and a
 * variant is called better only when that survives having looked at all of them.
 */
import { holm, simultaneousLevel } from './holm.ts';
import { type PairedMethod, type PairedTest, type PairingGain, pairedTest, pairingGain } from './paired-test.ts';
import { type RankedVariant, rankVariants } from './ranking.ts';

/** One variant and what it measured. */
export interface MeasuredVariant {
  readonly name: string;
  /** By replication: the same place in two lists is the same seed. `null` = did not happen, later than any number. */
  readonly values: readonly (number | null)[];
}

/** How to compare. */
export interface ComparisonOptions {
  /** Probability that everything said about the variants holds together, default 0.95. */
  readonly level?: number;
  /** Which values are wanted, for the ranking; default `lower`. */
  readonly better?: 'lower' | 'higher';
  /** Default: `mean`, or `median` as soon as one value of any variant is `null`. */
  readonly method?: PairedMethod;
}

/** One variant against the baseline. Plain data. */
export interface VariantComparison {
  readonly name: string;
  /** Variant less baseline: mean or median of the pairs; `null` = infinite, as one of the two did not happen. */
  readonly difference: number | null;
  /** Lower end of the simultaneous interval of the difference; `null` = without bound. */
  readonly lo: number | null;
  /** Upper end of the simultaneous interval of the difference; `null` = without bound. */
  readonly hi: number | null;
  /** What the interval of this variant alone covers: `pairLevel`, or less where replications are too few for that. */
  readonly coverage: number;
  /** Chance of so clear a difference if there were none, corrected for all variants (Holm). */
  readonly probability: number;
  /** Whether the variant's values are `lower` or `higher` than the baseline's, `identical` in every pair, or neither. */
  readonly verdict: 'lower' | 'higher' | 'identical' | 'not distinguishable';
  /** What the common seeds were worth; `null` where something did not happen or the differences do not vary. */
  readonly pairing: PairingGain | null;
}

/** The whole comparison. Plain data. */
export interface Comparison {
  readonly baseline: string;
  readonly method: PairedMethod;
  readonly level: number;
  /** Level of each single interval, by Bonferroni. */
  readonly pairLevel: number;
  /** Replications. */
  readonly n: number;
  /** In the order given. */
  readonly variants: readonly VariantComparison[];
  /** The baseline among its variants, best first. */
  readonly ranking: readonly RankedVariant[];
}

/**
 * Compares variants with a baseline. When everything happened in every replication, mean differences are compared, by
 * Student's paired interval and test. When one value is `null` there is no mean, and the median of the paired differences
 * is taken, with the interval and test of the signs: a side that did not happen differs infinitely, two such sides by
 * nothing. (Wilcoxon's signed ranks would be sharper, but rest on symmetric differences, and `null` on one side only is
 * anything but.) The median of differences is not the difference of medians.
 *
 * Throws RangeError below two replications, for lists of unequal length, names used twice and values that are not finite.
 */
export function compareVariants(
  baseline: MeasuredVariant,
  variants: readonly MeasuredVariant[],
  options: ComparisonOptions = {},
): Comparison {
  const { level = 0.95, better = 'lower' } = options;
  const all = [baseline, ...variants];
  check(all);
  const isCensored = all.some(({ values }) => values.includes(null));
  const method = options.method ?? (isCensored ? 'median' : 'mean');
  if (method === 'mean' && isCensored) {
    throw new RangeError('compareVariants: means need values from every replication, got null among them');
  }
  const pairLevel = simultaneousLevel(level, variants.length);
  const first = withInfinity(baseline);
  const others = variants.map(withInfinity);
  const tests = others.map(({ values }) => pairedTest(first.values, values, { method, level: pairLevel }));
  const adjusted = holm(tests.map(({ probability }) => probability));
  return {
    baseline: baseline.name,
    method,
    level,
    pairLevel,
    n: baseline.values.length,
    variants: tests.map((test, i) => describe(others[i]!, first, test, adjusted[i]!, level)),
    ranking: rankVariants([first, ...others], { method, level, better }),
  };
}

/** A variant and what the test against the baseline said of it, `probability` corrected for all of them. */
function describe(
  variant: Ranked,
  baseline: Ranked,
  test: PairedTest,
  probability: number,
  level: number,
): VariantComparison {
  const { difference, low, high, coverage, direction, isIdentical } = test;
  const isClear = probability <= 1 - level && direction !== 'neither';
  const isFinite = [...variant.values, ...baseline.values].every(Number.isFinite);
  return {
    name: variant.name,
    difference: finite(difference),
    lo: finite(low),
    hi: finite(high),
    coverage,
    probability,
    verdict: isIdentical ? 'identical' : isClear ? direction : 'not distinguishable',
    pairing: isFinite ? (pairingGain(baseline.values, variant.values) ?? null) : null,
  };
}

function withInfinity({ name, values }: MeasuredVariant): Ranked {
  return { name, values: values.map((value) => value ?? Infinity) };
}

interface Ranked {
  readonly name: string;
  readonly values: readonly number[];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function check(all: readonly MeasuredVariant[]): void {
  if (all.length < 2) throw new RangeError('compareVariants: at least one variant is needed, got 0');
  const names = all.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`compareVariants: two variants are named "${twice}"`);
  const count = all[0]!.values.length;
  for (const { name, values } of all) {
    if (values.length !== count || count < 2) {
      throw new RangeError(
        `compareVariants: expected at least 2 replications, as many of all; "${name}" has ${values.length}, ` +
          `"${names[0]}" ${count}`,
      );
    }
    const wrong = values.find((value) => value !== null && !Number.isFinite(value));
    if (wrong !== undefined) throw new RangeError(`compareVariants: "${name}" measured ${wrong}`);
  }
}
