/** The informers of CoreDNS as client-go's reflectors, on a control plane whose API servers have watch caches. */
import type { Simulation } from '@brownout/core';
import { ReflectorState } from '../client/reflector-machine.ts';
import type { ReflectorOperations } from '../client/reflector-options.ts';
import { Reflectors } from '../client/reflectors.ts';
import type { ControlPlane } from '../control-plane.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { type InformedResource, informedResources, type InformerObserver, type InformerSet } from './informer-set.ts';

/** Operations of the reflectors, by resource. */
export type ReflectedOperations = Readonly<Record<InformedResource, ReflectorOperations>>;

/**
 * One group of reflectors for each resource. A process has a connection for each of them, where CoreDNS has one for all; and
 * with WatchList the state comes as a stream that never lies in memory as a whole.
 */
export class ReflectedInformers implements InformerSet {
  readonly #reflectors: Readonly<Record<InformedResource, Reflectors>>;
  readonly #observer: InformerObserver;
  /** What each informer knew when it last heard of changes, by resource and process. */
  readonly #known: Readonly<Record<InformedResource, Float64Array>>;
  readonly #wasReady: Readonly<Record<InformedResource, Uint8Array>>;
  #isCut = false;

  constructor(
    simulation: Simulation,
    name: string,
    processes: number,
    operations: ReflectedOperations,
    controlPlane: ControlPlane,
    observer: InformerObserver,
  ) {
    this.#observer = observer;
    this.#known = eachResource(() => new Float64Array(processes));
    this.#wasReady = eachResource(() => new Uint8Array(processes));
    this.#reflectors = eachResource(
      (resource) =>
        new Reflectors(
          simulation,
          name,
          {
            name: `coredns-${resource}`,
            clients: processes,
            describe: () => ({ ...serviceAccountIdentity({ namespace: 'kube-system', name: 'coredns' }), resource }),
            resource,
            operations: operations[resource],
            hearsEach: false,
          },
          controlPlane,
          {
            onSynced: (process) => this.#filled(process, resource, operations[resource].watchList !== undefined),
            onLost: (process) => {
              if (!this.#isCut) this.#known[resource][process] = observer.revision();
            },
          },
        ),
    );
  }

  hasSynced(process: number, resource: InformedResource): boolean {
    return this.#reflectors[resource].hasSynced(process);
  }

  isWatching(process: number, resource: InformedResource): boolean {
    return !this.#isCut && this.#reflectors[resource].state(process) === ReflectorState.streaming;
  }

  knownRevision(process: number, resource: InformedResource): number {
    return this.isWatching(process, resource) ? this.#observer.revision() : this.#known[resource][process]!;
  }

  start(process: number): void {
    for (const resource of informedResources) this.#reflectors[resource].start(process);
  }

  startSynced(process: number, server: number): void {
    for (const resource of informedResources) {
      this.#wasReady[resource][process] = 1;
      this.#reflectors[resource].startSynced(process, server);
    }
  }

  stop(process: number): void {
    for (const resource of informedResources) {
      this.#wasReady[resource][process] = 0;
      this.#reflectors[resource].stop(process);
    }
  }

  /** The API servers' watch caches tell their watchers themselves. */
  connectionsBroke(): void {}

  pathBlocked(): void {
    for (const resource of informedResources) {
      for (let process = 0; process < this.#known[resource].length; process++) {
        this.#known[resource][process] = this.knownRevision(process, resource);
      }
      this.#reflectors[resource].pathBlocked();
    }
    this.#isCut = true;
  }

  pathOpened(): void {
    this.#isCut = false;
    for (const resource of informedResources) this.#reflectors[resource].pathOpened();
  }

  #filled(process: number, resource: InformedResource, isStream: boolean): void {
    if (!isStream && !this.#observer.listed(process, resource)) return;
    this.#known[resource][process] = this.#observer.revision();
    if (this.#wasReady[resource][process] === 1) return;
    this.#wasReady[resource][process] = 1;
    this.#observer.synced(process, resource);
  }
}

function eachResource<T>(make: (resource: InformedResource) => T): Record<InformedResource, T> {
  return {
    services: make('services'),
    endpointslices: make('endpointslices'),
    namespaces: make('namespaces'),
  };
}
