/** The members of an etcd cluster as machines: cores, memory, whether they run, and what they have worked. */
import { createProcessor, type Duration, type SharedProcessor, type Simulation } from '@brownout/core';
import type { OperationTable } from '../requests/operation.ts';
import type { RequestTable } from '../requests/api-request.ts';
import { MemberMemory } from './member-memory.ts';
import type { EtcdOptions } from './options.ts';

/** The machines of one cluster, in columns by member. */
export class Members {
  readonly count: number;
  /** Members that make a majority. */
  readonly quorum: number;
  readonly processors: readonly SharedProcessor[];
  readonly isUp: Uint8Array;
  /** CPU of writes so far, in core-microseconds. */
  readonly writeCpu: Float64Array;
  readonly lightReadCpu: Float64Array;
  /** Work that the threads inside came with, in core-microseconds. */
  readonly #work: Float64Array;
  readonly #memory: MemberMemory;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;

  constructor(
    simulation: Simulation,
    name: string,
    options: EtcdOptions,
    parts: {
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly onServed: (request: number) => void;
      /** A member has outgrown its memory while its ranges worked. */
      readonly onOutgrown: (member: number) => void;
    },
  ) {
    const { members, listMemory } = options;
    this.count = members;
    this.quorum = Math.floor(members / 2) + 1;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.isUp = new Uint8Array(members).fill(1);
    this.writeCpu = new Float64Array(members);
    this.lightReadCpu = new Float64Array(members);
    this.#work = new Float64Array(members);
    this.#memory = new MemberMemory(simulation, name, {
      members,
      limitBytes: options.memoryLimitBytes,
      grows: listMemory === 'as-it-works',
      requests: parts.requests,
      operations: parts.operations,
      processor: (member) => this.processors[member]!,
      onExceeded: parts.onOutgrown,
    });
    const createCpu = options.createCpu ?? createProcessor;
    this.processors = Array.from({ length: members }, (_, member) =>
      createCpu(simulation, {
        name: `${name}/member-${member}`,
        cores: options.coresPerMember,
        onServed: (request) => {
          this.#memory.served(request, member);
          this.#endThread(request, member);
          parts.onServed(request);
        },
      }),
    );
  }

  /** Books the CPU of `count` writes on a member, each of them `cpu` core-microseconds. */
  bookWrites(member: number, cpu: number, count: number): void {
    // One by one, because sums of fractions depend on their order.
    let sum = this.writeCpu[member]!;
    for (let booked = 0; booked < count; booked++) sum += cpu;
    this.writeCpu[member] = sum;
  }

  get upCount(): number {
    let count = 0;
    for (let member = 0; member < this.count; member++) count += this.isUp[member]!;
    return count;
  }

  /** The member that serves API server `server`: its own, or the next one that is up; `otherwise` when none is. */
  servingMember(server: number, otherwise: number): number {
    for (let i = 0; i < this.count; i++) {
      const member = (server + i) % this.count;
      if (this.isUp[member] === 1) return member;
    }
    return otherwise;
  }

  hasIdleCore(member: number): boolean {
    const processor = this.processors[member]!;
    return processor.inside < processor.cores;
  }

  /** How many times slower than on a core of its own one more thread runs now. */
  slowdown(member: number): number {
    const { cores, inside } = this.processors[member]!;
    return inside + 1 <= cores ? 1 : (inside + 1) / cores;
  }

  /**
   * How long whoever is woken by a packet waits for its turn on a member, in microseconds. Go takes the core from a
   * goroutine after `turn` and puts it at the end of one queue for all; the packet's reader joins that queue. Goroutines
   * that end within their turn are never in it, and nobody waits for them (runtime/proc.go).
   */
  turnDelay(member: number, turn: number): number {
    const { cores, inside } = this.processors[member]!;
    if (inside + 1 <= cores || this.#work[member]! < turn * inside) return 0;
    return ((inside + 1) / cores - 1) * turn;
  }

  /** Memory of a member now, in bytes. */
  memoryBytes(member: number): number {
    return this.isUp[member] === 1 ? this.#memory.bytes(member) : 0;
  }

  /** Highest memory a member has reached, in bytes: the limit when it was killed for it. */
  peakMemoryBytes(member: number): number {
    return this.#memory.peakBytes(member);
  }

  /** A read starts on its member, and holds its response there; true when the member has no more room. */
  serve(request: number, member: number): boolean {
    this.#requests.etcdMember[request] = member;
    this.#memory.take(request, member);
    const cpu = this.#operations.etcdCpu[this.#requests.operation[request]!]!;
    this.#work[member]! += cpu;
    this.processors[member]!.arrive(request, cpu as Duration);
    return this.isUp[member] === 1 && this.#memory.isExceeded(member);
  }

  /** A request leaves its member and gives its memory back. */
  leave(request: number): void {
    const member = this.#requests.etcdMember[request]!;
    if (member < 0) return;
    this.#requests.etcdMember[request] = -1;
    this.#memory.leave(request, member);
  }

  /** A thread is ended from outside, if it runs. */
  withdraw(request: number, member: number): void {
    if (this.processors[member]!.withdraw(request)) this.#endThread(request, member);
  }

  /** The process is gone: its threads end. */
  stop(member: number): void {
    this.isUp[member] = 0;
    this.processors[member]!.clear();
    this.#work[member] = 0;
  }

  /** Forgets what a dead member held, after its requests have been collected. */
  forgetMemory(member: number): void {
    this.#memory.forget(member);
  }

  /** Costs may have changed since the thread came in, so the sum starts again whenever nobody is inside. */
  #endThread(request: number, member: number): void {
    const cpu = this.#operations.etcdCpu[this.#requests.operation[request]!]!;
    const isEmpty = this.processors[member]!.inside === 0;
    this.#work[member] = isEmpty ? 0 : Math.max(0, this.#work[member]! - cpu);
  }
}
