/**
 * Time is a whole number of microseconds with a type. Microseconds are exact in a double for 285 years, and a bare
 * number is neither a `Duration` nor an `Instant`: it has to pass through one of the constructors below.
 */
declare const durationUnit: unique symbol;
declare const instantUnit: unique symbol;

/** A span of time in whole microseconds; never negative where an API asks for one. */
export type Duration = number & { readonly [durationUnit]: 'microseconds' };

/** A point on the simulation clock, in whole microseconds since the run's time zero. */
export type Instant = number & { readonly [instantUnit]: 'microseconds' };

/** The first instant of every run. */
export const timeZero: Instant = 0 as Instant;

/** The empty duration. */
export const noTime: Duration = 0 as Duration;

/** A duration that never ends: "no timeout", "infinite patience". It can be compared, never scheduled. */
export const forever: Duration = Infinity as Duration;

/** Microseconds. Throws RangeError on a fraction, because a fraction of a tick is always a unit mistake. */
export function us(count: number): Duration {
  if (!Number.isInteger(count)) throw new RangeError(`us: expected a whole number of microseconds, got ${count}`);
  return count as Duration;
}

/** Milliseconds, rounded to the nearest microsecond. */
export function ms(count: number): Duration {
  return rounded(count * 1_000, 'ms', count);
}

/** Seconds, rounded to the nearest microsecond. */
export function seconds(count: number): Duration {
  return rounded(count * 1_000_000, 'seconds', count);
}

/** Minutes, rounded to the nearest microsecond. */
export function minutes(count: number): Duration {
  return rounded(count * 60_000_000, 'minutes', count);
}

/** Hours, rounded to the nearest microsecond. */
export function hours(count: number): Duration {
  return rounded(count * 3_600_000_000, 'hours', count);
}

/** The instant `delay` after `instant`. */
export function plus(instant: Instant, delay: Duration): Instant {
  return (instant + delay) as Instant;
}

/** The time that has passed at `later` since `earlier`. */
export function since(later: Instant, earlier: Instant): Duration {
  return (later - earlier) as Duration;
}

/** A duration or an instant in seconds, for people and for KPIs. */
export function toSeconds(time: Duration | Instant): number {
  return time / 1_000_000;
}

/** A duration or an instant in milliseconds. */
export function toMilliseconds(time: Duration | Instant): number {
  return time / 1_000;
}

function rounded(microseconds: number, unit: string, given: number): Duration {
  if (Number.isNaN(microseconds)) throw new RangeError(`${unit}: expected a number, got ${given}`);
  return Math.round(microseconds) as Duration;
}
