/**
 * The pipeline's own requests: it writes what it wants of a cluster through that cluster's API, one request at a time, and
 * tries again after a pause until the API has taken it, it is told to stop, or it has tried often enough.
 */
import { delay, type Duration, type Process, seconds, type Simulation, spawn, waitFor } from '@brownout/core';
import { serviceAccountIdentity } from '../kubernetes/flow-control/identity.ts';
import { Status } from '../kubernetes/requests/api-request.ts';
import { ApiCaller } from './api-caller.ts';
import type { Site } from './site.ts';

/** How the pipeline sends its requests. */
export interface PipelineOptions {
  /** Default 30 s. */
  readonly requestTimeout?: Duration | undefined;
  /** After the first failure; default 10 s. */
  readonly pause?: Duration | undefined;
  /** Pauses double up to this; default as long as the first. */
  readonly longestPause?: Duration | undefined;
  /** Tries after which it gives a write up; default never. */
  readonly attempts?: number | undefined;
}

/** What the pipeline asks and tells. */
export interface PipelineObserver {
  /** Whether nothing but taking back is written any more. */
  isHalted(): boolean;
  /** The API has taken the object that selects this share of the nodes. */
  written(site: Site, nodesShare: number): void;
  /** It has tried often enough. */
  gaveUp(site: Site, nodesShare: number): void;
}

const DEFAULT_TIMEOUT = seconds(30);
const DEFAULT_PAUSE = seconds(10);

/** Writes to clusters. */
export class RolloutPipeline {
  readonly #simulation: Simulation;
  readonly #options: PipelineOptions;
  readonly #observer: PipelineObserver;
  readonly #callers: Map<Site, ApiCaller> = new Map();
  /** Share of the nodes wanted in each cluster, and the clusters being written to. */
  readonly #wanted: Map<Site, number> = new Map();
  readonly #isWriting: Set<Site> = new Set();

  constructor(
    simulation: Simulation,
    options: PipelineOptions,
    parts: { readonly sites: Iterable<Site>; readonly observer: PipelineObserver },
  ) {
    this.#simulation = simulation;
    this.#options = options;
    this.#observer = parts.observer;
    for (const site of parts.sites) this.#callers.set(site, createPipelineCaller(site, 'pipeline', options));
  }

  /** Whether nothing is being written. */
  get isIdle(): boolean {
    return this.#isWriting.size === 0;
  }

  /** Whether a cluster is being written to. */
  isWritingTo(site: Site): boolean {
    return this.#isWriting.has(site);
  }

  /** From now on the pipeline wants this share in the cluster; whatever it wanted before is dropped. */
  ask(site: Site, nodesShare: number): void {
    this.#wanted.set(site, nodesShare);
    if (this.#isWriting.has(site)) return;
    this.#isWriting.add(site);
    spawn(this.#simulation, `rollout to ${site.id}`, this.#write(site));
  }

  *#write(site: Site): Process {
    const caller = this.#callers.get(site)!;
    const { attempts = Infinity, pause = DEFAULT_PAUSE, longestPause = pause } = this.#options;
    let failures = 0;
    let wait: number = pause;
    for (;;) {
      const nodesShare = this.#wanted.get(site)!;
      if (this.#observer.isHalted() && nodesShare > 0) break;
      const answered = caller.call('object-update');
      yield* waitFor(answered);
      if (answered.value === Status.ok) {
        this.#observer.written(site, nodesShare);
        failures = 0;
        wait = pause;
        if (this.#wanted.get(site) === nodesShare) break;
      } else if (++failures >= attempts && this.#wanted.get(site) === nodesShare) {
        this.#isWriting.delete(site);
        this.#observer.gaveUp(site, nodesShare);
        return;
      }
      yield delay(wait as Duration);
      if (failures > 0) wait = Math.min(2 * wait, longestPause);
    }
    this.#isWriting.delete(site);
  }
}

/** A client of the pipeline in one cluster. */
export function createPipelineCaller(site: Site, name: string, { requestTimeout }: PipelineOptions): ApiCaller {
  return new ApiCaller(site.cluster, {
    name,
    identity: serviceAccountIdentity({ namespace: 'deploy', name: 'pipeline' }),
    timeout: requestTimeout ?? DEFAULT_TIMEOUT,
    isInside: false,
    usesBreakGlass: false,
  });
}
