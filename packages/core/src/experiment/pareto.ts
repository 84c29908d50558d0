/** The front of cost against harm: what no cheaper candidate beats, with chance taken into account. */
import { meanInterval, pairedInterval } from './interval.ts';

/** A candidate: what it costs, and how bad each replication was with it. */
export interface ParetoCandidate {
  readonly cost: number;
  /** By replication, the same replications for all; lower is better. At least one, all finite. */
  readonly values: readonly number[];
}

/** Where a candidate stands. Plain data. */
export interface ParetoPlace {
  /** Its index among the candidates. */
  readonly candidate: number;
  readonly cost: number;
  readonly mean: number;
  /** Student's interval of the mean; `null` from a single replication. */
  readonly low: number | null;
  readonly high: number | null;
  readonly count: number;
  /**
   * `front`: nothing that costs no more is better. `within-noise`: something is, but by less than the interval of the paired
   * difference, so it stays. `dominated`: something clearly is.
   */
  readonly place: 'front' | 'within-noise' | 'dominated';
}

/** All candidates from cheap to dear, each with its place on or off the front. Throws RangeError for values that are none. */
export function paretoFront(candidates: readonly ParetoCandidate[], level = 0.95): ParetoPlace[] {
  const means = candidates.map(({ cost, values }, index) => {
    if (values.length === 0 || ![cost, ...values].every(Number.isFinite)) {
      throw new RangeError(`paretoFront: candidate ${index}: expected a finite cost and at least one finite value`);
    }
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  const places = candidates.map(({ cost, values }, candidate): ParetoPlace => {
    const isBeatenBy = (other: number): boolean =>
      other !== candidate &&
      candidates[other]!.cost <= cost &&
      means[other]! <= means[candidate]! &&
      (candidates[other]!.cost < cost || means[other]! < means[candidate]!);
    const better = [...candidates.keys()].filter(isBeatenBy);
    const isClear = better.some((other) => isClearlyBetter(candidates[other]!.values, values, level));
    const interval = values.length < 2 ? undefined : meanInterval(values, level);
    return {
      candidate,
      cost,
      mean: means[candidate]!,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      count: values.length,
      place: better.length === 0 ? 'front' : isClear ? 'dominated' : 'within-noise',
    };
  });
  return places.sort((a, b) => a.cost - b.cost || a.mean - b.mean || a.candidate - b.candidate);
}

/** As good everywhere at no more cost is enough to be clear; else the interval of the paired differences must be. */
function isClearlyBetter(better: readonly number[], worse: readonly number[], level: number): boolean {
  const count = Math.min(better.length, worse.length);
  const [first, second] = [better.slice(0, count), worse.slice(0, count)];
  if (count < 2) return false;
  if (first.every((value, index) => value === second[index])) return true;
  return pairedInterval(first, second, level).low > 0;
}
