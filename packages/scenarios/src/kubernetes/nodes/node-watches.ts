/**
 * The watches of a process that runs on every node and has several of them: a kubelet's, beside that of its pods, and those
 * of kube-proxy. Each is a reflector of its own, so when a server goes all of them ask at once, and all over the one
 * connection that the process has. What they bring is of no consequence here; that they ask and are told is.
 */
import type { Simulation } from '@brownout/core';
import type { ReflectorOperations, SharedConnections } from '../client/reflector-options.ts';
import { Reflectors } from '../client/reflectors.ts';
import type { ControlPlane } from '../control-plane.ts';
import { type Identity, nodeIdentity, serviceAccountIdentity } from '../flow-control/identity.ts';

/** One watch of each node. */
export interface NodeWatch {
  /** What its group of clients is called, such as `kubelet-services`. */
  readonly name: string;
  /** Upstream plural name of the type. */
  readonly resource: string;
  readonly operations: ReflectorOperations;
  /** It selects the object of its own node, by name; absent = every object of the type. */
  readonly isOfOwn?: boolean;
}

/** The watches of nodes that stand for themselves. */
export interface NodeWatchOptions {
  /** Of a kubelet, beside that of its pods. */
  readonly kubelet: readonly NodeWatch[];
  /** Of kube-proxy, which is on every node and belongs to no model of its own; none = there is no kube-proxy. */
  readonly proxy: readonly NodeWatch[];
}

/** The reflectors of one process per node. */
export class ProcessWatches {
  readonly #all: Reflectors[] = [];
  readonly #simulation: Simulation;
  readonly #name: string;
  readonly #controlPlane: ControlPlane;
  readonly #clients: number;
  readonly #identityOf: (node: number) => Identity;

  constructor(
    simulation: Simulation,
    name: string,
    parts: {
      readonly controlPlane: ControlPlane;
      readonly clients: number;
      readonly identityOf: (node: number) => Identity;
    },
  ) {
    this.#simulation = simulation;
    this.#name = name;
    this.#controlPlane = parts.controlPlane;
    this.#clients = parts.clients;
    this.#identityOf = parts.identityOf;
  }

  /** Connections for the next of its reflectors: all of them go over those of the first. */
  get connections(): SharedConnections {
    return {
      beside: this.#all[0]?.connections,
      lastStreamAt: (node) => this.#all.reduce((last, each) => Math.max(last, each.lastStreamAt(node)), -Infinity),
    };
  }

  /** Reflectors that somebody else has made with `connections`. */
  add(reflectors: Reflectors): void {
    this.#all.push(reflectors);
  }

  /** Makes reflectors for a watch. */
  watch({ name, resource, operations, isOfOwn }: NodeWatch): void {
    const options = {
      name,
      clients: this.#clients,
      describe: (node: number) => ({ ...this.#identityOf(node), resource }),
      resource,
      operations,
      connections: this.connections,
      hearsEach: false,
      ...(isOfOwn === true ? { index: (node: number) => node } : {}),
    };
    this.add(new Reflectors(this.#simulation, this.#name, options, this.#controlPlane, { onSynced: () => {} }));
  }

  /** The node has been running for long, connected to a server. */
  begin(node: number, server: number): void {
    for (const reflectors of this.#all) reflectors.startSynced(node, server);
  }

  /** The process starts: its stores are empty. */
  start(node: number): void {
    for (const reflectors of this.#all) reflectors.start(node);
  }

  /** The node is gone. */
  stop(node: number): void {
    for (const reflectors of this.#all) reflectors.stop(node);
  }

  /** The process closes its connections. */
  broke(node: number): void {
    for (const reflectors of this.#all) reflectors.closeConnection(node);
  }

  pathBlocked(): void {
    for (const reflectors of this.#all) reflectors.pathBlocked();
  }

  pathOpened(): void {
    for (const reflectors of this.#all) reflectors.pathOpened();
  }
}

/** Who a kubelet is to the API. */
export function kubeletIdentity(node: number): Identity {
  return nodeIdentity(`${node}`);
}

/** Who kube-proxy is, as kubeadm deploys it: one account, and so one flow of APF, on all nodes. */
export function kubeProxyIdentity(): Identity {
  return serviceAccountIdentity({ namespace: 'kube-system', name: 'kube-proxy' });
}
