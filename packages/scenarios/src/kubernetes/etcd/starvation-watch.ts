/**
 * A leader whose cores are taken by large ranges. Its heartbeats go out all the same: timers are looked at between any two
 * goroutines, and who is woken inside the process runs at once. What waits is what comes from the network: the answers of
 * its followers are read once all threads have had their turn. When a whole election timeout passes without one such
 * reading, check-quorum makes the leader step down ("quorum is not active").
 *
 * Nothing happens here until the threads on a core need more than an election timeout for a turn each; from then on the
 * share of a turn that passes is added up every heartbeat interval.
 */
import type { EventType } from '@brownout/core';
import type { Elections } from './elections.ts';
import { type RaftParts, turnDelay } from './raft-parts.ts';

/** Watches the cores of the leader. */
export class StarvationWatch {
  readonly #parts: RaftParts;
  readonly #elections: Elections;
  readonly #timeout: number;
  /** Threads inside a member below which no turn can take an election timeout. */
  readonly #harmlessThreads: number;
  readonly #beat: EventType;
  #isWatching = false;
  #leader = -1;
  /** Share of a turn that has passed since the network was looked at. */
  #progress = 0;
  /** When check-quorum looks next, and whether followers have been heard since it looked last. */
  #nextCheck = 0;
  #hasHeard = true;

  constructor(parts: RaftParts, elections: Elections) {
    const { members, raft, simulation, name } = parts;
    this.#parts = parts;
    this.#elections = elections;
    this.#timeout = raft.electionTicks * raft.heartbeat;
    this.#harmlessThreads = members.processors[0]!.cores * (1 + this.#timeout / raft.turn) - 1;
    this.#beat = simulation.event(`${name} starved heartbeat`, () => this.#pass());
  }

  /** A thread has started on a member: one comparison as long as all is well. */
  threadStarted(member: number): void {
    const { members, raft, simulation } = this.#parts;
    if (members.processors[member]!.inside < this.#harmlessThreads) return;
    if (member !== this.#elections.leader || this.#isWatching || members.count === 1) return;
    this.#isWatching = true;
    this.#leader = member;
    this.#progress = 0;
    this.#hasHeard = true;
    this.#nextCheck = simulation.now + this.#elections.checkPhase();
    this.#beat.after(raft.heartbeat);
  }

  #pass(): void {
    const { raft, simulation } = this.#parts;
    const turn = turnDelay(this.#parts, this.#leader);
    this.#progress += raft.heartbeat / Math.max(raft.heartbeat, turn);
    if (this.#progress >= 1) {
      this.#progress = 0;
      this.#hasHeard = true;
    }
    if (this.#elections.leader !== this.#leader || turn < this.#timeout) {
      this.#isWatching = false;
      return;
    }
    if (simulation.now >= this.#nextCheck) {
      this.#nextCheck += this.#timeout;
      if (!this.#hasHeard) {
        this.#isWatching = false;
        this.#elections.stepDown();
        return;
      }
      this.#hasHeard = false;
    }
    this.#beat.after(raft.heartbeat);
  }
}
