/**
 * Processor sharing with a weight and a cap of its own for every job, as CPU shares and quotas of containers: a job of
 * weight w and cap c runs at rate min(c, w * level), where the water level is as high as the cores allow.
 *
 * Jobs stand on two sides. Those whose cap binds run at c whatever the others do: their clock is real time, their tag
 * the instant at which they finish. The others run at w * level: their clock is virtual time that advances at the
 * level, their tag V0 + work / w, as in plain processor sharing. When the level moves past c / w of a job it changes
 * sides; each side keeps a second heap by c / w to find who is next to change. An event costs O(log n) and O(log n) per
 * change of side. Sums of caps and weights are added up afresh from time to time, so that rounding cannot pile up.
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
import type { ProcessorBooks } from './processor-sharing.ts';
import { Side } from './sharing-side.ts';
import type { Sampler } from './station-options.ts';

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
/** Both clocks start again from near 0 when one passes this. */
const longestClock = 2 ** 30;
/** A completion further away than this (143 years) is no event. */
const longestWait = 2 ** 52;
/** Changes of who is inside after which the sums are added up afresh. */
const changesPerSum = 4096;

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
  readonly #capped: Side = new Side();
  readonly #sharing: Side = new Side();
  readonly #finished: Fifo = new Fifo();
  /** Work a job came with; -1 = outside. */
  #work: Float64Array = new Float64Array(initialPlaces).fill(-1);
  #weight: Float64Array = new Float64Array(initialPlaces);
  #cap: Float64Array = new Float64Array(initialPlaces);
  #arrivedAt: Float64Array = new Float64Array(initialPlaces);
  #order: Float64Array = new Float64Array(initialPlaces);
  #cores: number;
  /** Rate per weight of the jobs whose cap does not bind; Infinity when every cap does. */
  #level = Infinity;
  #changes = 0;
  #settledAt = 0;
  #event: EventHandle = noEvent;
  #eventAt = Infinity;
  #isReporting = false;
  #inside = 0;
  #arrived = 0;
  #served = 0;
  #withdrawn = 0;
  #dropped = 0;
  #busyTime = 0;
  #coreTime = 0;
  #jobTime = 0;

  constructor(simulation: Simulation, options: WeightedProcessorOptions) {
    const { name, cores } = options;
    checkAmount(`processor "${name}"`, 'cores', cores, false);
    this.name = name;
    this.#simulation = simulation;
    this.#completion = simulation.event(`${name}: completion`, () => this.#complete(), 'release');
    this.#cores = cores;
    this.#onServed = options.onServed;
    this.#timesInSystem = options.timesInSystem;
  }

  get cores(): number {
    return this.#cores;
  }

  /** Jobs that have come and not been reported as done. */
  get inside(): number {
    return this.#inside;
  }

  /** Cores in use now. */
  get busyCores(): number {
    return this.#sharing.size === 0 ? this.#capped.sum : this.#capped.sum + this.#level * this.#sharing.sum;
  }

  /** Whether `job` is inside. */
  has(job: number): boolean {
    return this.#work[job]! >= 0;
  }

  /** Cores a job inside uses now; 0 when it is not inside or already done. */
  rateOf(job: number): number {
    if (this.#capped.byTag.has(job)) return this.#cap[job]!;
    return this.#sharing.byTag.has(job) ? this.#weight[job]! * this.#level : 0;
  }

  /** A job comes in with `work` core-microseconds to do; it gets its share by `weight`, at most `cap` cores. */
  arrive(job: number, work: Duration, weight = 1, cap = 1): void {
    if (!(this.#work[job]! < 0)) this.#makeRoom(job);
    checkAmount(`processor "${this.name}"`, `work of job ${job}`, work, true);
    checkAmount(`processor "${this.name}"`, `weight of job ${job}`, weight, false);
    checkAmount(`processor "${this.name}"`, `cap of job ${job}`, cap, false);
    this.#settle();
    this.#inside++;
    this.#work[job] = work;
    this.#weight[job] = weight;
    this.#cap[job] = cap;
    this.#arrivedAt[job] = this.#settledAt;
    this.#order[job] = this.#arrived++;
    const ratio = cap / weight;
    const side = ratio <= this.#level ? this.#capped : this.#sharing;
    this.#join(side, job, work);
    this.#balance();
    this.#schedule();
  }

  /** Takes a job out; no handler is called. False when it is not inside. */
  withdraw(job: number): boolean {
    if (!this.has(job)) return false;
    this.#settle();
    this.#work[job] = -1;
    this.#inside--;
    this.#withdrawn++;
    const side = this.#sideOf(job);
    if (side === undefined) this.#forgetFinished(job);
    else {
      side.remove(job, this.#shares(side)[job]!);
      this.#balance();
      this.#schedule();
    }
    return true;
  }

  /** Work a job inside has received so far, in core-microseconds; 0 when it is not inside. */
  attained(job: number): number {
    if (!this.has(job)) return 0;
    this.#settle();
    const work = this.#work[job]!;
    const side = this.#sideOf(job);
    if (side === undefined) return work;
    const owed = (side.byTag.keyOf(job) - side.clock) * this.#shares(side)[job]!;
    return Math.min(work, Math.max(0, work - owed));
  }

  /** Changes the capacity, >= 0; with 0 cores everybody inside stands still. */
  setCores(cores: number): void {
    checkAmount(`processor "${this.name}"`, 'cores', cores, true);
    this.#settle();
    this.#cores = cores;
    this.#balance();
    this.#schedule();
  }

  /**
   * Drops everybody, as when the process dies; no handler is called. Returns who was inside, in the order of arrival.
   */
  clear(): number[] {
    this.#settle();
    const dropped: number[] = [];
    while (this.#finished.size > 0) dropped.push(this.#finished.shift());
    for (const side of [this.#capped, this.#sharing]) {
      for (let index = 0; index < side.size; index++) dropped.push(side.byTag.at(index));
      side.clear();
    }
    dropped.sort((a, b) => this.#order[a]! - this.#order[b]!);
    for (const job of dropped) this.#work[job] = -1;
    this.#inside = 0;
    this.#dropped += dropped.length;
    this.#balance();
    this.#schedule();
    return dropped;
  }

  /** The books up to now. */
  books(): ProcessorBooks {
    this.#settle();
    return {
      at: this.#settledAt as Instant,
      arrived: this.#arrived,
      served: this.#served,
      withdrawn: this.#withdrawn,
      dropped: this.#dropped,
      inside: this.#inside,
      busyTime: this.#busyTime,
      coreTime: this.#coreTime,
      jobTime: this.#jobTime,
    };
  }

  /**
   * For the conservation ledger; who is inside is counted afresh, job by job. Withdrawn counts as abandoned, dropped as
   * lost.
   */
  balance(): Balance {
    let inside = 0;
    for (const work of this.#work) if (work >= 0) inside++;
    const { arrived, served, withdrawn, dropped } = this.books();
    return { arrived, served, rejected: [], abandoned: withdrawn, timedOut: 0, lost: dropped, inside };
  }

  #sideOf(job: number): Side | undefined {
    if (this.#capped.byTag.has(job)) return this.#capped;
    return this.#sharing.byTag.has(job) ? this.#sharing : undefined;
  }

  /** What a job's progress on a side is counted in: its cap on the capped side, its weight on the other. */
  #shares(side: Side): Float64Array {
    return side === this.#capped ? this.#cap : this.#weight;
  }

  #join(side: Side, job: number, owed: number): void {
    const share = this.#shares(side)[job]!;
    const ratio = this.#cap[job]! / this.#weight[job]!;
    const level = side === this.#capped ? -ratio : ratio;
    side.add(job, side.clock + owed / share, level, this.#order[job]!, share);
  }

  #changeSide(job: number, from: Side, to: Side): void {
    const share = this.#shares(from)[job]!;
    this.#join(to, job, from.remove(job, share) * share);
  }

  /**
   * Finds the water level. Releasing a cap below the level and binding one above it both raise the level, so jobs first
   * come from the capped side, then go to it, and nobody moves twice.
   */
  #balance(): void {
    if (++this.#changes % changesPerSum === 0) {
      this.#capped.addUp(this.#cap);
      this.#sharing.addUp(this.#weight);
    }
    this.#level = this.#waterLevel();
    while (this.#capped.size > 0 && -this.#capped.byLevel.firstKey() > this.#level) {
      this.#changeSide(this.#capped.byLevel.first(), this.#capped, this.#sharing);
      this.#level = this.#waterLevel();
    }
    while (this.#sharing.size > 0 && this.#sharing.byLevel.firstKey() <= this.#level) {
      this.#changeSide(this.#sharing.byLevel.first(), this.#sharing, this.#capped);
      this.#level = this.#waterLevel();
    }
  }

  /** Cores left over by the capped jobs per weight of the others; Infinity when every cap binds. */
  #waterLevel(): number {
    if (this.#sharing.size > 0) return Math.max(0, (this.#cores - this.#capped.sum) / this.#sharing.sum);
    return this.#capped.sum <= this.#cores ? Infinity : 0;
  }

  #settle(): void {
    const now = this.#simulation.now;
    if (now >= this.#eventAt) this.#finish(now);
    else this.#pass(now - this.#settledAt);
    this.#settledAt = now;
  }

  #pass(elapsed: number): void {
    if (elapsed <= 0) return;
    this.#busyTime += elapsed * this.busyCores;
    this.#coreTime += elapsed * this.#cores;
    this.#jobTime += elapsed * (this.#capped.size + this.#sharing.size);
    if (this.#capped.size > 0) this.#capped.clock += elapsed;
    if (this.#sharing.size > 0) this.#sharing.clock += elapsed * this.#level;
  }

  /** Goes through the finishing instants up to `now` one by one, in fractions of a microsecond. */
  #finish(now: number): void {
    let left = now - this.#settledAt;
    for (;;) {
      const neededCapped = this.#timeToFinish(this.#capped, 1);
      const neededSharing = this.#timeToFinish(this.#sharing, this.#level);
      const needed = Math.min(neededCapped, neededSharing);
      if (!(needed <= left + roundOff)) break;
      const step = Math.min(needed, left);
      this.#pass(step);
      left -= step;
      const side = neededCapped <= neededSharing ? this.#capped : this.#sharing;
      const job = side.byTag.first();
      side.remove(job, this.#shares(side)[job]!);
      this.#finished.push(job);
      this.#balance();
    }
    this.#pass(left);
  }

  /** Time until the first job of a side is done when its clock runs at `speed`; Infinity when nobody is there. */
  #timeToFinish(side: Side, speed: number): number {
    if (side.size === 0) return Infinity;
    const owed = side.byTag.firstKey() - side.clock;
    return owed > 0 ? owed / speed : 0;
  }

  /** Sets the event to the first completion, unless one is pending that comes no later. */
  #schedule(): void {
    if (this.#isReporting || this.#finished.size > 0) return;
    const first = Math.min(this.#timeToFinish(this.#capped, 1), this.#timeToFinish(this.#sharing, this.#level));
    const needed = Math.max(0, Math.ceil(first - roundOff));
    const due = needed < longestWait ? this.#settledAt + needed : Infinity;
    if (due >= this.#eventAt && due !== Infinity) return;
    if (this.#eventAt !== Infinity) this.#simulation.cancel(this.#event);
    this.#eventAt = due;
    if (due !== Infinity) this.#event = this.#completion.at(due as Instant, 0);
    if (this.#capped.clock > longestClock) this.#capped.startClockAgain();
    if (this.#sharing.clock > longestClock) this.#sharing.startClockAgain();
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
    this.#inside--;
    this.#served++;
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
    this.#weight = grownFloat64(this.#weight, places, 0);
    this.#cap = grownFloat64(this.#cap, places, 0);
    this.#arrivedAt = grownFloat64(this.#arrivedAt, places, 0);
    this.#order = grownFloat64(this.#order, places, 0);
  }
}
