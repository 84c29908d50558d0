/**
 * Open-loop traffic: arrivals that do not wait for anybody's answer.
 *
 * A source has a rate, which may vary, and a shape of gaps with mean 1. The next arrival comes when the rate has added
 * up to the next gap: t' solves  gap = integral of the rate from t to t'.  With exponential gaps this is a Poisson
 * process, non-homogeneous for a rate curve, by exact inversion of the cumulative rate (Cinlar 1975; Lewis and Shedler
 * 1979 compare it with thinning). Each arrival takes one uniform whatever the rate, so the n-th arrival of two variants
 * with different rates comes from the same number, and raising the rate only ever moves it forward. A change of rate in
 * the middle of a gap stretches what is left of the gap; nothing is drawn again.
 *
 * Positions are kept in fractions of a microsecond and only the event is rounded, so a rate does not drift.
 */
import { constant } from '../random/distributions/constant.ts';
import type { Distribution } from '../random/distributions/distribution.ts';
import { exponential } from '../random/distributions/exponential.ts';
import type { Stream } from '../random/stream.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import type { Instant } from '../time.ts';
import { constantRate, type RateCurve } from './rate-curve.ts';

/** Gaps of a Poisson process. */
export const poissonGaps: Distribution = exponential(1);

/** Gaps that are all alike. */
export const evenGaps: Distribution = constant(1);

/** Options of `Arrivals`. */
export interface ArrivalsOptions {
  readonly name: string;
  /** Per second: a number, or a curve over the clock of the run. */
  readonly perSecond: number | RateCurve;
  /** Shape of the gaps, scaled to the rate by its own mean; default `poissonGaps`. */
  readonly gaps?: Distribution;
  /** Arrivals in all, default Infinity: the source then falls silent. */
  readonly limit?: number;
  /** Called at each arrival with its number, from 0. */
  readonly onArrival: (index: number) => void;
}

/** What every open-loop source can do. */
export interface ArrivalSource {
  /** Arrivals so far. */
  readonly count: number;
  /** Whether it has been started and not stopped. */
  readonly isRunning: boolean;
  start(): void;
  stop(): void;
}

const USED = 0;
const LEFT = 1;
const DUE = 2;

/** A source of arrivals at a rate. It is silent until `start`. */
export class Arrivals implements ArrivalSource {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #stream: Stream;
  readonly #gaps: Distribution;
  readonly #meanGap: number;
  readonly #limit: number;
  readonly #onArrival: (index: number) => void;
  readonly #arrival: EventType;
  /** Place USED: time up to which the gap has been used up, in microseconds; LEFT: what is left of it; DUE: its end. */
  readonly #gap: Float64Array = new Float64Array(3);
  #curve: RateCurve;
  #scale = 1;
  #next: EventHandle = noEvent;
  #isRunning = false;
  #count = 0;

  constructor(simulation: Simulation, options: ArrivalsOptions) {
    const { name, perSecond, gaps = poissonGaps, limit = Infinity, onArrival } = options;
    if (!(limit >= 0)) throw new RangeError(`arrivals "${name}": limit must be >= 0, got ${limit}`);
    this.#meanGap = gaps.mean();
    if (!(this.#meanGap > 0 && this.#meanGap < Infinity)) {
      throw new RangeError(
        `arrivals "${name}": gaps must have a finite mean > 0, got ${this.#meanGap} from ${gaps.name}`,
      );
    }
    this.name = name;
    this.#simulation = simulation;
    this.#stream = simulation.streams.get(`${name}/gaps`);
    this.#gaps = gaps;
    this.#limit = limit;
    this.#onArrival = onArrival;
    this.#curve = curveOf(name, perSecond);
    this.#arrival = simulation.event(`${name} arrival`, () => this.#arrive(), 'arrival');
  }

  /** Arrivals so far. */
  get count(): number {
    return this.#count;
  }

  /** Whether it has been started and not stopped. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The rate now, per second, scale included; also while stopped. */
  get perSecondNow(): number {
    return this.#curve.perSecondAt(this.#simulation.now) * this.#scale;
  }

  /** Begins with a fresh gap. Starting a running source is a mistake and throws. */
  start(): void {
    if (this.#isRunning) throw new RangeError(`arrivals "${this.name}": start() while already running`);
    this.#isRunning = true;
    this.#gap[USED] = this.#simulation.now;
    this.#drawGap();
  }

  /** Falls silent; the gap under way is forgotten. Stopping a silent source does nothing. */
  stop(): void {
    this.#isRunning = false;
    this.#simulation.cancel(this.#next);
    this.#next = noEvent;
  }

  /** From now on another rate or curve. */
  setRate(perSecond: number | RateCurve): void {
    const curve = curveOf(this.name, perSecond);
    this.#useUpGap();
    this.#curve = curve;
    if (this.#isRunning) this.#plan();
  }

  /** From now on the curve is multiplied by `factor` (1 = as given; 0 = silence until the next change). */
  scale(factor: number): void {
    if (!(factor >= 0 && factor < Infinity)) {
      throw new RangeError(`arrivals "${this.name}": scale must be a finite number >= 0, got ${factor}`);
    }
    this.#useUpGap();
    this.#scale = factor;
    if (this.#isRunning) this.#plan();
  }

  #arrive(): void {
    this.#next = noEvent;
    const index = this.#count++;
    this.#gap[USED] = this.#gap[DUE]!;
    this.#drawGap();
    this.#onArrival(index);
  }

  #drawGap(): void {
    if (this.#count >= this.#limit) return;
    this.#gap[LEFT] = this.#gaps.sample(this.#stream) / this.#meanGap;
    this.#plan();
  }

  /** Takes off the current gap what the old rate has used up of it until now. */
  #useUpGap(): void {
    const now = this.#simulation.now;
    const used = this.#curve.eventsBetween(this.#gap[USED]! as Instant, now) * this.#scale;
    this.#gap[USED] = now;
    this.#gap[LEFT] = Math.max(0, this.#gap[LEFT]! - used);
  }

  #plan(): void {
    if (this.#count >= this.#limit) return;
    this.#simulation.cancel(this.#next);
    this.#next = noEvent;
    const time = this.#curve.timeAfter(this.#gap[USED]!, this.#gap[LEFT]!, this.#scale);
    if (time === Infinity) return;
    this.#gap[DUE] = time;
    this.#next = this.#arrival.at(Math.max(Math.round(time), this.#simulation.now) as Instant);
  }
}

function curveOf(name: string, perSecond: number | RateCurve): RateCurve {
  if (typeof perSecond !== 'number') return perSecond;
  if (!(perSecond >= 0 && perSecond < Infinity)) {
    throw new RangeError(`arrivals "${name}": perSecond must be a finite number >= 0, got ${perSecond}`);
  }
  return constantRate(perSecond);
}
