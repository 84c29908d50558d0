/** The start-up work of an API server: one big read of everything stored fills its watch cache before it is ready. */
import type { Duration, SharedProcessor } from '@brownout/core';
import type { Etcd } from '../etcd/etcd.ts';
import { Phase, type RequestTable } from '../requests/api-request.ts';
import { operationNumber, type OperationTable } from '../requests/operation.ts';
import type { MemoryAccount } from './memory-account.ts';
import type { StartUpWork } from './process-life.ts';

const CACHE_FILL = operationNumber('cache-fill');

/** The fill of one server. */
export class CacheFill implements StartUpWork {
  readonly #server: { readonly index: number; readonly cpu: SharedProcessor; readonly memory: MemoryAccount };
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #etcd: Etcd;
  readonly #onDone: () => void;
  #request = -1;

  constructor(
    server: { readonly index: number; readonly cpu: SharedProcessor; readonly memory: MemoryAccount },
    parts: { readonly requests: RequestTable; readonly operations: OperationTable; readonly etcd: Etcd },
    onDone: () => void,
  ) {
    this.#server = server;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#etcd = parts.etcd;
    this.#onDone = onDone;
  }

  /** Whether a request is the fill's own. */
  owns(request: number): boolean {
    return request === this.#request;
  }

  begin(): void {
    const request = this.#requests.open(0, -1, CACHE_FILL);
    this.#requests.server[request] = this.#server.index;
    this.#requests.phase[request] = Phase.reading;
    this.#request = request;
    this.#etcd.submit(request);
  }

  /** etcd has answered; without an answer it is asked again. */
  etcdAnswered(ok: boolean): void {
    const request = this.#request;
    if (!ok) {
      this.#etcd.submit(request);
      return;
    }
    this.#requests.phase[request] = Phase.computing;
    this.#server.cpu.arrive(request, this.#operations.apiServerCpu[CACHE_FILL]! as Duration);
    this.#server.memory.check('watch cache');
  }

  /** Everything is decoded and stored. */
  computed(): void {
    this.#requests.close(this.#request);
    this.#request = -1;
    this.#onDone();
  }

  /** etcd goes on with what a dead server asked for; its answer meets nobody. */
  giveUp(): void {
    const request = this.#request;
    this.#request = -1;
    if (request < 0) return;
    if (this.#requests.phase[request] === Phase.computing) this.#requests.close(request);
    else this.#requests.server[request] = -1;
  }
}
