/**
 * A piecewise-constant rate over time, in events per second: business hours, a load step, a spike. It answers the two
 * questions of a time-varying load exactly: how much lies between two instants, and when a given amount has passed.
 */
import { timeZero, toSeconds, type Duration, type Instant } from '../time.ts';

/** From `at` on (until the next step) events come at `perSecond`. */
export interface RateStep {
  readonly at: Instant;
  readonly perSecond: number;
}

/** Options of a curve. */
export interface RateCurveOptions {
  /** The curve starts over after this long, counted from time zero; default: the last step lasts forever. */
  readonly repeatEvery?: Duration;
}

const MICROSECONDS = 1_000_000;

/** A rate that changes in steps. Before the first step it is 0. */
export class RateCurve {
  readonly #from: Float64Array;
  readonly #perMicrosecond: Float64Array;
  readonly #period: number;
  readonly #areaOfPeriod: number;

  constructor(steps: readonly RateStep[], options: RateCurveOptions = {}) {
    check(steps, options.repeatEvery);
    const whole = steps[0]!.at > 0 ? [{ at: timeZero, perSecond: 0 }, ...steps] : steps;
    this.#from = Float64Array.from(whole, (step) => step.at);
    this.#perMicrosecond = Float64Array.from(whole, (step) => step.perSecond / MICROSECONDS);
    this.#period = options.repeatEvery ?? Infinity;
    this.#areaOfPeriod = this.#period === Infinity ? Infinity : this.#areaInPeriod(this.#period);
  }

  /** The rate at an instant, per second. */
  perSecondAt(instant: Instant): number {
    return this.#perMicrosecond[this.#stepAt(this.#phase(instant))]! * MICROSECONDS;
  }

  /** Expected number of events in [from, to): the integral of the rate. */
  eventsBetween(from: Instant, to: Instant): number {
    return this.#areaUntil(to) - this.#areaUntil(from);
  }

  /**
   * The time, in microseconds and fractions of them, at which `amount` events' worth of rate has passed since `start`,
   * with the whole curve multiplied by `scale`. Infinity when the curve runs dry first.
   */
  timeAfter(start: number, amount: number, scale: number): number {
    if (!(scale > 0)) return Infinity;
    let left = amount / scale;
    let phase = this.#phase(start);
    let base = start - phase;
    if (this.#period !== Infinity) {
      if (this.#areaOfPeriod === 0) return Infinity;
      const wholePeriods = Math.max(0, Math.ceil(left / this.#areaOfPeriod) - 1);
      base += wholePeriods * this.#period;
      left -= wholePeriods * this.#areaOfPeriod;
    }
    let step = this.#stepAt(phase);
    for (;;) {
      const rate = this.#perMicrosecond[step]!;
      const end = this.#endOf(step);
      if (rate > 0 && left <= rate * (end - phase)) return base + phase + left / rate;
      if (end === Infinity) return Infinity;
      if (rate > 0) left -= rate * (end - phase);
      step++;
      phase = end;
      if (step === this.#from.length) {
        step = 0;
        phase = 0;
        base += this.#period;
      }
    }
  }

  #phase(instant: number): number {
    return this.#period === Infinity ? instant : instant - Math.floor(instant / this.#period) * this.#period;
  }

  /** Index of the step in force at a phase; the first step starts at 0. */
  #stepAt(phase: number): number {
    let low = 0;
    let high = this.#from.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#from[middle]! <= phase) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #endOf(step: number): number {
    return step + 1 < this.#from.length ? this.#from[step + 1]! : this.#period;
  }

  #areaUntil(instant: number): number {
    if (this.#period === Infinity) return this.#areaInPeriod(instant);
    const whole = Math.floor(instant / this.#period);
    return whole * this.#areaOfPeriod + this.#areaInPeriod(instant - whole * this.#period);
  }

  #areaInPeriod(phase: number): number {
    let area = 0;
    for (let i = 0; i < this.#from.length && this.#from[i]! < phase; i++) {
      area += this.#perMicrosecond[i]! * (Math.min(phase, this.#endOf(i)) - this.#from[i]!);
    }
    return area;
  }
}

/** A rate that never changes. */
export function constantRate(perSecond: number): RateCurve {
  return new RateCurve([{ at: timeZero, perSecond }]);
}

function check(steps: readonly RateStep[], period: Duration | undefined): void {
  if (steps.length === 0) throw new RangeError('rate curve: expected at least one step, got none');
  let last = -Infinity;
  for (const step of steps) {
    if (!(step.at >= 0 && step.at > last)) {
      throw new RangeError(
        `rate curve: steps must start at rising instants >= 0, got ${toSeconds(step.at)} s after ` +
          `${last / MICROSECONDS} s`,
      );
    }
    if (!(step.perSecond >= 0 && step.perSecond < Infinity)) {
      throw new RangeError(`rate curve: perSecond must be a finite number >= 0, got ${step.perSecond}`);
    }
    last = step.at;
  }
  if (period !== undefined && !(period > last && period < Infinity)) {
    throw new RangeError(`rate curve: repeatEvery must be finite and beyond the last step, got ${period} us`);
  }
}
