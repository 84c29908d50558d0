/**
 * Where along an axis a yes-or-no outcome of noisy runs tips: the value at which its chance crosses a level, 1/2 unless told
 * otherwise, with a confidence interval.
 *
 * The search is a probabilistic bisection (M. Horstein 1963; R. Waeber, P. I. Frazier and S. G. Henderson, Bisection search
 * with noisy responses, SIAM Journal on Control and Optimization 51, 2013): each round tries the quantiles of where the
 * crossing may be, given all outcomes so far. Their method must know how often an answer is wrong; here the knowledge is the
 * likelihood of a chance that only grows or only falls (monotone-response.ts), and the interval is all places that a
 * likelihood ratio test does not refuse. Its limit is the chi-square one of a few places with many runs, which is the
 * cautious one (R. Tang, M. Banerjee and M. R. Kosorok, Annals of Statistics 40, 2012). Decision 0043 argues the choice and
 * shows how often the intervals cover.
 *
 * Every run is another replication. Common random numbers would not help: a run at the right place tells as much about the
 * median of all tipping points as does the whole tipping point of one replication, which costs several runs.
 */
import { normalQuantile } from '../random/normal-quantile.ts';
import { placeOf, type RangeFactor, valueBetween } from './factor.ts';
import { crossingGaps, type Gap, likelihoodQuantile, likelyRange, pooled, type Response } from './monotone-response.ts';
import { strongestContradiction } from './reversal.ts';
import { clearSide, runsForClarity, type Side } from './side-of-level.ts';
import {
  checkedOptions,
  endRuns,
  type Reversal,
  type TippingPoint,
  type TippingPointOptions,
  type TippingPointSearch,
  type TippingStep,
  type Trial,
} from './tipping-options.ts';

/** Runs at a value that must agree, six of six, before it counts as a contradiction. */
const reversalRuns = 6;
/** Runs for contradictions, beyond the budget. */
const followUps = 12;
/** Evidence on both sides from which a contradiction inside the interval is followed up: four of four, at level 1/2. */
const suspicion = 5.5;

/** Searches for the tipping point. Throws RangeError for impossible options. */
export function* findTippingPoint(options: TippingPointOptions): TippingPointSearch {
  const search = new Search(options);
  yield* search.firstLook();
  const ends = yield* search.settleEnds();
  const direction = directionOf(ends);
  if (direction === undefined) {
    const status = ends[0] === 'below' ? 'never' : ends[0] === 'above' ? 'always' : 'unclear';
    const reversals =
      status === 'unclear' ? [] : yield* search.followUp(() => (status === 'never' ? 'below' : 'above'));
    return search.result({ status, direction: null, reversals });
  }
  const range = yield* search.narrow(direction);
  const before: Side = direction === 'rising' ? 'below' : 'above';
  const after: Side = direction === 'rising' ? 'above' : 'below';
  const outside = yield* search.followUp((at) => (at < range.low ? before : at > range.high ? after : undefined));
  const inside = outside.length > 0 ? [] : yield* search.doubt(direction);
  return search.result({ status: 'found', direction, reversals: [...outside, ...inside] });
}

/** Larger values make a yes likelier, or less likely; undefined where the ends do not say. */
function directionOf([low, high]: readonly [Side, Side]): 'rising' | 'falling' | undefined {
  if (low === high) return undefined;
  return low === 'below' || high === 'above' ? 'rising' : 'falling';
}

/** Outcomes so far, and the steps of the search. */
class Search {
  readonly #axis: RangeFactor;
  readonly #level: number;
  readonly #confidence: number;
  readonly #tolerance: number;
  readonly #budget: number;
  readonly #batch: number;
  readonly #sweep: number;
  readonly #seen: Response[] = [];
  #isNarrow = false;

