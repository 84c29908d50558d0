/**
 * The raft loop of the leader and the way of a write through the log.
 *
 *   API server -> its member: handler (CPU) -> [one way] -> leader: gathers -> loop (CPU) -> entries sent to followers
 *                                                                                      |-> own fsync  -+
 *                            followers: one way, fsync (batched when slow), one way ---+-> majority? --+-> commit
 *   commit -> apply thread of the leader -> answer;  -> [one way] -> apply on a follower -> answer of its own clients
 *
 * The loop sends first and then waits for its own disk (etcd server/etcdserver/raft.go: "the leader can write to its disk
 * in parallel with replicating to the followers"), and while it waits it does nothing else: no next batch, no commit,
 * no heartbeat. So one slow follower costs nothing, and a slow leader everything. Every instant of a batch is known when it
 * is sent, so it needs few events: one when it commits, one per member that has somebody to answer, and one at the end of
 * the turn if something waits for that.
 */
import { type EventHandle, type EventType, type Instant, noEvent, SimulationError } from '@brownout/core';
import { Appliers } from './appliers.ts';
import { type Batch, Batches } from './batches.ts';
import { Followers } from './followers.ts';
import { PendingWrites } from './pending-writes.ts';
import { Proposals } from './proposals.ts';
import { type RaftParts, shortestElection } from './raft-parts.ts';
import { WriteDoor } from './write-door.ts';

/** Batches a leader sends ahead of their commit; raft's own limit per follower (server/etcdserver, maxInflightMsgs). */
const MOST_IN_FLIGHT = 512;

/** What the loop tells elections and reads. */
export interface LoopObserver {
  /** The loop will send nothing between two instants. */
  loopIsSilent(from: number, until: number): void;
  /** The loop runs again, and heartbeats with it. */
  loopRuns(): void;
  /** The leader has committed an entry of its own term: it may answer reads. */
  committedInTerm(): void;
}

/** See the head of this file. */
export class RaftCommits {
  readonly pending: PendingWrites;
  readonly appliers: Appliers;
  leader = 0;
  leaderSince = 0;
  /** Writes committed, and proposals that ended without success. */
  committed = 0;
  /** When the loop sent last, or will next. */
  lastSentAt = 0;
  /** Whether the leader may answer reads: it has committed an entry of its own term (raft thesis 6.4). */
  hasCommittedInTerm = true;
  readonly #parts: RaftParts;
  readonly #observer: LoopObserver;
  readonly #batches: Batches;
  readonly #proposals: Proposals;
  readonly #followers: Followers;
  readonly #turnDone: EventType;
  readonly #acknowledged: EventType;
  readonly #door: WriteDoor;
  #term = 1;
  /** End of the turn that the loop is in. */
  #busyUntil = 0;
  #turnEvent: EventHandle = noEvent;
  #turnEventAt = Infinity;
  #ackEvent: EventHandle = noEvent;
  #ackEventAt = Infinity;
  #lastEntry = 0;
  #committedEntry = 0;
  readonly #longestSilence: number;

