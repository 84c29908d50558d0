/**
 * Processor sharing with a weight and a cap of its own for every job, as CPU shares and quotas of containers: a job of
 * weight w and cap c runs at rate min(c, w * level), where the water level is as high as the cores allow.
 *
 * `water-level.ts` says who runs how fast; here are the jobs, the clock and the calendar.
 *
 * Completions are reported as by the plain processor: worked out in fractions of a microsecond, told at the next whole
 * one.
 */
import type { Balance, Balanced } from '../metrics/ledger.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import type { Duration, Instant } from '../time.ts';
import { checkAmount } from './checks.ts';
import { grownFloat64, initialPlaces, placesFor } from './columns.ts';
import { Fifo } from './fifo.ts';
import { ProcessorAccounts, type ProcessorBooks } from './processor-accounts.ts';
import type { Sampler } from './station-options.ts';
import { WaterLevel } from './water-level.ts';

/** How a weighted processor is built and whom it tells. */
export interface WeightedProcessorOptions {
  /** Used in errors and as the name of its event. */
  readonly name: string;
  /** Capacity in cores, > 0; need not be whole. */
  readonly cores: number;
  /** The job's work is done and it has left. */
  readonly onServed: (job: number) => void;
  /** Told the time from arrival to completion, in microseconds, of every job that completes. */
  readonly timesInSystem?: Sampler;
}

/** Time below this much, in microseconds, counts as arithmetic noise. */
const roundOff = 2 ** -17;
/** A completion further away than this (143 years) is no event. */
const longestWait = 2 ** 52;

/** Builds a weighted processor; throws RangeError when the options make no sense. */
export function createWeightedProcessor(simulation: Simulation, options: WeightedProcessorOptions): WeightedProcessor {
  return new WeightedProcessor(simulation, options);
}

/** See `createWeightedProcessor`. */
export class WeightedProcessor implements Balanced {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #completion: EventType;
  readonly #onServed: (job: number) => void;
  readonly #timesInSystem: Sampler | undefined;
  readonly #level: WaterLevel;
  readonly #finished: Fifo = new Fifo();
  /** Work a job came with; -1 = outside. */
  #work: Float64Array = new Float64Array(initialPlaces).fill(-1);
  #arrivedAt: Float64Array = new Float64Array(initialPlaces);
  #settledAt = 0;
  #event: EventHandle = noEvent;
  #eventAt = Infinity;
  #isReporting = false;
  readonly #accounts: ProcessorAccounts = new ProcessorAccounts();

  constructor(simulation: Simulation, options: WeightedProcessorOptions) {
    const { name, cores } = options;
    checkAmount(`processor "${name}"`, 'cores', cores, false);
    this.name = name;
    this.#simulation = simulation;
    this.#completion = simulation.event(`${name}: completion`, () => this.#complete(), 'release');
    this.#level = new WaterLevel(cores);
    this.#onServed = options.onServed;
    this.#timesInSystem = options.timesInSystem;
  }

  get cores(): number {
    return this.#level.cores;
  }

  /** Jobs that have come and not been reported as done. */
  get inside(): number {
    return this.#accounts.inside;
  }

  /** Cores in use now. */
  get busyCores(): number {
    return this.#level.busyCores;
  }

  /** Whether `job` is inside. */
  has(job: number): boolean {
    return this.#work[job]! >= 0;
  }

  /** Cores a job inside uses now; 0 when it is not inside or already done. */
  rateOf(job: number): number {
    return this.#level.rateOf(job);
  }

