/**
 * What requests hold of an API server's memory, from the moment they are computed until their answer is out. A LIST that is
 * computed for seconds does not have all of it at once: what etcd sent is there when it starts, objects are decoded one after
 * the other, and the answer grows as it is encoded. Both take about as many bytes for a microsecond of CPU (10.0 kB in 33.2 us
 * and 11.5 kB in 41.9 us a pod, by the measured unit costs), so memory is taken to grow with the CPU that the request has had.
 *
 * Requests that start together hold the same either way when they end together; those that come one by one hold less.
 */
import type { EventType, SharedProcessor, Simulation } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { RequestTable } from '../requests/api-request.ts';
import { GrowingMemory, memoryLook } from '../requests/growing-memory.ts';
import { type OperationTable, PATH_QUORUM_READ } from '../requests/operation.ts';
import type { ListMemory } from './list-memory.ts';
import type { MemoryAccount } from './memory-account.ts';

/** The memory of the requests of one server. */
export class RequestMemory {
  readonly #memory: MemoryAccount;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #groups: readonly ClientGroup[];
  readonly #savedCopies: number;
  /** Undefined where requests have all of their memory at once. */
  readonly #growing: GrowingMemory | undefined;

  constructor(
    simulation: Simulation,
    name: string,
    options: { readonly savedCopies?: number; readonly listMemory?: ListMemory },
    parts: {
      readonly memory: MemoryAccount;
      readonly cpu: SharedProcessor;
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly groups: readonly ClientGroup[];
    },
  ) {
    this.#memory = parts.memory;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#groups = parts.groups;
    this.#savedCopies = options.savedCopies ?? 0;
    if (options.listMemory === 'as-it-works') this.#growing = this.#createGrowing(simulation, name, parts.cpu);
  }

  /** A request is computed from now on. */
  take(request: number): void {
    const bytes = this.#whole(request);
    const first = this.#growing === undefined ? bytes : this.#first(request);
    this.#requests.heldBytes[request] = first;
    this.#memory.hold(first, this.#culprit(request));
    if (first !== bytes) this.#growing?.begin(request);
  }

  /** It has been computed, and holds everything until its answer is out. */
  computed(request: number): void {
    this.#growing?.finish(request);
  }

  /** It gives everything back. */
  giveBack(request: number): void {
    this.#growing?.drop(request);
    this.#memory.release(this.#requests.heldBytes[request]!);
    this.#requests.heldBytes[request] = 0;
  }

  /** The process is gone. */
  clear(): void {
    this.#growing?.clear();
  }

  #whole(request: number): number {
    const operation = this.#requests.operation[request]!;
    const saved = this.#savedCopies === 0 ? 0 : this.#savedCopies * this.#operations.responseBytes[operation]!;
    return Math.max(0, this.#operations.apiServerMemory[operation]! - saved);
  }

  /** One message has all objects of a page. */
  #sentByEtcd(request: number): number {
    const operation = this.#requests.operation[request]!;
    if (this.#operations.path[operation] !== PATH_QUORUM_READ) return 0;
    const { limit = 0 } = this.#operations.definition(operation);
    const objects = this.#operations.objects[operation]!;
    return this.#operations.storedBytes[operation]! * (limit > 0 ? Math.min(limit, objects) : objects);
  }

  #first(request: number): number {
    return Math.min(this.#whole(request), this.#sentByEtcd(request));
  }

  #createGrowing(simulation: Simulation, name: string, cpu: SharedProcessor): GrowingMemory {
    const look: EventType = simulation.event(`${name} memory of requests`, () => growing.look());
    const growing = new GrowingMemory({
      first: (request) => this.#first(request),
      whole: (request) => this.#whole(request),
      cpu: (request) => this.#operations.apiServerCpu[this.#requests.operation[request]!]!,
      attained: (request) => cpu.attained(request),
      held: (request) => this.#requests.heldBytes[request]!,
      hold: (request, bytes) => {
        this.#requests.heldBytes[request]! += bytes;
        this.#memory.hold(bytes, this.#culprit(request));
      },
      lookLater: () => void look.after(memoryLook),
    });
    return growing;
  }

  #culprit(request: number): string {
    return this.#groups[this.#requests.group[request]!]!.name;
  }
}
