/**
 * Clients that read a watch more slowly than its events come. Each has a backlog that grows with the events it selects and
 * shrinks at the rate it reads. When it is more than the buffers take, the dispatcher has to wait for it, and closes it in
 * the end; the client still reads what is on its way, and only then sees that the stream is over.
 */
import { type Duration, type EventType, type Simulation } from '@brownout/core';
import type { HistoryRing } from './history-ring.ts';
import type { WatchSource } from './watch-source.ts';
import type { WatcherTable } from './watcher-table.ts';

/** A stream that was closed, and what its client will know when it has read to the end. */
interface DrainingStream {
  readonly source: number;
  readonly subject: number;
  readonly revision: number;
  readonly hasReceived: boolean;
}

/** The slow clients of one type at one server. */
export class SlowClients {
  readonly #simulation: Simulation;
  readonly #watchers: WatcherTable;
  readonly #ring: HistoryRing;
  readonly #sources: readonly WatchSource[];
  /** Events on their way to a client that its own side and the connection take. */
  readonly #onTheWay: number;
  readonly #draining: Map<number, DrainingStream> = new Map();
  readonly #drained: EventType;
  #drainings = 0;

  constructor(
    simulation: Simulation,
    name: string,
    parts: {
      readonly watchers: WatcherTable;
      readonly ring: HistoryRing;
      readonly sources: readonly WatchSource[];
      readonly onTheWay: number;
    },
  ) {
    this.#simulation = simulation;
    this.#watchers = parts.watchers;
    this.#ring = parts.ring;
    this.#sources = parts.sources;
    this.#onTheWay = parts.onTheWay;
    this.#drained = simulation.event(`${name} drained`, (number) => this.#end(number));
  }

  /** An event about an object with that value of the index: those that select it are behind by one more. */
  event(index: number): void {
    for (const slot of this.#watchers.slow) {
      const selected = this.#watchers.index[slot]!;
      if (selected >= 0 && selected !== index) continue;
      this.#watchers.backlog[slot] = this.#backlogOf(slot) + 1;
      this.#watchers.backlogAt[slot] = this.#simulation.now;
    }
  }

  /** Slots of those who are behind by more than `room` allows, by whether they use the index. */
  blocked(room: (usesIndex: boolean) => number): number[] {
    if (this.#watchers.slow.size === 0) return NOBODY;
    const isBlocked = (slot: number): boolean => this.#backlogOf(slot) > room(this.#watchers.index[slot]! >= 0);
    return [...this.#watchers.slow].filter(isBlocked);
  }

  /** The server closes a stream. A client that reads nothing never sees the end, until the connection breaks. */
  close(slot: number): void {
    const watchers = this.#watchers;
    const backlog = Math.ceil(this.#backlogOf(slot));
    const onTheWay = Math.min(backlog, this.#onTheWay);
    const seen = watchers.index[slot]! < 0 ? this.#ring.revisionBehind(backlog - onTheWay) : 0;
    const asked = watchers.askedRevision[slot]!;
    const revision = Math.max(asked, seen);
    const rate = watchers.eventsPerSecond[slot]!;
    this.#draining.set(++this.#drainings, {
      source: watchers.source[slot]!,
      subject: watchers.subject[slot]!,
      revision,
      hasReceived: revision > asked,
    });
    if (rate > 0) this.#drained.after(Math.ceil((onTheWay / rate) * 1_000_000) as Duration, this.#drainings);
  }

  /** A client is gone: it will never see the end of a stream that was closed. */
  forget(source: number, subject: number): void {
    this.#draining.delete(this.#drainingOf(source, subject));
  }

  /** A client closes its connection: it sees the end of its stream now. */
  breakStream(source: number, subject: number): void {
    this.#end(this.#drainingOf(source, subject));
  }

  /** The connections break: everybody sees the end now. */
  breakStreams(): void {
    for (const number of [...this.#draining.keys()]) this.#end(number);
  }

  /** Number of the stream that a client still reads; 0 = none. A client has one stream at most. */
  #drainingOf(source: number, subject: number): number {
    for (const [number, stream] of this.#draining) {
      if (stream.source === source && stream.subject === subject) return number;
    }
    return 0;
  }

  #end(number: number): void {
    const stream = this.#draining.get(number);
    if (stream === undefined) return;
    this.#draining.delete(number);
    this.#sources[stream.source]!.ended(stream.subject, stream.revision, stream.hasReceived);
  }

  #backlogOf(slot: number): number {
    const elapsed = (this.#simulation.now - this.#watchers.backlogAt[slot]!) / 1_000_000;
    return Math.max(0, this.#watchers.backlog[slot]! - elapsed * this.#watchers.eventsPerSecond[slot]!);
  }
}

const NOBODY: number[] = [];
