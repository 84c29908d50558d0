/**
 * What it costs to tell the watchers of one type at one API server, and when they hear. Events gather while the batch
 * before them is being sent; a batch is CPU work on the server's cores, as many lanes at once as there are cores, so a
 * server that is busy falls behind with its watchers as well as with its requests.
 *
 *   event -> gathering batch -> [decode once, encode once per encoding, send once per watcher] -> watchers hear
 *
 * Watchers are served one after another: when a third of a batch is done, a third of the unselective watchers have all of
 * it and the rest none. Those that have not been served are behind by this batch and the gathering one. When that is
 * more than their buffers hold, the dispatcher waits for what is left of its time budget and then closes those that are
 * still behind (apiserver, storage/cacher/cacher.go, `dispatchEvent`).
 *
 * Objects are encoded once for each encoding, however many watchers there are (caching_object.go); the encoded form is
 * dropped after the dispatch, so a watcher that starts from an old version has the past encoded for itself.
 */
import { type Duration, type EventHandle, type EventType, noEvent, type Simulation } from '@brownout/core';
import type { TimeBudget } from './time-budget.ts';
import type { WatcherTable } from './watcher-table.ts';

/** CPU of a watch cache's work on one event, in core-microseconds. */
export interface FanOutCosts {
  /** Decoding what etcd sent and putting it into the cache, once a server whether or not anybody watches. */
  readonly decodeCpu: number;
  /** Encoding the object once. */
  readonly encodeCpu: number;
  /** Handing one event to one watcher: filter, frame, TLS, system call. */
  readonly sendCpu: number;
}

/** The cores that a fan-out works on; `fanOutDone` of the type follows for every row. */
export interface FanOutServer {
  readonly cores: number;
  /** Starts work of `cpu` core-microseconds and returns its number. */
  startWork(cpu: Duration): number;
  /** CPU that a piece of work has received so far. */
  attained(work: number): number;
  finishWork(work: number): void;
}

/** Told when watchers have heard, and which are closed because they do not keep up. */
export interface FanOutObserver {
  /** All unselective watchers have heard of `events` more, up to `revision`. */
  servedAll(revision: number, events: number): void;
  /** One watcher has heard of `events` more; 0 = it had gone or has just been closed. */
  servedOne(slot: number, openedAt: number, revision: number, events: number): void;
  /** Closes the last `count` unselective watchers, and the slow ones among the rest that are too far behind. */
  closeLagging(count: number): void;
}

/** Less than this is not worth a piece of work of its own when nobody waits for it, and is one lane when somebody does. */
const SMALL_WORK = 1_000;

/** Events that are sent together. */
class Batch {
  /** Events that every unselective watcher hears of. */
  events = 0;
  work = 0;
  revision = 0;
  /** Deliveries to single watchers: slot, when it was opened, number of events. */
  readonly slots: number[] = [];
  readonly openedAt: number[] = [];
  readonly counts: number[] = [];

  clear(): void {
    this.events = 0;
    this.work = 0;
    this.slots.length = 0;
    this.openedAt.length = 0;
    this.counts.length = 0;
  }
}

/** See above. */
export class FanOut {
  readonly #simulation: Simulation;
  readonly #costs: FanOutCosts;
  readonly #server: FanOutServer;
  readonly #watchers: WatcherTable;
  readonly #budget: TimeBudget;
  readonly #observer: FanOutObserver;
  readonly #patienceOver: EventType;
  #gathering: Batch = new Batch();
  #sending: Batch = new Batch();
  /** Pieces of work that are not done yet, and how many the batch was cut into. */
  #lanes: number[] = [];
  #laneCount = 0;
  #waiting: EventHandle = noEvent;
  #waitsUntil = 0;
  /** Events an unselective watcher may be behind by, and whether a slow client is behind by more than it may. */
  #room = Infinity;
  #hasBlockedClient = false;

  constructor(
    simulation: Simulation,
    name: string,
    parts: {
      readonly costs: FanOutCosts;
      readonly server: FanOutServer;
      readonly watchers: WatcherTable;
      readonly budget: TimeBudget;
      readonly observer: FanOutObserver;
    },
  ) {
    this.#simulation = simulation;
    this.#costs = parts.costs;
    this.#server = parts.server;
    this.#watchers = parts.watchers;
    this.#budget = parts.budget;
    this.#observer = parts.observer;
    this.#patienceOver = simulation.event(`${name} dispatch budget`, () => this.#stopWaiting());
  }

