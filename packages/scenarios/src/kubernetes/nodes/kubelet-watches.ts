/**
 * The watches of kubelets, in columns: through its watch a kubelet learns that a pod is to be started or stopped. A watch that
 * broke is listed and opened again after a back-off.
 */
import { type EventType, type Instant, seconds, type Simulation, timeZero } from '@brownout/core';
import { ForgettingBackoffs, reflectorBackoff } from '../client/backoff.ts';
import { ClientGroup, silenceTimeout } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import type { PodWatches, WatchObserver } from './pod-watches.ts';

const SYNC = operationNumber('kubelet-sync');

/** The pod watches of one cluster's kubelets. */
export class KubeletWatches implements PodWatches {
  readonly clients: ClientGroup;
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #exists: Uint8Array;
  readonly #observer: WatchObserver;
  readonly #backoffs: ForgettingBackoffs;
  /** 1 while its next LIST repeats one that failed. */
  readonly #isRepetition: Uint8Array;
  readonly #isSynced: Uint8Array;
  readonly #isSyncing: Uint8Array;
  readonly #group: number;
  readonly #sync: EventType;
  readonly #silence: EventType;
  /** When packets were dropped last. */
  #silentSince: Instant = timeZero;

  constructor(
    simulation: Simulation,
    name: string,
    parts: { readonly controlPlane: ControlPlane; readonly exists: Uint8Array; readonly observer: WatchObserver },
  ) {
    const nodes = parts.exists.length;
    this.#simulation = simulation;
    this.#controlPlane = parts.controlPlane;
    this.#exists = parts.exists;
    this.#observer = parts.observer;
    this.#backoffs = new ForgettingBackoffs(nodes, reflectorBackoff, simulation.streams.get(`${name}/kubelet/backoff`));
    this.#isRepetition = new Uint8Array(nodes);
    this.#isSynced = new Uint8Array(nodes).fill(1);
    this.#isSyncing = new Uint8Array(nodes);
    this.clients = new ClientGroup({
      name: 'kubelet-watch',
      describe: (node) => ({ ...nodeIdentity(`${node}`), verb: 'list', resource: 'pods' }),
      timeout: seconds(60),
      clients: nodes,
      isInside: false,
      countsForAvailability: true,
      onReply: (node, status) => this.#synced(node, status),
    });
    this.#group = parts.controlPlane.join(this.clients);
    this.#sync = simulation.event(`${name} watch restart`, (node) => this.#startSync(node), 'arrival');
    this.#silence = simulation.event(`${name} connections silent`, () => this.#silenceOver());
  }

  /** Whether the node's watch is open: it sees changes to its pods. */
  isSynced(node: number): boolean {
    return this.#isSynced[node] === 1 && this.#controlPlane.isConnected(this.clients, node);
  }

  /** It is open from the beginning. */
  begin(): void {}

  /** Its first LIST goes at once. */
  join(node: number): void {
    this.#isSynced[node] = 0;
    if (this.#isSyncing[node] === 1) return;
    this.#isSyncing[node] = 1;
    this.#startSync(node);
  }

  /** Nodes that do not exist send nothing. */
  stop(): void {}

  /** The node closed its connections itself. */
  broke(node: number): void {
    this.clients.disconnect(node);
    if (this.#isSynced[node] === 1) this.#start(node);
  }

  /** Connections are gone: every kubelet whose watch went over one notices and starts over after a back-off. */
  connectionsBroke(): void {
    for (let node = 0; node < this.#exists.length; node++) {
      if (this.#isSynced[node] === 0 || this.#controlPlane.isConnected(this.clients, node)) continue;
      this.#start(node);
    }
  }

  /** Packets are dropped from now on: health checks of the watch connections find out, unless it is over by then. */
  pathBlocked(): void {
    this.#silentSince = this.#simulation.now;
    this.#silence.after(silenceTimeout);
  }

  /** Packets pass again: watches whose connection is still alive get what they missed. */
  pathOpened(): void {
    for (let node = 0; node < this.#exists.length; node++) {
      if (this.#exists[node] === 1 && this.isSynced(node)) this.#observer.nodeSynced(node);
    }
  }

  /** A second silence is counted from its own beginning. */
  #silenceOver(): void {
    if (this.#simulation.now - this.#silentSince >= silenceTimeout) this.connectionsBroke();
  }

  #start(node: number): void {
    this.#isSynced[node] = 0;
    this.clients.disconnect(node);
    this.#syncLater(node);
  }

  #syncLater(node: number): void {
    if (this.#isSyncing[node] === 1 || this.#exists[node] === 0) return;
    this.#isSyncing[node] = 1;
    this.#sync.after(this.#backoffs.next(node, this.#simulation.now), node);
  }

  #startSync(node: number): void {
    if (this.#exists[node] === 1) {
      this.#controlPlane.send(this.#group, node, SYNC, node, this.#isRepetition[node] === 1);
    }
  }

  #synced(node: number, status: number): void {
    this.#isSyncing[node] = 0;
    this.#isRepetition[node] = status === Status.ok ? 0 : 1;
    if (status === Status.ok) {
      this.#isSynced[node] = 1;
      this.#observer.nodeSynced(node);
      return;
    }
    this.#syncLater(node);
  }
}
