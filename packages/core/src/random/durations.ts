import type { Duration } from '../time.ts';
import type { Distribution } from './distributions/distribution.ts';
import type { Stream } from './stream.ts';

/** What one unit of the underlying distribution means. */
export type DurationUnit = 'microseconds' | 'milliseconds' | 'seconds' | 'minutes' | 'hours';

/** Random durations in whole microseconds. */
export interface DurationDistribution {
  readonly name: string;
  /** One duration, rounded to the nearest microsecond; what exceeds 100 years is cut to 100 years. */
  sample(stream: Stream): Duration;
  /** Mean of the underlying distribution, rounded; Infinity when that is infinite. */
  mean(): Duration;
}

const MICROSECONDS: Readonly<Record<DurationUnit, number>> = {
  microseconds: 1,
  milliseconds: 1_000,
  seconds: 1_000_000,
  minutes: 60_000_000,
  hours: 3_600_000_000,
};

/** Keeps sums of a clock and a heavy-tailed sample exact, and far from any horizon. */
const LONGEST = 100 * 365 * 86_400_000_000;

/**
 * Reads a distribution in the given unit - a name, or a duration such as `ms(1)` that a value of 1 stands for - and draws
 * whole-microsecond durations from it. Throws RangeError when the distribution can be negative, as far as its quantile
 * function tells; a negative sample of any other throws when drawn.
 */
export function durations(distribution: Distribution, unit: DurationUnit | Duration): DurationDistribution {
  const scale = typeof unit === 'number' ? unit : MICROSECONDS[unit];
  if (!(scale > 0 && scale < Infinity)) {
    const names = Object.keys(MICROSECONDS).join(', ');
    throw new RangeError(`durations: unit must be one of ${names} or a finite duration > 0, got ${String(unit)}`);
  }
  const label = typeof unit === 'number' ? `x ${unit} us` : unit;
  const least = distribution.quantile?.(0) ?? 0;
  if (least < 0)
    throw new RangeError(`durations: ${distribution.name} reaches ${least} ${label}; a duration is never negative`);
  return new Durations(distribution, label, scale);
}

class Durations implements DurationDistribution {
  readonly name: string;
  readonly #distribution: Distribution;
  readonly #scale: number;

  constructor(distribution: Distribution, label: string, scale: number) {
    this.name = `${distribution.name} ${label}`;
    this.#distribution = distribution;
    this.#scale = scale;
  }

  sample(stream: Stream): Duration {
    const microseconds = Math.floor(this.#distribution.sample(stream) * this.#scale + 0.5);
    if (microseconds >= 0 && microseconds <= LONGEST) return microseconds as Duration;
    return this.#cut(microseconds);
  }

  mean(): Duration {
    return Math.round(this.#distribution.mean() * this.#scale) as Duration;
  }

  #cut(microseconds: number): Duration {
    if (microseconds > LONGEST) return LONGEST as Duration;
    throw new RangeError(`durations: ${this.name} gave ${microseconds} us; a duration is never negative`);
  }
}
