/**
 * The pods of one DaemonSet as the API stores them, in columns: two places a node, because a surging update has an old and a
 * new pod on a node for a while.
 */

/** State of a pod. */
export const PodState = {
  absent: 0,
  /** Stored, without a node. */
  created: 1,
  /** Bound to its node; the kubelet starts it. */
  bound: 2,
  /** Its kubelet has written that it is ready. */
  ready: 3,
  /** Its deletion is stored; it goes when its kubelet says so. */
  terminating: 4,
  /** Its kubelet has written that it has failed: nothing of it runs, and its deletion is the end of it. */
  failed: 5,
} as const;

/** Pods in columns; place `2 * node` or `2 * node + 1`. */
export class DaemonSetPods {
  /** State of the pod at each place. */
  readonly state: Uint8Array;
  /** Template it was made from. */
  readonly template: Int32Array;
  /** When it became ready, in microseconds. */
  readonly readyAt: Float64Array;
  readonly #number: Int32Array;
  #created = 0;
  #count = 0;

  constructor(nodes: number) {
    this.state = new Uint8Array(2 * nodes);
    this.template = new Int32Array(2 * nodes);
    this.readyAt = new Float64Array(2 * nodes);
    this.#number = new Int32Array(2 * nodes);
  }

  /** Pods that are stored, those that terminate included. */
  get count(): number {
    return this.#count;
  }

  /** Whether nothing is stored for the node. */
  isEmpty(node: number): boolean {
    return this.state[2 * node] === PodState.absent && this.state[2 * node + 1] === PodState.absent;
  }

  /** Whether a pod is stored that neither terminates nor has failed. */
  isAlive(place: number): boolean {
    const state = this.state[place]!;
    return state !== PodState.absent && state !== PodState.terminating && state !== PodState.failed;
  }

  /** Of two pods on a node the one to give up: the one without a node, or else the one made later. */
  younger(node: number): number {
    const [first, second] = [2 * node, 2 * node + 1];
    const isFirstBound = this.state[first] !== PodState.created;
    const isSecondBound = this.state[second] !== PodState.created;
    if (isFirstBound !== isSecondBound) return isFirstBound ? second : first;
    return this.#number[first]! > this.#number[second]! ? first : second;
  }

  /** Place of the node's pod that has failed, -1 if none. */
  failedOf(node: number): number {
    if (this.state[2 * node] === PodState.failed) return 2 * node;
    return this.state[2 * node + 1] === PodState.failed ? 2 * node + 1 : -1;
  }

  /** A place of the node without a pod, -1 if none. */
  freePlace(node: number): number {
    if (this.state[2 * node] === PodState.absent) return 2 * node;
    return this.state[2 * node + 1] === PodState.absent ? 2 * node + 1 : -1;
  }

  /** Place of the node's pod that does not terminate and is made from `template`, or from another one; -1 if none. */
  find(node: number, template: number, isSame: boolean): number {
    for (let place = 2 * node; place <= 2 * node + 1; place++) {
      if (this.isAlive(place) && (this.template[place] === template) === isSame) return place;
    }
    return -1;
  }

  /** Whether a pod is available: ready for at least `minReady` microseconds at `now`. */
  isAvailable(place: number, now: number, minReady: number): boolean {
    return place >= 0 && this.state[place] === PodState.ready && now >= this.readyAt[place]! + minReady;
  }

  /** Whether every selected node has one available pod of the template, and nothing else is stored. */
  isSettled(isSelected: Uint8Array, template: number, now: number, minReady: number): boolean {
    for (let node = 0; node < isSelected.length; node++) {
      const fresh = this.find(node, template, true);
      const isAlone = fresh >= 0 && this.state[fresh ^ 1] === PodState.absent;
      const isWell = isAlone && this.isAvailable(fresh, now, minReady);
      if (isSelected[node] === 1 ? !isWell : !this.isEmpty(node)) return false;
    }
    return true;
  }

  /** Nodes selected, with a pod, with one of the template, with a ready one: what `status` of a DaemonSet counts. */
  summary(isSelected: Uint8Array, template: number): string {
    const counts = [0, 0, 0, 0];
    for (let node = 0; node < isSelected.length; node++) {
      counts[0]! += isSelected[node]!;
      if (!this.isEmpty(node)) counts[1]!++;
      if (this.find(node, template, true) >= 0) counts[2]!++;
      if (this.state[2 * node] === PodState.ready || this.state[2 * node + 1] === PodState.ready) counts[3]!++;
    }
    return counts.join();
  }

  /** Stores a new pod. */
  create(place: number, template: number): void {
    this.state[place] = PodState.created;
    this.template[place] = template;
    this.#number[place] = this.#created++;
    this.#count++;
  }

  /** The pod is gone. */
  remove(place: number): void {
    if (this.state[place] === PodState.absent) return;
    this.state[place] = PodState.absent;
    this.#count--;
  }
}
