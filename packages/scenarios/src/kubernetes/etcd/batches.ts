/**
 * Batches of writes on their way through the log: which requests each member waits for, and when each member has the
 * batch on its disk. Kept in a pool and known by number, so that a commit allocates nothing.
 */
import { Fifo } from '@brownout/core';

/** One batch: the entries of one turn of the leader's raft loop. */
export class Batch {
  /** Place in the log of its last entry, and the term it was proposed in. */
  entry = 0;
  term = 0;
  sentAt = 0;
  /** When the leader itself, and when a majority including it, has the batch. */
  leaderDone = 0;
  quorumAt = 0;
  /** When the leader hears that each member has it; Infinity = not on its way. */
  readonly ackAt: Float64Array;
  /** CPU of applying it, in core-microseconds. */
  applyCpu = 0;
  /** Members whose answers are still to come. */
  answersLeft = 0;
  requests: Int32Array<ArrayBuffer> = new Int32Array(16);
  operations: Uint8Array<ArrayBuffer> = new Uint8Array(16);
  subjects: Int32Array<ArrayBuffer> = new Int32Array(16);
  /** Which submission of that row it was: rows are used again. */
  tickets: Int32Array<ArrayBuffer> = new Int32Array(16);
  /** Member each request waits at. */
  members: Uint8Array<ArrayBuffer> = new Uint8Array(16);
  outcomes: Uint8Array<ArrayBuffer> = new Uint8Array(16);
  size = 0;

  constructor(members: number) {
    this.ackAt = new Float64Array(members);
  }

  push(request: number, ticket: number, operation: number, subject: number, member: number): void {
    if (this.size === this.requests.length) this.#grow();
    this.requests[this.size] = request;
    this.tickets[this.size] = ticket;
    this.operations[this.size] = operation;
    this.subjects[this.size] = subject;
    this.members[this.size++] = member;
  }

  #grow(): void {
    const larger = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const capacity = this.size * 2;
    this.requests = larger(this.requests, new Int32Array(capacity));
    this.tickets = larger(this.tickets, new Int32Array(capacity));
    this.operations = larger(this.operations, new Uint8Array(capacity));
    this.subjects = larger(this.subjects, new Int32Array(capacity));
    this.members = larger(this.members, new Uint8Array(capacity));
    this.outcomes = larger(this.outcomes, new Uint8Array(capacity));
  }
}

/** The batches of one cluster. */
export class Batches {
  /** Numbers of the batches that are not committed, oldest first. */
  readonly uncommitted: Fifo = new Fifo();
  readonly #all: Batch[] = [];
  readonly #free: number[] = [];
  readonly #members: number;

  constructor(members: number) {
    this.#members = members;
  }

  /** Takes an empty batch and puts it last in the log; returns its number. */
  open(): number {
    const number = this.#free.pop() ?? this.#all.push(new Batch(this.#members)) - 1;
    const batch = this.#all[number]!;
    batch.size = 0;
    batch.answersLeft = 0;
    batch.applyCpu = 0;
    this.uncommitted.push(number);
    return number;
  }

  at(number: number): Batch {
    return this.#all[number]!;
  }

  /** Gives a batch back that is out of the log and answered. */
  close(number: number): void {
    this.#free.push(number);
  }

  /** Takes the batches after `entry` off the end of the log, as a new leader does that never got them. */
  truncate(entry: number): void {
    for (let left = this.uncommitted.size; left > 0; left--) {
      const number = this.uncommitted.shift();
      if (this.#all[number]!.entry <= entry) this.uncommitted.push(number);
      else this.close(number);
    }
  }
}
