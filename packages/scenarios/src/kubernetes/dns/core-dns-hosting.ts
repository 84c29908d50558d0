/**
 * Where CoreDNS runs and who can reach it: pods on nodes, EndpointSlices that follow them, the Service that follows those, and
 * the making of new pods for those that were deleted. Made before the controllers, which tell it what they write, and before
 * the Deployment, which it starts again elsewhere.
 */
import type { Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { shuffled } from '../controllers/node-order.ts';
import type { NodeStore } from '../nodes/node-store.ts';
import type { CoreDnsDeployment } from './core-dns-deployment.ts';
import { CoreDnsPods, type CoreDnsPodsOptions } from './core-dns-pods.ts';
import { CoreDnsReplacement } from './core-dns-replacement.ts';
import { KubeDnsService, type KubeDnsServiceOptions } from './kube-dns-service.ts';

/** Pods and Service of CoreDNS. */
export type CoreDnsHostingOptions = CoreDnsPodsOptions & KubeDnsServiceOptions;

/** What it needs of the cluster. */
export interface CoreDnsHostingParts {
  readonly controlPlane: ControlPlane;
  readonly store: NodeStore;
  /** Whether the node's kubelet sees changes to its pods. */
  readonly isSynced: (node: number) => boolean;
}

/** Pods, Service and replacement of one CoreDNS Deployment. */
export class CoreDnsHosting {
  readonly pods: CoreDnsPods;
  readonly proxies: KubeDnsService;
  readonly #replacement: CoreDnsReplacement;
  #deployment: CoreDnsDeployment | undefined;
  #listed: (replica: number, isListed: boolean) => void = () => {};

  /** Replicas are spread over random nodes, one on each as long as there are enough (preferred anti-affinity). */
  constructor(simulation: Simulation, name: string, options: CoreDnsHostingOptions, parts: CoreDnsHostingParts) {
    const { controlPlane, store, isSynced } = parts;
    const order = shuffled(store.atStart, simulation.streams.get(`${name}/placement`));
    const nodes = Array.from({ length: options.replicas }, (_, replica) => order[replica % store.atStart]!);
    this.proxies = new KubeDnsService(simulation, name, options, controlPlane);
    this.pods = new CoreDnsPods(simulation, name, options, nodes, {
      controlPlane,
      isAlive: (node) => store.exists[node] === 1,
      observer: {
        endpointChanged: (replica, isListed) => this.#listed(replica, isListed),
        deleted: (replica) => {
          this.#deployment?.evict(replica);
          this.#replacement.replace(replica);
        },
      },
    });
    this.#replacement = new CoreDnsReplacement(simulation, name, {
      controlPlane,
      store,
      pods: this.pods,
      isSynced,
      started: (replica) => this.#deployment?.startAgain(replica),
    });
  }

  /** The Deployment runs. */
  run(deployment: CoreDnsDeployment): void {
    this.#deployment = deployment;
  }

  /** From now on the EndpointSlice controller hears which replicas are to be listed. */
  follow(listed: (replica: number, isListed: boolean) => void): void {
    this.#listed = listed;
  }

  /** The machine is gone, and with it the process; the API does not know until the pod garbage collector finds out. */
  nodeRemoved(node: number): void {
    const replica = this.pods.replicaAt(node, 0);
    if (replica >= 0) this.#deployment?.evict(replica);
  }

  /** A pod of a node is deleted: the replica on it goes with it, if it was that pod. */
  podDeleted(node: number, pod: number): void {
    const replica = this.pods.replicaAt(node, pod);
    if (replica >= 0) this.pods.deleted(replica);
  }
}
