/**
 * Elections, as raft holds them with pre-vote and check-quorum on (etcd's defaults): a follower that has heard nothing for
 * its own timeout asks whether a vote could be won; members that have heard the leader within one election timeout say
 * no; with a majority of yes it raises the term and asks for votes, which voters write to their disks first.
 *
 * No heartbeat is an event. A leader that runs and is heard needs none: nothing would come of them. Timers exist only
 * from the moment when the leader cannot be heard for a known or unknown time: its process is gone, the network is cut,
 * its loop waits for a slow disk. Threads that wait for cores are in starvation-watch.ts. The page 0023 of the decisions argues
 * why that is the same.
 */
import { type EventHandle, type EventType, type Instant, noEvent, type Stream } from '@brownout/core';
import { kthSmallest, type RaftParts, shortestElection, turnDelay } from './raft-parts.ts';

/** Told of changes of leadership. */
export interface ElectionObserver {
  /** The leader will not get anything done any more: it has stepped down, or another one is being voted for. */
  leaderLost(): void;
  /** `lostBefore`: proposals made earlier went to the lost leader. */
  leaderElected(member: number, term: number, lostBefore: number): void;
}

/** Leader, term and election timers of one cluster. */
export class Elections {
  /** The member that takes itself for the leader and has not been replaced; -1 = none. */
  leader = 0;
  term = 1;
  /** Elections won, and rounds of votes that nobody won. */
  won = 0;
  split = 0;
  /** Heartbeats that came more than two intervals late, counted per follower as etcd does. */
  lateHeartbeats = 0;
  /** When the loop of the leader sent last; 0 = long ago. Asked when somebody stops hearing it. */
  lastSentAt: () => number = () => 0;
  readonly #parts: RaftParts;
  readonly #observer: ElectionObserver;
  readonly #stream: Stream;
  /** When each member loses patience, and until when it says no to others. */
  readonly #expiry: Float64Array;
  readonly #leaseUntil: Float64Array;
  readonly #votes: Float64Array;
  readonly #campaign: EventType;
  readonly #counted: EventType;
  readonly #steppedDown: EventType;
  readonly #shortest: number;
  #campaignEvent: EventHandle = noEvent;
  #stepDownEvent: EventHandle = noEvent;
  #countedEvent: EventHandle = noEvent;
  /** The member that votes are being counted for, -1 = none. */
  #candidate = -1;
  /** When the present search for a leader began; proposals made before went to the old one. */
  #searchSince = 0;
  /** The leader is up and connected, and says nothing. */
  #isSilent = false;
  #silentSince = 0;

