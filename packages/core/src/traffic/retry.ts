/**
 * Retry policies as values: how long to wait before the next attempt, or to give up. A policy knows nothing of clocks
 * and keeps no state; the client hands it the attempt number, the delay it gave last, and the stream for its jitter.
 *
 * Formulas: AWS Architecture Blog, "Exponential Backoff And Jitter" (2015), where `v = min(cap, base * 2^n)`:
 *   exponential v; equal jitter v/2 + U(0, v/2); full jitter U(0, v); decorrelated min(cap, U(base, 3 * previous)).
 * Full jitter with a multiplier is also gRPC's rule (gRFC A6: U(0, min(initial * multiplier^(n-1), max))).
 */
import { power } from '../power.ts';
import type { Stream } from '../random/stream.ts';
import { noTime, type Duration } from '../time.ts';

/** Said by a policy instead of a delay: no further attempt. */
export const giveUp = -1;

/** When to try again. Each jittered delay takes exactly one uniform from the stream. */
export interface RetryPolicy {
  readonly name: string;
  /** Attempts in all, the first included; `Infinity` is spelled out. */
  readonly maxAttempts: number;
  /**
   * The wait before attempt number `attempt` (2 is the first retry), or `giveUp`. `previousDelay` is what the policy
   * said before the attempt that just failed; `noTime` after the first.
   */
  delayBefore(attempt: number, previousDelay: Duration, stream: Stream): Duration | typeof giveUp;
}

/** Options of `fixedRetry`. */
export interface FixedRetryOptions {
  readonly delay: Duration;
  readonly maxAttempts: number;
}

/** Options of the exponential family. */
export interface BackoffOptions {
  /** The first retry waits (up to) this long. */
  readonly base: Duration;
  /** No wait is longer; finite. */
  readonly cap: Duration;
  readonly maxAttempts: number;
  /** Growth from one attempt to the next, default 2. */
  readonly multiplier?: number;
}

/** Options of `decorrelatedJitter`. */
export type DecorrelatedOptions = Omit<BackoffOptions, 'multiplier'>;

/** One attempt and no more. */
export const noRetry: RetryPolicy = {
  name: 'none',
  maxAttempts: 1,
  delayBefore: () => giveUp,
};

/** The same wait before every retry, 0 for at once. */
export function fixedRetry(options: FixedRetryOptions): RetryPolicy {
  const { delay, maxAttempts } = options;
  checkDuration('fixed', 'delay', delay);
  checkAttempts('fixed', maxAttempts);
  return {
    name: 'fixed',
    maxAttempts,
    delayBefore: (attempt) => (attempt > maxAttempts ? giveUp : delay),
  };
}

/** The wait grows by the multiplier; without jitter, clients that failed together come back together. */
export function exponentialBackoff(options: BackoffOptions): RetryPolicy {
  return backoff('exponential', options, (ceiling) => ceiling);
}

/** Uniform between 0 and the exponential wait. */
export function fullJitter(options: BackoffOptions): RetryPolicy {
  return backoff('full jitter', options, (ceiling, stream) => stream.uniform() * ceiling);
}

/** Half the exponential wait, and a uniform share of the other half. */
export function equalJitter(options: BackoffOptions): RetryPolicy {
  return backoff('equal jitter', options, (ceiling, stream) => (ceiling / 2) * (1 + stream.uniform()));
}

/** Uniform between the base and three times the previous wait, capped; the first retry takes the base as previous. */
export function decorrelatedJitter(options: DecorrelatedOptions): RetryPolicy {
  const { base, cap, maxAttempts } = options;
  checkBackoff('decorrelated jitter', options);
  return {
    name: 'decorrelated jitter',
    maxAttempts,
    delayBefore: (attempt, previousDelay, stream) => {
      if (attempt > maxAttempts) return giveUp;
      const previous = Math.max(base, previousDelay);
      return Math.round(Math.min(cap, base + stream.uniform() * (3 * previous - base))) as Duration;
    },
  };
}

type Spread = (ceiling: number, stream: Stream) => number;

function backoff(name: string, options: BackoffOptions, spread: Spread): RetryPolicy {
  const { base, cap, maxAttempts, multiplier = 2 } = options;
  checkBackoff(name, options);
  if (!(multiplier >= 1)) throw new RangeError(`retry policy "${name}": multiplier must be >= 1, got ${multiplier}`);
  return {
    name,
    maxAttempts,
    delayBefore: (attempt, _previousDelay, stream) => {
      if (attempt > maxAttempts) return giveUp;
      const ceiling = Math.min(cap, base * power(multiplier, attempt - 2));
      return Math.round(spread(ceiling, stream)) as Duration;
    },
  };
}

function checkBackoff(name: string, options: DecorrelatedOptions): void {
  checkDuration(name, 'base', options.base);
  if (options.base <= noTime) throw new RangeError(`retry policy "${name}": base must be > 0, got ${options.base} us`);
  if (!(options.cap >= options.base && options.cap < Infinity)) {
    throw new RangeError(
      `retry policy "${name}": cap must be finite and >= base (${options.base} us), got ${options.cap} us`,
    );
  }
  checkAttempts(name, options.maxAttempts);
}

function checkDuration(name: string, what: string, duration: Duration): void {
  if (!(duration >= 0 && duration < Infinity)) {
    throw new RangeError(`retry policy "${name}": ${what} must be a finite duration >= 0, got ${duration} us`);
  }
}

function checkAttempts(name: string, maxAttempts: number): void {
  if (!(maxAttempts >= 1) || (maxAttempts !== Infinity && !Number.isInteger(maxAttempts))) {
    throw new RangeError(
      `retry policy "${name}": maxAttempts must be a whole number >= 1 or Infinity, got ${maxAttempts}`,
    );
  }
}
