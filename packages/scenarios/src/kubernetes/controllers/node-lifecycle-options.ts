/** Flags of the node lifecycle controller, the requests it makes, and what it tells others. */
import type { Duration } from '@brownout/core';
import type { PaceOptions } from '../client/paced-client.ts';
import { operationNumber } from '../requests/operation.ts';
import type { TaintObserver, TaintOperations } from './node-taints.ts';
import type { TaintRates } from './zone-state.ts';

/** Flags of the controller. */
export interface NodeLifecycleOptions {
  /** `--node-monitor-grace-period`: 40 s up to 1.31, 50 s from 1.32. */
  readonly nodeMonitorGracePeriod: Duration;
  /** `--node-startup-grace-period`, for nodes whose object is stored without any status; default 60 s. */
  readonly nodeStartupGracePeriod?: Duration;
  /** `--node-monitor-period`, from the end of one pass to the start of the next; default 5 s. */
  readonly nodeMonitorPeriod?: Duration;
  /** Nodes looked at in parallel; default 8. */
  readonly workers?: number;
  /** Default upstream's rates. */
  readonly rates?: Partial<TaintRates>;
  /** Limit of its client; default 20 a second, burst 30. */
  readonly pace?: PaceOptions;
  /** Operation numbers of its requests; default built-in ones that cost about the same. */
  readonly operations?: Partial<NodeLifecycleOperations>;
}

/** The requests of the controller. */
export interface NodeLifecycleOperations extends TaintOperations {
  readonly writeNodeStatus: number;
  readonly writePodStatus: number;
}

/** Told what the controller has written. */
export interface NodeLifecycleObserver extends TaintObserver {
  /** Ready=Unknown is stored. */
  nodeMarked(node: number): void;
  /** One more pod of the node is stored as not ready; endpoints change. */
  podMarked(node: number): void;
}

/** Built-in operations that cost about what the requests cost. */
export const usualOperations: NodeLifecycleOperations = {
  readNode: operationNumber('get'),
  patchNode: operationNumber('object-update'),
  writeNodeStatus: operationNumber('node-status-patch'),
  writePodStatus: operationNumber('object-update'),
};
