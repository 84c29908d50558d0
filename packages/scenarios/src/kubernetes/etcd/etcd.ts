/**
 * etcd: a replicated store with one leader. Reads cost the member that serves them CPU and memory in proportion to
 * what they read. Writes are proposed, committed and applied by one thread of the leader: while one batch is on its way
 * the next gathers, and a batch takes the CPU of its writes plus one fsync. A member that runs out of memory is killed;
 * without a quorum nothing is answered.
 *
 *   API server i --read--> member i mod m (cores shared, response held in memory)
 *   API server i --write-> leader: gathering batch -> [CPU of the batch, slowed as every thread is] -> fsync -> done
 */
import {
  createProcessor,
  type EventType,
  type Processor,
  type Simulation,
  type Stream,
  type Duration,
} from '@brownout/core';
import { type OperationTable, PATH_WRITE } from '../requests/operation.ts';
import type { RequestTable } from '../requests/api-request.ts';
import { WriteList } from './write-list.ts';

/** Size and speed of an etcd cluster. */
export interface EtcdOptions {
  readonly members: number;
  readonly coresPerMember: number;
  /** Bytes at which the kernel kills a member. */
  readonly memoryLimitBytes: number;
  /** Time of one write-ahead-log fsync, drawn per commit. */
  readonly fsync: { sample(stream: Stream): Duration };
  /** From the kill of a member until it serves again: restart, snapshot load, log replay. */
  readonly restart: Duration;
  /** From the loss of the leader to the next one: 1 to 2 election timeouts of 1 s. */
  readonly election: Duration;
  /** etcd gives a request up after 5 s + 2 election timeouts = 7 s. */
  readonly requestTimeout: Duration;
}

/** Told when a request leaves etcd. */
export interface EtcdClient {
  etcdAnswered(request: number, ok: boolean): void;
}

/** What happened inside etcd, for the trace and the report. */
export interface EtcdObserver {
  etcdMemberKilled(member: number): void;
  etcdMemberBack(member: number): void;
}