  constructor(parts: RaftParts, observer: ElectionObserver) {
    const { simulation, name, members, raft } = parts;
    this.#parts = parts;
    this.#observer = observer;
    this.#stream = simulation.streams.get(`${name}/election`);
    this.#expiry = new Float64Array(members.count).fill(Infinity);
    this.#leaseUntil = new Float64Array(members.count);
    this.#votes = new Float64Array(members.count);
    this.#shortest = shortestElection(raft);
    this.#campaign = simulation.event(`${name} campaign`, () => this.#stand());
    this.#counted = simulation.event(`${name} votes`, () => this.#count());
    this.#steppedDown = simulation.event(`${name} check quorum`, () => {
      if (!this.hasQuorum) this.stepDown();
    });
  }

  /** Whether the leader reaches a majority, itself included. */
  get hasQuorum(): boolean {
    return this.leader >= 0 && this.#reach(this.leader) >= this.#parts.members.quorum;
  }

  /** The leader's loop will send nothing between two instants. Too short a silence is no matter. */
  loopIsSilent(from: number, until: number): void {
    if (until - from >= this.#shortest && this.hasQuorum) this.#beginSilence(from);
  }

  /** Followers have heard the leader for the last time at `from`, for now. */
  #beginSilence(from: number): void {
    const { members, network } = this.#parts;
    this.#isSilent = true;
    this.#silentSince = from;
    for (let member = 0; member < members.count; member++) {
      const isFollower = member !== this.leader && members.isUp[member] === 1;
      if (isFollower && network.connects(this.leader, member)) this.#startTimer(member, from);
    }
    this.#schedule();
  }

  /** The leader is heard again, unless it has lost its place meanwhile. */
  endSilence(): void {
    if (!this.#isSilent) return;
    const { members, network, raft, simulation } = this.#parts;
    this.#isSilent = false;
    if (this.leader < 0) return;
    const gap = simulation.now - this.#silentSince;
    for (let member = 0; member < members.count; member++) {
      if (member === this.leader || members.isUp[member] === 0 || !network.connects(this.leader, member)) continue;
      if (gap > 2 * raft.heartbeat) this.lateHeartbeats++;
      this.#expiry[member] = Infinity;
    }
    this.#schedule();
  }

  /** Processes or connections have changed: who hears a leader, and who could elect one? */
  reconsider(): void {
    const { simulation, members, network } = this.#parts;
    const { leader } = this;
    if (this.#candidate >= 0 && members.isUp[this.#candidate] === 0) {
      simulation.cancel(this.#countedEvent);
      this.#candidate = -1;
    }
    if (leader >= 0 && members.isUp[leader] === 0) {
      this.leader = -1;
      this.#observer.leaderLost();
    }
    const isWorking = this.hasQuorum;
    if (isWorking) simulation.cancel(this.#stepDownEvent);
    else if (this.leader >= 0 && !this.#isStepDownPending()) this.#stepDownLater();
    const heardAt = Math.max(this.#lastHeartbeat(), Math.min(this.lastSentAt(), simulation.now));
    for (let member = 0; member < members.count; member++) {
      const hears = this.leader >= 0 && network.connects(this.leader, member);
      const canElect = members.isUp[member] === 1 && member !== this.leader && this.#reach(member) >= members.quorum;
      if (!canElect || (hears && !this.#isSilent)) this.#expiry[member] = Infinity;
      else if (this.#expiry[member] === Infinity) this.#startTimer(member, leader >= 0 ? heardAt : simulation.now);
    }
    this.#schedule();
  }

  /** A member has started: it has not heard of anybody yet. A single one does not wait long (advanceTicks). */
  memberStarted(member: number): void {
    const { members, raft, simulation } = this.#parts;
    this.#leaseUntil[member] = 0;
    if (members.count === 1) {
      this.#expiry[member] = simulation.now + Math.ceil(this.#stream.uniform() * raft.electionTicks) * raft.heartbeat;
    }
  }

  /** The leader gives up by itself: it has not heard a majority for an election timeout. */
  stepDown(): void {
    if (this.leader < 0) return;
    this.leader = -1;
    this.#isSilent = false;
    this.#observer.leaderLost();
    this.reconsider();
  }

  /** From now until a leader looks for its majority the next time: any part of an election timeout. */
  checkPhase(): number {
    const { raft } = this.#parts;
    return Math.floor(this.#stream.uniform() * raft.electionTicks * raft.heartbeat);
  }

  /** Members that a member can talk to, itself included. */
  #reach(member: number): number {
    const { members, network } = this.#parts;
    if (members.isUp[member] === 0) return 0;
    let count = 0;
    for (let other = 0; other < members.count; other++) {
      if (members.isUp[other] === 1 && network.connects(member, other)) count++;
    }
    return count;
  }

  #lastHeartbeat(): number {
    const { simulation, raft } = this.#parts;
    return Math.max(0, simulation.now - Math.floor(this.#stream.uniform() * raft.heartbeat));
  }

  /** Timers count ticks of their member's own clock; the first tick comes up to one heartbeat after the last message. */
  #startTimer(member: number, from: number): void {
    const { raft } = this.#parts;
    const phase = this.#stream.uniform();
    const ticks = raft.electionTicks + this.#stream.integer(raft.electionTicks);
    this.#expiry[member] = from + Math.ceil((ticks - phase) * raft.heartbeat);
    this.#leaseUntil[member] = from + Math.ceil((raft.electionTicks - phase) * raft.heartbeat);
  }

  #schedule(): void {
    const { simulation } = this.#parts;
    simulation.cancel(this.#campaignEvent);
    this.#campaignEvent = noEvent;
    if (this.#candidate >= 0) return;
    const first = Math.min(...this.#expiry);
    if (first < Infinity) this.#campaignEvent = this.#campaign.at(Math.max(first, simulation.now) as Instant);
  }

  /** The member whose timer went off first stands for election. */
  #stand(): void {
    const { simulation, members, raft } = this.#parts;
    const { now } = simulation;
    let candidate = -1;
    for (let member = 0; member < members.count; member++) {
      if (candidate < 0 || this.#expiry[member]! < this.#expiry[candidate]!) candidate = member;
    }
    // A candidate that cannot read votes in time wins nothing, and with pre-vote disturbs nobody.
    const isStarved = turnDelay(this.#parts, candidate) >= this.#shortest;
    const preVotes = isStarved ? Infinity : this.#collectVotes(candidate, now, 0);
    if (preVotes === Infinity) {
      this.#startTimer(candidate, now);
      this.#leaseUntil[candidate] = 0;
      this.#schedule();
      return;
    }
    this.#endOldTerm();
    const requestedAt = this.#parts.disks.sampleVote(candidate, preVotes);
    const electedAt = this.#collectVotes(candidate, requestedAt, preVotes);
    const patience = (raft.electionTicks + this.#stream.integer(raft.electionTicks)) * raft.heartbeat;
    this.term++;
    if (electedAt - requestedAt > patience) {
      this.#tryAgain(requestedAt);
    } else {
      this.#candidate = candidate;
      this.#countedEvent = this.#counted.at(electedAt as Instant);
    }
  }

  /** Nobody has won: votes were split, or came too late. Everybody waits for a new timeout. */
  #tryAgain(from: number): void {
    this.split++;
    for (let member = 0; member < this.#expiry.length; member++) {
      if (this.#expiry[member]! < Infinity) this.#startTimer(member, from);
    }
    this.#leaseUntil.fill(0);
    this.#schedule();
  }

  /**
   * When a majority has said yes to a question asked at `askedAt`, Infinity when none does. With `writesSince` > 0 it is
   * the vote itself: voters write it down, and those whose own timer went off meanwhile have voted for themselves.
   */
  #collectVotes(candidate: number, askedAt: number, writesSince: number): number {
    const { members, network, disks, logs, simulation } = this.#parts;
    this.#votes.fill(Infinity);
    for (let voter = 0; voter < members.count; voter++) {
      if (voter === candidate || members.isUp[voter] === 0 || !network.connects(candidate, voter)) continue;
      const isDeaf = this.#isSilent && voter === this.leader;
      if (isDeaf || this.#leaseUntil[voter]! > simulation.now || !logs.isUpToDate(candidate, voter)) continue;
      const oneWay = network.oneWay(candidate, voter);
      const arrives = askedAt + oneWay;
      if (writesSince > 0 && this.#expiry[voter]! <= arrives) continue;
      const heardAt = disks.freeAt(voter, arrives + turnDelay(this.#parts, voter));
      this.#votes[voter] = (writesSince > 0 ? disks.sampleVote(voter, heardAt) : heardAt) + oneWay;
    }
    return Math.max(askedAt, kthSmallest(this.#votes, members.quorum - 1));
  }

  /** A higher term ends the old leader's, whether it hears of it now or later. */
  #endOldTerm(): void {
    const { simulation } = this.#parts;
    simulation.cancel(this.#stepDownEvent);
    this.#searchSince = simulation.now;
    this.#isSilent = false;
    if (this.leader < 0) return;
    this.leader = -1;
    this.#observer.leaderLost();
  }

  #count(): void {
    const { members } = this.#parts;
    const candidate = this.#candidate;
    this.#candidate = -1;
    if (this.#reach(candidate) < members.quorum) {
      this.reconsider();
      return;
    }
    this.leader = candidate;
    this.won++;
    this.#expiry.fill(Infinity);
    this.#leaseUntil.fill(0);
    this.#observer.leaderElected(candidate, this.term, this.#searchSince);
    this.reconsider();
  }

  #isStepDownPending(): boolean {
    return this.#parts.simulation.isPending(this.#stepDownEvent);
  }

  /** A leader looks once per election timeout whether it has heard a majority since the last look (check-quorum). */
  #stepDownLater(): void {
    const { raft, simulation } = this.#parts;
    const timeout = raft.electionTicks * raft.heartbeat;
    const at = simulation.now + timeout + this.checkPhase();
    this.#stepDownEvent = this.#steppedDown.at(at as Instant);
  }
}
