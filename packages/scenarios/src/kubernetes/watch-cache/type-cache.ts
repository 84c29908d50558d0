/**
 * The watch cache of one type at one API server: filled from etcd, kept up to date by etcd's events, and the source of
 * every watch of the type. Its watchers hear of events when the server's cores have got round to sending them.
 *
 *   cold --list etcd--> filling --last page--> ready:  event -> ring -> fan-out -> watchers
 */
import { type EventHandle, type EventType, noEvent, type Simulation } from '@brownout/core';
import { FanOut, type FanOutServer } from './fan-out.ts';
import { FreshWaits } from './fresh-waits.ts';
import { HistoryRing, NO_INDEX } from './history-ring.ts';
import { Listeners } from './listeners.ts';
import type { CachedType } from './options.ts';
import { SlowClients } from './slow-clients.ts';
import { TimeBudget } from './time-budget.ts';
import { noWatchCounts, type WatchCounts, type WatchRequest, type WatchSource } from './watch-source.ts';
import { watcherBufferSize } from './watcher-buffer.ts';
import { WatcherTable } from './watcher-table.ts';

/** See above. */
export class TypeCache {
  readonly type: CachedType;
  readonly ring: HistoryRing = new HistoryRing();
  readonly waits: FreshWaits;
  readonly counts: WatchCounts = noWatchCounts();
  readonly #simulation: Simulation;
  readonly #watchers: WatcherTable = new WatcherTable();
  readonly #fanOut: FanOut;
  readonly #listeners: Listeners;
  readonly #expire: EventType;
  readonly #hold: (watches: number) => void;
  readonly #slow: SlowClients;
  readonly #clientBufferEvents: number;
  readonly #roomBy = (usesIndex: boolean): number => this.#room(usesIndex);
  #isReady = false;
  /** The process is gone, and its memory with it, while clients still believe in their streams. */
  #isDead = false;
  /** Since when it is as it is. */
  #changedAt: number;
  #hasListed = false;
  #hasNews = false;
  #revision = 0;

