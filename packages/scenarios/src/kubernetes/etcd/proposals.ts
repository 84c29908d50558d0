/**
 * Writes before they are in the log: with the handlers of the member they came to, or on their way from there to the
 * leader. Handlers run beside each other on as many cores as there are: each takes its time, and all together take what
 * the cores can do.
 */
import { Fifo } from '@brownout/core';
import type { Batch } from './batches.ts';
import type { PendingWrites } from './pending-writes.ts';
import { type RaftParts, turnDelay } from './raft-parts.ts';

/** Where proposals go, and since when their members know it. */
export interface ProposalTarget {
  readonly leader: number;
  readonly leaderSince: number;
}

/** The proposals of one cluster, in the order they came, by member. */
export class Proposals {
  readonly #parts: RaftParts;
  readonly #pending: PendingWrites;
  readonly #waiting: readonly Fifo[];
  /** When the handlers of a member will have done all they have. */
  readonly #handlersFreeAt: Float64Array;
  #nextArrival = Infinity;

  constructor(parts: RaftParts, pending: PendingWrites) {
    this.#parts = parts;
    this.#pending = pending;
    this.#waiting = Array.from({ length: parts.members.count }, () => new Fifo());
    this.#handlersFreeAt = new Float64Array(parts.members.count);
  }

  push(request: number, member: number): void {
    const { members, operations, requests, raft, simulation } = this.#parts;
    const share = 1 - raft.loopShare - raft.applyShare;
    const cpu = operations.etcdCpu[requests.operation[request]!]! * share;
    const time = cpu * members.slowdown(member);
    const freeAt = Math.max(this.#handlersFreeAt[member]!, simulation.now) + time / members.processors[member]!.cores;
    this.#handlersFreeAt[member] = freeAt;
    this.#pending.readyAt[request] =
      Math.round(Math.max(simulation.now + time, freeAt)) + turnDelay(this.#parts, member);
    members.writeCpu[member]! += cpu;
    this.#waiting[member]!.push(request);
  }

  /** When the first of them reaches the leader; Infinity when none is on its way. */
  firstArrival(target: ProposalTarget): number {
    let first = Infinity;
    for (let member = 0; member < this.#waiting.length; member++) {
      first = Math.min(first, this.arrivalOf(member, target));
    }
    return first;
  }

  /** What `firstArrival` was after the last `collect`. */
  get nextArrival(): number {
    return this.#nextArrival;
  }

  /** Moves what has reached the leader by now into a batch; returns its CPU in core-microseconds. */
  collect(batch: Batch, now: number, target: ProposalTarget): number {
    const { requests, operations } = this.#parts;
    let total = 0;
    this.#nextArrival = Infinity;
    for (let member = 0; member < this.#waiting.length; member++) {
      for (;;) {
        const arrival = this.arrivalOf(member, target);
        if (arrival > now) {
          this.#nextArrival = Math.min(this.#nextArrival, arrival);
          break;
        }
        const request = this.#waiting[member]!.shift();
        const operation = requests.operation[request]!;
        this.#pending.isProposed[request] = 1;
        batch.push(request, this.#pending.ticket[request]!, operation, requests.subject[request]!, member);
        total += operations.etcdCpu[operation]!;
      }
    }
    return total;
  }

  /** Proposals made to a leader that was gone are lost and only time out; later ones wait for the next leader. */
  dropBefore(instant: number): void {
    for (const waiting of this.#waiting) {
      for (let left = waiting.size; left > 0; left--) {
        const request = waiting.shift();
        if (this.#pending.ticket[request] !== 0 && this.#pending.submittedAt[request]! >= instant)
          waiting.push(request);
        else this.#pending.isProposed[request] = 1;
      }
    }
  }

  /** The member has died, and its clients have been told. */
  clear(member: number): void {
    this.#waiting[member]!.clear();
    this.#handlersFreeAt[member] = 0;
  }

  /**
   * When the first proposal of a member reaches the leader; Infinity when none is on its way. Those that gave up, or whose
   * row serves another request by now, are dropped on the way.
   */
  arrivalOf(member: number, { leader, leaderSince }: ProposalTarget): number {
    const waiting = this.#waiting[member]!;
    const { network, requests } = this.#parts;
    while (waiting.size > 0) {
      const request = waiting.at(0);
      const isWaiting = this.#pending.ticket[request] !== 0 && this.#pending.isProposed[request] === 0;
      if (isWaiting && requests.etcdMember[request] === member) {
        if (!network.connects(member, leader)) return Infinity;
        const sentAt = Math.max(this.#pending.readyAt[request]!, leaderSince);
        if (member === leader) return sentAt;
        return sentAt + network.oneWay(member, leader) + turnDelay(this.#parts, leader);
      }
      waiting.shift();
    }
    return Infinity;
  }
}
