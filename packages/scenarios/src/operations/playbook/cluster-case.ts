/** What operators know of one cluster and have done about it. */
import type { Signal } from '@brownout/core';
import { noCause } from '../chronicle.ts';
import { errorShare } from '../monitoring/error-share.ts';
import type { ApiCounts, Site } from '../site.ts';
import type { AdminAccess } from './admin-access.ts';
import type { Assignment } from './assignment.ts';
import type { StepState } from './playbook.ts';

/** More failing requests than this from one look to the next; the KPI `clustersLost` asks for five such minutes in a row. */
const LOST_ABOVE = 0.5;

/** What is seen of clusters from outside. */
export interface Surroundings {
  isFiring(site: number): boolean;
  failureShare(site: number): number;
  isAvoided(site: number): boolean;
}

/** See above. */
export class ClusterCase {
  readonly site: Site;
  readonly index: number;
  readonly access: AdminAccess;
  /** The DaemonSet object has been deleted, or changed back. */
  readonly deleted: Signal;
  /** Steps for this cluster, in the order of the playbook. */
  readonly assignments: readonly Assignment[];
  /** Members of the crew that stay with it. */
  team = 0;
  readonly #surroundings: Surroundings;
  #counts: ApiCounts;
  #isTaken = false;
  #isLost = false;
  #isCleared = false;

  constructor(
    site: Site,
    index: number,
    parts: {
      readonly access: AdminAccess;
      readonly surroundings: Surroundings;
      readonly assignments: readonly Assignment[];
    },
  ) {
    this.assignments = parts.assignments;
    this.site = site;
    this.deleted = site.takenBack;
    this.index = index;
    this.access = parts.access;
    this.#surroundings = parts.surroundings;
    this.#counts = site.apiCounts();
  }

  /** Whether it is worked on: since it was found to have the change, or its alert to fire. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** Whether no pod of the agent is left, and none is wanted. */
  get areAgentsGone(): boolean {
    const { daemonSet } = this.site.cluster;
    return daemonSet.podCount === 0 && daemonSet.isSettled;
  }

  /** What has become of it since the last look. */
  look(): void {
    this.#isTaken ||= this.site.rolloutNote !== noCause || this.#surroundings.isFiring(this.index);
    const now = this.site.apiCounts();
    if (now.ended === this.#counts.ended && now.waiting === 0) return;
    this.#isLost = errorShare(this.#counts, now) > LOST_ABOVE;
    this.#counts = now;
  }

  /** True once: when the last pod of an agent that was taken back has gone. */
  isNewlyCleared(): boolean {
    if (this.#isCleared || !this.deleted.isFired || !this.areAgentsGone) return false;
    this.#isCleared = true;
    return true;
  }

  /** Whether everything that is named is as it says. */
  holds(state: StepState): boolean {
    return namedIn(state).every((key) => this.#isAsItSays(state, key));
  }

  /** Whether anything that is named is as it says. */
  holdsAny(state: StepState): boolean {
    return namedIn(state).some((key) => this.#isAsItSays(state, key));
  }

  #isAsItSays(state: StepState, key: keyof StepState): boolean {
    const { cluster } = this.site;
    switch (key) {
      case 'alertFiring':
        return this.#surroundings.isFiring(this.index) === state.alertFiring;
      case 'clusterLost':
        return this.#isLost === state.clusterLost;
      case 'agentsGone':
        return this.areAgentsGone === state.agentsGone;
      case 'agentsStopped':
        return (cluster.daemon.runningCount === 0) === state.agentsStopped;
      case 'trafficAway':
        return this.#surroundings.isAvoided(this.index) === state.trafficAway;
      case 'userErrorsAbove':
        return this.#surroundings.failureShare(this.index) > state.userErrorsAbove!;
    }
  }
}

function namedIn(state: StepState): (keyof StepState)[] {
  return (Object.keys(state) as (keyof StepState)[]).filter((key) => state[key] !== undefined);
}
