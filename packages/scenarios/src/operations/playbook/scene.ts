/** What an action finds where it is carried out: the cluster, the levers beside it, and somewhere to note what was done. */
import type { Duration, Simulation, Wait } from '@brownout/core';
import type { NoteKind } from '../chronicle.ts';
import type { ClusterCase } from './cluster-case.ts';

/** What operators can do about user traffic and about what serves it. */
export interface TrafficLevers {
  failureShare(site: number): number;
  weight(site: number): number;
  isAvoided(site: number): boolean;
  steer(site: number, isAvoided: boolean): void;
  /** A site has this share of its machines from now on; absent where users do not depend on that. */
  resize?(site: number, share: number): void;
  /** Absent where nothing downloads when it starts: there is nothing to warm or to limit. */
  warmCaches?(site: number): void;
  limitStartUps?(site: number, count: number): void;
}

/** See above. */
export interface Scene {
  readonly simulation: Simulation;
  readonly agent: string;
  readonly target: ClusterCase;
  readonly traffic: TrafficLevers;
  readonly note: (kind: NoteKind, text: string) => void;
}

/** What an action does, which may take its time; true when it has come off. */
export type Effect = Generator<Duration | Wait, boolean, number>;
