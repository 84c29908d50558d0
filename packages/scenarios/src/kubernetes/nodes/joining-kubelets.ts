/**
 * Kubelets of nodes that join while the cluster runs: from the start of the process over its registration to the first status
 * that says ready. A kubelet that starts says that it is not ready: its container runtime or network is not there yet. It
 * opens its watches as soon as its node is known, and writes its status then and again when it has become ready.
 */
import { type Duration, type EventType, noTime, seconds, type Simulation } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { Status } from '../requests/api-request.ts';
import { NodeRegistration } from './node-registration.ts';

/** What joining needs of the kubelets. */
export interface JoiningParts {
  readonly controlPlane: ControlPlane;
  /** 1 while the node object is stored. */
  readonly exists: Uint8Array;
  readonly connections: ClientGroup;
  readonly requestTimeout: Duration;
  readonly renewInterval: Duration;
  /** The Node object is stored; it may have been before. */
  readonly known: (node: number) => void;
  /** The Lease is stored. */
  readonly leased: (node: number) => void;
  /** The kubelet opens its watches. */
  readonly watches: (node: number) => void;
  /** It writes its status, for the first time or not. */
  readonly reports: (node: number, isFirst: boolean) => void;
  /** Where nobody keeps the status: it is stored that the node is ready. */
  readonly ready: (node: number) => void;
}

const Machine = { awaited: 0, up: 1, gone: 2 } as const;
/** A status that could not be written goes with the next tick of the kubelet, every 10 s. */
const TICK = seconds(10);

/** See the head of this file. */
export class JoiningKubelets {
  readonly #simulation: Simulation;
  readonly #parts: JoiningParts;
  readonly #registration: NodeRegistration;
  /** One of the values of `Machine`. */
  readonly #machine: Uint8Array;
  /** Time from registration until the kubelet finds the node ready, and the instant, in microseconds. */
  readonly #readyAfter: Float64Array;
  readonly #readyAt: Float64Array;
  /** 1 from the registration until `ready` was told. */
  readonly #isAwaited: Uint8Array;
  readonly #ready: EventType;

  constructor(simulation: Simulation, name: string, parts: JoiningParts) {
    const rows = parts.exists.length;
    this.#simulation = simulation;
    this.#parts = parts;
    this.#machine = new Uint8Array(rows);
    this.#readyAfter = new Float64Array(rows);
    this.#readyAt = new Float64Array(rows);
    this.#isAwaited = new Uint8Array(rows);
    const { controlPlane, exists, connections, requestTimeout, renewInterval, leased } = parts;
    this.#registration = new NodeRegistration(simulation, name, {
      controlPlane,
      exists,
      connections,
      leaseTimeout: requestTimeout,
      renewInterval,
      isUp: (node) => this.#machine[node] === Machine.up,
      known: (node) => this.#known(node),
      leased,
    });
    this.#ready = simulation.event(`${name} node ready`, (node) => {
      if (this.#machine[node] === Machine.up) parts.reports(node, false);
    });
  }

  /** The kubelet of a node starts; `readyAfter` its registration it finds its node ready. */
  begin(node: number, readyAfter: Duration): void {
    if (this.isGone(node)) return;
    this.#machine[node] = Machine.up;
    this.#readyAfter[node] = readyAfter;
    this.#readyAt[node] = Infinity;
    this.#registration.begin(node);
  }

  /** The machine is gone. */
  gone(node: number): void {
    this.#machine[node] = Machine.gone;
    this.#isAwaited[node] = 0;
  }

  /** Whether the machine was there, or at least its object, and is not any more. */
  isGone(node: number): boolean {
    return this.#machine[node] === Machine.gone;
  }

  /** Whether the kubelet finds its node ready: all but those that start do. */
  isReady(node: number): boolean {
    return this.#simulation.now >= this.#readyAt[node]!;
  }

  /** A status was written, or could not be. */
  reported(node: number, status: number): void {
    if (this.#isAwaited[node] === 0) return;
    if (status !== Status.ok) {
      this.#ready.after(TICK, node);
    } else if (this.isReady(node)) {
      this.#isAwaited[node] = 0;
      this.#parts.ready(node);
    }
  }

  #known(node: number): void {
    const wait = this.#readyAfter[node]! as Duration;
    this.#readyAt[node] = this.#simulation.now + wait;
    this.#isAwaited[node] = 1;
    this.#parts.known(node);
    this.#parts.watches(node);
    this.#parts.reports(node, true);
    if (wait > noTime) this.#ready.after(wait, node);
  }
}
