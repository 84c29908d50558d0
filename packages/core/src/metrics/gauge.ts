import { toSeconds, timeZero, type Instant } from '../time.ts';

/** Where a gauge starts. */
export interface GaugeOptions {
  /** Default: the run's first instant. */
  readonly from?: Instant;
  /** Default 0. */
  readonly level?: number;
}

/**
 * A level that holds until it changes: jobs waiting, busy servers, bytes in use. Keeps the area under its curve, so its
 * mean is an average over time and not over changes.
 */
export class Gauge {
  readonly name: string;
  // Initialised with fractions or infinities so that V8 stores doubles in place.
  #area = 0.5;
  #level = 0.5;
  #max = -Infinity;
  #min = Infinity;
  #from: number;
  #changedAt: number;

  constructor(name: string, options: GaugeOptions = {}) {
    this.name = name;
    this.#from = options.from ?? timeZero;
    this.#changedAt = this.#from;
    this.#area = 0;
    this.#level = options.level ?? 0;
    this.#max = this.#level;
    this.#min = this.#level;
  }

  get level(): number {
    return this.#level;
  }

  /** The highest level since the start or the last `restart`. */
  get max(): number {
    return this.#max;
  }

  /** The lowest level since the start or the last `restart`. */
  get min(): number {
    return this.#min;
  }

  /** From `now` on the level is `level`. Instants never go backwards. */
  set(level: number, now: Instant): void {
    if (!(now >= this.#changedAt)) this.#refuse(now);
    this.#area += this.#level * (now - this.#changedAt);
    this.#changedAt = now;
    this.#level = level;
    if (level > this.#max) this.#max = level;
    if (level < this.#min) this.#min = level;
  }

  /** Raises the level by `change`, or lowers it. */
  add(change: number, now: Instant): void {
    this.set(this.#level + change, now);
  }

  /** Area under the curve up to `now` in level-seconds: job-seconds waited, server-seconds busy. */
  area(now: Instant): number {
    if (!(now >= this.#changedAt)) this.#refuse(now);
    return (this.#area + this.#level * (now - this.#changedAt)) / 1_000_000;
  }

  /** Average level over time up to `now`; the present level when no time has passed. */
  mean(now: Instant): number {
    return now === this.#from ? this.#level : this.area(now) / ((now - this.#from) / 1_000_000);
  }

  /** Forgets the past, for instance a warm-up, and goes on from the present level. */
  restart(now: Instant): void {
    if (!(now >= this.#changedAt)) this.#refuse(now);
    this.#from = now;
    this.#changedAt = now;
    this.#area = 0;
    this.#max = this.#level;
    this.#min = this.#level;
  }

  #refuse(now: Instant): never {
    const last = toSeconds(this.#changedAt as Instant);
    throw new RangeError(`gauge "${this.name}": expected an instant from ${last} s on, got ${toSeconds(now)} s`);
  }
}