/** A running etcd cluster. */
export class Etcd {
  readonly members: readonly Processor[];
  readonly #options: EtcdOptions;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #client: EtcdClient;
  readonly #observer: EtcdObserver;
  readonly #fsyncStream: Stream;
  readonly #heldBytes: Float64Array;
  readonly #peakBytes: Float64Array;
  readonly #writeCpu: Float64Array;
  readonly #lightReadCpu: Float64Array;
  readonly #isUp: Uint8Array;
  readonly #commitDone: EventType;
  readonly #memberBack: EventType;
  readonly #gaveUp: EventType;
  readonly #elected: EventType;
  #leader = 0;
  #hasLeader = true;
  /** Writes being committed, and writes gathering for the next commit; -1 = lost with a leader. */
  #batch: WriteList = new WriteList();
  #waiting: WriteList = new WriteList();
  #isCommitting = false;
  /** A leader, and a majority up: looked at by every request, so kept. */
  #hasQuorum = true;
  #gatheringCpu = 0;
  #kills = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: EtcdOptions,
    parts: {
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly client: EtcdClient;
      readonly observer: EtcdObserver;
    },
  ) {
    this.#options = options;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#client = parts.client;
    this.#observer = parts.observer;
    this.#fsyncStream = simulation.streams.get(`${name}/fsync`);
    this.#heldBytes = new Float64Array(options.members);
    this.#peakBytes = new Float64Array(options.members);
    this.#writeCpu = new Float64Array(options.members);
    this.#lightReadCpu = new Float64Array(options.members);
    this.#isUp = new Uint8Array(options.members).fill(1);
    this.members = Array.from({ length: options.members }, (_, member) =>
      createProcessor(simulation, {
        name: `${name}/member-${member}`,
        cores: options.coresPerMember,
        onServed: (request) => this.#cpuDone(request),
      }),
    );
    this.#commitDone = simulation.event(`${name} commit`, () => this.#finishCommit(), 'release');
    this.#memberBack = simulation.event(`${name} member back`, (member) => this.#bringBack(member));
    this.#gaveUp = simulation.event(`${name} gave up`, (request) => this.#client.etcdAnswered(request, false));
    this.#elected = simulation.event(`${name} election`, () => this.#elect());
  }

  /** Whether a majority of members is up and has a leader. */
  get hasQuorum(): boolean {
    return this.#hasQuorum;
  }

  /** Members killed for memory so far. */
  get memoryKills(): number {
    return this.#kills;
  }

  /** CPU that writes have taken on a member so far, in core-microseconds; reads are in the member's own books. */
  writeCpu(member: number): number {
    return this.#writeCpu[member]!;
  }

  /** CPU that light reads on the short way have taken on a member so far, in core-microseconds. */
  lightReadCpu(member: number): number {
    return this.#lightReadCpu[member]!;
  }

  /** Whether the member that serves reads of API server `server` has a core to spare for a light one. */
  hasIdleCore(server: number): boolean {
    const member = this.members[this.#readMember(server)]!;
    return member.inside < member.cores;
  }

  /** Books the CPU of a light read that had a core to itself. */
  bookLightRead(server: number, cpu: number): void {
    this.#lightReadCpu[this.#readMember(server)]! += cpu;
  }

  /** Memory of a member now, in bytes. */
  memoryBytes(member: number): number {
    return this.#isUp[member] === 1 ? this.#operations.etcdBaselineBytes + this.#heldBytes[member]! : 0;
  }

  /** Highest memory a member has reached, in bytes: the limit when it was killed for it. */
  peakMemoryBytes(member: number): number {
    return this.#peakBytes[member]!;
  }

  /** Starts serving a request; `etcdAnswered` follows, always. */
  submit(request: number): void {
    if (!this.hasQuorum) {
      this.#gaveUp.after(this.#options.requestTimeout, request);
      return;
    }
    const operation = this.#requests.operation[request]!;
    const isWrite = this.#operations.path[operation] === PATH_WRITE;
    if (isWrite) {
      this.#propose(request, this.#operations.etcdCpu[operation]!);
      return;
    }
    const member = this.#readMember(this.#requests.server[request]!);
    const bytes = this.#operations.etcdMemory[operation]!;
    this.#requests.etcdMember[request] = member;
    this.#requests.etcdHeldBytes[request] = bytes;
    this.#heldBytes[member]! += bytes;
    this.members[member]!.arrive(request, this.#operations.etcdCpu[operation]! as Duration);
    this.#checkMemory(member);
  }

  #readMember(server: number): number {
    const members = this.#options.members;
    for (let i = 0; i < members; i++) {
      const member = (server + i) % members;
      if (this.#isUp[member] === 1) return member;
    }
    return this.#leader;
  }

  #propose(request: number, cpu: number): void {
    this.#requests.etcdMember[request] = this.#leader;
    this.#requests.etcdHeldBytes[request] = 0;
    this.#waiting.push(request);
    this.#gatheringCpu += cpu;
    if (!this.#isCommitting) this.#startCommit();
  }

  #cpuDone(request: number): void {
    this.#leave(request);
    this.#client.etcdAnswered(request, true);
  }

  #startCommit(): void {
    const emptied = this.#batch;
    this.#batch = this.#waiting;
    this.#waiting = emptied;
    this.#isCommitting = true;
    const { cores, inside } = this.members[this.#leader]!;
    const slowdown = Math.max(1, (inside + 1) / cores);
    const cpu = Math.round(this.#gatheringCpu * slowdown);
    this.#writeCpu[this.#leader]! += this.#gatheringCpu;
    this.#gatheringCpu = 0;
    this.#commitDone.after((cpu + this.#options.fsync.sample(this.#fsyncStream)) as Duration);
  }

  /** Answers a batch; without a majority nobody can say that it is durable, and what gathered has no hope either. */
  #finishCommit(): void {
    const { hasQuorum } = this;
    this.#answerWrites(this.#batch, hasQuorum);
    this.#isCommitting = false;
    if (!hasQuorum) {
      this.#answerWrites(this.#waiting, false);
      this.#gatheringCpu = 0;
    }
    if (this.#waiting.size > 0) this.#startCommit();
  }

  #answerWrites(writes: WriteList, areDurable: boolean): void {
    const { size } = writes;
    for (let place = 0; place < size; place++) {
      const request = writes.at(place);
      if (request < 0) continue;
      this.#leave(request);
      if (areDurable) this.#client.etcdAnswered(request, true);
      else this.#gaveUp.after(this.#options.requestTimeout, request);
    }
    writes.clear();
  }

  #leave(request: number): void {
    const member = this.#requests.etcdMember[request]!;
    this.#requests.etcdMember[request] = -1;
    this.#heldBytes[member]! -= this.#requests.etcdHeldBytes[request]!;
  }

  #checkMemory(member: number): void {
    const bytes = this.memoryBytes(member);
    const limit = this.#options.memoryLimitBytes;
    this.#peakBytes[member] = Math.max(this.#peakBytes[member]!, Math.min(bytes, limit));
    if (bytes > limit) this.#kill(member);
  }

  #kill(member: number): void {
    this.#isUp[member] = 0;
    this.#kills++;
    this.members[member]!.clear();
    this.#observer.etcdMemberKilled(member);
    if (member === this.#leader) {
      this.#hasLeader = false;
      this.#gatheringCpu = 0;
      this.#elected.after(this.#options.election);
    }
    this.#noteQuorum();
    const lost = this.#requests.insideEtcdMember(member);
    this.#heldBytes[member] = 0;
    this.#forgetWrites(lost);
    this.#memberBack.after(this.#options.restart, member);
    for (const request of lost) {
      this.#requests.etcdMember[request] = -1;
      this.#client.etcdAnswered(request, false);
    }
  }

  /** Writes of a dead leader leave the commit lists, so that no commit answers for them later. */
  #forgetWrites(lost: readonly number[]): void {
    const isLost = new Set(lost);
    this.#waiting.forget(isLost);
    this.#batch.forget(isLost);
  }

  #bringBack(member: number): void {
    this.#isUp[member] = 1;
    this.#noteQuorum();
    this.#observer.etcdMemberBack(member);
    if (!this.#hasLeader) this.#elected.after(this.#options.election);
  }

  #elect(): void {
    if (this.#hasLeader || this.#upCount() <= this.#options.members / 2) return;
    for (let member = 0; member < this.#options.members; member++) {
      if (this.#isUp[member] === 1) {
        this.#leader = member;
        this.#hasLeader = true;
        this.#noteQuorum();
        return;
      }
    }
  }

  #noteQuorum(): void {
    this.#hasQuorum = this.#hasLeader && this.#upCount() > this.#options.members / 2;
  }

  #upCount(): number {
    let count = 0;
    for (let member = 0; member < this.#options.members; member++) count += this.#isUp[member]!;
    return count;
  }
}
