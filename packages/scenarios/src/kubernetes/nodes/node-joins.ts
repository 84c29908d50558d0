/**
 * Machines that join a cluster: each is a row that was kept for it, in the order in which they come. Somebody may have created
 * its Node object before its kubelet starts, as provisioners of nodes do that bind pods to machines which still boot; usually
 * the kubelet does it itself.
 */
import { type Duration, type EventType, ms, seconds, type Simulation, type Stream } from '@brownout/core';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';

/** How machines join. */
export interface NodeJoin {
  /** From the arrival of a machine to the start of its kubelet. */
  readonly startTime: { sample(stream: Stream): Duration };
  /** From the registration to the moment at which the kubelet finds its node ready. */
  readonly readyAfter: { sample(stream: Stream): Duration };
  /** Who creates the Node objects: each kubelet its own, or somebody else as soon as a machine is there. */
  readonly objects: 'kubelet' | 'provisioner';
}

/** The kubelets, as far as machines that join are concerned. */
export interface StartedKubelets {
  readonly exists: Uint8Array;
  start(node: number, readyAfter: Duration): void;
  created(node: number, by: 'others'): void;
}

/** As a kubelet's (assumed: provisioners are many, and their queues back off likewise). */
const AGAIN: DoublingBackoff = { first: ms(100), longest: seconds(7) };
const NODE_WRITE = operationNumber('node-status-patch');

/** The machines that may join one cluster. */
export class NodeJoins {
  readonly #controlPlane: ControlPlane;
  readonly #kubelets: StartedKubelets;
  readonly #startStream: Stream;
  readonly #readyStream: Stream;
  readonly #readyAfter: Float64Array;
  readonly #failures: Uint8Array;
  readonly #group: number;
  readonly #start: EventType;
  readonly #create: EventType;
  /** Row of the next machine. */
  #next: number;

  /** The first `nodes` rows of the kubelets were there from the beginning. */
  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    parts: { readonly controlPlane: ControlPlane; readonly kubelets: StartedKubelets },
  ) {
    const { controlPlane, kubelets } = parts;
    this.#controlPlane = controlPlane;
    this.#kubelets = kubelets;
    this.#next = nodes;
    this.#startStream = simulation.streams.get(`${name}/node joins/start`);
    this.#readyStream = simulation.streams.get(`${name}/node joins/ready`);
    this.#readyAfter = new Float64Array(kubelets.exists.length);
    this.#failures = new Uint8Array(kubelets.exists.length);
    this.#start = simulation.event(`${name} kubelet starts`, (node) =>
      kubelets.start(node, this.#readyAfter[node]! as Duration),
    );
    this.#create = simulation.event(`${name} node object`, (node) => this.#send(node));
    this.#group = controlPlane.join(
      new ClientGroup({
        name: 'node-provisioner',
        describe: () => ({
          ...serviceAccountIdentity({ namespace: 'kube-system', name: 'node-provisioner' }),
          verb: 'create',
          resource: 'nodes',
        }),
        timeout: seconds(60),
        clients: 1,
        isInside: false,
        countsForAvailability: true,
        onReply: (node, status) => this.#answered(node, status),
      }),
    );
  }

  /** Machines that may still come. */
  get left(): number {
    return this.#kubelets.exists.length - this.#next;
  }

  /** So many machines arrive now, or as many as are left. Returns how many. */
  join(count: number, { startTime, readyAfter, objects }: NodeJoin): number {
    const come = Math.min(count, this.left);
    for (let i = 0; i < come; i++) {
      const node = this.#next++;
      this.#readyAfter[node] = readyAfter.sample(this.#readyStream);
      this.#start.after(startTime.sample(this.#startStream), node);
      if (objects === 'provisioner') this.#send(node);
    }
    return come;
  }

  #send(node: number): void {
    this.#controlPlane.send(this.#group, 0, NODE_WRITE, node, this.#failures[node]! > 0);
  }

  #answered(node: number, status: number): void {
    if (status === Status.ok) {
      this.#kubelets.created(node, 'others');
      return;
    }
    const failures = this.#failures[node]!;
    this.#failures[node] = Math.min(failures + 1, 255);
    this.#create.after(waitAfter(failures, AGAIN), node);
  }
}

/** Options of a part that has a row for each node, with rows for those that may join; as they are where there are none. */
export function withJoining<Options extends object>(options: Options, joining: number): Options {
  return joining === 0 ? options : { ...options, joining };
}
