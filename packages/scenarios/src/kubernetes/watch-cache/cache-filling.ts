/**
 * Filling the cache of one type from etcd: page after page of 10,000 objects, each read by a quorum, decoded and stored.
 * A page that fails starts the filling over after a second. Takes CPU and memory of the server and of etcd like any read.
 */
import type { Duration, EventType, SharedProcessor, Simulation } from '@brownout/core';
import type { MemoryAccount } from '../api-server/memory-account.ts';
import type { Etcd } from '../etcd/etcd.ts';
import { Phase, type RequestTable } from '../requests/api-request.ts';
import type { OperationTable } from '../requests/operation.ts';
import { FILL_RETRY } from './options.ts';

/** What a filling works with. */
export interface FillingParts {
  readonly server: { readonly index: number; readonly cpu: SharedProcessor; readonly memory: MemoryAccount };
  readonly requests: RequestTable;
  readonly operations: OperationTable;
  readonly etcd: Etcd;
  /** Operation of one page, and what its requests carry as their subject. */
  readonly page: number;
  readonly subject: number;
  /** etcd has answered the first page: what is stored then is what the filling brings. */
  readonly onListed: () => void;
  readonly onFilled: () => void;
}

/** See above. */
export class CacheFilling {
  readonly #parts: FillingParts;
  readonly #again: EventType;
  #request = -1;
  #pagesDone = 0;
  /** Counts the fillings, so that a retry of an earlier life does nothing. */
  #number = 0;
  #failures = 0;

  constructor(simulation: Simulation, name: string, parts: FillingParts) {
    this.#parts = parts;
    this.#again = simulation.event(`${name} fill again`, (number) => {
      if (number === this.#number) this.begin();
    });
  }

  /** Fillings that had to start over. */
  get failures(): number {
    return this.#failures;
  }

  begin(): void {
    this.#number++;
    this.#pagesDone = 0;
    this.#readPage();
  }

  etcdAnswered(ok: boolean): void {
    const { requests, operations, server, page } = this.#parts;
    const request = this.#request;
    if (!ok) {
      requests.close(request);
      this.#request = -1;
      this.#failures++;
      this.#again.after(FILL_RETRY, this.#number);
      return;
    }
    if (this.#pagesDone === 0) this.#parts.onListed();
    requests.phase[request] = Phase.computing;
    requests.heldBytes[request] = operations.apiServerMemory[page]!;
    server.cpu.arrive(request, Math.ceil(operations.apiServerCpu[page]! * this.#fullness()) as Duration);
    server.memory.hold(requests.heldBytes[request]!, 'watch cache');
  }

  computed(): void {
    const { requests, server } = this.#parts;
    server.memory.release(requests.heldBytes[this.#request]!);
    requests.close(this.#request);
    this.#request = -1;
    this.#pagesDone++;
    if (this.#pagesDone < this.#pages) this.#readPage();
    else this.#parts.onFilled();
  }

  /** The process is gone; etcd goes on with what it was asked for. */
  giveUp(): void {
    this.#number++;
    const request = this.#request;
    this.#request = -1;
    if (request < 0) return;
    const { requests } = this.#parts;
    if (requests.phase[request] === Phase.computing) requests.close(request);
    else requests.server[request] = -1;
  }

  get #pages(): number {
    const { operations, page } = this.#parts;
    return Math.max(1, Math.ceil(operations.objects[page]! / this.#pageSize));
  }

  get #pageSize(): number {
    const { limit = 0 } = this.#parts.operations.definition(this.#parts.page);
    return limit > 0 ? limit : Infinity;
  }

  /** Share of a full page that the present one has: less than 1 only for the last of several. */
  #fullness(): number {
    const objects = this.#parts.operations.objects[this.#parts.page]!;
    if (objects <= this.#pageSize) return 1;
    return Math.min(1, Math.max(0, objects / this.#pageSize - this.#pagesDone));
  }

  #readPage(): void {
    const { requests, server, etcd, page, subject } = this.#parts;
    const request = requests.open(0, -1, page);
    requests.subject[request] = subject;
    requests.server[request] = server.index;
    requests.phase[request] = Phase.reading;
    this.#request = request;
    etcd.submit(request);
  }
}
