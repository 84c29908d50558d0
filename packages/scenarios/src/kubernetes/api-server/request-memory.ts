/**
 * What requests hold of an API server's memory, from the moment they are computed until their answer is out. A LIST that is
 * computed for seconds does not have all of it at once: what etcd sent is there when it starts, objects are decoded one after
 * the other, and the answer grows as it is encoded. Both take about as many bytes for a microsecond of CPU (10.0 kB in 33.2 us
 * and 11.5 kB in 41.9 us a pod, by the measured unit costs), so memory is taken to grow with the CPU that the request has had.
 *
 * Requests that start together hold the same either way when they end together; those that come one by one hold less.
 */
import { type Duration, type EventType, ms, type SharedProcessor, type Simulation } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { RequestTable } from '../requests/api-request.ts';
import { type OperationTable, PATH_QUORUM_READ } from '../requests/operation.ts';
import type { ListMemory } from './list-memory.ts';
import type { MemoryAccount } from './memory-account.ts';

/** How often memory follows work; a LIST of 10,000 pods takes 75 times as long. */
const LOOK: Duration = ms(10);

/** The memory of the requests of one server. */
export class RequestMemory {
  readonly #memory: MemoryAccount;
  readonly #cpu: SharedProcessor;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #groups: readonly ClientGroup[];
  readonly #savedCopies: number;
  readonly #look: EventType | undefined;
  /** Requests that are being computed and do not have all of their memory yet, in the order in which they began. */
  readonly #growing: Set<number> = new Set();
  #isLooking = false;

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
    this.#cpu = parts.cpu;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#groups = parts.groups;
    this.#savedCopies = options.savedCopies ?? 0;
    if (options.listMemory === 'as-it-works') {
      this.#look = simulation.event(`${name} memory of requests`, () => this.#followAll());
    }
  }

  /** A request is computed from now on. */
  take(request: number): void {
    const bytes = this.#whole(request);
    const first = this.#look === undefined ? bytes : Math.min(bytes, this.#sentByEtcd(request));
    this.#requests.heldBytes[request] = first;
    this.#memory.hold(first, this.#culprit(request));
    if (first === bytes) return;
    this.#growing.add(request);
    if (!this.#isLooking) this.#lookLater();
  }

  /** It has been computed, and holds everything until its answer is out. */
  computed(request: number): void {
    if (this.#growing.delete(request)) this.#holdAtLeast(request, this.#whole(request));
  }

  /** It gives everything back. */
  giveBack(request: number): void {
    this.#growing.delete(request);
    this.#memory.release(this.#requests.heldBytes[request]!);
    this.#requests.heldBytes[request] = 0;
  }

  /** The process is gone. */
  clear(): void {
    this.#growing.clear();
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

  #lookLater(): void {
    this.#isLooking = true;
    this.#look!.after(LOOK);
  }

  #followAll(): void {
    this.#isLooking = false;
    for (const request of this.#growing) {
      const first = Math.min(this.#whole(request), this.#sentByEtcd(request));
      const cpu = this.#operations.apiServerCpu[this.#requests.operation[request]!]!;
      const share = cpu === 0 ? 1 : Math.min(1, this.#cpu.attained(request) / cpu);
      this.#holdAtLeast(request, first + share * (this.#whole(request) - first));
    }
    if (this.#growing.size > 0) this.#lookLater();
  }

  /** The cluster may have shrunk meanwhile: what is held stays. */
  #holdAtLeast(request: number, bytes: number): void {
    const more = Math.floor(bytes) - this.#requests.heldBytes[request]!;
    if (more <= 0) return;
    this.#requests.heldBytes[request]! += more;
    this.#memory.hold(more, this.#culprit(request));
  }

  #culprit(request: number): string {
    return this.#groups[this.#requests.group[request]!]!.name;
  }
}
