/**
 * A waiting room in front of servers.
 *
 *                    +- balking -> balked
 *    arrive(job) ----+- no place -> rejected          +--> server --+
 *                    |                                |             |
 *                    +--> waiting line (discipline) --+--> server --+--> served
 *                             |            ^          |             |
 *                             |            +--- preempted ----------+
 *                             +--> patience ends -> abandoned, or codel -> rejected
 *
 * `cancel` takes a job out wherever it is. A job waits only while every server is busy, so the line is empty whenever a
 * server is free. An arrival that finds all servers + queueLimit places taken is refused whatever its priority: nobody
 * is pushed out. At one instant departures come before the end of patience, so a job whose turn comes at the last
 * moment is served.
 */
import { SimulationError } from '../errors.ts';
import type { Balance, Balanced } from '../metrics/ledger.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import { forever, type Duration } from '../time.ts';
import { checkCount } from './checks.ts';
import { CoDel } from './codel.ts';
import { fifo, type RankedDiscipline } from './discipline.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { StationAccounts } from './station-accounts.ts';
import { StationHandlers } from './station-handlers.ts';
import { interrupted, outside, serving, StationJobs, waiting } from './station-jobs.ts';
import { badTime, checkStation, type StationBooks, type StationOptions } from './station-options.ts';
import { createLine, type WaitingLine } from './waiting-line.ts';

/** Builds a station; throws RangeError when the options make no sense. */
export function createStation(simulation: Simulation, options: StationOptions): Station {
  return new Station(simulation, options);
}

/** See `createStation`. */
export class Station implements Balanced {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #departure: EventType;
  readonly #patienceEnd: EventType;
  readonly #line: WaitingLine;
  readonly #ranked: RankedDiscipline | undefined;
  /** Jobs in service, worst rank first; only kept where jobs can be interrupted. */
  readonly #interruptible: IndexedHeap | undefined;
  readonly #queueLimit: number;
  readonly #codel: CoDel | undefined;
  readonly #handlers: StationHandlers;

  readonly #jobs: StationJobs = new StationJobs();
  #servers: number;
  #busy = 0;
  #isFilling = false;
  #order = 0;
  readonly #accounts: StationAccounts = new StationAccounts();

  constructor(simulation: Simulation, options: StationOptions) {
    checkStation(options);
    const { name, discipline = fifo } = options;
    this.name = name;
    this.#simulation = simulation;
    this.#departure = simulation.event(`${name}: departure`, (job) => this.#depart(job), 'release');
    this.#patienceEnd = simulation.event(`${name}: end of patience`, (job) => this.#abandon(job));
    this.#line = createLine(discipline);
    this.#ranked = discipline.kind === 'ranked' ? discipline : undefined;
    this.#interruptible =
      this.#ranked !== undefined && this.#ranked.preemption !== 'none' ? new IndexedHeap() : undefined;
    this.#servers = options.servers;
    this.#queueLimit = options.queueLimit;
    this.#codel = options.codel === undefined ? undefined : new CoDel(`station "${name}"`, options.codel);
    this.#handlers = new StationHandlers(options);
  }

  get servers(): number {
    return this.#servers;
  }

  /** Jobs in service. */
  get busy(): number {
    return this.#busy;
  }

  /** Jobs in the waiting line. */
  get waiting(): number {
    return this.#line.size;
  }

  /** Jobs waiting or in service. */
  get inside(): number {
    return this.#busy + this.#line.size;
  }

  /** Whether `job` waits or is in service here. */
  has(job: number): boolean {
    return this.#jobs.state[job]! > outside;
  }

