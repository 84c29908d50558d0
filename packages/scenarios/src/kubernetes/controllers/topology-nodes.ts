/**
 * The nodes of a cluster as the EndpointSlice controller counts them for topology hints: those whose Ready condition is true,
 * by zone. When that of a node changes, or it comes or goes, the shares of the zones are worked out again; changes within the
 * delay of a watch are one. The nodes are alike, so their number stands for their CPU.
 *
 * Source: kubernetes/kubernetes pkg/controller/endpointslice/endpointslice_controller.go (updateNode,
 * checkNodeTopologyDistribution, one worker on one key).
 */
import { type EventType, ms, type Simulation } from '@brownout/core';
import { type NodeStore, Ready } from '../nodes/node-store.ts';
import { cpuRatios } from './topology-allocation.ts';

/** From a change of a node until its watch has delivered it, on a healthy control plane (decision 0026). Assumed. */
const WATCH_DELAY = ms(10);

/** Ready nodes by zone, as an informer shows them. */
export class TopologyNodes {
  readonly #store: NodeStore;
  readonly #counted: () => void;
  readonly #check: EventType;
  readonly #isReady: Uint8Array;
  readonly #ready: Uint32Array;
  #ratios: Float64Array | undefined;
  #isRunning = false;
  #isCurrent = true;
  #isDue = false;

  /** `counted` is called when the shares have been worked out again after a change. */
  constructor(simulation: Simulation, name: string, store: NodeStore, counted: () => void) {
    this.#store = store;
    this.#counted = counted;
    this.#check = simulation.event(`${name} node topology`, () => this.#count());
    this.#isReady = new Uint8Array(store.count);
    this.#ready = new Uint32Array(store.zones);
    this.#seeAll();
  }

  /** Share of each zone in the CPU of ready nodes; undefined where fewer than two zones have any. */
  get ratios(): Float64Array | undefined {
    return this.#ratios;
  }

  /** A process begins to lead, its informers are filled. */
  start(): void {
    this.stop();
    this.#isRunning = true;
    this.#isCurrent = true;
    this.#seeAll();
  }

  stop(): void {
    this.#isRunning = false;
    this.#isDue = false;
  }

  /** A node object was created, deleted, or has another status. */
  changed(node: number): void {
    if (!this.#isRunning || !this.#isCurrent || !this.#see(node) || this.#isDue) return;
    this.#isDue = true;
    this.#check.after(WATCH_DELAY);
  }

  /** A watch broke: nothing is seen of nodes until it is open again. */
  informersBroke(): void {
    this.#isCurrent = false;
  }

  /** What changed meanwhile is seen at once. */
  informersSynced(): void {
    if (this.#isCurrent) return;
    this.#isCurrent = true;
    for (let node = 0; node < this.#isReady.length; node++) this.changed(node);
  }

  #count(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#ratios = cpuRatios(this.#ready);
    this.#counted();
  }

  #seeAll(): void {
    for (let node = 0; node < this.#isReady.length; node++) this.#see(node);
    this.#ratios = cpuRatios(this.#ready);
  }

  /** Whether the node counts for another number than before. */
  #see(node: number): boolean {
    const isReady = this.#store.exists[node] === 1 && this.#store.ready[node] === Ready.true ? 1 : 0;
    if (this.#isReady[node] === isReady) return false;
    this.#isReady[node] = isReady;
    this.#ready[this.#store.zone[node]!]! += isReady === 1 ? 1 : -1;
    return true;
  }
}
