/**
 * What makes CoreDNS pods anew whose pods were deleted: the Deployment's ReplicaSet creates a pod, the scheduler binds it to a
 * node that is ready, the kubelet there starts it. Each step needs the API, so a pod lost during an outage is lost until it
 * is over; and where no node is ready the new pod stays pending.
 *
 *   deleted --POST pod--> pending --POST binding--> bound --kubelet sees it, starts it--> process, without its informers
 *
 * Creation failures are tried again after 5 s and pending pods looked at every 10 s (both assumed: upstream backs off per
 * pod, and wakes pending pods when nodes change).
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  noEvent,
  noTime,
  seconds,
  type Simulation,
  type Stream,
} from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { ControllerClient } from '../controllers/controller-client.ts';
import { type NodeStore, Ready } from '../nodes/node-store.ts';
import { operationNumber } from '../requests/operation.ts';
import { Status } from '../requests/api-request.ts';
import type { CoreDnsPods } from './core-dns-pods.ts';

/** What the replacement works with. */
export interface CoreDnsReplacementParts {
  readonly controlPlane: ControlPlane;
  readonly store: NodeStore;
  readonly pods: CoreDnsPods;
  /** Whether the node's kubelet sees changes to its pods. */
  readonly isSynced: (node: number) => boolean;
  /** The container of the new pod is started. */
  readonly started: (replica: number) => void;
}

/** From the kubelet's first sight of the pod to the start of the process (assumed: the image is on the node). */
const START_TIME = seconds(3);
const AGAIN = seconds(5);
const PENDING = seconds(10);
const LOOK = seconds(1);
const Purpose = { create: 0, bind: 1 } as const;
const POD_CREATE = operationNumber('pod-create');
const POD_BIND = operationNumber('pod-bind');

/** ReplicaSet controller, scheduler and kubelet, as far as CoreDNS needs them. */
export class CoreDnsReplacement {
  readonly #simulation: Simulation;
  readonly #parts: CoreDnsReplacementParts;
  readonly #client: ControllerClient;
  readonly #choice: Stream;
  readonly #create: EventType;
  readonly #bind: EventType;
  readonly #start: EventType;
  readonly #begin: EventType;
  /** Node that each replica's new pod is being bound to. */
  readonly #chosen: Int32Array;
  /** What is due next for each replica's new pod: when that pod is deleted in turn, nothing of it may come. */
  readonly #due: Float64Array;

  constructor(simulation: Simulation, name: string, parts: CoreDnsReplacementParts) {
    this.#simulation = simulation;
    this.#parts = parts;
    this.#choice = simulation.streams.get(`${name}/replacement`);
    this.#chosen = new Int32Array(parts.pods.node.length);
    this.#due = new Float64Array(parts.pods.node.length).fill(noEvent);
    const options = { name: 'replicaset-controller', namespace: 'kube-system' };
    this.#client = new ControllerClient(simulation, parts.controlPlane, options, (purpose, replica, status) =>
      this.#ended(purpose, replica, status),
    );
    this.#create = simulation.event(`${name} pod create`, (replica) =>
      this.#client.write(POD_CREATE, Purpose.create, replica),
    );
    this.#bind = simulation.event(`${name} pod bind`, (replica) => this.#schedule(replica));
    this.#start = simulation.event(`${name} pod seen`, (replica) => this.#seen(replica));
    this.#begin = simulation.event(`${name} pod start`, (replica) => this.#run(replica));
  }

  /** The replica's pod is deleted: another one is to be made. */
  replace(replica: number): void {
    this.#simulation.cancel(this.#due[replica]! as EventHandle);
    this.#plan(this.#create, noTime, replica);
  }

  #plan(event: EventType, wait: Duration, replica: number): void {
    this.#due[replica] = event.after(wait, replica);
  }

  #ended(purpose: number, replica: number, status: Status): void {
    if (purpose === Purpose.create) {
      if (status === Status.ok) this.#schedule(replica);
      else this.#plan(this.#create, AGAIN, replica);
    } else if (status === Status.ok) {
      this.#parts.pods.replaced(replica, this.#chosen[replica]!);
      this.#seen(replica);
    } else {
      this.#plan(this.#bind, AGAIN, replica);
    }
  }

  /** Any node that is ready, open to new pods and without a replica; ordinary pods are not followed onto nodes that joined. */
  #schedule(replica: number): void {
    const { store, pods } = this.#parts;
    const fitting: number[] = [];
    for (let node = 0; node < store.atStart; node++) {
      const isOpen = store.exists[node] === 1 && store.ready[node] === Ready.true && store.isClosed[node] === 0;
      if (isOpen && store.isTainted[node] === 0 && pods.replicaAt(node, 0) < 0) fitting.push(node);
    }
    if (fitting.length === 0) {
      this.#plan(this.#bind, PENDING, replica);
      return;
    }
    this.#chosen[replica] = fitting[this.#choice.integer(fitting.length)]!;
    this.#client.write(POD_BIND, Purpose.bind, replica);
  }

  /** Unless its machine went in the meantime. */
  #run(replica: number): void {
    if (this.#parts.isSynced(this.#parts.pods.node[replica]!)) this.#parts.started(replica);
    else this.#plan(this.#start, LOOK, replica);
  }

  #seen(replica: number): void {
    if (this.#parts.isSynced(this.#parts.pods.node[replica]!)) this.#plan(this.#begin, START_TIME, replica);
    else this.#plan(this.#start, LOOK, replica);
  }
}
