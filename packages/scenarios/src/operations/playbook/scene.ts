/** What an action finds where it is carried out: the cluster, the levers beside it, and somewhere to note what was done. */
import type { Duration, Signal, Simulation, Wait } from '@brownout/core';
import type { NoteKind } from '../chronicle.ts';
import type { Site } from '../site.ts';

/** What operators can do about user traffic and about what serves it. */
export interface TrafficLevers {
  failureShare(site: number): number;
  ownFailureShare?(site: number): number;
  weight(site: number): number;
  isAvoided(site: number): boolean;
  steer(site: number, isAvoided: boolean): void;
  /** A site has this share of its machines from now on; absent where users do not depend on that. */
  resize?(site: number, share: number): void;
  /** Absent where nothing downloads when it starts: there is nothing to warm or to limit. */
  warmCaches?(site: number): void;
  limitStartUps?(site: number, count: number): void;
}

/** A cluster that something is done to. */
export interface Target {
  readonly site: Site;
  /** Its place in the list of sites. */
  readonly index: number;
  /** The change has been taken back. */
  readonly deleted: Signal;
}

/** See above. */
export interface Scene {
  readonly simulation: Simulation;
  readonly agent: string;
  readonly target: Target;
  readonly traffic: TrafficLevers;
  readonly note: (kind: NoteKind, text: string) => void;
}

/** What an action does, which may take its time; true when it has come off. */
export type Effect = Generator<Duration | Wait, boolean, number>;