  /**
   * A job comes in. Its outcome is reported through the handlers: at once when it is refused or when a server is free.
   * `priority` matters to ranked disciplines only (smaller is more urgent, default 0); `patience` is how long it waits
   * for its service to begin (default: as long as it takes).
   */
  arrive(job: number, serviceTime: Duration, priority = 0, patience: Duration = forever): void {
    if (this.#jobs.state[job] !== outside) this.#makeRoom(job);
    if (!(serviceTime >= 0 && serviceTime === Math.floor(serviceTime) && patience >= 0))
      badTime(this.name, job, serviceTime, patience);
    const now = this.#settle();
    this.#accounts.arrived++;
    if (this.#busy >= this.#servers || this.#line.size > 0)
      return this.#arriveBusy(job, serviceTime, priority, patience, now);
    this.#jobs.arrivedAt[job] = now;
    this.#jobs.owed[job] = serviceTime;
    const order = this.#interruptible === undefined ? 0 : this.#order++;
    this.#start(job, now, this.#rankOf(priority, serviceTime), order);
    this.#handlers.waitingTimes?.record(0);
    this.#handlers.onStarted(job);
  }

  /** Takes a job out, waiting or in service; no handler is called. False when it is not inside. */
  cancel(job: number): boolean {
    if (!this.has(job)) return false;
    const now = this.#settle();
    const wasServed = this.#jobs.state[job] === serving;
    this.#simulation.cancel(this.#jobs.event[job]! as EventHandle);
    this.#jobs.state[job] = outside;
    this.#accounts.cancelled++;
    if (wasServed) this.#release(job, now);
    else this.#line.remove(job);
    return true;
  }

  /** Changes the number of servers; 0 = nobody starts any more. Those above the new number finish their job first. */
  setServers(servers: number): void {
    checkCount(`station "${this.name}"`, 'servers', servers, 0);
    const now = this.#settle();
    this.#servers = servers;
    this.#fill(now);
  }

  /**
   * Drops every job, as when the machine dies; no handler is called. Returns who was inside: those in service by
   * number, then those waiting in the order of arrival.
   */
  clear(): number[] {
    this.#settle();
    const dropped = [...this.#jobs.inService(), ...this.#line.jobs()];
    for (const job of dropped) {
      this.#simulation.cancel(this.#jobs.event[job]! as EventHandle);
      this.#jobs.state[job] = outside;
    }
    this.#accounts.dropped += dropped.length;
    this.#busy = 0;
    this.#line.clear();
    this.#codel?.reset();
    this.#interruptible?.clear();
    return dropped;
  }

  /** The books up to now. */
  books(): StationBooks {
    this.#settle();
    return this.#accounts.books(this.inside);
  }

  /** For the conservation ledger; who is inside is counted afresh, job by job. */
  balance(): Balance {
    return this.#accounts.balance(this.#jobs.countInside());
  }

  /** Brings the areas up to now; called before any level changes. */
  #settle(): number {
    const now = this.#simulation.now;
    this.#accounts.settle(now, this.#busy, this.#servers, this.#line.size);
    return now;
  }

  #rankOf(priority: number, serviceTime: Duration): number {
    return this.#ranked === undefined ? 0 : this.#ranked.rank(priority, serviceTime);
  }

  #arriveBusy(job: number, serviceTime: Duration, priority: number, patience: Duration, now: number): void {
    const length = this.#line.size;
    if (length >= this.#queueLimit) {
      this.#accounts.rejected++;
      return this.#handlers.onRejected(job, 'queue-full');
    }
    const rank = this.#rankOf(priority, serviceTime);
    const displaced = this.#displacedBy(rank);
    if (displaced < 0 && this.#handlers.balking?.(length, job) === true) {
      this.#accounts.balked++;
      return this.#handlers.onRejected(job, 'balked');
    }
    this.#jobs.arrivedAt[job] = now;
    this.#jobs.owed[job] = serviceTime;
    const order = this.#order++;
    if (displaced < 0) return this.#wait(job, rank, order, patience, now);
    this.#interrupt(displaced, now);
    this.#start(job, now, rank, order);
    this.#handlers.waitingTimes?.record(0);
    this.#handlers.onPreempted(displaced);
    if (this.#jobs.state[job] === serving) this.#handlers.onStarted(job);
  }

  #wait(job: number, rank: number, order: number, patience: Duration, now: number): void {
    this.#jobs.state[job] = waiting;
    this.#jobs.event[job] = patience === forever ? noEvent : this.#patienceEnd.after(patience, job);
    this.#line.push(job, rank, order, now);
  }

