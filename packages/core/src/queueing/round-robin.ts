/**
 * Round robin with a quantum: what processor sharing looks like from close up. Each core runs one job for a turn of at
 * most `quantum`; a job whose turn is over goes to the end of one common line, and a job that comes joins that end.
 *
 * Long jobs advance as under ideal sharing. A short one pays for it: with n long jobs on one core it waits for the rest
 * of a running turn and n - 1 whole ones, however little it has to do - and again each time it comes back to the line
 * after waiting for something else. Ideal sharing, the limit of quantum 0, would let it through in n + 1 times its work.
 *
 * Whoever is sent in from the handler of a job that has just finished goes on in the turn of that job: it is the same
 * thread that goes on with another piece of work, or one that it wakes and makes way for, as Go's scheduler does it.
 *
 * Turns are counted on the clock and go on when nobody waits: a job alone on its core starts a new turn when the old one
 * ends, so who comes at a random instant finds a random rest. A capacity that is not whole is spread over the next whole
 * number of cores. The event of a turn is its end or the end of the job, whichever comes first.
 */
import type { Balance } from '../metrics/ledger.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import type { Duration, Instant } from '../time.ts';
import { checkAmount } from './checks.ts';
import { grownFloat64, grownInt32, initialPlaces, placesFor } from './columns.ts';
import { Fifo } from './fifo.ts';
import { ProcessorAccounts, type ProcessorBooks } from './processor-accounts.ts';
import type { SharedProcessor } from './shared-processor.ts';
import type { Sampler } from './station-options.ts';

/** How a round-robin processor is built and whom it tells. */
export interface RoundRobinOptions {
  /** Used in errors and as the name of its event. */
  readonly name: string;
  /** Capacity in cores, > 0; need not be whole. A job uses one core at most. */
  readonly cores: number;
  /** Longest turn, > 0. */
  readonly quantum: Duration;
  /** The job's work is done and it has left. */
  readonly onServed: (job: number) => void;
  /** Told the time from arrival to completion, in microseconds, of every job that completes. */
  readonly timesInSystem?: Sampler;
}

/** Work below this counts as arithmetic noise, in core-microseconds. */
const roundOff = 2 ** -17;
/** Places of jobs that wait in the line or are outside. */
const NOWHERE = -1;

/** Builds a round-robin processor; throws RangeError when the options make no sense. */
export function createRoundRobin(simulation: Simulation, options: RoundRobinOptions): RoundRobin {
  return new RoundRobin(simulation, options);
}

/** See `createRoundRobin`. */
export class RoundRobin implements SharedProcessor {
  readonly name: string;
  readonly quantum: Duration;
  readonly #simulation: Simulation;
  readonly #turn: EventType;
  readonly #onServed: (job: number) => void;
  readonly #timesInSystem: Sampler | undefined;
  readonly #accounts: ProcessorAccounts = new ProcessorAccounts();
  readonly #line: Fifo = new Fifo();
  /** By core: who runs, since when its progress is not yet booked, when its turn ends, and the event. */
  readonly #running: number[] = [];
  readonly #since: number[] = [];
  readonly #turnEnds: number[] = [];
  readonly #events: EventHandle[] = [];
  /** By job: what it came with (-1 = outside), what is left as last booked, when it came, its core, its number. */
  #work: Float64Array = new Float64Array(initialPlaces).fill(-1);
  #left: Float64Array = new Float64Array(initialPlaces);
  #arrivedAt: Float64Array = new Float64Array(initialPlaces);
  #order: Float64Array = new Float64Array(initialPlaces);
  #core: Int32Array = new Int32Array(initialPlaces).fill(NOWHERE);
  #cores: number;
  /** Speed of one core: below 1 when the capacity is not whole. */
  #speed = 1;
  #settledAt = 0;
  /** The core whose job is being reported as done, else -1. */
  #inherited = NOWHERE;

