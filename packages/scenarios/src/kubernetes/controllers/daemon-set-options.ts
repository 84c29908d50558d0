/** What the DaemonSet controller may do, and whom it tells. */
import type { PaceOptions } from '../client/paced-client.ts';
import type { UpdateStrategy } from './rolling-update.ts';

/** Limits and strategy of the controller. */
export interface DaemonSetControllerOptions {
  /** Default 20 a second, burst 30. */
  readonly pace?: PaceOptions;
  /** Pods created, and pods deleted, in one sync; default 250 (BurstReplicas). */
  readonly burstReplicas?: number;
  readonly update?: UpdateStrategy;
  /** `spec.revisionHistoryLimit`; default 10. */
  readonly revisionHistoryLimit?: number;
  /** Whether a deleted pod stays, terminating, until `podGone`; default true. False: it is gone when its deletion is stored. */
  readonly terminates?: boolean;
  /** Nodes that may join, beyond those that are there from the beginning; default none. */
  readonly joining?: number;
}

/** Told what becomes of pods. A place is `2 * node` or `2 * node + 1`. */
export interface DaemonSetObserver {
  /** Bound to its node: the kubelet learns by its watch that it is to start it. */
  podBound(place: number): void;
  /** Its deletion is stored: the kubelet learns that it is to stop it. */
  podDeleted(place: number): void;
}