  constructor(options: TippingPointOptions) {
    const checked = checkedOptions(options);
    [this.#axis, this.#level, this.#confidence] = [checked.axis, checked.level, checked.confidence];
    [this.#tolerance, this.#budget] = [checked.tolerance, checked.budget];
    [this.#batch, this.#sweep] = [checked.batch, checked.sweep];
  }

  /** Both ends and a few values between them. */
  *firstLook(): Generator<readonly Trial[], void, readonly boolean[]> {
    const between = Array.from({ length: this.#sweep }, (_, index) => (index + 1) / (this.#sweep + 1));
    yield* this.#try([...repeated(0, endRuns), ...between, ...repeated(1, endRuns)]);
  }

  /** Repeats each end until it is clearly on one side of the level, or half of the budget is gone. */
  *settleEnds(): Generator<readonly Trial[], readonly [Side, Side], readonly boolean[]> {
    for (;;) {
      const sides = [this.#sideAt(0), this.#sideAt(1)] as const;
      const unclear = [0, 1].filter((_, index) => sides[index] === 'unclear');
      const isHalfSpent = this.#seen.length >= this.#budget / 2;
      if (unclear.length === 0 || isHalfSpent) return sides;
      yield* this.#try(unclear.flatMap((at) => repeated(at, Math.min(12, runsForClarity(this.#level)))));
    }
  }

  /** Tries where the crossing may be until that is narrow enough. */
  *narrow(
    direction: 'rising' | 'falling',
  ): Generator<readonly Trial[], { readonly low: number; readonly high: number }, readonly boolean[]> {
    for (;;) {
      const gaps = this.#gaps(direction);
      const range = this.#range(gaps);
      this.#isNarrow = this.#isNarrowEnough(range);
      const left = this.#budget - this.#seen.length;
      if (this.#isNarrow || left <= 0) return range;
      const size = Math.min(this.#batch, left);
      yield* this.#try(Array.from({ length: size }, (_, index) => likelihoodQuantile(gaps, (index + 0.5) / size)));
    }
  }

  /** Repeats values whose outcomes contradict the side they should be on, until it is clear whether they do. */
  *followUp(expected: (at: number) => Side | undefined): Generator<readonly Trial[], Reversal[], readonly boolean[]> {
    let left = followUps;
    for (;;) {
      const suspects = this.#steps().filter(({ at, hits, count }) => {
        const side = expected(at);
        const share = hits / count;
        return (side === 'below' && share > this.#level) || (side === 'above' && share < this.#level);
      });
      const needed = Math.max(reversalRuns, 2 * runsForClarity(this.#level));
      const open = suspects.filter(({ count }) => count < needed);
      const next = open.flatMap(({ at, count }) => repeated(at, Math.min(3, needed - count))).slice(0, left);
      if (next.length > 0) {
        left -= next.length;
        yield* this.#try(next);
        continue;
      }
      return suspects
        .filter(({ hits, count }) => count >= needed && clearSide(hits, count, this.#level, 0.995) !== 'unclear')
        .map((one) => ({ ...this.#stepOf(one), saw: one.hits / one.count > this.#level ? 'yes' : 'no' }));
    }
  }

  /**
   * Where the interval stayed wide, outcomes inside it may contradict each other. New runs at the two places that look most
   * like it decide: three at each, and three more if those agree with the suspicion.
   */
  *doubt(direction: 'rising' | 'falling'): Generator<readonly Trial[], Reversal[], readonly boolean[]> {
    const found = this.#isNarrow ? undefined : strongestContradiction(...this.#grown(direction));
    if (found === undefined || found.strength < suspicion) return [];
    const places = [found.early, found.late];
    const news: Response[] = places.map((at) => ({ at, hits: 0, count: 0 }));
    for (let round = 0; round < reversalRuns / 3; round++) {
      const from = this.#seen.length;
      yield* this.#try(places.flatMap((at) => repeated(at, 3)));
      for (const [index, { at, hits, count }] of news.entries()) {
        const own = this.#seen.slice(from).filter((_, place) => place >= index * 3 && place < index * 3 + 3);
        news[index] = { at, hits: hits + own.reduce((sum, one) => sum + one.hits, 0), count: count + 3 };
      }
      const expected: readonly Side[] = direction === 'rising' ? ['above', 'below'] : ['below', 'above'];
      const isConfirmed = news.every(
        ({ hits, count }, index) => clearSide(hits, count, this.#level, 0.95) === expected[index],
      );
      if (!isConfirmed) return [];
    }
    return news.map((one) => ({ ...this.#stepOf(one), saw: one.hits / one.count > this.#level ? 'yes' : 'no' }));
  }

  /** All of it, as data. */
  result(found: Pick<TippingPoint, 'status' | 'direction' | 'reversals'>): TippingPoint {
    const steps = this.#steps().map((one) => this.#stepOf(one));
    const common = { level: this.#level, confidence: this.#confidence, steps, runs: this.#seen.length };
    if (found.direction === null) {
      const nothing = { value: null, low: null, high: null, isOpenLow: false, isOpenHigh: false, isNarrow: false };
      return { ...found, ...nothing, ...common };
    }
    const gaps = this.#gaps(found.direction);
    const range = this.#range(gaps);
    const [low, high] = [this.#valueAt(range.low), this.#valueAt(range.high)];
    const guess = this.#valueAt(Math.min(range.high, Math.max(range.low, likelihoodQuantile(gaps, 0.5))));
    const isRising = found.direction === 'rising';
    const value = this.#axis.kind !== 'whole' ? guess : isRising ? Math.ceil(guess) : Math.floor(guess);
    const isOpenLow = range.low === 0 && this.#sideAt(0) === 'unclear';
    const isOpenHigh = range.high === 1 && this.#sideAt(1) === 'unclear';
    return { ...found, value, low, high, isOpenLow, isOpenHigh, ...common, isNarrow: this.#isNarrow };
  }

  *#try(places: readonly number[]): Generator<readonly Trial[], void, readonly boolean[]> {
    const values = places.map((at) => valueBetween(this.#axis, at) as number);
    const first = this.#seen.length;
    const outcomes = yield values.map((value, index) => ({ value, replication: first + index }));
    if (outcomes.length !== values.length) {
      throw new RangeError(`findTippingPoint: expected ${values.length} outcomes, got ${outcomes.length}`);
    }
    values.forEach((value, index) => {
      this.#seen.push({ at: placeOf(this.#axis, value), hits: outcomes[index] === true ? 1 : 0, count: 1 });
    });
  }

  #steps(): Response[] {
    return pooled(this.#seen);
  }

  /** Where the chance of a yes crosses the level, as it grows; where it falls, that of a no grows. */
  #gaps(direction: 'rising' | 'falling'): Gap[] {
    return crossingGaps(...this.#grown(direction));
  }

  /** Outcomes and level as those of a chance that grows. */
  #grown(direction: 'rising' | 'falling'): [Response[], number] {
    const steps = this.#steps();
    if (direction === 'rising') return [steps, this.#level];
    return [steps.map(({ at, hits, count }) => ({ at, hits: count - hits, count })), 1 - this.#level];
  }

  #range(gaps: readonly Gap[]): { readonly low: number; readonly high: number } {
    const z = normalQuantile(0.5 + this.#confidence / 2);
    return likelyRange(gaps, z * z);
  }

  #isNarrowEnough({ low, high }: { readonly low: number; readonly high: number }): boolean {
    if (high - low <= this.#tolerance) return true;
    return this.#axis.kind === 'whole' && this.#valueAt(high) - this.#valueAt(low) <= 1;
  }

  #sideAt(at: number): Side {
    const end = this.#steps().find((one) => one.at === at);
    return end === undefined ? 'unclear' : clearSide(end.hits, end.count, this.#level, 0.95);
  }

  /** The value at a place, not rounded to a whole number. */
  #valueAt(at: number): number {
    return valueBetween({ ...this.#axis, kind: 'number' }, at) as number;
  }

  #stepOf({ at, hits, count }: Response): TippingStep {
    const value = this.#valueAt(at);
    return { value: this.#axis.kind === 'whole' ? Math.round(value) : value, hits, count };
  }
}

function repeated(at: number, times: number): number[] {
  return Array.from({ length: times }, () => at);
}
