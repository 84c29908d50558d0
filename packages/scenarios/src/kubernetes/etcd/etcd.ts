/**
 * etcd: a replicated store with one leader. Reads cost the member that serves them CPU and memory in proportion to
 * what they read; writes go through the log of the leader. A member that runs out of memory is killed; without a quorum
 * nothing is written and nothing linearisable is read. How consensus works is one of two models: `plain-commits.ts`, or
 * with the option `raft` the parts that `raft-engine.ts` puts together.
 *
 *   API server i --read--> member i mod m (cores shared, response held in memory)
 *   API server i --write-> leader: log, fsync on a majority -> applied -> answer
 */
import { type Duration, type EventType, noTime, plus, type SharedProcessor, type Simulation } from '@brownout/core';
import { type OperationTable, PATH_WRITE } from '../requests/operation.ts';
import type { RequestTable } from '../requests/api-request.ts';
import { Connections } from './connections.ts';
import type { EtcdEngine } from './engine.ts';
import { Members } from './members.ts';
import {
  type CommitListener,
  type EtcdClient,
  type EtcdObserver,
  type EtcdOptions,
  EtcdOutcome,
  type EtcdRequestListener,
  type FsyncListener,
  raftDefaults,
  type RaftOptions,
  storageDefaults,
} from './options.ts';
import { PlainCommits } from './plain-commits.ts';
import { RaftEngine } from './raft-engine.ts';
import { Storage } from './storage.ts';

export type { EtcdClient, EtcdObserver, EtcdOptions } from './options.ts';

/** A light read is over long before any deadline, in microseconds. */
const LONGEST_LIGHT_WAIT = 50_000;

/** What an etcd cluster is connected to. */
export interface EtcdParts {
  readonly requests: RequestTable;
  readonly operations: OperationTable;
  readonly client: EtcdClient;
  readonly observer: EtcdObserver;
}

/** A running etcd cluster. */
export class Etcd {
  /** What its streams and events begin with. */
  readonly name: string;
  readonly members: readonly SharedProcessor[];
  /** Present with the option `storage`: sizes, quota and alarm of the database. */
  readonly storage: Storage | undefined;
  /** Present with the option `raft`: commits, elections, reads and disks, for metrics. */
  readonly raft: RaftEngine | undefined;
  /** Told of requests of API servers from now on, for metrics; default nobody. */
  requestListener: EtcdRequestListener | undefined;
  readonly #simulation: Simulation;
  readonly #options: EtcdOptions;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #client: EtcdClient;
  readonly #observer: EtcdObserver;
  readonly #members: Members;
  readonly #engine: EtcdEngine;
  readonly #connections: Connections | undefined;
  readonly #memberBack: EventType;
  /** Members without power, and members whose API servers cannot reach them. */
  readonly #isLost: Uint8Array;
  readonly #isCut: Uint8Array;
  readonly #commitListeners: CommitListener[] = [];
  readonly #minds: ((operation: number) => boolean)[] = [];
  #revision = 1;
  #kills = 0;

