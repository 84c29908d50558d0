/**
 * The followers, as their leader sees them: what has been sent to whom, and when each will have acknowledged it. A leader brings one that it can reach up to date: it notices with its next
 * heartbeat, sends the entries it still keeps, and before them the whole database when those do not reach back far enough.
 */
import type { EventType, Instant } from '@brownout/core';
import type { Batch, Batches } from './batches.ts';
import { kthSmallest, type RaftParts, turnDelay } from './raft-parts.ts';

/** What followers have and have not, in columns by member. */
export class Followers {
  readonly #parts: RaftParts;
  /** The member has the rest of the log from this instant on. */
  readonly #behindUntil: Float64Array;
  readonly #caughtUp: EventType;
  #leader = 0;
  #lastEntry = 0;

  constructor(parts: RaftParts) {
    this.#parts = parts;
    this.#behindUntil = new Float64Array(parts.members.count);
    this.#caughtUp = parts.simulation.event(`${parts.name} caught up`, (member) => this.#catchUp(member));
  }

  /** Whether a member hears the leader. */
  hears(member: number, leader: number): boolean {
    return this.#parts.members.isUp[member] === 1 && this.#parts.network.connects(leader, member);
  }

  /** The leader has written up to `entry`. */
  advance(leader: number, entry: number): void {
    this.#leader = leader;
    this.#lastEntry = entry;
  }

  /** Sends a batch to everybody in reach; the ends of their fsyncs, and with them of the commit, are known at once. */
  send(batch: Batch, leader: number): void {
    const { members, network, disks, logs, simulation } = this.#parts;
    this.advance(leader, batch.entry);
    for (let member = 0; member < members.count; member++) {
      batch.ackAt[member] = Infinity;
      if (member === leader || !this.hears(member, leader)) continue;
      const oneWay = network.oneWay(leader, member);
      const behindUntil = this.#behindUntil[member]!;
      batch.ackAt[member] = disks.append(member, Math.max(batch.sentAt + oneWay, behindUntil), batch.entry) + oneWay;
      if (behindUntil <= simulation.now) logs.receive(member, batch.entry, batch.term);
    }
    this.#noteMajority(batch);
  }

  /** Answers that were on their way from members out of reach are gone; members in reach again are sent what they lack. */
  sendAgain(batch: Batch): void {
    const { members, network, disks, simulation } = this.#parts;
    const leader = this.#leader;
    const { now } = simulation;
    for (let member = 0; member < members.count; member++) {
      if (member === leader) continue;
      const isInReach = this.hears(member, leader);
      const oneWay = network.oneWay(leader, member);
      if (!isInReach && batch.ackAt[member]! > now) {
        batch.ackAt[member] = Infinity;
      } else if (isInReach && batch.ackAt[member] === Infinity) {
        const at = Math.max(now + oneWay, batch.sentAt + oneWay, this.#behindUntil[member]!);
        batch.ackAt[member] = disks.append(member, at, batch.entry) + oneWay;
      }
    }
    this.#noteMajority(batch);
  }

  /** What a member has not made durable by now it acknowledges after the stall of its disk. */
  diskStalled(member: number, batches: Batches): void {
    const { network, disks, simulation } = this.#parts;
    const oneWay = network.oneWay(this.#leader, member);
    const { uncommitted } = batches;
    for (let i = 0; i < uncommitted.size; i++) {
      const batch = batches.at(uncommitted.at(i));
      if (batch.ackAt[member]! - oneWay <= simulation.now) continue;
      batch.ackAt[member] = Math.max(batch.ackAt[member]!, disks.stalledUntil(member) + oneWay);
      this.#noteMajority(batch);
    }
  }

  /** Looks who is behind and reachable, and begins to send. */
  bringUp(): void {
    const { members, logs, raft, simulation, storage } = this.#parts;
    const leader = this.#leader;
    for (let member = 0; member < members.count; member++) {
      if (member === leader || !this.hears(member, leader)) continue;
      if (this.#behindUntil[member]! > simulation.now) continue;
      if (logs.entry[member] === this.#lastEntry && logs.term[member] === logs.term[leader]) continue;
      const lag = Math.max(0, this.#lastEntry - logs.entry[member]!);
      const snapshot = lag > raft.catchUpEntries ? (storage?.usedBytes ?? 0) / raft.snapshotBytesPerSecond : 0;
      const seconds = snapshot + Math.min(lag, raft.catchUpEntries) / raft.catchUpEntriesPerSecond;
      this.#behindUntil[member] = simulation.now + raft.heartbeat + Math.round(seconds * 1_000_000);
      this.#caughtUp.at(this.#behindUntil[member]! as Instant, member);
    }
  }

  /** What `leader` has sent and has not arrived at a member by now never will. */
  dropUnreceived(member: number, leader: number, batches: Batches): void {
    const { logs, network, simulation } = this.#parts;
    const { uncommitted } = batches;
    for (let i = 0; i < uncommitted.size; i++) {
      const batch = batches.at(uncommitted.at(i));
      if (batch.sentAt + network.oneWay(leader, member) > simulation.now) {
        logs.cutTo(member, batch.entry - Math.max(1, batch.size));
        return;
      }
    }
  }

  /** The leader reads acknowledgements when it has its turn. */
  #noteMajority(batch: Batch): void {
    const { members } = this.#parts;
    const wait = members.count === 1 ? 0 : turnDelay(this.#parts, this.#leader);
    batch.quorumAt = kthSmallest(batch.ackAt, members.quorum - 1) + wait;
  }

  #catchUp(member: number): void {
    const { logs, simulation } = this.#parts;
    const leader = this.#leader;
    if (leader === member || !this.hears(member, leader) || this.#behindUntil[member]! > simulation.now) return;
    logs.receive(member, this.#lastEntry, logs.term[leader]!);
  }
}
