/**
 * The raft model of consensus, put together: commits, elections, starvation and read rounds of one cluster, and the
 * injected causes that they answer to.
 */
import { minutes, type Simulation } from '@brownout/core';
import { Disks } from './disks.ts';
import { Elections } from './elections.ts';
import type { EtcdEngine } from './engine.ts';
import { Logs } from './logs.ts';
import { Network } from './network.ts';
import type { EtcdOptions, RaftOptions } from './options.ts';
import { RaftCommits } from './raft-commits.ts';
import type { RaftParts } from './raft-parts.ts';
import { ReadRounds } from './read-rounds.ts';
import { StarvationWatch } from './starvation-watch.ts';

/** What the engine needs from the cluster around it, besides what it makes itself. */
export type RaftEngineParts = Pick<
  RaftParts,
  'requests' | 'operations' | 'members' | 'storage' | 'answer' | 'committed' | 'raiseAlarm' | 'serve'
> & { readonly leaderElected: (member: number, term: number) => void };

/** See the head of this file. */
export class RaftEngine implements EtcdEngine {
  hasQuorum = true;
  readonly commits: RaftCommits;
  readonly elections: Elections;
  readonly reads: ReadRounds;
  readonly network: Network;
  readonly disks: Disks;
  readonly #parts: RaftParts;
  readonly #watch: StarvationWatch;

  constructor(simulation: Simulation, name: string, options: EtcdOptions, raft: RaftOptions, parts: RaftEngineParts) {
    checkRaft(name, options, raft);
    const { count } = parts.members;
    this.network = new Network(count, raft);
    this.disks = new Disks(simulation, name, count, options.fsync);
    this.#parts = {
      ...parts,
      simulation,
      name,
      options,
      raft,
      network: this.network,
      disks: this.disks,
      logs: new Logs(count),
    };
    this.elections = new Elections(this.#parts, {
      leaderLost: () => {
        this.commits.leaderLost();
        this.reads.leaderChanged();
        this.hasQuorum = false;
      },
      leaderElected: (member, term, lostBefore) => {
        this.commits.lead(member, term, lostBefore);
        this.hasQuorum = true;
        parts.leaderElected(member, term);
      },
    });
    this.commits = new RaftCommits(this.#parts, {
      loopIsSilent: (from, until) => this.elections.loopIsSilent(from, until),
      loopRuns: () => this.elections.endSilence(),
      committedInTerm: () => this.reads.retry(),
    });
    this.elections.lastSentAt = () => this.commits.lastSentAt;
    this.reads = new ReadRounds(this.#parts, this.commits);
    this.#watch = new StarvationWatch(this.#parts, this.elections);
  }

  get leader(): number {
    return this.elections.leader;
  }

  submitWrite(request: number): void {
    this.commits.submit(request, this.#parts.requests.etcdMember[request]!);
  }

  submitRead(request: number, isSerializable: boolean): void {
    const member = this.#parts.requests.etcdMember[request]!;
    const isReadable = this.commits.appliers.freeAt(member) <= this.#parts.simulation.now;
    if (isSerializable && isReadable) this.#parts.serve(request, member);
    else this.reads.submit(request, member);
  }

  /** Books `count` writes that are not simulated: CPU where each step takes place, and what they leave in the database. */
  bookLightWrites(member: number, operation: number, count: number): void {
    const { members, operations, raft, storage } = this.#parts;
    const cpu = operations.etcdCpu[operation]!;
    members.bookWrites(member, cpu * (1 - raft.loopShare - raft.applyShare), count);
    members.bookWrites(Math.max(0, this.leader), cpu * raft.loopShare, count);
    for (let each = 0; each < members.count; each++) {
      if (members.isUp[each] === 1) members.bookWrites(each, cpu * raft.applyShare, count);
    }
    for (let booked = 0; booked < count; booked++) storage?.apply(operation);
    this.commits.committed += count;
  }

  /** Whether all members are up, hear each other, have room and write as fast as ever: nothing delays a write. */
  isCalmFor(operation: number, longestWait: number): boolean {
    const { members, simulation, storage } = this.#parts;
    if (members.upCount < members.count || !this.network.isWhole || storage?.isAlarmed === true) return false;
    for (let member = 0; member < members.count; member++) {
      if (this.commits.appliers.freeAt(member) - simulation.now > longestWait) return false;
      if (!this.disks.isAsConfigured(member, simulation.now)) return false;
      if (storage?.isFullFor(member, operation) === true) return false;
    }
    return true;
  }

  /** A range has begun on a member. */
  threadStarted(member: number): void {
    this.#watch.threadStarted(member);
  }

  memberStopped(member: number): void {
    if (member === this.commits.leader) this.commits.leaderLost();
    this.commits.memberStopped(member);
    this.reads.memberStopped(member);
    this.#waysChanged();
  }

  memberStarted(member: number): void {
    this.elections.memberStarted(member);
    this.#waysChanged();
  }

  forget(requests: readonly number[]): void {
    for (const request of requests) {
      if (!this.reads.forget(request) && this.commits.pending.isInside(request)) this.commits.forget(request);
    }
  }

  /** Cuts members off from all others; they still hear each other. */
  cut(members: readonly number[]): void {
    const { leader } = this.commits;
    const heard = Array.from({ length: this.#parts.members.count }, (_, member) =>
      this.network.connects(leader, member),
    );
    this.network.cut(members);
    heard.forEach((didHear, member) => {
      if (didHear && !this.network.connects(leader, member)) this.commits.memberCut(member);
    });
    this.#waysChanged();
  }

  /** Everybody hears everybody again. */
  heal(): void {
    this.network.heal();
    this.#waysChanged();
  }

  /** Lets no fsync of a member end before `until`. */
  stallDisk(member: number, until: number): void {
    this.disks.stall(member, until, this.#parts.simulation.now);
    this.commits.diskStalled(member);
  }

  #waysChanged(): void {
    this.elections.reconsider();
    this.commits.rearrange();
    this.hasQuorum = this.elections.hasQuorum;
    this.reads.waysChanged();
    this.reads.retry();
  }
}

function checkRaft(name: string, options: EtcdOptions, raft: RaftOptions): void {
  const shares = raft.loopShare + raft.applyShare;
  if (!(raft.loopShare >= 0 && raft.applyShare >= 0 && shares <= 1)) {
    throw new RangeError(`etcd "${name}": loopShare and applyShare must be >= 0 and at most 1 together, got ${shares}`);
  }
  if (!(options.members >= 1 && options.members <= MOST_MEMBERS)) {
    throw new RangeError(`etcd "${name}": members must be in 1..${MOST_MEMBERS}, got ${options.members}`);
  }
  if (!(raft.electionTicks >= 2 && raft.heartbeat > 0 && raft.electionTicks * raft.heartbeat <= minutes(1))) {
    throw new RangeError(
      `etcd "${name}": expected an election timeout of 2 heartbeats to 1 minute, got ${raft.electionTicks} x ${raft.heartbeat} us`,
    );
  }
}

const MOST_MEMBERS = 15;
