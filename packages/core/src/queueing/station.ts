/**
 * A waiting room in front of servers.
 *
 *                    +- balking -> balked
 *    arrive(job) ----+- no place -> rejected          +--> server --+
 *                    |                                |             |
 *                    +--> waiting line (discipline) --+--> server --+--> served
 *                             |            ^          |             |
 *                             |            +--- preempted ----------+
 *                             +--> patience ends -> abandoned
 *
 * `cancel` takes a job out wherever it is. A job waits only while every server is busy, so the line is empty whenever a
 * server is free. An arrival that finds all servers + queueLimit places taken is refused whatever its priority: nobody
 * is pushed out. At one instant departures come before the end of patience, so a job whose turn comes at the last
 * moment is served.
 */
import { SimulationError } from '../errors.ts';
import type { Balance, Balanced } from '../metrics/ledger.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import { forever, type Duration, type Instant } from '../time.ts';
import { checkCount } from './checks.ts';
import { grownFloat64, grownUint8, initialPlaces, placesFor } from './columns.ts';
import { fifo, type RankedDiscipline } from './discipline.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { badTime, checkStation, type StationBooks, type StationOptions } from './station-options.ts';
import { createLine, type WaitingLine } from './waiting-line.ts';

const OUTSIDE = 0;
const WAITING = 1;
const SERVING = 2;
const INTERRUPTED = 3;