  constructor(simulation: Simulation, name: string, options: EtcdOptions, parts: EtcdParts) {
    this.#simulation = simulation;
    this.name = name;
    this.#options = options;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#client = parts.client;
    this.#observer = parts.observer;
    this.#members = new Members(simulation, name, options, {
      ...parts,
      onServed: (request) => this.#answer(request, EtcdOutcome.ok),
      onOutgrown: (member) => this.#killForMemory(member),
    });
    this.members = this.#members.processors;
    this.#isLost = new Uint8Array(options.members);
    this.#isCut = new Uint8Array(options.members);
    if (options.raft === undefined) {
      if (options.storage !== undefined) throw new RangeError(`etcd "${name}": option storage needs option raft`);
      this.#engine = this.#createPlain();
    } else {
      const raft = { ...raftDefaults, ...options.raft };
      if (options.storage !== undefined) {
        this.storage = new Storage(options.members, { ...storageDefaults, ...options.storage }, parts.operations);
      }
      const engine = this.#createRaft(raft);
      this.raft = engine;
      this.#engine = engine;
      const { requestTimeout } = options;
      const connected = { ...parts, members: this.#members, engine, requestTimeout };
      this.#connections = new Connections(simulation, name, raft, connected);
      this.#startCompactor();
    }
    this.#memberBack = simulation.event(`${name} member back`, (member) => this.#bringBack(member));
  }

  /** Whether a majority of members is up and has a leader. */
  get hasQuorum(): boolean {
    return this.#engine.hasQuorum;
  }

  /** The member that leads; -1 during an election (raft only: the plain model names the last one). */
  get leader(): number {
    return this.#engine.leader;
  }

  /** Revision of the last committed write. */
  get revision(): number {
    return this.#revision;
  }

  /** Members killed for memory so far. */
  get memoryKills(): number {
    return this.#kills;
  }

  isUp(member: number): boolean {
    return this.#members.isUp[member] === 1;
  }

  /** CPU that writes have taken on a member so far, in core-microseconds; reads are in the member's own books. */
  writeCpu(member: number): number {
    return this.#members.writeCpu[member]!;
  }

  /** CPU that light reads on the short way have taken on a member so far, in core-microseconds. */
  lightReadCpu(member: number): number {
    return this.#members.lightReadCpu[member]!;
  }

  /** Whether the member that serves reads of API server `server` has a core to spare for a light one, and answers soon. */
  hasIdleCore(server: number): boolean {
    const member = this.#readMember(server);
    if (this.raft === undefined) return this.#members.hasIdleCore(member);
    const isReady = !this.#connections!.isSilent(member) && this.#members.hasIdleCore(member);
    return isReady && this.raft.reads.expectedWait(member) <= LONGEST_LIGHT_WAIT;
  }

  /** Books the CPU of a light read that had a core to itself. */
  bookLightRead(server: number, cpu: number): void {
    this.#members.lightReadCpu[this.#readMember(server)]! += cpu;
  }

  /** Books a light write of an API server that is not simulated on its own: CPU, database and revision. */
  bookLightWrite(server: number, operation: number, subject: number): void {
    this.#bookLight(server, operation, 1);
    this.#committed(-1, operation, subject);
  }

  /** Books `count` of them at once, while `sumsLightWrites`: who listens to writes minds none of them. */
  bookManyLightWrites(server: number, operation: number, count: number): void {
    this.#bookLight(server, operation, count);
    this.#revision += count;
  }

  /** Whether all that comes of `bookLightWrite` are sums: nobody minds which object it is, or how many there were before. */
  sumsLightWrites(operation: number): boolean {
    return this.#minds.every((minds) => !minds(operation));
  }

  /** Whether a light write meets nothing out of the ordinary at any member now. */
  isCalmFor(operation: number): boolean {
    if (this.raft === undefined) return this.hasQuorum;
    return this.hasQuorum && !this.#connections!.isAnySilent && this.raft.isCalmFor(operation, LONGEST_LIGHT_WAIT);
  }

  /** How long a light read waits for its majority besides its CPU, in microseconds; 0 without `raft`. */
  lightReadWait(server: number): Duration {
    if (this.raft === undefined) return noTime;
    return Math.min(LONGEST_LIGHT_WAIT, this.raft.reads.expectedWait(this.#readMember(server))) as Duration;
  }

  /** Memory of a member now, in bytes. */
  memoryBytes(member: number): number {
    return this.#members.memoryBytes(member);
  }

  /** Highest memory a member has reached, in bytes: the limit when it was killed for it. */
  peakMemoryBytes(member: number): number {
    return this.#members.peakMemoryBytes(member);
  }

  /**
   * Calls `listener` with every write from now on, in commit order, before the write is answered. It need not be told of
   * operations that it does not mind; default: it minds all.
   */
  onCommitted(listener: CommitListener, minds: (operation: number) => boolean = () => true): void {
    this.#commitListeners.push(listener);
    this.#minds.push(minds);
  }

  /** Calls `listener` with the duration of every fsync from now on; raft only. */
  onFsync(listener: FsyncListener): void {
    this.#needRaft('fsync durations').disks.onFsync = listener;
  }

  /** Starts serving a request; `etcdAnswered` follows, always. The API server's own reads are all linearisable. */
  submit(request: number, isSerializable = false): void {
    this.requestListener?.asked(request);
    if (this.#connections !== undefined) this.#connections.submit(request, isSerializable);
    else if (this.#operations.path[this.#requests.operation[request]!] === PATH_WRITE)
      this.#engine.submitWrite(request);
    else this.#engine.submitRead(request, isSerializable);
  }

  /** Kills the process of a member; it comes back after the restart time. Does nothing to one that is down. */
  crash(member: number): void {
    if (this.#members.isUp[member] === 1) this.#stop(member);
  }

  /** Cuts members off from the others, and from their API servers too unless `reachClients`. */
  isolate(members: readonly number[], options: { readonly reachClients?: boolean } = {}): void {
    this.#needRaft('partitions').cut(members);
    if (options.reachClients === true) return;
    for (const member of members) {
      this.#isCut[member] = 1;
      this.#connections!.silence(member);
    }
  }

  /** Ends every partition. */
  heal(): void {
    this.#needRaft('partitions').heal();
    this.#isCut.fill(0);
    for (let member = 0; member < this.#members.count; member++) {
      if (this.#isLost[member] === 0) this.#connections!.hear(member);
    }
  }

  /** Power fails in a zone: its members are gone without a word, until `restoreZone`. */
  loseZone(zone: number): void {
    for (const member of this.#needRaft('zones').network.inZone(zone)) {
      if (this.#isLost[member] === 1) continue;
      this.#isLost[member] = 1;
      this.#connections!.silence(member);
      this.crash(member);
    }
  }

  /** Power is back: members of the zone start, and serve after the restart time. */
  restoreZone(zone: number): void {
    for (const member of this.#needRaft('zones').network.inZone(zone)) {
      if (this.#isLost[member] === 0) continue;
      this.#isLost[member] = 0;
      this.#memberBack.after(this.#options.restart, member);
    }
  }

  /** Fsyncs of a member take `factor` times as long from now on; 1 = as configured. */
  slowDisk(member: number, factor: number): void {
    this.#needRaft('disks').disks.slow(member, factor);
  }

  /** No fsync of a member ends within `duration` from now. */
  stallDisk(member: number, duration: Duration): void {
    this.#needRaft('disks').stallDisk(member, plus(this.#simulation.now, duration));
  }

  /** Defragments a member's database: the file shrinks to its content, and meanwhile the member applies and reads nothing. */
  defragment(member: number): void {
    const until = this.#simulation.now + this.#needStorage().defragment(member);
    this.#needRaft('databases').commits.appliers.block(member, until);
  }

  /** Takes the NOSPACE alarm back; the next put raises it again if the file is still too large. */
  disarm(): void {
    this.#needStorage().isAlarmed = false;
  }

  #createPlain(): PlainCommits {
    return new PlainCommits(this.#simulation, this.name, this.#options, {
      requests: this.#requests,
      operations: this.#operations,
      members: this.#members,
      answer: (request, ok) => this.#answer(request, ok ? EtcdOutcome.ok : EtcdOutcome.unavailable),
      committed: (request) => {
        this.#committed(request, this.#requests.operation[request]!, this.#requests.subject[request]!);
      },
      serve: (request, member) => this.#serve(request, member),
    });
  }

  #createRaft(raft: RaftOptions): RaftEngine {
    return new RaftEngine(this.#simulation, this.name, this.#options, raft, {
      requests: this.#requests,
      operations: this.#operations,
      members: this.#members,
      storage: this.storage,
      answer: (request, outcome) => this.#answer(request, outcome),
      committed: (request, operation, subject) => this.#committed(request, operation, subject),
      raiseAlarm: (member) => this.#raiseAlarm(member),
      serve: (request, member) => this.#serve(request, member),
      leaderElected: (member, term) => this.#observer.etcdLeaderElected?.(member, term),
    });
  }

  #bookLight(server: number, operation: number, count: number): void {
    if (this.raft !== undefined) this.raft.bookLightWrites(this.#readMember(server), operation, count);
    else this.#members.bookWrites(Math.max(0, this.#engine.leader), this.#operations.etcdCpu[operation]!, count);
  }

  #readMember(server: number): number {
    return this.#connections?.memberOf(server) ?? this.#members.servingMember(server, this.#engine.leader);
  }

  #serve(request: number, member: number): void {
    const isTooMuch = this.#members.serve(request, member);
    this.raft?.threadStarted(member);
    if (isTooMuch) this.#killForMemory(member);
  }

  #killForMemory(member: number): void {
    this.#kills++;
    this.#stop(member);
  }

  #answer(request: number, outcome: EtcdOutcome): void {
    if (this.#connections !== undefined) {
      this.#connections.answer(request, outcome);
    } else {
      this.#members.leave(request);
      this.#client.etcdAnswered(request, outcome === EtcdOutcome.ok, outcome);
    }
  }

  #committed(request: number, operation: number, subject: number): void {
    this.#revision++;
    for (const listener of this.#commitListeners) listener(request, this.#revision, operation, subject);
  }

  /** Ends the process of a member; what it held is answered or repeated by those who waited for it. */
  #stop(member: number): void {
    this.#members.stop(member);
    this.#observer.etcdMemberKilled(member);
    this.#engine.memberStopped(member);
    const lost = this.#requests.insideEtcdMember(member);
    this.#members.forgetMemory(member);
    this.#engine.forget(lost);
    if (this.#isLost[member] === 0) this.#memberBack.after(this.#options.restart, member);
    if (this.#connections !== undefined) {
      this.#connections.lose(member, lost);
      return;
    }
    for (const request of lost) {
      this.#requests.etcdMember[request] = -1;
      this.#client.etcdAnswered(request, false, EtcdOutcome.unavailable);
    }
  }

  #bringBack(member: number): void {
    if (this.#isLost[member] === 1 || this.#members.isUp[member] === 1) return;
    this.#members.isUp[member] = 1;
    this.#engine.memberStarted(member);
    this.#observer.etcdMemberBack(member);
    if (this.#isCut[member] === 0) this.#connections?.hear(member);
  }

  #raiseAlarm(member: number): void {
    if (this.storage === undefined || this.storage.isAlarmed) return;
    this.storage.isAlarmed = true;
    this.#observer.etcdAlarmRaised?.(member);
  }

  #startCompactor(): void {
    const { storage } = this;
    if (storage === undefined) return;
    const interval = { ...storageDefaults, ...this.#options.storage }.compactionInterval;
    if (interval === noTime) return;
    const compaction: EventType = this.#simulation.event(`${this.name} compaction`, () => {
      compaction.after(interval);
      if (!this.hasQuorum) storage.failedCompactions++;
      else if (storage.compact(this.#revision + 1)) this.#revision++;
    });
    compaction.after(interval);
  }

  #needRaft(what: string): RaftEngine {
    if (this.raft === undefined) throw new RangeError(`etcd "${this.name}": ${what} need the option raft`);
    return this.raft;
  }

  #needStorage(): Storage {
    if (this.storage === undefined) throw new RangeError(`etcd "${this.name}": a database needs the option storage`);
    return this.storage;
  }
}
