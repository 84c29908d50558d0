import type { DurationDistribution } from '../random/durations.ts';
import type { Duration } from '../time.ts';

/** A plain duration as a distribution that always gives it and draws nothing; a distribution as itself. */
export function asDistribution(part: string, value: Duration | DurationDistribution): DurationDistribution {
  if (typeof value !== 'number') return value;
  if (!(value >= 0 && value < Infinity))
    throw new RangeError(`${part} must be a finite duration >= 0, got ${value} us`);
  return { name: `${value} us`, sample: () => value, mean: () => value };
}
