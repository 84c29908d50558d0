/**
 * The apply threads: every member puts committed batches into its database one after the other, and answers those of its
 * own clients that wait for them. A member that cannot keep up refuses proposals at some point.
 */
import type { EventType, Instant } from '@brownout/core';
import type { Batch, Batches } from './batches.ts';
import { EtcdOutcome } from './options.ts';
import type { PendingWrites } from './pending-writes.ts';
import type { RaftParts } from './raft-parts.ts';

const MEMBER_BITS = 4;

/** The apply threads of one cluster, in columns by member. */
export class Appliers {
  readonly #parts: RaftParts;
  readonly #pending: PendingWrites;
  readonly #batches: Batches;
  readonly #answered: EventType;
  readonly #freeAt: Float64Array;
  /** Committed writes that a member has still to apply and answer. */
  readonly #unapplied: Float64Array;
  /** Answers other than ok. */
  refused = 0;

  constructor(parts: RaftParts, pending: PendingWrites, batches: Batches) {
    this.#parts = parts;
    this.#pending = pending;
    this.#batches = batches;
    this.#freeAt = new Float64Array(parts.members.count);
    this.#unapplied = new Float64Array(parts.members.count);
    this.#answered = parts.simulation.event(`${parts.name} applied`, (argument) => this.#answer(argument), 'release');
  }

  /** When everything committed by now will have been applied on a member. */
  freeAt(member: number): number {
    return this.#freeAt[member]!;
  }

  /** Committed writes that wait for a member's apply thread: etcd's gap between committed and applied index. */
  unapplied(member: number): number {
    return this.#unapplied[member]!;
  }

  /** A member's apply thread stands still until an instant: a defragmentation holds the database. */
  block(member: number, until: number): void {
    this.#freeAt[member] = Math.max(this.#freeAt[member]!, until);
  }

  memberStopped(member: number): void {
    this.#unapplied[member] = 0;
    this.#freeAt[member] = 0;
  }

  /** A committed write changes the database, unless that is full; `request` is -1 when nobody waits for it. */
  change(batch: Batch, i: number, leader: number, request: number): EtcdOutcome {
    const { storage, committed, raiseAlarm } = this.#parts;
    const operation = batch.operations[i]!;
    if (storage?.isAlarmed === true && storage.isPut(operation)) return EtcdOutcome.noSpace;
    const isFull = storage?.isFullFor(leader, operation) === true;
    storage?.apply(operation);
    committed(request, operation, batch.subjects[i]!);
    if (!isFull) return EtcdOutcome.ok;
    // The write that reaches the quota is made, and answered with the error all the same (apply/quota.go).
    raiseAlarm(leader);
    return EtcdOutcome.noSpace;
  }

  /** A batch is committed; `waitingMembers` is the set of members that somebody waits at, a bit each. */
  apply(number: number, leader: number, waitingMembers: number): void {
    const { members, network, disks, simulation } = this.#parts;
    const { now } = simulation;
    const batch = this.#batches.at(number);
    for (let member = 0; member < members.count; member++) {
      if (members.isUp[member] === 0) continue;
      members.writeCpu[member]! += batch.applyCpu;
      const hasWaiting = (waitingMembers & (1 << member)) !== 0;
      if ((member !== leader && !hasWaiting) || !network.connects(leader, member)) continue;
      const heardAt = member === leader ? now : disks.freeAt(member, now + network.oneWay(leader, member));
      const startAt = Math.max(heardAt, this.#freeAt[member]!);
      const appliedAt = startAt + Math.round(batch.applyCpu * members.slowdown(member));
      this.#freeAt[member] = appliedAt;
      if (!hasWaiting) continue;
      batch.answersLeft++;
      this.#unapplied[member]! += batch.size;
      this.#answered.at(appliedAt as Instant, (number << MEMBER_BITS) | member);
    }
    if (batch.answersLeft === 0) this.#batches.close(number);
  }

  #answer(argument: number): void {
    const number = argument >> MEMBER_BITS;
    const member = argument & ((1 << MEMBER_BITS) - 1);
    const batch = this.#batches.at(number);
    this.#unapplied[member] = Math.max(0, this.#unapplied[member]! - batch.size);
    for (let i = 0; i < batch.size; i++) this.#answerOne(batch, i, member);
    if (--batch.answersLeft === 0) this.#batches.close(number);
  }

  #answerOne(batch: Batch, i: number, member: number): void {
    const request = batch.requests[i]!;
    if (batch.members[i] !== member || this.#pending.ticket[request] !== batch.tickets[i]) return;
    if (batch.outcomes[i] !== EtcdOutcome.ok) this.refused++;
    this.#pending.remove(request);
    this.#parts.answer(request, batch.outcomes[i] as EtcdOutcome);
  }
}
