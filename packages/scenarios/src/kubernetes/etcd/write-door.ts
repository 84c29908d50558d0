/**
 * Where writes come in and give up: a member refuses what has no room in its database and what it could not keep up
 * with, and gives up after the request time limit what has had no result by then. Such a write may still be made.
 */
import { type EventType, noEvent, noTime } from '@brownout/core';
import type { Appliers } from './appliers.ts';
import { EtcdOutcome } from './options.ts';
import { Patience } from './patience.ts';
import type { PendingWrites } from './pending-writes.ts';
import type { Proposals } from './proposals.ts';
import type { RaftParts } from './raft-parts.ts';

/** What writes pass on their way in. */
export interface WriteDoorParts {
  readonly pending: PendingWrites;
  readonly proposals: Proposals;
  readonly appliers: Appliers;
}

/** The door of one cluster. */
export class WriteDoor {
  readonly #parts: RaftParts;
  readonly #inside: WriteDoorParts;
  readonly #refused: EventType;
  readonly #patience: Patience;
  #failed = 0;

  constructor(parts: RaftParts, inside: WriteDoorParts) {
    const { simulation, name } = parts;
    this.#parts = parts;
    this.#inside = inside;
    this.#refused = simulation.event(`${name} refusal`, (request) => {
      this.#fail(request, inside.pending.refusal[request]! as EtcdOutcome);
    });
    this.#patience = new Patience(parts, inside.pending, (request) => this.#fail(request, EtcdOutcome.unavailable));
  }

  /** Writes that ended here without success. */
  get failed(): number {
    return this.#failed;
  }

  /** A write arrives at its member; true when it waits to be proposed now. */
  enter(request: number, member: number): boolean {
    const { requests, simulation, storage, raft } = this.#parts;
    const { pending, proposals, appliers } = this.#inside;
    if (storage?.isFullFor(member, requests.operation[request]!) === true) {
      this.#parts.raiseAlarm(member);
      this.#refuse(request, EtcdOutcome.noSpace);
      return false;
    }
    if (appliers.unapplied(member) > raft.applyGap) {
      this.#refuse(request, EtcdOutcome.tooManyRequests);
      return false;
    }
    pending.add(request, simulation.now, noEvent);
    this.#patience.watch(request);
    proposals.push(request, member);
    return true;
  }

  /** A write will be answered by others: its member has died. */
  forget(request: number): void {
    this.#failed++;
    this.#inside.pending.remove(request);
  }

  #refuse(request: number, outcome: EtcdOutcome): void {
    const { pending } = this.#inside;
    pending.add(request, this.#parts.simulation.now, this.#refused.after(noTime, request));
    pending.isProposed[request] = 1;
    pending.refusal[request] = outcome;
  }

  #fail(request: number, outcome: EtcdOutcome): void {
    this.forget(request);
    this.#parts.answer(request, outcome);
  }
}
