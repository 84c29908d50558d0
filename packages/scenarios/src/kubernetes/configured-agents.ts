/**
 * Agents that were on every node before anything happened, and an object that they all watch. Whoever writes it sets every
 * agent to work at once: no pod is created, nothing is scheduled. What a DaemonSet rollout is to new agents, this is to a
 * change of configuration; taking it back is a change again.
 *
 *   pipeline, people --write--> object --watch of each agent, after a delay--> Daemon: what the change makes it do
 */
import { noTime, type Simulation, type Stream } from '@brownout/core';
import { isDealt, shuffled } from './controllers/node-order.ts';
import type { Daemon } from './nodes/daemon.ts';
import type { WorkloadControllers } from './workload-controllers.ts';

/** How a change gets from the object to the agents. */
export interface ConfigurationOptions {
  /** From the write to the agent's first request, drawn for each. */
  readonly delay: { sample(stream: Stream): number };
}

/** The agents of one cluster as those who change their configuration see them. */
export class ConfiguredAgents implements WorkloadControllers {
  readonly isSelected: Uint8Array;
  readonly updates: undefined;
  readonly #daemon: Daemon;
  readonly #others: WorkloadControllers;
  readonly #delay: ConfigurationOptions['delay'];
  readonly #delayStream: Stream;
  readonly #order: Int32Array;
  readonly #exists: Uint8Array;
  readonly #hasGone: Set<number> = new Set();
  readonly #followsKubelets: boolean;

  /** Share that has the new configuration. */
  #share = 0;

  /**
   * `others` are the controllers of the cluster, which have no part in this; they are told what kubelets see where they are
   * the complete ones, whose DaemonSet starts and stops no agent that it did not bring.
   */
  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: ConfigurationOptions & { readonly joining?: number },
    parts: { readonly daemon: Daemon; readonly others: WorkloadControllers; readonly followsKubelets: boolean },
  ) {
    this.#followsKubelets = parts.followsKubelets;
    this.#daemon = parts.daemon;
    this.#others = parts.others;
    this.#delay = options.delay;
    this.#delayStream = simulation.streams.get(`${name}/configuration/delay`);
    this.#order = shuffled(nodes, simulation.streams.get(`${name}/configuration/order`));
    const rows = nodes + (options.joining ?? 0);
    this.isSelected = new Uint8Array(rows);
    this.#exists = new Uint8Array(rows).fill(1, 0, nodes);
    parts.daemon.installAll();
  }

  /** Objects that agents still have to write, and stores that they have to fill anew: 0 when the cluster is at rest. */
  get podCount(): number {
    return this.#daemon.unfinished;
  }

  /** Their pods were there before, and are counted among those of the cluster. */
  get storedPodCount(): number {
    return this.#others.storedPodCount;
  }

  get readyCount(): number {
    let count = 0;
    for (let node = 0; node < this.isSelected.length; node++) {
      if (this.isSelected[node] === 1 && this.#daemon.isRunning[node] === 1) count++;
    }
    return count;
  }

  get isSettled(): boolean {
    return this.#daemon.unfinished === 0;
  }

  isBound(node: number): boolean {
    return this.#exists[node] === 1;
  }

  /** The agent of a node that joined starts with the configuration that is stored, so it has nothing to change. */
  addNode(node: number): void {
    this.#others.addNode(node);
    if (this.#exists[node] === 1 || this.#hasGone.has(node)) return;
    this.#exists[node] = 1;
    this.isSelected[node] = this.#isMeant(node) ? 1 : 0;
    this.#daemon.start(node);
  }

  /** The object was written: this share of the agents has the new configuration from now on, the others have the old one. */
  select(share: number): void {
    this.#share = share;
    const limit = Math.round(share * this.#order.length);
    this.#order.forEach((node, place) => this.#want(node, place < limit));
    for (let node = this.#order.length; node < this.#exists.length; node++) this.#want(node, this.#isMeant(node));
  }

  #want(node: number, isMeant: boolean): void {
    const isSelected = isMeant && this.#exists[node] === 1 ? 1 : 0;
    if (this.isSelected[node] === isSelected) return;
    this.isSelected[node] = isSelected;
    this.#daemon.change(node, Math.max(noTime, Math.round(this.#delay.sample(this.#delayStream))));
  }

  #isMeant(node: number): boolean {
    return isDealt(node - this.#order.length, this.#share);
  }

  removeNode(node: number): void {
    this.#exists[node] = 0;
    this.#hasGone.add(node);
    this.isSelected[node] = 0;
    this.#daemon.stop(node);
    this.#others.removeNode(node);
  }

  /** Agents do not come and go with what kubelets see. */
  nodeSynced(node: number): void {
    if (this.#followsKubelets) this.#others.nodeSynced(node);
  }

  nodeReported(node: number): void {
    this.#others.nodeReported(node);
  }

  nodeCreated(node: number): void {
    this.#others.nodeCreated(node);
  }
}
