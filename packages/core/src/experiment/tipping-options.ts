/** What a search for a tipping point is asked, and what it answers. */
import { checkFactors, type RangeFactor } from './factor.ts';

/** One run that the search wants. Replications count up from 0 over the whole search and none comes twice. */
export interface Trial {
  readonly value: number;
  readonly replication: number;
}

/** What is searched, how sure, and at what cost. */
export interface TippingPointOptions {
  readonly axis: RangeFactor;
  /** Chance of a yes at the tipping point, inside (0, 1); default 1/2. */
  readonly level?: number;
  /** Probability with which the interval covers it; default 0.95. */
  readonly confidence?: number;
  /** The search ends when the interval is this share of the axis, or one whole number; default 0.02. */
  readonly tolerance?: number;
  /** Runs at most, a dozen for following up contradictions aside; default 48, and more for levels far from 1/2. */
  readonly budget?: number;
  /** Runs that may be made side by side; default 4. The answer depends on it, so it is no number of cores. */
  readonly batch?: number;
  /** Values between the ends that are tried first, to see contradictions; default 3. */
  readonly sweep?: number;
}

/** Outcomes at one value. */
export interface TippingStep {
  readonly value: number;
  readonly hits: number;
  readonly count: number;
}

/** A value outside the interval at which outcomes are, clearly, those of the other side. */
export interface Reversal extends TippingStep {
  /** What was seen there: yes or no. */
  readonly saw: 'yes' | 'no';
}

/** What was found. Plain data. */
export interface TippingPoint {
  /** `never`, `always`: both ends are on one side of the level; `unclear`: neither end is on a clear side. */
  readonly status: 'found' | 'never' | 'always' | 'unclear';
  /** Whether larger values make a yes likelier; `null` unless found. */
  readonly direction: 'rising' | 'falling' | null;
  /** Best guess; of whole numbers the first, or last, that tips. `null` unless found. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The interval reaches an end of the range: the tipping point may lie beyond it. */
  readonly isOpenLow: boolean;
  readonly isOpenHigh: boolean;
  readonly level: number;
  readonly confidence: number;
  /** All that was seen, from low to high. */
  readonly steps: readonly TippingStep[];
  /** Contradictions to a chance that only grows or only falls; then the interval is that of one crossing among several. */
  readonly reversals: readonly Reversal[];
  readonly runs: number;
  /** False when the budget ended the search. */
  readonly isNarrow: boolean;
}

/** A search under way: it yields the runs it wants and is handed whether each was a yes, in the same order. */
export type TippingPointSearch = Generator<readonly Trial[], TippingPoint, readonly boolean[]>;

/** Runs at each end to begin with. */
export const endRuns = 3;

/** Runs at the level 1/2: a sharp tipping point is found to a fiftieth of the range in about 37 (decision 0043). */
const usualBudget = 48;

/** Options with their defaults. Throws RangeError where they make no sense. */
export function checkedOptions(options: TippingPointOptions): Required<TippingPointOptions> {
  const { axis, level = 0.5, confidence = 0.95, tolerance = 0.02, batch = 4, sweep = 3 } = options;
  checkFactors([axis]);
  for (const [name, value] of Object.entries({ level, confidence, tolerance })) {
    if (!(value > 0 && value < 1)) {
      throw new RangeError(`findTippingPoint: ${name} must be inside (0, 1), got ${value}`);
    }
  }
  // A chance p is known after n runs to within sqrt(p (1 - p) / n), beside a change in p that goes with p (1 - p).
  const budget = options.budget ?? Math.ceil((usualBudget * 0.25) / (level * (1 - level)));
  const least = 2 * endRuns + sweep;
  if (!(Number.isSafeInteger(budget) && budget > least)) {
    throw new RangeError(`findTippingPoint: budget must be a whole number > ${least}, got ${budget}`);
  }
  if (!(Number.isSafeInteger(batch) && batch >= 1 && Number.isSafeInteger(sweep) && sweep >= 0)) {
    throw new RangeError(`findTippingPoint: expected a batch >= 1 and a sweep >= 0, got ${batch} and ${sweep}`);
  }
  return { axis, level, confidence, tolerance, budget, batch, sweep };
}
