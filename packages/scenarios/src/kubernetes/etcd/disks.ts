/**
 * The disks under the write-ahead logs. A member appends in order: while one fsync runs, what arrives waits and goes down
 * together with the next one, so a slow disk writes fewer and larger batches. That leaves at most two fsyncs per
 * follower, one running and one to follow, and both ends are known as soon as they are drawn: no events.
 */
import type { Duration, Simulation, Stream } from '@brownout/core';
import type { FsyncListener } from './options.ts';

/** The disks of one cluster, in columns by member. */
export class Disks {
  /** Called with every fsync drawn. */
  onFsync: FsyncListener | undefined;
  readonly #fsync: { sample(stream: Stream): Duration };
  readonly #streams: readonly Stream[];
  readonly #factor: Float64Array;
  /** No fsync ends before this instant: an injected stall. */
  readonly #stalledUntil: Float64Array;
  /** Ends of the running and of the following fsync, and the last entry each makes durable; 0 = none. */
  readonly #runningEnd: Float64Array;
  readonly #runningEntry: Float64Array;
  readonly #nextEnd: Float64Array;
  readonly #nextEntry: Float64Array;
  /** Last entry that was durable before the running fsync. */
  readonly #durable: Float64Array;

  constructor(simulation: Simulation, name: string, members: number, fsync: { sample(stream: Stream): Duration }) {
    this.#fsync = fsync;
    this.#streams = Array.from({ length: members }, (_, member) => simulation.streams.get(`${name}/fsync`, member));
    this.#factor = new Float64Array(members).fill(1);
    this.#stalledUntil = new Float64Array(members);
    this.#runningEnd = new Float64Array(members);
    this.#runningEntry = new Float64Array(members);
    this.#nextEnd = new Float64Array(members);
    this.#nextEntry = new Float64Array(members);
    this.#durable = new Float64Array(members);
  }

  /** Makes every fsync of a member take `factor` times as long from now on; 1 = as configured. */
  slow(member: number, factor: number): void {
    if (!(factor > 0 && factor < Infinity)) {
      throw new RangeError(`etcd disk ${member}: factor must be finite and > 0, got ${factor}`);
    }
    this.#factor[member] = factor;
  }

  /** Lets no fsync of a member end before `until`, the one that runs included. */
  stall(member: number, until: number, now: number): void {
    this.#stalledUntil[member] = Math.max(this.#stalledUntil[member]!, until);
    if (this.#runningEnd[member]! > now) this.#runningEnd[member] = Math.max(this.#runningEnd[member]!, until);
    if (this.#nextEnd[member]! > now) this.#nextEnd[member] = Math.max(this.#nextEnd[member]!, until);
  }

  /** Whether a disk is neither slowed nor stalled. */
  isAsConfigured(member: number, now: number): boolean {
    return this.#factor[member] === 1 && this.#stalledUntil[member]! <= now;
  }

  stalledUntil(member: number): number {
    return this.#stalledUntil[member]!;
  }

  /** Entries up to `entry` reach a member at `at`; returns when they are durable there. */
  append(member: number, at: number, entry: number): number {
    if (this.#nextEnd[member]! > 0 && this.#runningEnd[member]! <= at) this.#startNext(member);
    const running = this.#runningEnd[member]!;
    if (running <= at) {
      const end = this.#end(member, at);
      this.#durable[member] = this.#runningEntry[member]!;
      this.#runningEntry[member] = entry;
      this.#runningEnd[member] = end;
      return end;
    }
    this.#nextEntry[member] = entry;
    const next = this.#nextEnd[member]!;
    if (next !== 0) return next;
    const end = this.#end(member, running);
    this.#nextEnd[member] = end;
    return end;
  }

  /** When the raft loop of a member, which does nothing during an fsync, gets to what reaches it at `at`. */
  freeAt(member: number, at: number): number {
    if (this.#runningEnd[member]! > at) return this.#runningEnd[member]!;
    return Math.max(at, this.#nextEnd[member]!);
  }

  /** Last entry that is durable on a member. */
  durableEntry(member: number, now: number): number {
    if (this.#nextEnd[member]! > 0 && this.#nextEnd[member]! <= now) return this.#nextEntry[member]!;
    return this.#runningEnd[member]! <= now ? this.#runningEntry[member]! : this.#durable[member]!;
  }

  /** One fsync for a vote, apart from the log. */
  sampleVote(member: number, at: number): number {
    return this.#end(member, this.freeAt(member, at));
  }

  /** One write of the database file to a member's disk that nobody waits for, drawn from a stream of its own. */
  sampleBackground(member: number, stream: Stream): number {
    return Math.round(this.#fsync.sample(stream) * this.#factor[member]!);
  }

  /** A new leader has taken everything after `entry` back. */
  truncate(entry: number): void {
    for (const column of [this.#runningEntry, this.#nextEntry, this.#durable]) {
      for (let member = 0; member < column.length; member++) column[member] = Math.min(column[member]!, entry);
    }
  }

  /** The process has died: its log is what is durable, up to `entry`. */
  reset(member: number, entry: number): void {
    this.#runningEnd[member] = 0;
    this.#nextEnd[member] = 0;
    this.#runningEntry[member] = entry;
    this.#durable[member] = entry;
  }

  #startNext(member: number): void {
    this.#durable[member] = this.#runningEntry[member]!;
    this.#runningEnd[member] = this.#nextEnd[member]!;
    this.#runningEntry[member] = this.#nextEntry[member]!;
    this.#nextEnd[member] = 0;
  }

  #end(member: number, at: number): number {
    const sampled = Math.round(this.#fsync.sample(this.#streams[member]!) * this.#factor[member]!);
    const end = Math.max(at + sampled, this.#stalledUntil[member]!);
    this.onFsync?.(member, end - at);
    return end;
  }
}
