/**
 * Egalitarian processor sharing: `cores` are divided evenly among the jobs inside, at most `coresPerJob` to each, as a
 * kernel scheduler divides CPUs among runnable threads.
 *
 * Exact by virtual time. Every job inside runs at the same rate r(n) = min(coresPerJob, cores / n), so one clock V that
 * advances at r(n) measures the work each of them has received. A job that comes at V0 with work w is done when V
 * reaches its tag V0 + w, whatever happens in between: jobs wait in a heap by tag, and only the first needs an event.
 *
 * Jobs finish at fractions of a microsecond, events happen at whole ones. The finishing instant is computed exactly,
 * the others speed up from that instant on, and the event that reports it comes at the next whole microsecond:
 * completions are never early, less than 1 us late, and lateness never reaches anybody else's work. `roundOff` covers
 * the rounding of V itself, so that work of whole microseconds on a free core takes exactly as long as it says.
 *
 * The pending event may be early, never late: an arrival that only slows the others down leaves it alone, and when it
 * runs and nobody is done, it is set again. So an arrival touches the calendar only when it becomes the next to finish.
 */
import type { Balance, Balanced } from '../metrics/ledger.ts';
import { realZero } from '../real-zero.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import type { Duration, Instant } from '../time.ts';
import { checkAmount } from './checks.ts';
import { grownFloat64, initialPlaces, placesFor } from './columns.ts';
import { Fifo } from './fifo.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { ProcessorAccounts, type ProcessorBooks } from './processor-accounts.ts';
import type { Sampler } from './station-options.ts';

/** How a processor is built and whom it tells. */
export interface ProcessorOptions {
  /** Used in errors and as the name of its event. */
  readonly name: string;
  /** Capacity in cores, > 0; need not be whole. */
  readonly cores: number;
  /** The most one job can use, > 0; default 1 = a job is one thread. */
  readonly coresPerJob?: number;
  /** The job's work is done and it has left. */
  readonly onServed: (job: number) => void;
  /** Told the time from arrival to completion, in microseconds, of every job that completes. */
  readonly timesInSystem?: Sampler;
}

/** Virtual time below this much in core-microseconds counts as arithmetic noise: 32 units in the last place of V. */
const roundOff = 2 ** -17;
/** V starts again from near 0 when it passes this, which keeps its last place at 2^-22 us. */
const longestVirtualTime = 2 ** 30;

/** A completion further away than this (143 years) is no event: nobody gets there. */
const longestWait = 2 ** 52;

/** Builds a processor; throws RangeError when the options make no sense. */
export function createProcessor(simulation: Simulation, options: ProcessorOptions): Processor {
  return new Processor(simulation, options);
}

/** See `createProcessor`. */
export class Processor implements Balanced {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #completion: EventType;
  readonly #coresPerJob: number;
  readonly #onServed: (job: number) => void;
  readonly #timesInSystem: Sampler | undefined;
  /** Unfinished jobs by tag. */
  readonly #jobs: IndexedHeap = new IndexedHeap();
  /** Finished jobs whose completion is reported by the event of this instant. */
  readonly #finished: Fifo = new Fifo();
  /** Work a job came with; -1 = outside. */
  #work: Float64Array = new Float64Array(initialPlaces).fill(-1);
  #arrivedAt: Float64Array = new Float64Array(initialPlaces);

  #cores: number;
  #rate: number;
  #virtualTime = realZero;
  #settledAt = realZero;
  #event: EventHandle = noEvent;
  #eventAt = Infinity;
  #isReporting = false;
  readonly #accounts: ProcessorAccounts = new ProcessorAccounts();

  constructor(simulation: Simulation, options: ProcessorOptions) {
    const { name, cores, coresPerJob = 1 } = options;
    checkAmount(`processor "${name}"`, 'cores', cores, false);
    checkAmount(`processor "${name}"`, 'coresPerJob', coresPerJob, false);
    this.name = name;
    this.#simulation = simulation;
    this.#completion = simulation.event(`${name}: completion`, () => this.#complete(), 'release');
    this.#cores = cores;
    this.#coresPerJob = coresPerJob;
    this.#rate = Math.min(coresPerJob, cores);
    this.#onServed = options.onServed;
    this.#timesInSystem = options.timesInSystem;
  }

  get cores(): number {
    return this.#cores;
  }

  /** Jobs that have come and not been reported as done. */
  get inside(): number {
    return this.#accounts.inside;
  }

