import { forever, seconds, type Duration, type Instant } from '../time.ts';

/** How fast a bucket fills and how much it holds. */
export interface TokenBucketOptions {
  /** Used in errors. */
  readonly name: string;
  /** Tokens that flow in per `per`, >= 0; 0 = only what `put` brings, as in a retry budget. */
  readonly rate: number;
  /** Default one second. Choose it so that `rate` is whole: then the bucket is exact for ever. */
  readonly per?: Duration;
  /** The most tokens it holds, > 0. */
  readonly burst: number;
  /** Tokens at time zero; default `burst`. */
  readonly initial?: number;
}

/**
 * A rate limit without a timer: the level is worked out when somebody asks. It is counted in whole units of 1/per token
 * (millionths at the default), so a whole rate adds a whole number of units each microsecond and nothing is rounded.
 *
 * As a retry budget (Finagle, gRPC): rate 0, `put(now, 0.1)` at every first attempt, `take(now)` before every retry.
 */
export class TokenBucket {
  readonly name: string;
  readonly #rate: number;
  readonly #unitsPerToken: number;
  readonly #burst: number;
  #units: number;
  #settledAt = 0;

  constructor(options: TokenBucketOptions) {
    const { name, rate, per = seconds(1), burst, initial = burst } = options;
    if (!(rate >= 0 && rate < Infinity))
      throw new RangeError(`token bucket "${name}": rate must be >= 0 and finite, got ${rate}`);
    if (!(per > 0 && per < Infinity)) throw new RangeError(`token bucket "${name}": per must be > 0, got ${per}`);
    if (!(burst > 0 && burst < Infinity))
      throw new RangeError(`token bucket "${name}": burst must be > 0 and finite, got ${burst}`);
    if (!(initial >= 0 && initial <= burst))
      throw new RangeError(`token bucket "${name}": initial must be in 0..${burst}, got ${initial}`);
    this.name = name;
    this.#rate = rate;
    this.#unitsPerToken = per;
    this.#burst = Math.round(burst * per);
    this.#units = Math.round(initial * per);
  }

  /** Tokens at `now`; negative while reservations are being paid off. */
  available(now: Instant): number {
    this.#settle(now);
    return this.#units / this.#unitsPerToken;
  }

  /** Takes `tokens` if they are there; false, and nothing taken, otherwise. */
  take(now: Instant, tokens = 1): boolean {
    this.#settle(now);
    const units = this.#unitsOf(tokens);
    if (this.#units < units) return false;
    this.#units -= units;
    return true;
  }

  /**
   * Time until `tokens` will be there if nobody else takes any: zero when they are, `forever` when they never will.
   * Never too short, and less than a microsecond too long.
   */
  timeUntil(now: Instant, tokens = 1): Duration {
    this.#settle(now);
    const units = this.#unitsOf(tokens);
    return units > this.#burst ? forever : this.#timeToGain(units - this.#units);
  }

  /**
   * Takes `tokens` in any case and returns how long the caller has to wait until they are paid for, as clients that
   * queue behind their own limit do (`Reserve` of golang.org/x/time/rate). `forever`, and nothing taken, when they
   * never will.
   */
  reserve(now: Instant, tokens = 1): Duration {
    this.#settle(now);
    const units = this.#unitsOf(tokens);
    const owed = units - this.#units;
    if (units > this.#burst || (owed > 0 && this.#rate === 0)) return forever;
    this.#units -= units;
    return this.#timeToGain(owed);
  }

  /** Adds `tokens`, up to the burst: a returned reservation, or income of a retry budget. */
  put(now: Instant, tokens: number): void {
    this.#settle(now);
    this.#units = Math.min(this.#burst, this.#units + this.#unitsOf(tokens));
  }

  #settle(now: Instant): void {
    if (now < this.#settledAt)
      throw new RangeError(`token bucket "${this.name}": time went back from ${this.#settledAt} to ${now}`);
    this.#units = Math.min(this.#burst, this.#units + (now - this.#settledAt) * this.#rate);
    this.#settledAt = now;
  }

  #unitsOf(tokens: number): number {
    if (!(tokens >= 0)) throw new RangeError(`token bucket "${this.name}": tokens must be >= 0, got ${tokens}`);
    return Math.round(tokens * this.#unitsPerToken);
  }

  #timeToGain(units: number): Duration {
    if (units <= 0) return 0 as Duration;
    return this.#rate === 0 ? forever : (Math.ceil(units / this.#rate) as Duration);
  }
}
