/**
 * Retry budgets: a client's own brake on retries, shared by all its requests. A policy says when to try again; a budget
 * says whether it may. All are deterministic and count in one place, so that the bound can be tested:
 *
 * - `RatioBudget`: so many retries per request plus a small reserve (Brooker, "Fixing retries with token buckets and
 *   circuit breakers", 2022: 0.1 per call, size 5);
 * - `WindowedBudget`: Finagle's RetryBudget (20 % of requests of the last 10 s, plus 10 retries/s);
 * - `ThrottleBudget`: gRPC retryThrottling (gRFC A6: failures cost 1, successes earn 0.1, retry above half of 10);
 * - `QuotaBudget`: the AWS SDK retry quota (500 tokens; retry -5, after a timeout -10; first-try success +1);
 * - `FailureRatioBudget`: no retries while the share of failed calls is high (Brooker's "circuit breaker");
 * - `RateBudget`: so many retries per unit of time (SRE Book, "Addressing Cascading Failures": 60 per minute).
 */
import type { TokenBucket } from '../queueing/token-bucket.ts';
import type { Duration, Instant } from '../time.ts';

/** Why the attempt before a retry failed, as far as budgets care: a timeout may cost more than a refusal. */
export type RetryReason = 'rejected' | 'timed out';

/** What a client tells its budget, and asks it. */
export interface RetryBudget {
  /** A request begins; its first attempt is always free. */
  requestBegan(now: Instant): void;
  /** An attempt failed; called before `tryRetry`. */
  attemptFailed(now: Instant, reason: RetryReason): void;
  /** A request was served after `retries` retries, the last of them for `lastReason` (meaningless with 0 retries). */
  requestServed(now: Instant, retries: number, lastReason: RetryReason): void;
  /** Takes what one retry costs, or says no and takes nothing. */
  tryRetry(now: Instant, reason: RetryReason): boolean;
}

/** Options of `RatioBudget`. */
export interface RatioBudgetOptions {
  /** Retries earned by each request, e.g. 0.1. */
  readonly retriesPerRequest: number;
  /** Most retries that can be saved up; the budget starts full. */
  readonly reserve: number;
}

/**
 * Each request earns a fraction of a retry; after n requests at most `reserve + retriesPerRequest * n` retries were
 * made.
 */
export class RatioBudget implements RetryBudget {
  readonly #perRequest: number;
  readonly #reserve: number;
  /** Ordinary field, not `#`: V8 updates a double in an ordinary field without allocating. */
  private tokens: number;

  constructor(options: RatioBudgetOptions) {
    checkNotNegative('ratio budget', 'retriesPerRequest', options.retriesPerRequest);
    checkNotNegative('ratio budget', 'reserve', options.reserve);
    this.#perRequest = options.retriesPerRequest;
    this.#reserve = options.reserve;
    this.tokens = options.reserve;
  }

  requestBegan(): void {
    this.tokens = Math.min(this.#reserve, this.tokens + this.#perRequest);
  }

  attemptFailed(): void {}

  requestServed(): void {}

  tryRetry(): boolean {
    // Ten times 0.1 falls short of 1 by a rounding error; it has to buy a retry all the same.
    if (this.tokens < 1 - 1e-9) return false;
    this.tokens -= 1;
    return true;
  }
}

/** Options of `WindowedBudget`; the defaults are Finagle's. */
export interface WindowedBudgetOptions {
  /** How long a request's deposit lasts; default 10 s in Finagle. */
  readonly window: Duration;
  /** Retries allowed for each request of the window; 0.2 in Finagle. */
  readonly retriesPerRequest: number;
  /** Retries per second allowed on top; 10 in Finagle. */
  readonly minimumRetriesPerSecond: number;
}

const SLICES = 10;

/**
 * Deposits of the last `window`, kept in ten slices as Finagle does; retries are withdrawals in the same slices, so
 * they too are forgotten after the window. At any instant the retries of the window are at most
 * `minimumRetriesPerSecond * window + retriesPerRequest * requests of the window`.
 */
export class WindowedBudget implements RetryBudget {
  readonly #sliceLength: number;
  readonly #perRequest: number;
  readonly #reserve: number;
  readonly #slices: Float64Array = new Float64Array(SLICES);
  #sliceNumber = 0;

  constructor(options: WindowedBudgetOptions) {
    checkNotNegative('windowed budget', 'retriesPerRequest', options.retriesPerRequest);
    checkNotNegative('windowed budget', 'minimumRetriesPerSecond', options.minimumRetriesPerSecond);
    if (!(options.window >= SLICES && options.window < Infinity)) {
      throw new RangeError(`windowed budget: window must be finite and >= ${SLICES} us, got ${options.window} us`);
    }
    this.#sliceLength = options.window / SLICES;
    this.#perRequest = options.retriesPerRequest;
    this.#reserve = (options.minimumRetriesPerSecond * options.window) / 1_000_000;
  }

  requestBegan(now: Instant): void {
    this.#moveTo(now);
    this.#slices[this.#sliceNumber % SLICES]! += this.#perRequest;
  }

  attemptFailed(): void {}

  requestServed(): void {}

  tryRetry(now: Instant): boolean {
    this.#moveTo(now);
    let balance = this.#reserve;
    for (let i = 0; i < SLICES; i++) balance += this.#slices[i]!;
    if (balance < 1 - 1e-9) return false;
    this.#slices[this.#sliceNumber % SLICES]! -= 1;
    return true;
  }