  /** Cores in use now. */
  get busyCores(): number {
    return Math.min(this.#jobs.size * this.#coresPerJob, this.#cores);
  }

  /** Whether `job` is inside. */
  has(job: number): boolean {
    return this.#work[job]! >= 0;
  }

  /** A job comes in with `work` core-microseconds to do: the time it takes alone on one core. */
  arrive(job: number, work: Duration): void {
    if (!(this.#work[job]! < 0)) this.#makeRoom(job);
    if (!(work >= 0 && work < Infinity))
      throw new RangeError(`processor "${this.name}": work must be >= 0, got ${work} for job ${job}`);
    this.#settle();
    this.#accounts.arrived++;
    this.#accounts.inside++;
    this.#work[job] = work;
    this.#arrivedAt[job] = this.#settledAt;
    const tag = this.#virtualTime + work;
    const isNext = tag < this.#jobs.firstKey();
    this.#jobs.push(job, tag, this.#accounts.arrived);
    this.#setRate();
    if (isNext) this.#schedule();
  }

  /** Takes a job out: its caller is gone, or it was killed. No handler is called; false when it is not inside. */
  withdraw(job: number): boolean {
    if (!this.has(job)) return false;
    this.#settle();
    this.#work[job] = -1;
    this.#accounts.inside--;
    this.#accounts.withdrawn++;
    if (this.#jobs.remove(job)) {
      this.#setRate();
      this.#schedule();
    } else {
      this.#forgetFinished(job);
    }
    return true;
  }

  /** Work a job inside has received so far, in core-microseconds; 0 when it is not inside. */
  attained(job: number): number {
    if (!this.has(job)) return 0;
    this.#settle();
    const work = this.#work[job]!;
    return this.#jobs.has(job) ? Math.min(work, Math.max(0, work - (this.#jobs.keyOf(job) - this.#virtualTime))) : work;
  }

  /** Changes the capacity, >= 0; with 0 cores everybody inside stands still. */
  setCores(cores: number): void {
    checkAmount(`processor "${this.name}"`, 'cores', cores, true);
    this.#settle();
    this.#cores = cores;
    this.#setRate();
    this.#schedule();
  }

  /**
   * Drops everybody, as when the process dies; no handler is called. Returns who was inside, in the order of arrival.
   */
  clear(): number[] {
    this.#settle();
    const dropped: number[] = [];
    while (this.#finished.size > 0) dropped.push(this.#finished.shift());
    for (let index = 0; index < this.#jobs.size; index++) dropped.push(this.#jobs.at(index));
    dropped.sort((a, b) => this.#jobs.tieOf(a) - this.#jobs.tieOf(b));
    for (const job of dropped) this.#work[job] = -1;
    this.#jobs.clear();
    this.#accounts.inside = 0;
    this.#accounts.dropped += dropped.length;
    this.#setRate();
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

  /** Brings virtual time and areas up to now. Nobody finishes before the pending event, so this is one step. */
  #settle(): void {
    const now = this.#simulation.now;
    if (now >= this.#eventAt) this.#finish(now);
    const elapsed = now - this.#settledAt;
    if (elapsed > 0) this.#pass(elapsed);
    this.#settledAt = now;
  }

  #pass(elapsed: number): void {
    const size = this.#jobs.size;
    this.#accounts.coreTime += elapsed * this.#cores;
    if (size === 0) return;
    const attained = elapsed * this.#rate;
    this.#virtualTime += attained;
    this.#accounts.busyTime += attained * size;
    this.#accounts.jobTime += elapsed * size;
  }

  /** Goes through the finishing instants up to `now` one by one, in fractions of a microsecond. */
  #finish(now: number): void {
    let left = now - this.#settledAt;
    while (this.#jobs.size > 0) {
      const owed = this.#jobs.firstKey() - this.#virtualTime;
      const needed = owed > 0 ? owed / this.#rate : 0;
      if (needed > left + roundOff) break;
      const step = Math.min(needed, left);
      this.#pass(step);
      left -= step;
      this.#virtualTime = this.#jobs.firstKey();
      this.#finished.push(this.#jobs.pop());
      this.#setRate();
    }
    this.#pass(left);
    this.#settledAt = now;
  }

  #setRate(): void {
    const size = this.#jobs.size;
    if (size * this.#coresPerJob > this.#cores) this.#rate = this.#cores / size;
    else if (size > 0) this.#rate = this.#coresPerJob;
    else this.#virtualTime = 0;
  }

  /** Sets the event to the first completion, unless one is pending that comes no later. */
  #schedule(): void {
    if (this.#isReporting || this.#finished.size > 0) return;
    const now = this.#settledAt;
    const owed = this.#jobs.firstKey() - this.#virtualTime;
    const needed = owed > 0 ? Math.ceil(owed / this.#rate - roundOff) : 0;
    const due = needed < longestWait ? now + needed : Infinity;
    if (due >= this.#eventAt && due !== Infinity) return;
    if (this.#eventAt !== Infinity) this.#simulation.cancel(this.#event);
    this.#eventAt = due;
    if (due !== Infinity) this.#event = this.#completion.at(due as Instant, 0);
    if (this.#virtualTime > longestVirtualTime) this.#startVirtualTimeAgain();
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

  /** Whole microseconds are subtracted, so no tag loses a bit. */
  #startVirtualTimeAgain(): void {
    const amount = Math.floor(this.#virtualTime);
    this.#jobs.shiftKeys(amount);
    this.#virtualTime -= amount;
  }

  #makeRoom(job: number): void {
    if (this.has(job)) throw new RangeError(`processor "${this.name}": job ${job} is already inside`);
    const places = placesFor(`processor "${this.name}"`, job, this.#work.length);
    this.#work = grownFloat64(this.#work, places, -1);
    this.#arrivedAt = grownFloat64(this.#arrivedAt, places, 0);
  }
}