  /** Events by which unselective watchers that have not been served are behind. */
  get lag(): number {
    return (this.#lanes.length > 0 ? this.#sending.events : 0) + this.#gathering.events;
  }

  /** Nothing is on its way to watchers, and nobody waits for those that are behind. */
  get isIdle(): boolean {
    return this.#lanes.length === 0 && !this.#simulation.isPending(this.#waiting);
  }

  /** One more event, which `selecting` watchers select by index beside those that hear of everything. */
  add(revision: number, selectingEncodings: number, selecting: number): void {
    const batch = this.#gathering;
    const unselective = this.#watchers.unselectiveCount;
    const encodings = Math.max(this.#watchers.unselectiveEncodings, selectingEncodings);
    const { decodeCpu, encodeCpu, sendCpu } = this.#costs;
    batch.work += decodeCpu + encodings * encodeCpu + (unselective + selecting) * sendCpu;
    batch.revision = revision;
    if (unselective > 0) batch.events++;
  }

  /** Events for one watcher only: those it selects, or the past it starts from. */
  addFor(slot: number, events: number): void {
    const batch = this.#gathering;
    batch.slots.push(slot);
    batch.openedAt.push(this.#watchers.openedAt[slot]!);
    batch.counts.push(events);
  }

  /** Work that no watcher waits for, such as bookmarks, and the past that a new watcher has encoded for itself. */
  addWork(cpu: number): void {
    this.#gathering.work += cpu;
  }

  /** The events of this instant are in: sends them, or looks whether somebody is too far behind. */
  flush(room: number, hasBlockedClient: boolean): void {
    this.#room = room;
    this.#hasBlockedClient = hasBlockedClient;
    if (this.#lanes.length === 0) this.#send();
    if (this.#isBlocked() && !this.#simulation.isPending(this.#waiting)) {
      const patience = this.#budget.take();
      this.#waitsUntil = this.#simulation.now + patience;
      this.#waiting = this.#patienceOver.after(patience);
    }
  }

  /** A piece of work is done. */
  workDone(work: number): void {
    this.#server.finishWork(work);
    const lane = this.#lanes.indexOf(work);
    if (lane >= 0) this.#lanes.splice(lane, 1);
    if (this.#lanes.length > 0) return;
    const batch = this.#sending;
    if (batch.events > 0) this.#observer.servedAll(batch.revision, batch.events);
    for (let i = 0; i < batch.slots.length; i++) {
      this.#observer.servedOne(batch.slots[i]!, batch.openedAt[i]!, batch.revision, batch.counts[i]!);
    }
    batch.clear();
    if (!this.#isBlocked()) this.#calm();
    if (this.#lanes.length === 0) this.#send();
  }

  /** The process is gone, and its cores have forgotten the work. */
  clear(): void {
    this.#simulation.cancel(this.#waiting);
    for (const work of this.#lanes) this.#server.finishWork(work);
    this.#lanes = [];
    this.#gathering.clear();
    this.#sending.clear();
  }

  #send(): void {
    const batch = this.#gathering;
    const isAwaited = batch.events > 0 || batch.slots.length > 0;
    if (!isAwaited && batch.work < SMALL_WORK) return;
    this.#gathering = this.#sending;
    this.#sending = batch;
    const lanes = Math.max(1, Math.min(Math.floor(this.#server.cores), Math.floor(batch.work / SMALL_WORK)));
    this.#laneCount = lanes;
    const share = Math.max(1, Math.round(batch.work / lanes)) as Duration;
    for (let lane = 0; lane < lanes; lane++) this.#lanes.push(this.#server.startWork(share));
  }

  #isBlocked(): boolean {
    return this.#hasBlockedClient || (this.#lanes.length > 0 && this.lag > this.#room);
  }

  /** The budget is used up: whoever is still behind is closed. */
  #stopWaiting(): void {
    if (!this.#isBlocked()) return;
    const isLagging = this.#lanes.length > 0 && this.lag > this.#room;
    const unserved = isLagging ? 1 - this.#servedShare() : 0;
    this.#hasBlockedClient = false;
    this.#observer.closeLagging(Math.round(unserved * this.#watchers.unselectiveCount));
  }

  #servedShare(): number {
    const work = Math.max(1, this.#sending.work);
    const doneLanes = (this.#laneCount - this.#lanes.length) / this.#laneCount;
    const attained = this.#lanes.reduce((sum, lane) => sum + this.#server.attained(lane), 0);
    return Math.min(1, attained / work + doneLanes);
  }

  /** Nobody is behind any more: what is left of the patience goes back into the budget. */
  #calm(): void {
    if (this.#simulation.cancel(this.#waiting)) {
      this.#budget.giveBack((this.#waitsUntil - this.#simulation.now) as Duration);
    }
  }
}