  constructor(parts: RaftParts, observer: LoopObserver) {
    const { simulation, name, members } = parts;
    this.#parts = parts;
    this.#observer = observer;
    this.pending = new PendingWrites(simulation);
    this.#batches = new Batches(members.count);
    this.#proposals = new Proposals(parts, this.pending);
    this.#followers = new Followers(parts);
    this.appliers = new Appliers(parts, this.pending, this.#batches);
    this.#turnDone = simulation.event(`${name} leader's fsync`, () => this.#finishTurn(), 'release');
    this.#acknowledged = simulation.event(`${name} acknowledgement`, () => this.#hearMajority(), 'release');
    this.#door = new WriteDoor(parts, { pending: this.pending, proposals: this.#proposals, appliers: this.appliers });
    this.#longestSilence = shortestElection(parts.raft);
    parts.logs.begin(1, 1);
  }

  /** Proposals that ended without success. */
  get failed(): number {
    return this.#door.failed + this.appliers.refused;
  }

  /** When the leader's loop gets to what reaches it at `at`, as far as is known now. */
  loopFreeAt(at: number): number {
    return Math.max(at, this.#busyUntil);
  }

  /** A write arrives at its member. */
  submit(request: number, member: number): void {
    if (this.#door.enter(request, member)) this.#turnFor(this.#proposals.arrivalOf(member, this));
  }

  /** The leader is gone, or another one is about to win: its loop ends, and what it had not sent yet with it. */
  leaderLost(): void {
    this.#cancelTurn();
    this.#busyUntil = 0;
    if (this.leader >= 0) {
      for (let member = 0; member < this.#parts.members.count; member++) this.memberCut(member);
    }
    this.leader = -1;
    this.hasCommittedInTerm = false;
  }

  /**
   * A member has won. Entries it lacks are lost, and so is what was proposed before `lostBefore` and not in its log; the
   * others are committed together with the first entry of the new term (raft thesis 3.6.2).
   */
  lead(member: number, term: number, lostBefore: number): void {
    const { logs, disks, simulation } = this.#parts;
    const entry = logs.entry[member]!;
    if (entry < this.#committedEntry) {
      throw new SimulationError(
        `etcd "${this.#parts.name}": leader ${member} of term ${term} must have the ${this.#committedEntry} committed entries, has ${entry}`,
      );
    }
    this.leader = member;
    this.leaderSince = simulation.now;
    this.#term = term;
    this.#lastEntry = entry;
    this.#batches.truncate(entry);
    disks.truncate(entry);
    logs.begin(term, entry + 1);
    this.#proposals.dropBefore(lostBefore);
    const { uncommitted } = this.#batches;
    const survivors = uncommitted.size;
    this.#startBatch(simulation.now);
    const first = this.#batches.at(uncommitted.at(survivors));
    for (let i = 0; i < survivors; i++) {
      const batch = this.#batches.at(uncommitted.at(i));
      batch.leaderDone = first.leaderDone;
      batch.ackAt.set(first.ackAt);
      batch.quorumAt = first.quorumAt;
    }
    this.#expectMajority();
    this.#followers.bringUp();
  }

  /** Members have come, gone, or been cut off or joined again: who acknowledges what is worked out anew. */
  rearrange(): void {
    if (this.leader < 0) return;
    this.#followers.advance(this.leader, this.#lastEntry);
    this.#followers.bringUp();
    const { uncommitted } = this.#batches;
    for (let i = 0; i < uncommitted.size; i++) this.#followers.sendAgain(this.#batches.at(uncommitted.at(i)));
    this.#expectMajority();
    this.#startTurn();
  }

  /** A stopped process: what it had not made durable is not in its log any more. */
  memberStopped(member: number): void {
    const { disks, logs, simulation } = this.#parts;
    logs.cutTo(member, disks.durableEntry(member, simulation.now));
    disks.reset(member, logs.entry[member]!);
    this.#proposals.clear(member);
    this.appliers.memberStopped(member);
  }

  /** A member has been cut off: what was on its way to it is lost. */
  memberCut(member: number): void {
    if (this.leader >= 0) this.#followers.dropUnreceived(member, this.leader, this.#batches);
  }

  /** A disk stalls, perhaps in the middle of an fsync. */
  diskStalled(member: number): void {
    if (this.leader < 0) return;
    if (member === this.leader) this.#prolongTurn(this.#parts.disks.stalledUntil(member));
    else this.#followers.diskStalled(member, this.#batches);
  }

  /** A write will be answered by others: its member has died. */
  forget(request: number): void {
    this.#door.forget(request);
  }

  /** Starts a turn of the loop with what has reached the leader, once the present one is over and something is there. */
  #startTurn(): void {
    this.#turnFor(this.#proposals.firstArrival(this));
  }

  /** A proposal reaches the leader at `arrival`, as far as is known now; Infinity = none is on its way. */
  #turnFor(arrival: number): void {
    if (this.leader < 0 || this.#batches.uncommitted.size >= MOST_IN_FLIGHT) return;
    const { now } = this.#parts.simulation;
    const start = this.loopFreeAt(arrival);
    if (start <= now) this.#startBatch(now);
    else if (start < this.#turnEventAt) this.#turnAt(start);
  }

  #turnAt(instant: number): void {
    if (this.#turnEventAt <= instant) return;
    this.#cancelTurn();
    this.#turnEventAt = instant;
    this.#turnEvent = this.#turnDone.at(instant as Instant);
  }

  #cancelTurn(): void {
    this.#parts.simulation.cancel(this.#turnEvent);
    this.#turnEventAt = Infinity;
  }

  #startBatch(now: number): void {
    const { members, raft, disks, logs } = this.#parts;
    const { leader } = this;
    const batch = this.#batches.at(this.#batches.open());
    const cpu = this.#proposals.collect(batch, now, this);
    const loop = cpu * raft.loopShare;
    members.writeCpu[leader]! += loop;
    batch.applyCpu = cpu * raft.applyShare;
    const delay = Math.round(loop * members.slowdown(leader));
    batch.term = this.#term;
    batch.entry = this.#lastEntry += Math.max(1, batch.size);
    batch.sentAt = now + delay;
    batch.leaderDone = disks.append(leader, batch.sentAt, batch.entry);
    logs.receive(leader, batch.entry, this.#term);
    this.#followers.send(batch, leader);
    this.#busyUntil = batch.leaderDone;
    this.#cancelUselessAck();
    this.lastSentAt = batch.sentAt;
    this.#noteSilence(batch.sentAt, batch.leaderDone);
    this.#noteSilence(now, batch.sentAt);
    this.#turnFor(this.#proposals.nextArrival);
    this.#expectMajority();
  }

  /** Followers may lose patience before the turn ends; then its end must be an event. */
  #noteSilence(from: number, until: number): void {
    if (until - from < this.#longestSilence) return;
    this.#observer.loopIsSilent(from, until);
    this.#turnAt(this.#busyUntil);
  }

  #prolongTurn(until: number): void {
    if (this.#parts.simulation.now >= this.#busyUntil || until <= this.#busyUntil) return;
    const { uncommitted } = this.#batches;
    const batch = this.#batches.at(uncommitted.at(uncommitted.size - 1));
    batch.leaderDone = until;
    this.#busyUntil = until;
    this.#noteSilence(batch.sentAt, until);
  }

  #finishTurn(): void {
    this.#turnEventAt = Infinity;
    if (this.#parts.simulation.now === this.#busyUntil) this.#observer.loopRuns();
    this.#commitReady();
    this.#startTurn();
    this.#expectMajority();
  }

  #hearMajority(): void {
    this.#ackEventAt = Infinity;
    if (this.leader < 0) return;
    this.#commitReady();
    // Whatever waits has its turn set, unless too many batches were in flight.
    if (this.#turnEventAt === Infinity) this.#startTurn();
    this.#expectMajority();
  }

  /** Sets an event to when the loop hears that a majority has the oldest batch, as far as is known now. */
  #expectMajority(): void {
    const { uncommitted } = this.#batches;
    if (uncommitted.size === 0) return;
    const batch = this.#batches.at(uncommitted.at(0));
    const heardAt = Math.max(batch.leaderDone, batch.quorumAt, this.#parts.simulation.now);
    const due = this.loopFreeAt(heardAt);
    if (due >= this.#ackEventAt || due >= this.#turnEventAt) return;
    this.#ackEventAt = due;
    this.#ackEvent = this.#acknowledged.at(due as Instant);
  }

  /** An acknowledgement that comes in the middle of the turn is not read before its end. */
  #cancelUselessAck(): void {
    if (this.#ackEventAt >= this.#busyUntil) return;
    this.#parts.simulation.cancel(this.#ackEvent);
    this.#ackEventAt = Infinity;
  }

  #commitReady(): void {
    const { now } = this.#parts.simulation;
    if (now < this.#busyUntil) return;
    const { uncommitted } = this.#batches;
    while (uncommitted.size > 0) {
      const number = uncommitted.at(0);
      const batch = this.#batches.at(number);
      if (batch.leaderDone > now || batch.quorumAt > now) return;
      uncommitted.shift();
      this.#commit(number, batch);
    }
  }

  #commit(number: number, batch: Batch): void {
    this.#committedEntry = batch.entry;
    this.committed += batch.size;
    let waitingMembers = 0;
    for (let i = 0; i < batch.size; i++) {
      const isWaiting = this.pending.ticket[batch.requests[i]!] === batch.tickets[i];
      if (isWaiting) waitingMembers |= 1 << batch.members[i]!;
      batch.outcomes[i] = this.appliers.change(batch, i, this.leader, isWaiting ? batch.requests[i]! : -1);
    }
    this.appliers.apply(number, this.leader, waitingMembers);
    if (batch.term === this.#term && !this.hasCommittedInTerm) {
      this.hasCommittedInTerm = true;
      this.#observer.committedInTerm();
    }
  }
}