function ignore(): void {}

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
  readonly #balking: StationOptions['balking'];
  readonly #onStarted: (job: number) => void;
  readonly #onServed: (job: number) => void;
  readonly #onRejected: NonNullable<StationOptions['onRejected']>;
  readonly #onAbandoned: (job: number) => void;
  readonly #onPreempted: (job: number) => void;
  readonly #waitingTimes: StationOptions['waitingTimes'];
  readonly #timesInSystem: StationOptions['timesInSystem'];

  #state: Uint8Array = new Uint8Array(initialPlaces);
  /** Service time still owed when the job next starts. */
  #owed: Float64Array = new Float64Array(initialPlaces);
  #arrivedAt: Float64Array = new Float64Array(initialPlaces);
  #startedAt: Float64Array = new Float64Array(initialPlaces);
  /** Event of a job: the end of its patience while it waits, its departure while it is served. */
  #event: Float64Array = new Float64Array(initialPlaces);

  #servers: number;
  #busy = 0;
  #isFilling = false;
  #order = 0;
  #arrived = 0;
  #served = 0;
  #rejected = 0;
  #balked = 0;
  #abandoned = 0;
  #cancelled = 0;
  #dropped = 0;
  #preempted = 0;
  #settledAt = 0;
  #busyTime = 0;
  #serverTime = 0;
  #waitingTime = 0;

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
    this.#balking = options.balking;
    this.#onStarted = options.onStarted ?? ignore;
    this.#onServed = options.onServed ?? ignore;
    this.#onRejected = options.onRejected ?? ignore;
    this.#onAbandoned = options.onAbandoned ?? ignore;
    this.#onPreempted = options.onPreempted ?? ignore;
    this.#waitingTimes = options.waitingTimes;
    this.#timesInSystem = options.timesInSystem;
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
    return this.#state[job]! > OUTSIDE;
  }

  /**
   * A job comes in. Its outcome is reported through the handlers: at once when it is refused or when a server is free.
   * `priority` matters to ranked disciplines only (smaller is more urgent, default 0); `patience` is how long it waits
   * for its service to begin (default: as long as it takes).
   */
  arrive(job: number, serviceTime: Duration, priority = 0, patience: Duration = forever): void {
    if (this.#state[job] !== OUTSIDE) this.#makeRoom(job);
    if (!(serviceTime >= 0 && serviceTime === Math.floor(serviceTime) && patience >= 0))
      badTime(this.name, job, serviceTime, patience);
    const now = this.#settle();
    this.#arrived++;
    if (this.#busy >= this.#servers || this.#line.size > 0)
      return this.#arriveBusy(job, serviceTime, priority, patience, now);
    this.#arrivedAt[job] = now;
    this.#owed[job] = serviceTime;
    const order = this.#interruptible === undefined ? 0 : this.#order++;
    this.#start(job, now, this.#rankOf(priority, serviceTime), order);
    this.#waitingTimes?.record(0);
    this.#onStarted(job);
  }

  /** Takes a job out, waiting or in service; no handler is called. False when it is not inside. */
  cancel(job: number): boolean {
    if (!this.has(job)) return false;
    const now = this.#settle();
    const wasServed = this.#state[job] === SERVING;
    this.#simulation.cancel(this.#event[job]! as EventHandle);
    this.#state[job] = OUTSIDE;
    this.#cancelled++;
    if (wasServed) this.#release(job, now);
    else this.#line.remove(job);
    return true;
  }

  /**
   * Changes the number of servers (0 = nobody is taken any more). Those above the new number finish their job first.
   */
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
    const dropped: number[] = [];
    for (let job = 0; job < this.#state.length; job++) if (this.#state[job] === SERVING) dropped.push(job);
    dropped.push(...this.#line.jobs());
    for (const job of dropped) {
      this.#simulation.cancel(this.#event[job]! as EventHandle);
      this.#state[job] = OUTSIDE;
    }
    this.#dropped += dropped.length;
    this.#busy = 0;
    this.#line.clear();
    this.#interruptible?.clear();
    return dropped;
  }

  /** The books up to now. */
  books(): StationBooks {
    const at = this.#settle() as Instant;
    return {
      at,
      arrived: this.#arrived,
      served: this.#served,
      rejected: this.#rejected,
      balked: this.#balked,
      abandoned: this.#abandoned,
      cancelled: this.#cancelled,
      dropped: this.#dropped,
      preempted: this.#preempted,
      inside: this.inside,
      busyTime: this.#busyTime,
      serverTime: this.#serverTime,
      waitingTime: this.#waitingTime,
    };
  }

  /**
   * For the conservation ledger; who is inside is counted afresh, job by job. Cancelled counts as abandoned, dropped as
   * lost.
   */
  balance(): Balance {
    let inside = 0;
    for (const state of this.#state) if (state !== OUTSIDE) inside++;
    return {
      arrived: this.#arrived,
      served: this.#served,
      rejected: [
        { reason: 'queue-full', count: this.#rejected },
        { reason: 'balked', count: this.#balked },
      ],
      abandoned: this.#abandoned + this.#cancelled,
      timedOut: 0,
      lost: this.#dropped,
      inside,
    };
  }

  /** Brings the areas up to now; called before any level changes. */
  #settle(): number {
    const now = this.#simulation.now;
    const elapsed = now - this.#settledAt;
    if (elapsed > 0) {
      this.#busyTime += elapsed * this.#busy;
      this.#serverTime += elapsed * this.#servers;
      this.#waitingTime += elapsed * this.#line.size;
      this.#settledAt = now;
    }
    return now;
  }

  #rankOf(priority: number, serviceTime: Duration): number {
    return this.#ranked === undefined ? 0 : this.#ranked.rank(priority, serviceTime);
  }

  #arriveBusy(job: number, serviceTime: Duration, priority: number, patience: Duration, now: number): void {
    const waiting = this.#line.size;
    if (waiting >= this.#queueLimit) {
      this.#rejected++;
      return this.#onRejected(job, 'queue-full');
    }
    const rank = this.#rankOf(priority, serviceTime);
    const displaced = this.#displacedBy(rank);
    if (displaced < 0 && this.#balking?.(waiting, job) === true) {
      this.#balked++;
      return this.#onRejected(job, 'balked');
    }
    this.#arrivedAt[job] = now;
    this.#owed[job] = serviceTime;
    const order = this.#order++;
    if (displaced < 0) return this.#wait(job, rank, order, patience, now);
    this.#interrupt(displaced, now);
    this.#start(job, now, rank, order);
    this.#waitingTimes?.record(0);
    this.#onPreempted(displaced);
    if (this.#state[job] === SERVING) this.#onStarted(job);
  }

  #wait(job: number, rank: number, order: number, patience: Duration, now: number): void {
    this.#state[job] = WAITING;
    this.#event[job] = patience === forever ? noEvent : this.#patienceEnd.after(patience, job);
    this.#line.push(job, rank, order, now);
  }

  #start(job: number, now: number, rank: number, order: number): void {
    this.#busy++;
    this.#state[job] = SERVING;
    this.#startedAt[job] = now;
    this.#event[job] = this.#departure.after(this.#owed[job]! as Duration, job);
    this.#interruptible?.push(job, -rank, -order);
  }

  #startNext(now: number): void {
    const rank = this.#interruptible === undefined ? 0 : this.#line.bestRank();
    const job = this.#line.take(now);
    const order = this.#interruptible === undefined ? 0 : this.#line.orderOf(job);
    if (this.#state[job] === WAITING) {
      this.#simulation.cancel(this.#event[job]! as EventHandle);
      this.#waitingTimes?.record(now - this.#arrivedAt[job]!);
    }
    this.#start(job, now, rank, order);
    this.#onStarted(job);
  }

  #depart(job: number): void {
    const now = this.#settle();
    this.#state[job] = OUTSIDE;
    this.#served++;
    this.#timesInSystem?.record(now - this.#arrivedAt[job]!);
    this.#release(job, now);
    this.#onServed(job);
  }

  /** A server is free again: the next job takes it. */
  #release(job: number, now: number): void {
    if (this.#busy <= 0) throw new SimulationError(`station "${this.name}": release without a busy server`);
    this.#busy--;
    this.#interruptible?.remove(job);
    if (this.#line.size > 0) this.#fill(now);
  }

  /** Free servers take waiting jobs. A loop, not a recursion: `onStarted` may cancel the job it is told of. */
  #fill(now: number): void {
    if (this.#isFilling) return;
    this.#isFilling = true;
    while (this.#busy < this.#servers && this.#line.size > 0) this.#startNext(now);
    this.#isFilling = false;
  }

  #abandon(job: number): void {
    this.#settle();
    this.#state[job] = OUTSIDE;
    this.#abandoned++;
    this.#line.remove(job);
    this.#onAbandoned(job);
  }

  /**
   * The job in service that an arrival of this rank displaces: the worst and, among equals, the latest. -1 for none.
   */
  #displacedBy(rank: number): number {
    const serving = this.#interruptible;
    return serving !== undefined && -serving.firstKey() > rank ? serving.first() : -1;
  }

  #interrupt(job: number, now: number): void {
    const serving = this.#interruptible!;
    const rank = -serving.keyOf(job);
    const order = -serving.tieOf(job);
    serving.remove(job);
    this.#simulation.cancel(this.#event[job]! as EventHandle);
    this.#event[job] = noEvent;
    if (this.#ranked!.preemption === 'resume') this.#owed[job] = this.#owed[job]! - (now - this.#startedAt[job]!);
    this.#state[job] = INTERRUPTED;
    this.#busy--;
    this.#preempted++;
    this.#line.push(job, rank, order, now);
  }

  #makeRoom(job: number): void {
    if (this.has(job)) throw new RangeError(`station "${this.name}": job ${job} is already inside`);
    const places = placesFor(`station "${this.name}"`, job, this.#state.length);
    this.#state = grownUint8(this.#state, places);
    this.#owed = grownFloat64(this.#owed, places, 0);
    this.#arrivedAt = grownFloat64(this.#arrivedAt, places, 0);
    this.#startedAt = grownFloat64(this.#startedAt, places, 0);
    this.#event = grownFloat64(this.#event, places, noEvent);
    this.#line.makeRoom(places);
  }
}