  #start(job: number, now: number, rank: number, order: number): void {
    this.#busy++;
    this.#jobs.state[job] = serving;
    this.#jobs.startedAt[job] = now;
    this.#jobs.event[job] = this.#departure.after(this.#jobs.owed[job]! as Duration, job);
    this.#interruptible?.push(job, -rank, -order);
  }

  #startNext(now: number): void {
    const rank = this.#interruptible === undefined ? 0 : this.#line.bestRank();
    const job = this.#line.take(now);
    const order = this.#interruptible === undefined ? 0 : this.#line.orderOf(job);
    if (this.#jobs.state[job] === waiting) {
      if (this.#codel !== undefined && this.#isThrownOut(job, this.#codel, now)) return;
      this.#simulation.cancel(this.#jobs.event[job]! as EventHandle);
      this.#handlers.waitingTimes?.record(now - this.#jobs.arrivedAt[job]!);
    }
    this.#start(job, now, rank, order);
    this.#handlers.onStarted(job);
  }

  /** Whether CoDel lets the job, just taken from the line, go to its server. One whose service has begun is not asked. */
  #isThrownOut(job: number, codel: CoDel, now: number): boolean {
    const waited = now - this.#jobs.arrivedAt[job]!;
    if (!codel.drops(now, waited, this.#line.size)) return false;
    this.#simulation.cancel(this.#jobs.event[job]! as EventHandle);
    this.#jobs.state[job] = outside;
    this.#accounts.waitedTooLong++;
    this.#handlers.onRejected(job, 'waited-too-long');
    return true;
  }

  #depart(job: number): void {
    const now = this.#settle();
    this.#jobs.state[job] = outside;
    this.#accounts.served++;
    this.#handlers.timesInSystem?.record(now - this.#jobs.arrivedAt[job]!);
    this.#release(job, now);
    this.#handlers.onServed(job);
  }

  /** A server is free again: the next job takes it. */
  #release(job: number, now: number): void {
    if (this.#busy <= 0) throw new SimulationError(`station "${this.name}": release without a busy server`);
    this.#busy--;
    this.#interruptible?.remove(job);
    if (this.#line.size > 0 || this.#codel !== undefined) this.#fill(now);
  }

  /** Free servers take waiting jobs. A loop, not a recursion: `onStarted` may cancel the job it is told of. */
  #fill(now: number): void {
    if (this.#isFilling) return;
    this.#isFilling = true;
    while (this.#busy < this.#servers && this.#line.size > 0) this.#startNext(now);
    this.#codel?.looked(this.#busy < this.#servers);
    this.#isFilling = false;
  }

  #abandon(job: number): void {
    this.#settle();
    this.#jobs.state[job] = outside;
    this.#accounts.abandoned++;
    this.#line.remove(job);
    this.#handlers.onAbandoned(job);
  }

  /** The job in service that an arrival of this rank displaces: the worst, among equals the latest; -1 for none. */
  #displacedBy(rank: number): number {
    const jobs = this.#interruptible;
    return jobs !== undefined && -jobs.firstKey() > rank ? jobs.first() : -1;
  }

  #interrupt(job: number, now: number): void {
    const jobs = this.#interruptible!;
    const rank = -jobs.keyOf(job);
    const order = -jobs.tieOf(job);
    jobs.remove(job);
    this.#simulation.cancel(this.#jobs.event[job]! as EventHandle);
    this.#jobs.event[job] = noEvent;
    if (this.#ranked!.preemption === 'resume')
      this.#jobs.owed[job] = this.#jobs.owed[job]! - (now - this.#jobs.startedAt[job]!);
    this.#jobs.state[job] = interrupted;
    this.#busy--;
    this.#accounts.preempted++;
    this.#line.push(job, rank, order, now);
  }

  #makeRoom(job: number): void {
    this.#line.makeRoom(this.#jobs.makeRoom(`station "${this.name}"`, job));
  }
}
