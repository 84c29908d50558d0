/** What can be set about the way of requests through an API server, and what that way is connected to. */
import type { Duration } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { Etcd } from '../etcd/etcd.ts';
import type { FlowControlConfiguration } from '../flow-control/configuration.ts';
import type { RequestTable } from '../requests/api-request.ts';
import type { OperationTable } from '../requests/operation.ts';
import type { AdmissionWebhooks } from './admission-webhooks.ts';
import type { CancellationOptions } from './cancellation.ts';
import type { EtcdCheck } from './etcd-check.ts';
import type { PipelineObserver } from './inside-requests.ts';
import type { ListMemory } from './list-memory.ts';
import type { RequestRouter } from './request-router.ts';

/** Costs that belong to no operation, and how requests are treated. */
export interface PipelineOptions {
  /** CPU of setting up one connection (TLS, HTTP/2), in core-microseconds. */
  readonly connectionCpu: Duration;
  /** CPU of refusing a request with 401, 403 or 429, in core-microseconds. */
  readonly refusalCpu: Duration;
  readonly flowControl: { readonly configuration: FlowControlConfiguration; readonly requestTimeout: Duration };
  /** Whether `--request-timeout` answers 504 to what takes longer, as upstream; default false. */
  readonly enforcesRequestTimeout?: boolean;
  /** What stops when a client leaves or its time is up. Absent: nothing that has its seat stops. */
  readonly cancellation?: CancellationOptions;
  /**
   * Copies of the answer that one-object encoding (streaming encoders, on from 1.33) saves from an operation's memory, which
   * is that of an answer encoded into one block (up to 1.32). Default 0 = one block; measured 1.4 (burst_memory.csv: 25.0 MiB
   * against 11.1 MiB of resident memory per request at answers of 9.7 MiB).
   */
  readonly savedCopies?: number;
  /** When a request has the memory it costs; default all from the start of its computing. */
  readonly listMemory?: ListMemory;
  /** When set, requests wait for a turn on a core when they come and when their write is committed. */
  readonly schedulingQuantum?: Duration;
  /** How many times smaller answers are on the wire (gzip); default 1. */
  readonly compression?: number;
}

/** What a pipeline works with. */
export interface PipelineParts {
  readonly requests: RequestTable;
  readonly operations: OperationTable;
  readonly etcd: Etcd;
  readonly groups: readonly ClientGroup[];
  readonly observer: PipelineObserver;
  /** Absent: every operation takes its path as declared. */
  readonly router?: RequestRouter | undefined;
  /** Absent: nobody is asked before a write. */
  readonly webhooks?: AdmissionWebhooks | undefined;
  /** Absent: a probe is a read like any other. */
  readonly check?: EtcdCheck | undefined;
}
