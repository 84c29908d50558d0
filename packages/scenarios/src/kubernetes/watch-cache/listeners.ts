/**
 * Who hears what of one type at one server, and what a watcher knows when its stream ends: its last event, or its last
 * bookmark, which told it where the cache was then. Between the two nobody keeps accounts of single watchers.
 */
import type { Instant, Simulation } from '@brownout/core';
import { BOOKMARK_INTERVAL, LAST_BOOKMARK } from './options.ts';
import { RevisionClock } from './revision-clock.ts';
import type { WatchSource } from './watch-source.ts';
import type { WatcherTable } from './watcher-table.ts';

/** See above. */
export class Listeners {
  readonly #simulation: Simulation;
  readonly #server: number;
  readonly #sources: readonly WatchSource[];
  readonly #watchers: WatcherTable;
  readonly #clock: RevisionClock = new RevisionClock();
  /** Times that all were told, and the last of them in which each source was. */
  #tellings = 0;
  readonly #toldIn: number[] = [];

  constructor(
    simulation: Simulation,
    parts: { readonly server: number; readonly sources: readonly WatchSource[]; readonly watchers: WatcherTable },
  ) {
    this.#simulation = simulation;
    this.#server = parts.server;
    this.#sources = parts.sources;
    this.#watchers = parts.watchers;
  }

  /** The cache is at a version from now on: bookmarks say so. */
  cacheIsAt(now: Instant, revision: number): void {
    this.#clock.set(now, revision);
  }

  /** All unselective watchers have been sent everything up to a version. */
  servedAll(revision: number, events: number): void {
    const watchers = this.#watchers;
    this.#tellings++;
    for (let place = 0; place < watchers.unselectiveCount; place++) {
      const slot = watchers.unselectiveAt(place);
      if (watchers.slow.has(slot)) continue;
      const isNews = watchers.seenRevision[slot]! < revision;
      if (isNews) watchers.seenRevision[slot] = revision;
      const source = watchers.source[slot]!;
      if (this.#sources[source]!.hearsEach) {
        if (isNews) this.#sources[source]!.received(watchers.subject[slot]!, revision, events);
      } else if (this.#toldIn[source] !== this.#tellings) {
        this.#toldIn[source] = this.#tellings;
        this.#sources[source]!.receivedByAll(this.#server, revision, events);
      }
    }
  }

  /** One watcher has been sent events. A slow client reads later; what it has read is worked out when its stream ends. */
  servedOne(slot: number, openedAt: number, revision: number, events: number): void {
    const watchers = this.#watchers;
    if (!watchers.isOpen(slot) || watchers.openedAt[slot] !== openedAt || watchers.slow.has(slot)) return;
    watchers.seenRevision[slot] = Math.max(watchers.seenRevision[slot]!, revision);
    this.#sources[watchers.source[slot]!]!.received(watchers.subject[slot]!, revision, events);
  }

  /** What a watcher knows whose connection breaks now: there was a bookmark a minute. */
  seenUntilBroken(slot: number): number {
    const openedAt = this.#watchers.openedAt[slot]!;
    const bookmarks = Math.floor((this.#simulation.now - openedAt) / BOOKMARK_INTERVAL);
    return this.#seen(slot, openedAt + bookmarks * BOOKMARK_INTERVAL);
  }

  /** What a watcher knows whose time is over now: the last bookmark came two seconds ago. */
  seenUntilTimeout(slot: number): number {
    return this.#seen(slot, this.#simulation.now - LAST_BOOKMARK);
  }

  /** Prepares to tell the client of a watcher that the stream is over, once its row is free. */
  ending(slot: number, revision: number): () => void {
    const source = this.#sources[this.#watchers.source[slot]!]!;
    const subject = this.#watchers.subject[slot]!;
    const hasReceived = revision > this.#watchers.askedRevision[slot]!;
    return () => source.ended(subject, revision, hasReceived);
  }

  #seen(slot: number, bookmarkAt: number): number {
    const seen = this.#watchers.seenRevision[slot]!;
    if (bookmarkAt <= this.#watchers.openedAt[slot]! || this.#watchers.slow.has(slot)) return seen;
    return Math.max(seen, this.#clock.at(bookmarkAt, this.#simulation.now));
  }
}
