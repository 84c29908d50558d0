/** What a rollout changes in a cluster once the API has taken the object. */
import { delay, type Duration, type Process, seconds, type Simulation, spawn, waitFor } from '@brownout/core';
import type { UpdateStrategy } from '../kubernetes/controllers/rolling-update.ts';
import { Status } from '../kubernetes/requests/api-request.ts';
import type { TemplateUpdates } from '../kubernetes/template-updates.ts';
import type { ApiCaller } from './api-caller.ts';
import { createPipelineCaller, type PipelineOptions } from './rollout-pipeline.ts';
import type { Site } from './site.ts';

/** The change, and whether a cluster has come to rest after it. */
export interface RolloutChange {
  /** The object now asks for the change on this share of the nodes; 0 takes it back. */
  apply(site: Site, nodesShare: number): void;
  /** Whether every node that is to have it has it. */
  isSettled(site: Site): boolean;
}

/** The DaemonSet is new: it selects more and more nodes, and taking it back deletes its pods. */
export const newDaemonSet: RolloutChange = {
  apply: (site, nodesShare) => site.cluster.daemonSet.select(nodesShare),
  isSettled: (site) => site.cluster.daemonSet.isSettled,
};

/** How an update of a DaemonSet that was there before goes. */
export interface DaemonSetUpdate extends UpdateStrategy {
  /** With OnDelete the pipeline deletes the old pods itself, one after the other with this pause between two; default 1 s. */
  readonly deletionPause?: Duration | undefined;
}

/**
 * The DaemonSet was there before, and gets another template. Only where its controller is modelled in full; the clusters
 * must not have run yet.
 */
export class DaemonSetTemplate implements RolloutChange {
  readonly #simulation: Simulation;
  readonly #update: DaemonSetUpdate;
  readonly #deleters: Map<Site, ApiCaller> = new Map();
  readonly #isDeleting: Set<Site> = new Set();

  constructor(simulation: Simulation, update: DaemonSetUpdate, sites: readonly Site[], pipeline: PipelineOptions = {}) {
    this.#simulation = simulation;
    this.#update = update;
    for (const site of sites) {
      updatesOf(site).install();
      if (update.type !== 'OnDelete') continue;
      this.#deleters.set(site, createPipelineCaller(site, 'pipeline-deletions', pipeline));
    }
  }

  apply(site: Site, nodesShare: number): void {
    updatesOf(site).update(nodesShare, this.#update);
    if (this.#update.type !== 'OnDelete' || this.#isDeleting.has(site)) return;
    this.#isDeleting.add(site);
    spawn(this.#simulation, `delete old pods of ${site.id}`, this.#deleteOld(site));
  }

  isSettled(site: Site): boolean {
    return updatesOf(site).isSettled;
  }

  /** A deletion that fails is tried again with the next turn. */
  *#deleteOld(site: Site): Process {
    const updates = updatesOf(site);
    const deleter = this.#deleters.get(site)!;
    for (let place = updates.nextOutdated(); place >= 0; place = updates.nextOutdated()) {
      const answered = deleter.call('pod-delete');
      yield* waitFor(answered);
      if (answered.value === Status.ok) updates.podWasDeleted(place);
      yield delay(this.#update.deletionPause ?? seconds(1));
    }
    this.#isDeleting.delete(site);
  }
}

function updatesOf(site: Site): TemplateUpdates {
  const { updates } = site.cluster.daemonSet;
  if (updates !== undefined) return updates;
  throw new RangeError(`rollout: expected a DaemonSet controller in full in cluster "${site.id}", got the plain one`);
}
