/**
 * Linearisable reads. A member asks the leader for its commit index, the leader makes sure that it still leads by one
 * round of heartbeats to a majority - no disk in it, but behind whatever fsync its loop waits for - and the member reads
 * when it has applied that far. One question per member is under way at a time; reads that come meanwhile share the next.
 *
 *   read -> member: waits for the next round -> [one way] -> leader's loop -> round trip to a majority -> [one way] -> range
 *
 * A leader change fails the question, and so do lost packets; the API server's etcd client repeats a failed read (etcd
 * client/v3/retry.go: ranges are repeatable), so here it waits on, at most `readPatience`.
 */
import { type EventHandle, type EventType, Fifo, type Instant, noEvent, type TimeoutType } from '@brownout/core';
import { EtcdOutcome } from './options.ts';
import { kthSmallest, type RaftParts, turnDelay } from './raft-parts.ts';
import type { RaftCommits } from './raft-commits.ts';

const IDLE = 0;
/** On the way to the leader, which may be busy. */
const ASKING = 1;
/** Being confirmed by a majority, or waiting for the apply thread. */
const CONFIRMING = 2;
/** No leader, or no way to it or to a majority: asked again later. */
const STUCK = 3;

/** The read rounds of one cluster, in columns by member. */
export class ReadRounds {
  /** Questions that a leader change or a lost packet failed (etcd_server_read_indexes_failed_total). */
  failed = 0;
  /** By member: times that a confirmation had not come within the time limit of a request (etcd_server_slow_read_indexes_total). */
  readonly slow: Float64Array;
  /** By member: since when it waits for the present confirmation, in microseconds. */
  readonly #askedSince: Float64Array;
  readonly #parts: RaftParts;
  readonly #commits: RaftCommits;
  readonly #waiting: readonly Fifo[];
  readonly #asking: readonly Fifo[];
  readonly #stage: Uint8Array;
  readonly #event: Float64Array;
  readonly #acks: Float64Array;
  readonly #asked: EventType;
  readonly #confirmed: EventType;
  readonly #again: EventType;
  readonly #gaveUp: TimeoutType;
  #timer: Float64Array<ArrayBuffer> = new Float64Array(1024).fill(noEvent);
  /** When each read came for the first time. */
  #since: Float64Array<ArrayBuffer> = new Float64Array(1024);
  #inside = 0;

  constructor(parts: RaftParts, commits: RaftCommits) {
    const { simulation, name, members, raft } = parts;
    this.#parts = parts;
    this.#commits = commits;
    this.#waiting = Array.from({ length: members.count }, () => new Fifo());
    this.#asking = Array.from({ length: members.count }, () => new Fifo());
    this.#stage = new Uint8Array(members.count);
    this.#event = new Float64Array(members.count).fill(noEvent);
    this.#acks = new Float64Array(members.count);
    this.slow = new Float64Array(members.count);
    this.#askedSince = new Float64Array(members.count);
    this.#asked = simulation.event(`${name} read index`, (member) => this.#askMajority(member));
    this.#confirmed = simulation.event(`${name} read confirmed`, (member) => this.#serve(member), 'release');
    this.#again = simulation.event(`${name} read index again`, (member) => this.#ask(member));
    this.#gaveUp = simulation.timeout(`${name} read gave up`, raft.readPatience, (request) => this.#giveUp(request));
  }

  /** Reads that wait for a round. */
  get count(): number {
    return this.#inside;
  }

