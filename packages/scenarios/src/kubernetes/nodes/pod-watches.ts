/**
 * How kubelets learn of their pods: over a connection that is taken for a watch as long as it lives (kubelet-watches.ts), or,
 * where the API servers have watch caches, by reflectors that select the pods of their node.
 */
import type { Simulation } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import { ReflectorState } from '../client/reflector-machine.ts';
import type { ReflectorOperations } from '../client/reflector-options.ts';
import { Reflectors } from '../client/reflectors.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { kubeletIdentity, kubeProxyIdentity, type NodeWatchOptions, ProcessWatches } from './node-watches.ts';
import { KubeletWatches } from './kubelet-watches.ts';

/** Told when a node's watch works again after a break, or has brought something, so that it can catch up. */
export interface WatchObserver {
  nodeSynced(node: number): void;
}

/** The watches of all kubelets of a cluster for their pods. */
export interface PodWatches {
  /** Connections that the watches go over. */
  readonly clients: ClientGroup;
  /** Whether the node's watch is open: it sees changes to its pods. */
  isSynced(node: number): boolean;
  /** A node has been running for long, and is connected to a server. */
  begin(node: number, server: number): void;
  /** The kubelet of a node that joins has just started. */
  join(node: number): void;
  /** The node is gone. */
  stop(node: number): void;
  /** The node closed its connections itself. */
  broke(node: number): void;
  /** Connections are gone: every kubelet whose watch went over one notices. */
  connectionsBroke(): void;
  /** Packets are dropped from now on, or pass again. */
  pathBlocked(): void;
  pathOpened(): void;
}

/** Which of the two. */
export interface PodWatchOptions {
  /** What the reflectors send, for pods with the node as their index; absent = watches without watch caches. */
  readonly podWatches?: ReflectorOperations;
  /** Further watches of every node, each a request of its own; absent = that of the pods stands for all. Needs `podWatches`. */
  readonly nodeWatches?: NodeWatchOptions;
}

interface PodWatchParts {
  readonly controlPlane: ControlPlane;
  readonly exists: Uint8Array;
  readonly observer: WatchObserver;
}

/** Makes the watches that the options ask for. */
export function createPodWatches(
  simulation: Simulation,
  name: string,
  { podWatches, nodeWatches }: PodWatchOptions,
  parts: PodWatchParts,
): PodWatches {
  if (podWatches === undefined) return new KubeletWatches(simulation, name, parts);
  return new ReflectedPodWatches(simulation, name, podWatches, parts, nodeWatches);
}

/** Watches as reflectors: a node catches up when its stream is open again, and whenever an event about its pods comes. */
class ReflectedPodWatches implements PodWatches {
  readonly clients: ClientGroup;
  readonly #reflectors: Reflectors;
  /** All watches of the kubelets, and those of kube-proxy. */
  readonly #kubelets: ProcessWatches;
  readonly #proxies: ProcessWatches;
  readonly #controlPlane: ControlPlane;
  readonly #catchUp: (node: number) => void;
  /** While streams bring what they held back, before every node catches up at once. */
  #isOpening = false;

  constructor(
    simulation: Simulation,
    name: string,
    operations: ReflectorOperations,
    { controlPlane, exists, observer }: PodWatchParts,
    nodeWatches: NodeWatchOptions | undefined,
  ) {
    const parts = { controlPlane, clients: exists.length };
    this.#kubelets = new ProcessWatches(simulation, `${name}/kubelet`, { ...parts, identityOf: kubeletIdentity });
    this.#proxies = new ProcessWatches(simulation, `${name}/kube-proxy`, { ...parts, identityOf: kubeProxyIdentity });
    this.#controlPlane = controlPlane;
    const catchUp = (node: number): void => {
      if (exists[node] === 1 && !this.#isOpening) observer.nodeSynced(node);
    };
    this.#catchUp = catchUp;
    this.#reflectors = new Reflectors(
      simulation,
      `${name}/kubelet`,
      {
        name: 'kubelet-pods',
        clients: exists.length,
        describe: (node) => ({ ...nodeIdentity(`${node}`), resource: 'pods' }),
        resource: 'pods',
        operations,
        index: (node) => node,
        connections: this.#kubelets.connections,
      },
      controlPlane,
      { onSynced: () => {}, onStreaming: catchUp, onChange: catchUp },
    );
    this.clients = this.#reflectors.connections;
    this.#kubelets.add(this.#reflectors);
    for (const watch of nodeWatches?.kubelet ?? []) this.#kubelets.watch(watch);
    for (const watch of nodeWatches?.proxy ?? []) this.#proxies.watch(watch);
  }

  /** A stream that is open but cut shows nothing. */
  isSynced(node: number): boolean {
    return !this.#controlPlane.isCut(this.clients) && this.#reflectors.state(node) === ReflectorState.streaming;
  }

  begin(node: number, server: number): void {
    for (const process of [this.#kubelets, this.#proxies]) process.begin(node, server);
  }

  join(node: number): void {
    for (const process of [this.#kubelets, this.#proxies]) process.start(node);
  }

  stop(node: number): void {
    for (const process of [this.#kubelets, this.#proxies]) process.stop(node);
  }

  broke(node: number): void {
    this.#kubelets.broke(node);
  }

  /** The servers have told the reflectors themselves. */
  connectionsBroke(): void {}

  pathBlocked(): void {
    for (const process of [this.#kubelets, this.#proxies]) process.pathBlocked();
  }

  /** Nodes whose stream is still alive get what they missed, whoever wrote it. */
  pathOpened(): void {
    this.#isOpening = true;
    for (const process of [this.#kubelets, this.#proxies]) process.pathOpened();
    this.#isOpening = false;
    for (let node = 0; node < this.clients.server.length; node++) if (this.isSynced(node)) this.#catchUp(node);
  }
}