  #moveTo(now: Instant): void {
    const current = Math.floor(now / this.#sliceLength);
    const passed = Math.min(SLICES, current - this.#sliceNumber);
    for (let i = 1; i <= passed; i++) this.#slices[(current - passed + i) % SLICES] = 0;
    this.#sliceNumber = current;
  }
}

/** Options of `ThrottleBudget`, named as in a gRPC service config. */
export interface ThrottleBudgetOptions {
  readonly maxTokens: number;
  readonly tokenRatio: number;
}

/** gRPC's throttle: retries stop while the tokens are at or below half, and successes alone bring them back. */
export class ThrottleBudget implements RetryBudget {
  readonly #maxTokens: number;
  readonly #tokenRatio: number;
  private tokens: number;

  constructor(options: ThrottleBudgetOptions) {
    checkNotNegative('throttle budget', 'maxTokens', options.maxTokens);
    checkNotNegative('throttle budget', 'tokenRatio', options.tokenRatio);
    this.#maxTokens = options.maxTokens;
    this.#tokenRatio = options.tokenRatio;
    this.tokens = options.maxTokens;
  }

  requestBegan(): void {}

  attemptFailed(): void {
    this.tokens = Math.max(0, this.tokens - 1);
  }

  requestServed(): void {
    this.tokens = Math.min(this.#maxTokens, this.tokens + this.#tokenRatio);
  }

  tryRetry(): boolean {
    return this.tokens > this.#maxTokens / 2;
  }
}

/** Options of `QuotaBudget`; every default is the constant of the AWS SDK for JavaScript v3 (util-retry/constants). */
export interface QuotaBudgetOptions {
  /** Default 500, also the most it can hold. */
  readonly tokens?: number;
  /** Default 5. */
  readonly retryCost?: number;
  /** Default 10. */
  readonly timeoutRetryCost?: number;
  /** Default 1: earned by a request that was served at the first try. */
  readonly firstTryIncrement?: number;
}

/** The AWS SDK retry quota. A request served after retries gets the cost of its last retry back, as in the SDK. */
export class QuotaBudget implements RetryBudget {
  readonly #limit: number;
  readonly #retryCost: number;
  readonly #timeoutRetryCost: number;
  readonly #firstTryIncrement: number;
  private tokens: number;

  constructor(options: QuotaBudgetOptions = {}) {
    const { tokens = 500, retryCost = 5, timeoutRetryCost = 10, firstTryIncrement = 1 } = options;
    checkNotNegative('quota budget', 'tokens', tokens);
    checkNotNegative('quota budget', 'retryCost', retryCost);
    checkNotNegative('quota budget', 'timeoutRetryCost', timeoutRetryCost);
    checkNotNegative('quota budget', 'firstTryIncrement', firstTryIncrement);
    this.#limit = tokens;
    this.#retryCost = retryCost;
    this.#timeoutRetryCost = timeoutRetryCost;
    this.#firstTryIncrement = firstTryIncrement;
    this.tokens = tokens;
  }

  requestBegan(): void {}

  attemptFailed(): void {}

  requestServed(_now: Instant, retries: number, lastReason: RetryReason): void {
    const earned = retries === 0 ? this.#firstTryIncrement : this.#costOf(lastReason);
    this.tokens = Math.min(this.#limit, this.tokens + earned);
  }

  tryRetry(_now: Instant, reason: RetryReason): boolean {
    const cost = this.#costOf(reason);
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }

  #costOf(reason: RetryReason): number {
    return reason === 'timed out' ? this.#timeoutRetryCost : this.#retryCost;
  }
}

/** Options of `FailureRatioBudget`. */
export interface FailureRatioBudgetOptions {
  /** Retries stop while failed attempts exceed this share of requests, e.g. 0.1. */
  readonly maxFailureRatio: number;
}

/** No retries while failed attempts, counted from the start, exceed a share of the requests. */
export class FailureRatioBudget implements RetryBudget {
  readonly #maxFailureRatio: number;
  #requests = 0;
  #failures = 0;

  constructor(options: FailureRatioBudgetOptions) {
    checkNotNegative('failure ratio budget', 'maxFailureRatio', options.maxFailureRatio);
    this.#maxFailureRatio = options.maxFailureRatio;
  }

  requestBegan(): void {
    this.#requests++;
  }

  attemptFailed(): void {
    this.#failures++;
  }

  requestServed(): void {}

  tryRetry(): boolean {
    return this.#failures <= this.#maxFailureRatio * this.#requests;
  }
}

/** One token of a bucket per retry: a bound per unit of time, whatever the load. */
export class RateBudget implements RetryBudget {
  readonly #bucket: TokenBucket;

  constructor(bucket: TokenBucket) {
    this.#bucket = bucket;
  }

  requestBegan(): void {}

  attemptFailed(): void {}

  requestServed(): void {}

  tryRetry(now: Instant): boolean {
    return this.#bucket.take(now, 1);
  }
}

function checkNotNegative(part: string, what: string, value: number): void {
  if (!(value >= 0 && value < Infinity))
    throw new RangeError(`${part}: ${what} must be a finite number >= 0, got ${value}`);
}
