import type { Stream } from '../random/stream.ts';
import { minutes, type Duration, type Instant } from '../time.ts';
import { noPermit, type CallGate } from './circuit-breaker.ts';

/**
 * Client-side adaptive throttling (Site Reliability Engineering, "Handling Overload"): over a sliding window a client
 * counts the requests it was asked for and those the backend accepted, and refuses one by itself with probability
 *
 *   max(0, (requests - K * accepts) / (requests + 1))
 *
 * so that in the long run it sends K requests for each accepted one, however many it is asked for. Requests are counted
 * when they are asked for, refused ones included, and the window should be longer than the slowest answer; counting at
 * the answer makes it late and lets it stick.
 */
export interface AdaptiveThrottleOptions {
  readonly name: string;
  /** K, the requests sent per accepted one: at least 1, default 2 (the source); 1.1 is stricter. */
  readonly sentPerAccepted?: number;
  /** How far back it counts; default 2 minutes (the source). */
  readonly window?: Duration;
  /**
   * Slices the window is counted in, a whole number >= 2; the oldest is forgotten as a whole, so the window is between
   * (slices - 1) / slices of its length and all of it. Default 20 (assumed; the source does not say).
   */
  readonly slices?: number;
  /** One uniform per request is taken from it; a stream of its own, such as `users/throttle`. */
  readonly stream: Stream;
}

const PERMIT = 0;

/** A gate that lets through about as much as the server takes. */
export class AdaptiveThrottle implements CallGate {
  readonly name: string;
  readonly #sentPerAccepted: number;
  readonly #sliceLength: number;
  readonly #stream: Stream;
  readonly #slices: number;
  readonly #requests: Float64Array;
  readonly #accepts: Float64Array;
  /** Sums of the two columns, and the number of the current slice. */
  readonly #sums: Float64Array = new Float64Array(3);

  constructor(options: AdaptiveThrottleOptions) {
    const { name, sentPerAccepted = 2, window = minutes(2), slices = 20, stream } = options;
    if (!(sentPerAccepted >= 1 && sentPerAccepted < Infinity)) {
      throw new RangeError(
        `adaptive throttle "${name}": sentPerAccepted must be finite and >= 1, got ${sentPerAccepted}`,
      );
    }
    if (!(Number.isInteger(slices) && slices >= 2)) {
      throw new RangeError(`adaptive throttle "${name}": slices must be a whole number >= 2, got ${slices}`);
    }
    if (!(window >= slices && window < Infinity)) {
      throw new RangeError(`adaptive throttle "${name}": window must be finite and >= ${slices} us, got ${window} us`);
    }
    this.name = name;
    this.#sentPerAccepted = sentPerAccepted;
    this.#slices = slices;
    this.#requests = new Float64Array(slices);
    this.#accepts = new Float64Array(slices);
    this.#sliceLength = window / slices;
    this.#stream = stream;
  }

  /** The probability with which the next request would be refused. */
  refusalProbability(now: Instant): number {
    this.#moveTo(now);
    const requests = this.#sums[REQUESTS]!;
    return Math.max(0, (requests - this.#sentPerAccepted * this.#sums[ACCEPTS]!) / (requests + 1));
  }

  /** Counts the request and says whether it may be sent. */
  tryPass(now: Instant): number {
    const isRefused = this.#stream.uniform() < this.refusalProbability(now);
    this.#requests[this.#sums[SLICE]! % this.#slices]!++;
    this.#sums[REQUESTS]!++;
    return isRefused ? noPermit : PERMIT;
  }

  /** Counts an accepted request. */
  record(now: Instant, _permit: number, isGood: boolean): void {
    this.#moveTo(now);
    if (!isGood) return;
    this.#accepts[this.#sums[SLICE]! % this.#slices]!++;
    this.#sums[ACCEPTS]!++;
  }

  /** A request whose caller left counts as asked for and not as accepted. */
  forget(): void {}

  #moveTo(now: Instant): void {
    const current = Math.floor(now / this.#sliceLength);
    const passed = Math.min(this.#slices, current - this.#sums[SLICE]!);
    for (let i = 1; i <= passed; i++) {
      const slice = (current - passed + i) % this.#slices;
      this.#sums[REQUESTS]! -= this.#requests[slice]!;
      this.#sums[ACCEPTS]! -= this.#accepts[slice]!;
      this.#requests[slice] = 0;
      this.#accepts[slice] = 0;
    }
    this.#sums[SLICE] = current;
  }
}

const REQUESTS = 0;
const ACCEPTS = 1;
const SLICE = 2;
