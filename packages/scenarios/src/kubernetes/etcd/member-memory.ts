/**
 * Memory of the members of an etcd cluster: what their ranges hold beside the baseline, the limit that the kernel kills at, and
 * the peak. A range is one message: its objects are read and decoded one after the other until all are there (etcd
 * server/storage/mvcc/kvstore_txn.go, rangeKeys), then the whole is encoded into one buffer that gRPC sends from. So a range
 * does not have its memory at once: it is taken to grow with the CPU that the range has had, and is whole when it is answered.
 *
 * Memory is highest when a range ends. All of the member are looked at then, and every 10 ms besides, so that a member that
 * outgrows its limit is killed about when it does.
 */
import { type EventType, noTime, type SharedProcessor, type Simulation } from '@brownout/core';
import type { RequestTable } from '../requests/api-request.ts';
import { GrowingMemory, memoryLook } from '../requests/growing-memory.ts';
import type { OperationTable } from '../requests/operation.ts';

/** What a cluster's memory is told. */
export interface MemberMemoryOptions {
  readonly members: number;
  readonly limitBytes: number;
  /** Whether the memory of a range grows with its work; else it has all of it when it starts. */
  readonly grows: boolean;
  readonly requests: RequestTable;
  readonly operations: OperationTable;
  readonly processor: (member: number) => SharedProcessor;
  /** A member whose ranges grow has outgrown its limit. */
  readonly onExceeded: (member: number) => void;
}

/** See above; in columns by member. */
export class MemberMemory {
  readonly #options: MemberMemoryOptions;
  readonly #heldBytes: Float64Array;
  readonly #peakBytes: Float64Array;
  readonly #exceeded: EventType | undefined;
  /** By member: its ranges that do not have all of their memory yet; empty where they have it at once. */
  readonly #growing: readonly GrowingMemory[];
  /** 1 from the moment at which it was over its limit until it is killed, which is an event of its own. */
  readonly #isDoomed: Uint8Array;

  constructor(simulation: Simulation, name: string, options: MemberMemoryOptions) {
    const { members, grows } = options;
    this.#options = options;
    this.#heldBytes = new Float64Array(members);
    this.#peakBytes = new Float64Array(members);
    this.#isDoomed = new Uint8Array(members);
    this.#growing = grows ? this.#createGrowing(simulation, name) : [];
    if (grows) this.#exceeded = simulation.event(`${name} out of memory`, (member) => this.#exceed(member), 'release');
  }

  /** Memory of a member that is up, in bytes. */
  bytes(member: number): number {
    return this.#options.operations.etcdBaselineBytes + this.#heldBytes[member]!;
  }

  /** Highest memory a member has reached, in bytes: the limit when it was killed for it. */
  peakBytes(member: number): number {
    return this.#peakBytes[member]!;
  }

  /** Looks at the limit of a member that is up, and keeps the peak; true when it is over the limit. */
  isExceeded(member: number): boolean {
    const bytes = this.bytes(member);
    const { limitBytes } = this.#options;
    this.#peakBytes[member] = Math.max(this.#peakBytes[member]!, Math.min(bytes, limitBytes));
    return bytes > limitBytes;
  }

  /** A range starts on its member, with all of its memory or with none of it. */
  take(request: number, member: number): void {
    const bytes = this.#whole(request);
    const growing = bytes > 0 ? this.#growing[member] : undefined;
    this.#options.requests.etcdHeldBytes[request] = growing === undefined ? bytes : 0;
    if (growing === undefined) this.#heldBytes[member]! += bytes;
    else growing.begin(request);
  }

  /** A range has all of its memory now, and is about to be answered; the others of its member are as far as they are. */
  served(request: number, member: number): void {
    const growing = this.#growing[member];
    if (growing?.finish(request) !== true) return;
    growing.follow();
    this.#lookAtLimit(member);
  }

  /** A request leaves its member and gives its memory back. */
  leave(request: number, member: number): void {
    this.#growing[member]?.drop(request);
    this.#heldBytes[member]! -= this.#options.requests.etcdHeldBytes[request]!;
  }

  /** The process of a member is gone. */
  forget(member: number): void {
    this.#heldBytes[member] = 0;
    this.#growing[member]?.clear();
    this.#isDoomed[member] = 0;
  }

  #whole(request: number): number {
    const { operations, requests } = this.#options;
    return operations.etcdMemory[requests.operation[request]!]!;
  }

  #createGrowing(simulation: Simulation, name: string): GrowingMemory[] {
    const { members, operations, requests, processor } = this.#options;
    const look: EventType = simulation.event(`${name} memory of ranges`, (member) => growing[member]!.look());
    const growing = Array.from(
      { length: members },
      (_, member) =>
        new GrowingMemory({
          first: () => 0,
          whole: (request) => this.#whole(request),
          cpu: (request) => operations.etcdCpu[requests.operation[request]!]!,
          attained: (request) => processor(member).attained(request),
          held: (request) => requests.etcdHeldBytes[request]!,
          hold: (request, bytes) => {
            requests.etcdHeldBytes[request]! += bytes;
            this.#heldBytes[member]! += bytes;
          },
          followed: () => this.#lookAtLimit(member),
          lookLater: () => void look.after(memoryLook, member),
        }),
    );
    return growing;
  }

  #lookAtLimit(member: number): void {
    if (!this.isExceeded(member) || this.#isDoomed[member] === 1) return;
    this.#isDoomed[member] = 1;
    this.#exceeded!.after(noTime, member);
  }

  /** It may have been killed by somebody else meanwhile. */
  #exceed(member: number): void {
    if (this.#isDoomed[member] === 1) this.#options.onExceeded(member);
  }
}