  /** A job comes in with `work` core-microseconds to do; it gets its share by `weight`, at most `cap` cores. */
  arrive(job: number, work: Duration, weight = 1, cap = 1): void {
    if (!(this.#work[job]! < 0)) this.#makeRoom(job);
    checkAmount(`processor "${this.name}"`, `work of job ${job}`, work, true);
    checkAmount(`processor "${this.name}"`, `weight of job ${job}`, weight, false);
    checkAmount(`processor "${this.name}"`, `cap of job ${job}`, cap, false);
    this.#settle();
    this.#accounts.inside++;
    this.#work[job] = work;
    this.#arrivedAt[job] = this.#settledAt;
    this.#level.add(job, work, weight, cap, this.#accounts.arrived++);
    this.#schedule();
  }

  /** Takes a job out; no handler is called. False when it is not inside. */
  withdraw(job: number): boolean {
    if (!this.has(job)) return false;
    this.#settle();
    this.#work[job] = -1;
    this.#accounts.inside--;
    this.#accounts.withdrawn++;
    if (this.#level.remove(job)) this.#schedule();
    else this.#forgetFinished(job);
    return true;
  }

  /** Work a job inside has received so far, in core-microseconds; 0 when it is not inside. */
  attained(job: number): number {
    if (!this.has(job)) return 0;
    this.#settle();
    const work = this.#work[job]!;
    return Math.min(work, Math.max(0, work - this.#level.owedBy(job)));
  }

  /** Changes the capacity, >= 0; with 0 cores everybody inside stands still. */
  setCores(cores: number): void {
    checkAmount(`processor "${this.name}"`, 'cores', cores, true);
    this.#settle();
    this.#level.setCores(cores);
    this.#schedule();
  }

  /**
   * Drops everybody, as when the process dies; no handler is called. Returns who was inside, in the order of arrival.
   */
  clear(): number[] {
    this.#settle();
    const dropped: number[] = [];
    while (this.#finished.size > 0) dropped.push(this.#finished.shift());
    dropped.push(...this.#level.clear());
    dropped.sort((a, b) => this.#level.orderOf(a) - this.#level.orderOf(b));
    for (const job of dropped) this.#work[job] = -1;
    this.#accounts.inside = 0;
    this.#accounts.dropped += dropped.length;
    this.#schedule();
    return dropped;
  }

  /** The books up to now. */
  books(): ProcessorBooks {
    this.#settle();
    return this.#accounts.books(this.#settledAt as Instant);
  }

  /** For the conservation ledger; who is inside is counted afresh, job by job. */
  balance(): Balance {
    return this.#accounts.balance(this.#work);
  }

  #settle(): void {
    const now = this.#simulation.now;
    if (now >= this.#eventAt) this.#finish(now);
    else this.#pass(now - this.#settledAt);
    this.#settledAt = now;
  }

  #pass(elapsed: number): void {
    if (elapsed <= 0) return;
    this.#accounts.busyTime += elapsed * this.#level.busyCores;
    this.#accounts.coreTime += elapsed * this.#level.cores;
    this.#accounts.jobTime += elapsed * this.#level.size;
    this.#level.pass(elapsed);
  }

  /** Goes through the finishing instants up to `now` one by one, in fractions of a microsecond. */
  #finish(now: number): void {
    let left = now - this.#settledAt;
    while (this.#level.size > 0) {
      const needed = this.#level.timeToFinish();
      if (needed > left + roundOff) break;
      const step = Math.min(needed, left);
      this.#pass(step);
      left -= step;
      this.#finished.push(this.#level.takeFirst());
    }
    this.#pass(left);
  }

  /** Sets the event to the first completion, unless one is pending that comes no later. */
  #schedule(): void {
    if (this.#isReporting || this.#finished.size > 0) return;
    const needed = Math.max(0, Math.ceil(this.#level.timeToFinish() - roundOff));
    const due = needed < longestWait ? this.#settledAt + needed : Infinity;
    if (due >= this.#eventAt && due !== Infinity) return;
    if (this.#eventAt !== Infinity) this.#simulation.cancel(this.#event);
    this.#eventAt = due;
    if (due !== Infinity) this.#event = this.#completion.at(due as Instant, 0);
    this.#level.keepClocksShort();
  }

  #complete(): void {
    this.#settle();
    this.#eventAt = Infinity;
    this.#isReporting = true;
    while (this.#finished.size > 0) this.#report(this.#finished.shift());
    this.#isReporting = false;
    this.#schedule();
  }

  #report(job: number): void {
    this.#work[job] = -1;
    this.#accounts.inside--;
    this.#accounts.served++;
    this.#timesInSystem?.record(this.#settledAt - this.#arrivedAt[job]!);
    this.#onServed(job);
  }

  /** A finished job is withdrawn before its completion was reported. */
  #forgetFinished(job: number): void {
    for (let left = this.#finished.size; left > 0; left--) {
      const other = this.#finished.shift();
      if (other !== job) this.#finished.push(other);
    }
  }

  #makeRoom(job: number): void {
    if (this.has(job)) throw new RangeError(`processor "${this.name}": job ${job} is already inside`);
    const places = placesFor(`processor "${this.name}"`, job, this.#work.length);
    this.#work = grownFloat64(this.#work, places, -1);
    this.#arrivedAt = grownFloat64(this.#arrivedAt, places, 0);
    this.#level.makeRoom(places);
  }
}