  /**
   * How long a read that comes to a member now will wait for its round, in microseconds, if nothing else happens;
   * Infinity when it would have to wait for an event.
   */
  expectedWait(member: number): number {
    const { simulation, network } = this.#parts;
    const { leader, hasCommittedInTerm } = this.#commits;
    if (leader < 0 || !hasCommittedInTerm || !network.connects(member, leader)) return Infinity;
    return Math.max(0, this.#readyAt(member, this.#sentAt(member)) - simulation.now);
  }

  /** A read comes, for the first time. */
  note(request: number): void {
    if (request >= this.#timer.length) this.#grow(request);
    this.#since[request] = this.#parts.simulation.now;
  }

  /** Whether the API server's client still wants a read that has failed. */
  isWanted(request: number): boolean {
    const { requests, simulation, raft } = this.#parts;
    const hasClient = requests.server[request]! >= 0 && requests.isGone[request] === 0;
    return hasClient && simulation.now - this.#since[request]! < raft.readPatience;
  }

  /** A read waits for the next round of its member. */
  submit(request: number, member: number): void {
    this.#timer[request] = this.#gaveUp.start(request);
    this.#inside++;
    this.#waiting[member]!.push(request);
    if (this.#stage[member] === IDLE) this.#start(member);
  }

  /** The round in flight fails: there is no leader, or another one. Reads go on waiting. */
  leaderChanged(): void {
    for (let member = 0; member < this.#stage.length; member++) this.#fail(member);
  }

  /** A leader may answer now, or ways have changed: stuck rounds start again at the next retry at the latest. */
  retry(): void {
    for (let member = 0; member < this.#stage.length; member++) {
      if (this.#stage[member] !== STUCK) continue;
      this.#parts.simulation.cancel(this.#event[member]! as EventHandle);
      this.#ask(member);
    }
  }

  /** Packets of members that are cut off are lost, and with them the rounds they take part in. */
  waysChanged(): void {
    const { network } = this.#parts;
    const { leader } = this.#commits;
    for (let member = 0; member < this.#stage.length; member++) {
      if (leader < 0 || !network.connects(leader, member)) this.#fail(member);
    }
  }

  /** The member has died. Its clients are told by others. */
  memberStopped(member: number): void {
    this.#parts.simulation.cancel(this.#event[member]! as EventHandle);
    this.#stage[member] = IDLE;
    this.#waiting[member]!.clear();
    this.#asking[member]!.clear();
  }

  /** Whether a read waits for a round, and forgets it if so. */
  forget(request: number): boolean {
    if (request >= this.#timer.length || this.#timer[request] === noEvent) return false;
    this.#parts.simulation.cancel(this.#timer[request]! as EventHandle);
    this.#timer[request] = noEvent;
    this.#inside--;
    return true;
  }

  #start(member: number): void {
    const waiting = this.#waiting[member]!;
    const asking = this.#asking[member]!;
    while (waiting.size > 0) asking.push(waiting.shift());
    this.#askedSince[member] = this.#parts.simulation.now;
    this.#ask(member);
  }

  #ask(member: number): void {
    const { simulation, network } = this.#parts;
    const { leader, hasCommittedInTerm } = this.#commits;
    if (leader < 0 || !hasCommittedInTerm || !network.connects(member, leader)) {
      this.#retryLater(member);
      return;
    }
    this.#stage[member] = ASKING;
    const sentAt = this.#sentAt(member);
    if (sentAt === simulation.now) this.#askMajority(member);
    else this.#event[member] = this.#asked.at(sentAt as Instant, member);
  }

  /** When the leader sends the round of a question asked now. */
  #sentAt(member: number): number {
    const { simulation, network } = this.#parts;
    const { leader, leaderSince } = this.#commits;
    const arrives = Math.max(simulation.now, leaderSince) + network.oneWay(member, leader);
    return this.#commits.loopFreeAt(arrives + turnDelay(this.#parts, leader));
  }

  /** When a member may read, of a round sent at `sentAt`: followers answer between their fsyncs, the leader hears between its own. */
  #readyAt(member: number, sentAt: number): number {
    const { members, network, disks } = this.#parts;
    const { leader } = this.#commits;
    for (let follower = 0; follower < members.count; follower++) {
      const isInReach = members.isUp[follower] === 1 && network.connects(leader, follower);
      const oneWay = network.oneWay(leader, follower);
      this.#acks[follower] =
        follower === leader || !isInReach ? Infinity : disks.freeAt(follower, sentAt + oneWay) + oneWay;
    }
    const heardAt = kthSmallest(this.#acks, members.quorum - 1);
    const confirmedAt = this.#commits.loopFreeAt(Math.max(sentAt, heardAt)) + network.oneWay(leader, member);
    return Math.max(confirmedAt, this.#commits.appliers.freeAt(member));
  }

  /** The leader sends the round. */
  #askMajority(member: number): void {
    const { now } = this.#parts.simulation;
    const readyAt = this.#readyAt(member, now);
    if (readyAt === Infinity) {
      this.failed++;
      this.#retryLater(member);
      return;
    }
    this.#stage[member] = CONFIRMING;
    if (readyAt === now) this.#serve(member);
    else this.#event[member] = this.#confirmed.at(readyAt as Instant, member);
  }

  #serve(member: number): void {
    const { requests, serve } = this.#parts;
    const asking = this.#asking[member]!;
    this.#noteSlow(member);
    this.#stage[member] = IDLE;
    for (let left = asking.size; left > 0 && asking.size > 0; left--) {
      const request = asking.shift();
      if (requests.etcdMember[request] === member && this.forget(request)) serve(request, member);
    }
    if (this.#stage[member] === IDLE && this.#waiting[member]!.size > 0) this.#start(member);
  }

  #fail(member: number): void {
    const stage = this.#stage[member]!;
    if (stage === IDLE || stage === STUCK) return;
    this.failed++;
    this.#noteSlow(member);
    this.#askedSince[member] = this.#parts.simulation.now;
    this.#parts.simulation.cancel(this.#event[member]! as EventHandle);
    this.#retryLater(member);
  }

  /** The member's loop gives a confirmation up after the time limit of a request, and asks anew (etcdserver/v3_server.go). */
  #noteSlow(member: number): void {
    const limit = this.#parts.options.requestTimeout;
    const times = Math.floor((this.#parts.simulation.now - this.#askedSince[member]!) / limit);
    if (times < 1) return;
    this.slow[member]! += times;
    this.#askedSince[member]! += times * limit;
  }

  #retryLater(member: number): void {
    if (this.#inside === 0) {
      this.#asking[member]!.clear();
      this.#waiting[member]!.clear();
      this.#stage[member] = IDLE;
      return;
    }
    this.#noteSlow(member);
    this.#stage[member] = STUCK;
    this.#event[member] = this.#again.after(this.#parts.raft.readIndexRetry, member);
  }

  #giveUp(request: number): void {
    this.#timer[request] = noEvent;
    this.#inside--;
    this.#parts.answer(request, EtcdOutcome.unavailable);
  }

  #grow(request: number): void {
    let capacity = this.#timer.length;
    while (capacity <= request) capacity *= 2;
    const timer = new Float64Array(capacity).fill(noEvent);
    const since = new Float64Array(capacity);
    timer.set(this.#timer);
    since.set(this.#since);
    this.#timer = timer;
    this.#since = since;
  }
}
