import { seconds, toSeconds, type Duration, type Instant } from '../time.ts';

/**
 * A circuit breaker: a client's memory of a server that fails.
 *
 *               failure rate >= threshold (and enough calls)
 *      closed ────────────────────────────────────────────────> open
 *        ^                                                       │ openFor has passed (seen at the next call)
 *        │ probes good enough                                    v
 *        └────────────────────────────────────────────────── half-open ──> open, when the probes failed
 *
 * States and defaults follow resilience4j's CircuitBreakerConfig (threshold 50 %, minimum 100 calls, 60 s open, 10
 * probes), with a time-based window in ten slices. A call gets a permit and reports under it: results of calls that
 * began in an earlier state are ignored, so a late timeout cannot fail a probe it does not belong to. Probes that never
 * end keep a breaker half-open: callers need a timeout.
 */
export interface CircuitBreakerOptions {
  readonly name: string;
  /** The breaker opens at this share of failed calls, in (0, 1]; default 0.5. */
  readonly failureRateThreshold?: number;
  /** It does not open on fewer results than this in the window; default 100. */
  readonly minimumCalls?: number;
  /** How far back results count; `forever` counts all since the breaker closed. Default 10 s. */
  readonly window?: Duration;
  /** How long it refuses before it probes; default 60 s. */
  readonly openFor?: Duration;
  /** Calls let through half-open; their failure rate decides. Default 10. */
  readonly probes?: number;
}

/** Where a breaker stands. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What stands between a client and its server and may refuse a call: a breaker, or a throttle. */
export interface CallGate {
  /** A permit (a whole number >= 0) to call, to be given back with `record` or `forget`; or `noPermit`. */
  tryPass(now: Instant): number;
  /** The result of a call made under a permit. */
  record(now: Instant, permit: number, isGood: boolean): void;
  /** A call made under a permit ended without telling anything about the server: its caller left. */
  forget(permit: number): void;
}

/** Said instead of a permit. */
export const noPermit = -1;

const SLICES = 10;

/** Decides call by call whether a server is worth asking. */
export class CircuitBreaker implements CallGate {
  readonly name: string;
  readonly #threshold: number;
  readonly #minimumCalls: number;
  readonly #sliceLength: number;
  readonly #openFor: number;
  readonly #probes: number;
  readonly #calls: Float64Array = new Float64Array(SLICES);
  readonly #failures: Float64Array = new Float64Array(SLICES);
  /** Place OPENED: when it last opened; SLICE: the number of the current slice. */
  readonly #times: Float64Array = new Float64Array(2);
  #state: BreakerState = 'closed';
  #permit = 0;
  #probesSent = 0;
  #timesOpened = 0;

  constructor(options: CircuitBreakerOptions) {
    const { name, failureRateThreshold = 0.5, minimumCalls = 100, probes = 10 } = options;
    const { window = seconds(10), openFor = seconds(60) } = options;
    if (!(failureRateThreshold > 0 && failureRateThreshold <= 1)) {
      throw new RangeError(
        `circuit breaker "${name}": failureRateThreshold must be in (0, 1], got ${failureRateThreshold}`,
      );
    }
    checkWhole(name, 'minimumCalls', minimumCalls);
    checkWhole(name, 'probes', probes);
    if (!(window >= SLICES))
      throw new RangeError(`circuit breaker "${name}": window must be >= ${SLICES} us, got ${window} us`);
    if (!(openFor >= 0))
      throw new RangeError(`circuit breaker "${name}": openFor must be >= 0, got ${toSeconds(openFor)} s`);
    this.name = name;
    this.#threshold = failureRateThreshold;
    this.#minimumCalls = minimumCalls;
    this.#sliceLength = window / SLICES;
    this.#openFor = openFor;
    this.#probes = probes;
  }

  /** The state as of the last call or result; an open breaker turns half-open when somebody asks. */
  get state(): BreakerState {
    return this.#state;
  }

  /** How often it has opened. */
  get timesOpened(): number {
    return this.#timesOpened;
  }

  /** A permit to call, to be given back with `record` or `forget`; or `noPermit`. */
  tryPass(now: Instant): number {
    if (this.#state === 'open') {
      if (now - this.#times[OPENED]! < this.#openFor) return noPermit;
      this.#enter('half-open', now);
    }
    if (this.#state === 'half-open') {
      if (this.#probesSent >= this.#probes) return noPermit;
      this.#probesSent++;
    }
    return this.#permit;
  }

  /** The result of a call made under `permit`. */
  record(now: Instant, permit: number, isGood: boolean): void {
    if (permit !== this.#permit || this.#state === 'open') return;
    this.#moveTo(now);
    const slice = this.#times[SLICE]! % SLICES;
    this.#calls[slice]!++;
    if (!isGood) this.#failures[slice]!++;
    const calls = sum(this.#calls);
    if (calls < (this.#state === 'half-open' ? this.#probes : this.#minimumCalls)) return;
    const isFailing = sum(this.#failures) >= this.#threshold * calls;
    if (isFailing) this.#enter('open', now);
    else if (this.#state === 'half-open') this.#enter('closed', now);
  }

  /** A call made under `permit` ended without telling anything about the server (its caller left). */
  forget(permit: number): void {
    if (permit === this.#permit && this.#state === 'half-open') this.#probesSent--;
  }

  #enter(state: BreakerState, now: Instant): void {
    this.#state = state;
    this.#permit = (this.#permit + 1) & 0x3fffffff;
    this.#probesSent = 0;
    this.#calls.fill(0);
    this.#failures.fill(0);
    this.#times[SLICE] = this.#sliceOf(now);
    if (state === 'open') {
      this.#times[OPENED] = now;
      this.#timesOpened++;
    }
  }

  /** Forgets slices that have left the window. Probes are few and slow: while half-open nothing is forgotten. */
  #moveTo(now: Instant): void {
    if (this.#state === 'half-open') return;
    const current = this.#sliceOf(now);
    const passed = Math.min(SLICES, current - this.#times[SLICE]!);
    for (let i = 1; i <= passed; i++) {
      const slice = (current - passed + i) % SLICES;
      this.#calls[slice] = 0;
      this.#failures[slice] = 0;
    }
    this.#times[SLICE] = current;
  }

  #sliceOf(now: Instant): number {
    return this.#sliceLength === Infinity ? 0 : Math.floor(now / this.#sliceLength);
  }
}

const OPENED = 0;
const SLICE = 1;

function sum(column: Float64Array): number {
  let total = 0;
  for (let i = 0; i < column.length; i++) total += column[i]!;
  return total;
}

function checkWhole(name: string, what: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1)) {
    throw new RangeError(`circuit breaker "${name}": ${what} must be a whole number >= 1, got ${value}`);
  }
}
