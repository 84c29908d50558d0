/** On which side of a level a chance is, by a likelihood ratio test of the outcomes at one place. */
import { normalQuantile } from '../random/normal-quantile.ts';

/** Below the level, above it, or too few outcomes to say. */
export type Side = 'below' | 'above' | 'unclear';

/** The side that so many yes among so many outcomes show, wrong with a probability of about 1 - `confidence`. */
export function clearSide(hits: number, count: number, level: number, confidence: number): Side {
  const share = hits / count;
  const z = normalQuantile(confidence);
  if (evidence(hits, count, level) < z * z) return 'unclear';
  return share < level ? 'below' : 'above';
}

/** Outcomes that must be alike, at the end that is harder to tell from the level, to be clear at 0.95. */
export function runsForClarity(level: number): number {
  const z = normalQuantile(0.95);
  return Math.ceil((z * z) / (-2 * Math.log(Math.max(level, 1 - level))));
}

/** Twice the logarithm by which the level falls short of the best chance for these outcomes. */
export function evidence(hits: number, count: number, level: number): number {
  const term = (k: number, chance: number): number => (k === 0 ? 0 : k * Math.log(k / count / chance));
  return 2 * (term(hits, level) + term(count - hits, 1 - level));
}