  constructor(
    simulation: Simulation,
    name: string,
    type: CachedType,
    parts: {
      readonly server: number;
      readonly fanOutServer: FanOutServer;
      readonly sources: readonly WatchSource[];
      readonly resume: (request: number) => void;
      /** Takes memory for a watch, or gives it back. */
      readonly hold: (watches: number) => void;
    },
  ) {
    this.type = type;
    this.#hold = parts.hold;
    this.#simulation = simulation;
    this.#listeners = new Listeners(simulation, { ...parts, watchers: this.#watchers });
    this.#changedAt = simulation.now;
    this.#clientBufferEvents = type.clientBufferEvents ?? 0;
    this.waits = new FreshWaits(simulation, name, parts.resume);
    this.#expire = simulation.event(`${name} watch timeout`, (slot) => this.#timeOut(slot));
    this.#slow = new SlowClients(simulation, name, {
      watchers: this.#watchers,
      ring: this.ring,
      sources: parts.sources,
      onTheWay: this.#clientBufferEvents,
    });
    this.#fanOut = new FanOut(simulation, name, {
      costs: type.fanOut,
      server: parts.fanOutServer,
      watchers: this.#watchers,
      budget: new TimeBudget(simulation),
      observer: {
        servedAll: (revision, events) => this.#listeners.servedAll(revision, events),
        servedOne: (...delivery) => this.#listeners.servedOne(...delivery),
        closeLagging: (count) => this.#closeLagging(count),
      },
    });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** How long it has been cold, in seconds; only of a cold one. */
  get secondsCold(): number {
    return (this.#simulation.now - this.#changedAt) / 1_000_000;
  }

  /** Version of what it holds. */
  get revision(): number {
    return this.#revision;
  }

  /** Open watches. */
  get watchers(): number {
    return this.#watchers.size;
  }

  /** Watches that hear of every object: those the work estimate of a write counts (flowcontrol/watch_tracker.go). */
  get unselectiveWatchers(): number {
    return this.#watchers.unselectiveCount;
  }

  /** Events by which the unselective watchers that were not served yet are behind. */
  get lag(): number {
    return this.#fanOut.lag;
  }

  /** It holds everything up to `revision` without having been filled: the state a run begins with. */
  beginFilled(revision: number): void {
    this.listed(revision);
    this.filled();
  }

  /** The process starts: cold from now on. */
  start(): void {
    this.#isDead = false;
    this.#changedAt = this.#simulation.now;
  }

  /** etcd has listed the type at a version; events after it are kept from now on. */
  listed(revision: number): void {
    this.ring.reset(revision);
    this.#hasListed = true;
    this.#advance(revision);
  }

  /** Everything that was listed is in. */
  filled(): void {
    this.counts.initializations++;
    this.#isReady = true;
    this.#changedAt = this.#simulation.now;
    this.waits.reached(this.#revision);
  }

  /** etcd has committed a write of this type. Told before `flush`, for all events of one delivery. */
  event(revision: number, index: number): void {
    if (!this.#hasListed) return;
    this.#hasNews = true;
    this.counts.received++;
    this.ring.push(revision, this.#simulation.now, index);
    this.#revision = revision;
    if (this.#isReady) this.#spread(revision, index);
  }

  /** The events of one delivery are in. */
  flush(): void {
    if (!this.#hasListed) return;
    if (!this.#hasNews && this.#fanOut.isIdle && this.#watchers.slow.size === 0) return;
    this.#listeners.cacheIsAt(this.#simulation.now, this.#revision);
    if (!this.#isReady) return;
    this.#hasNews = false;
    if (this.waits.count > 0) this.waits.reached(this.#revision);
    this.#fanOut.flush(this.#room(false), this.#blocked().length > 0);
  }

  /** etcd says that nothing happened to the type up to a version. */
  progress(revision: number): void {
    if (!this.#hasListed || revision <= this.#revision) return;
    this.#advance(revision);
    if (this.#isReady) this.waits.reached(revision);
  }

  /** CPU that the type's watchers cost without any event. */
  addWork(cpu: number): void {
    this.#hasNews = true;
    this.#fanOut.addWork(cpu);
  }

  /** Work of the fan-out is done. */
  workDone(work: number): void {
    this.#fanOut.workDone(work);
  }

  /** Opens a watch; its slot, or -1 when the version it asks for is too old (410). */
  open(watch: WatchRequest): number {
    const missed = this.ring.countSinceOf(watch.revision, watch.index);
    if (missed < 0) {
      this.counts.tooOld++;
      return -1;
    }
    this.counts.opened++;
    this.#hold(1);
    const slot = this.#watchers.add(watch, this.#simulation.now);
    this.#watchers.expiry[slot] = this.#expire.after(watch.timeout as never, slot);
    this.#watchers.backlog[slot] = missed;
    if (missed > 0) {
      const { encodeCpu, sendCpu } = this.type.fanOut;
      this.#fanOut.addWork(missed * (encodeCpu + sendCpu));
      this.#fanOut.addFor(slot, missed);
      this.#fanOut.flush(this.#room(false), false);
    }
    return slot;
  }

  /** The client `subject` of `source` closes its stream, which it knows by its slot. */
  close(slot: number, source: number, subject: number): void {
    if (this.#watchers.isHeldBy(slot, source, subject)) this.#remove(slot);
    else this.#slow.forget(source, subject);
  }

  /** The client closes its connection: its stream ends with what events and bookmarks have told it. */
  breakStream(slot: number, source: number, subject: number): void {
    if (this.#watchers.isHeldBy(slot, source, subject)) this.#end(slot, this.#listeners.seenUntilBroken(slot));
    else this.#slow.breakStream(source, subject);
  }

  /** The process is gone with everything it knew. Its streams are broken only when the clients notice: `breakStreams`. */
  die(): void {
    this.#isReady = false;
    this.#isDead = true;
    this.#hasListed = false;
    this.#changedAt = this.#simulation.now;
    this.waits.clear();
    this.#fanOut.clear();
    this.#watchers.forEach((slot) => this.#simulation.cancel(this.#watchers.expiry[slot]! as EventHandle));
  }

  /** Every stream ends: clients see the end of the connection, and know what events and bookmarks have told them. */
  breakStreams(): void {
    this.counts.broken += this.#watchers.size;
    this.#watchers.forEach((slot) => this.#end(slot, this.#listeners.seenUntilBroken(slot)));
    this.#slow.breakStreams();
  }

  /** The server ends the watch in the lowest slot, because it shuts down; false when none is open. */
  endOne(): boolean {
    const { first } = this.#watchers;
    if (first >= 0) this.#end(first, this.#listeners.seenUntilBroken(first));
    return first >= 0;
  }

  #advance(revision: number): void {
    this.#revision = revision;
    this.#listeners.cacheIsAt(this.#simulation.now, revision);
  }

  #spread(revision: number, index: number): void {
    this.counts.dispatched++;
    const watchers = this.#watchers;
    let selecting = 0;
    let encodings = 0;
    if (this.type.hasIndex && index !== NO_INDEX) {
      for (let slot = watchers.firstOf(index); slot >= 0; slot = watchers.nextOf(slot)) {
        this.#fanOut.addFor(slot, 1);
        selecting++;
        encodings = 1;
      }
    }
    this.#fanOut.add(revision, encodings, selecting);
    this.#slow.event(index);
  }

  /** Events a watcher may be behind by: two buffers, and what the client's side takes before it stops reading. */
  #room(usesIndex: boolean): number {
    const size = watcherBufferSize(this.ring.capacity, { typeHasIndex: this.type.hasIndex, usesIndex });
    return 2 * size + this.#clientBufferEvents;
  }

  #closeLagging(count: number): void {
    const lag = this.#fanOut.lag;
    for (let i = 0; i < count; i++) {
      const slot = this.#watchers.unselectiveAt(this.#watchers.unselectiveCount - 1);
      // It has seen neither the batch on its way nor the one behind it.
      this.counts.evicted++;
      this.#end(slot, Math.max(this.#watchers.askedRevision[slot]!, this.ring.revisionBehind(lag)));
    }
    for (const slot of this.#blocked()) {
      this.counts.evicted++;
      this.#slow.close(slot);
      this.#remove(slot);
    }
  }

  #blocked(): number[] {
    return this.#slow.blocked(this.#roomBy);
  }

  #timeOut(slot: number): void {
    this.counts.timedOut++;
    this.#watchers.expiry[slot] = noEvent;
    this.#end(slot, this.#listeners.seenUntilTimeout(slot));
  }

  #end(slot: number, revision: number): void {
    const tell = this.#listeners.ending(slot, revision);
    this.#remove(slot);
    tell();
  }

  #remove(slot: number): void {
    this.#simulation.cancel(this.#watchers.expiry[slot]! as EventHandle);
    this.#watchers.remove(slot);
    if (!this.#isDead) this.#hold(-1);
  }
}
