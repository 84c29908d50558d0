/**
 * What stops when the context of a request ends, because its client has left or its time is up. Who waits (for a connection,
 * a seat, a cache, a webhook) or sends leaves at once. What is being computed goes on to its end, because encoding does not
 * look at the context. With options, an etcd call is left alone with etcd and gives its seat back, and decoding stops:
 * `ctx.Done()` is looked at before each object in apiserver `pkg/storage/etcd3/store.go`.
 */
import type { SharedProcessor } from '@brownout/core';
import type { FlowControl } from '../flow-control/flow-control.ts';
import { Phase, type RequestTable } from '../requests/api-request.ts';
import { type OperationTable, PATH_QUORUM_READ } from '../requests/operation.ts';
import type { InsideRequests } from './inside-requests.ts';
import type { MemoryAccount } from './memory-account.ts';
import type { RequestMemory } from './request-memory.ts';
import { holdsSeat } from './refusals.ts';

/** The server that a pipeline belongs to. */
export interface PipelineServer {
  readonly index: number;
  readonly cpu: SharedProcessor;
  readonly flowControl: FlowControl;
  readonly memory: MemoryAccount;
  /** Whether its machine cannot be reached. */
  readonly isSilent: boolean;
}

/** What stops beside those who wait. */
export interface CancellationOptions {
  /** Part of a quorum read's CPU that is decoding, which stops; the rest is encoding, which does not. */
  readonly decodeShare: number;
}

/** Ends the contexts of requests inside one server. */
export class Cancellation {
  readonly #server: PipelineServer;
  readonly #options: CancellationOptions | undefined;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #inside: InsideRequests;
  readonly #memory: RequestMemory;
  #wastedCpu = 0;

  constructor(
    server: PipelineServer,
    options: CancellationOptions | undefined,
    parts: {
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly inside: InsideRequests;
      readonly memory: RequestMemory;
    },
  ) {
    this.#server = server;
    this.#options = options;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#inside = parts.inside;
    this.#memory = parts.memory;
  }

  /** CPU spent on requests that were stopped, in core-microseconds. */
  get wastedCpu(): number {
    return this.#wastedCpu;
  }

  /** Whether a write whose client has left is not sent to etcd any more. */
  get stopsWrites(): boolean {
    return this.#options !== undefined;
  }

  /** Ends the context of a request. True when it has left and its row is free now. */
  cancel(request: number): boolean {
    const { flowControl, cpu } = this.#server;
    const phase = this.#requests.phase[request];
    if (phase === Phase.queued) {
      flowControl.withdraw(request);
    } else if (phase === Phase.connecting) {
      cpu.withdraw(request);
    } else if (phase === Phase.rejecting) {
      cpu.withdraw(request);
      if (holdsSeat(this.#requests.refusal[request]!)) flowControl.finish(request);
    } else if (phase === Phase.awaitingCache) {
      flowControl.finish(request);
    } else if (phase === Phase.admitting || phase === Phase.sending) {
      this.#wastedCpu += this.#operations.apiServerCpu[this.#requests.operation[request]!]!;
      this.giveBack(request);
    } else if (phase === Phase.computing && this.#isDecoding(request)) {
      this.#wastedCpu += cpu.attained(request);
      cpu.withdraw(request);
      this.giveBack(request);
    } else if (phase !== Phase.hanging) {
      if (phase === Phase.reading || phase === Phase.writing) this.#leaveToEtcd(request);
      return false;
    }
    this.#inside.leave(request);
    return true;
  }

  /** A request gives its memory and its seats back. */
  giveBack(request: number): void {
    this.#memory.giveBack(request);
    this.#server.flowControl.finish(request);
  }

  #isDecoding(request: number): boolean {
    const operation = this.#requests.operation[request]!;
    if (this.#options === undefined || this.#operations.path[operation] !== PATH_QUORUM_READ) return false;
    const decoding = this.#operations.apiServerCpu[operation]! * this.#options.decodeShare;
    return this.#server.cpu.attained(request) < decoding;
  }

  /** The call to etcd returns with an error at once, while etcd goes on; the row is closed when etcd is done. */
  #leaveToEtcd(request: number): void {
    if (this.#options === undefined || this.#server.isSilent) return;
    if (this.#requests.phase[request] === Phase.writing) {
      this.#wastedCpu += this.#operations.apiServerCpu[this.#requests.operation[request]!]!;
    }
    this.giveBack(request);
    this.#inside.leave(request);
    this.#requests.server[request] = -1;
  }
}
