/**
 * Heartbeats one by one, only while the leader's threads outnumber its cores so much that followers may miss them. The
 * loop sends one whenever it has had its turns: progress towards the next is one interval's share of the time that
 * takes at present, added up every heartbeat interval.
 */
import type { EventType } from '@brownout/core';
import type { Elections } from './elections.ts';
import { dangerousThreads, type RaftParts, shortestElection, turnDelay } from './raft-parts.ts';

/** Watches the cores of the leader. */
export class HeartbeatWatch {
  readonly #parts: RaftParts;
  readonly #elections: Elections;
  readonly #dangerousThreads: number;
  readonly #tick: EventType;
  #isWatching = false;
  #leader = -1;
  #progress = 0;

  constructor(parts: RaftParts, elections: Elections) {
    this.#parts = parts;
    this.#elections = elections;
    this.#dangerousThreads = dangerousThreads(parts);
    this.#tick = parts.simulation.event(`${parts.name} heartbeat`, () => this.#beat());
  }

  /** A thread has started on a member: one comparison as long as all is well. */
  threadStarted(member: number): void {
    const { members, raft, simulation } = this.#parts;
    if (members.processors[member]!.inside < this.#dangerousThreads) return;
    if (member !== this.#elections.leader || this.#isWatching || members.count === 1) return;
    this.#isWatching = true;
    this.#leader = member;
    this.#progress = 0;
    this.#elections.beginSilence(simulation.now);
    this.#tick.after(raft.heartbeat);
  }

  #beat(): void {
    const { raft, simulation } = this.#parts;
    const elections = this.#elections;
    const gap = turnDelay(this.#parts, this.#leader);
    this.#progress += raft.heartbeat / Math.max(raft.heartbeat, gap);
    const isOver = elections.leader !== this.#leader || gap < shortestElection(raft);
    if (isOver || this.#progress >= 1) {
      this.#progress = 0;
      if (elections.leader === this.#leader) elections.endSilence();
    }
    if (isOver) {
      this.#isWatching = false;
      return;
    }
    if (!elections.isSilent) elections.beginSilence(simulation.now);
    this.#tick.after(raft.heartbeat);
  }
}