  constructor(simulation: Simulation, options: RoundRobinOptions) {
    const { name, cores, quantum } = options;
    checkAmount(`processor "${name}"`, 'cores', cores, false);
    checkAmount(`processor "${name}"`, 'quantum', quantum, false);
    this.name = name;
    this.quantum = quantum;
    this.#simulation = simulation;
    this.#turn = simulation.event(`${name}: turn`, (core) => this.#endTurn(core), 'release');
    this.#onServed = options.onServed;
    this.#timesInSystem = options.timesInSystem;
    this.#cores = cores;
    this.#equip();
  }

  get cores(): number {
    return this.#cores;
  }

  get inside(): number {
    return this.#accounts.inside;
  }

  get busyCores(): number {
    return this.#running.filter((job) => job !== NOWHERE).length * this.#speed;
  }

  has(job: number): boolean {
    return this.#work[job]! >= 0;
  }

  arrive(job: number, work: Duration): void {
    if (this.has(job)) throw new RangeError(`processor "${this.name}": job ${job} is already inside`);
    if (!(work >= 0 && work < Infinity))
      throw new RangeError(`processor "${this.name}": work must be >= 0, got ${work} for job ${job}`);
    if (job >= this.#work.length || !(job >= 0)) this.#makeRoom(job);
    this.#settle();
    this.#work[job] = work;
    this.#left[job] = work;
    this.#arrivedAt[job] = this.#settledAt;
    this.#order[job] = this.#accounts.arrived++;
    this.#accounts.inside++;
    // The core whose job is being reported comes first, if nobody has taken it.
    const isFree = this.#running[this.#inherited] === NOWHERE;
    const idle = isFree ? this.#inherited : this.#running.indexOf(NOWHERE);
    if (idle >= 0) this.#start(idle, job);
    else this.#line.push(job);
  }

  withdraw(job: number): boolean {
    if (!this.has(job)) return false;
    this.#settle();
    const core = this.#core[job]!;
    if (core === NOWHERE) this.#leaveLine(job);
    else this.#stop(core);
    this.#work[job] = -1;
    this.#accounts.inside--;
    this.#accounts.withdrawn++;
    if (core !== NOWHERE) this.#startNext(core);
    return true;
  }

  attained(job: number): number {
    if (!this.has(job)) return 0;
    return this.#work[job]! - this.#left[job]! + this.#unbooked(this.#core[job]!);
  }

  /** Jobs on cores that are taken away go to the end of the line; turns that go on keep their end. */
  setCores(cores: number): void {
    checkAmount(`processor "${this.name}"`, 'cores', cores, true);
    if (cores === this.#cores) return;
    this.#settle();
    for (let core = 0; core < this.#running.length; core++) this.#bookProgress(core);
    this.#cores = cores;
    this.#equip();
    for (let core = 0; core < this.#running.length; core++) {
      if (this.#running[core] === NOWHERE) this.#startNext(core);
      else this.#schedule(core);
    }
  }

  clear(): number[] {
    this.#settle();
    const dropped: number[] = [];
    for (let core = 0; core < this.#running.length; core++) {
      if (this.#running[core] !== NOWHERE) dropped.push(this.#stop(core));
    }
    while (this.#line.size > 0) dropped.push(this.#line.shift());
    dropped.sort((a, b) => this.#order[a]! - this.#order[b]!);
    for (const job of dropped) this.#work[job] = -1;
    this.#accounts.inside = 0;
    this.#accounts.dropped += dropped.length;
    return dropped;
  }

  books(): ProcessorBooks {
    this.#settle();
    for (let core = 0; core < this.#running.length; core++) this.#bookProgress(core);
    return this.#accounts.books(this.#settledAt as Instant);
  }

  balance(): Balance {
    return this.#accounts.balance(this.#work);
  }

  #settle(): void {
    const now = this.#simulation.now;
    const elapsed = now - this.#settledAt;
    this.#accounts.coreTime += elapsed * this.#cores;
    this.#accounts.jobTime += elapsed * this.#accounts.inside;
    this.#settledAt = now;
  }

  #equip(): void {
    const count = Math.ceil(this.#cores);
    this.#speed = count === 0 ? 0 : this.#cores / count;
    while (this.#running.length > count) {
      const core = this.#running.length - 1;
      if (this.#running[core] !== NOWHERE) this.#line.push(this.#stop(core));
      for (const column of [this.#running, this.#since, this.#turnEnds, this.#events]) column.pop();
    }
    while (this.#running.length < count) {
      this.#running.push(NOWHERE);
      this.#since.push(0);
      this.#turnEnds.push(0);
      this.#events.push(noEvent);
    }
  }

  #start(core: number, job: number): void {
    this.#running[core] = job;
    this.#core[job] = core;
    this.#since[core] = this.#settledAt;
    const isInherited = core === this.#inherited && this.#turnEnds[core]! > this.#settledAt;
    if (!isInherited) this.#turnEnds[core] = this.#settledAt + this.quantum;
    this.#schedule(core);
  }

  #startNext(core: number): void {
    if (this.#line.size > 0) this.#start(core, this.#line.shift());
  }

  #stop(core: number): number {
    this.#bookProgress(core);
    const job = this.#running[core]!;
    this.#simulation.cancel(this.#events[core]!);
    this.#events[core] = noEvent;
    this.#running[core] = NOWHERE;
    this.#core[job] = NOWHERE;
    return job;
  }

  #schedule(core: number): void {
    const needed = Math.ceil(this.#left[this.#running[core]!]! / this.#speed - roundOff);
    const due = Math.min(this.#turnEnds[core]!, this.#settledAt + Math.max(0, needed));
    this.#simulation.cancel(this.#events[core]!);
    this.#events[core] = this.#turn.at(due as Instant, core);
  }

  #endTurn(core: number): void {
    this.#settle();
    this.#events[core] = noEvent;
    this.#bookProgress(core);
    const job = this.#running[core]!;
    if (this.#left[job]! <= roundOff) {
      this.#stop(core);
      this.#finish(core, job);
    } else if (this.#line.size === 0) {
      this.#turnEnds[core] = this.#settledAt + this.quantum;
      this.#schedule(core);
    } else {
      this.#line.push(this.#stop(core));
      this.#startNext(core);
    }
  }

  /** Whoever the handler sends in while the core is free goes on in the turn of the job that has just left. */
  #finish(core: number, job: number): void {
    this.#inherited = core;
    this.#report(job);
    this.#inherited = NOWHERE;
    if (this.#running[core] === NOWHERE) this.#startNext(core);
  }

  #report(job: number): void {
    this.#work[job] = -1;
    this.#accounts.inside--;
    this.#accounts.served++;
    this.#timesInSystem?.record(this.#settledAt - this.#arrivedAt[job]!);
    this.#onServed(job);
  }

  #unbooked(core: number): number {
    if (core === NOWHERE) return 0;
    const done = (this.#simulation.now - this.#since[core]!) * this.#speed;
    return Math.min(done, this.#left[this.#running[core]!]!);
  }

  #bookProgress(core: number): void {
    const job = this.#running[core]!;
    if (job === NOWHERE) return;
    const done = this.#unbooked(core);
    this.#left[job]! -= done;
    this.#accounts.busyTime += done;
    this.#since[core] = this.#settledAt;
  }

  #leaveLine(job: number): void {
    for (let left = this.#line.size; left > 0; left--) {
      const other = this.#line.shift();
      if (other !== job) this.#line.push(other);
    }
  }

  #makeRoom(job: number): void {
    const places = placesFor(`processor "${this.name}"`, job, this.#work.length);
    this.#work = grownFloat64(this.#work, places, -1);
    this.#left = grownFloat64(this.#left, places, 0);
    this.#arrivedAt = grownFloat64(this.#arrivedAt, places, 0);
    this.#order = grownFloat64(this.#order, places, 0);
    this.#core = grownInt32(this.#core, places, NOWHERE);
  }
}
