/**
 * Updates of a DaemonSet that every node has had for long: its pods come from template 0, which asks the API for nothing, and
 * the new template is 1, the agent. The object moves on to it for a share of the nodes (a partition keeps the others), as fast
 * as the update strategy and the nodes allow, and goes back the same way.
 */
import type { DaemonSetController } from './controllers/daemon-set-controller.ts';
import { PodState } from './controllers/daemon-set-pods.ts';
import type { UpdateStrategy } from './controllers/rolling-update.ts';
import type { PodWorkers } from './nodes/pod-workers.ts';

const OLD = 0;
const NEW = 1;

/** See the head of this file. */
export class TemplateUpdates {
  readonly #daemonSet: DaemonSetController;
  readonly #workers: PodWorkers;
  #isInstalled = false;
  #partition = 0;

  constructor(daemonSet: DaemonSetController, workers: PodWorkers) {
    this.#daemonSet = daemonSet;
    this.#workers = workers;
  }

  /** The DaemonSet is there from the beginning; call before anything has happened. */
  install(): void {
    this.#isInstalled = true;
    this.#daemonSet.install();
    this.#daemonSet.isSelected.forEach((_, node) => this.#workers.install(2 * node));
  }

  /** Whether the pod at a place is an agent that asks the API: all are, unless the DaemonSet was there before. */
  runsAgent(place: number): boolean {
    return !this.#isInstalled || this.#daemonSet.pods.template[place] === NEW;
  }

  /** The object has the new template for this share of the nodes; 0 = the old one for all. */
  update(nodesShare: number, strategy: UpdateStrategy): void {
    const nodes = this.#daemonSet.isSelected.length;
    this.#partition = nodesShare === 0 ? 0 : nodes - Math.round(nodesShare * nodes);
    this.#daemonSet.setTemplate(nodesShare === 0 ? OLD : NEW, { ...strategy, partition: this.#partition });
  }

  /** Whether as many nodes as the object asks for have a ready pod of its template, and nothing is on its way. */
  get isSettled(): boolean {
    const { pods, isSelected, history } = this.#daemonSet;
    let wanted = -this.#partition;
    for (const selected of isSelected) wanted += selected;
    let fresh = 0;
    for (let place = 0; place < pods.state.length; place++) {
      const state = pods.state[place]!;
      if (state !== PodState.absent && state !== PodState.ready) return false;
      if (state === PodState.ready && pods.template[place] === history.template) fresh++;
    }
    return fresh >= wanted;
  }

  /** A place with a pod that is not of the object's template and is not to stay; -1 when there is none. For OnDelete. */
  nextOutdated(): number {
    const { pods, history } = this.#daemonSet;
    let outdated = 0;
    let first = -1;
    for (let place = 0; place < pods.state.length; place++) {
      if (!pods.isAlive(place) || pods.template[place] === history.template) continue;
      outdated++;
      if (first < 0) first = place;
    }
    return outdated > this.#partition ? first : -1;
  }

  /** The pod's deletion, by somebody other than the controller, is stored. */
  podWasDeleted(place: number): void {
    this.#daemonSet.podWasDeleted(place);
  }
}
