/**
 * The life of an instance:
 *
 *   missing --API: replacement written--> resolving --> downloading --> connecting --all edges work--> ready
 *      ^                                     ^  | cannot for too long      | for too long                |
 *      |                                     |  v                          v                             | an edge is broken
 *      |                                     +--crashed <---------------------------------------------- -+ for too long, crash
 *      +--lost with its node, evicted (from any state)                     back-off of the kubelet
 *
 * Kubelets start what crashed without the API. What needs the API waits for it: replacements, and that addresses are listed or
 * no longer listed.
 */
import { type Duration, type EventHandle, type EventType, noEvent, type Simulation, type Stream } from '@brownout/core';
import { jitteredWaitAfter, waitAfterDeath } from '../kubernetes/client/backoff.ts';
import type { Instances } from './instances.ts';
import type { LookupOptions, StartUpOptions } from './options.ts';
import type { Pools } from './pools.ts';
import type { StartUps } from './start-ups.ts';

/** Where an instance is in its life. */
export const InstanceState = {
  ready: 0,
  missing: 1,
  resolving: 2,
  downloading: 3,
  connecting: 4,
  crashed: 5,
} as const;

/** The name that downloads come from: the most popular one. */
const SOURCE_NAME = 0;

/** Surroundings of the instances. */
export interface InstanceParts {
  readonly instances: Instances;
  readonly pools: Pools;
  /** Absent: nothing is downloaded. */
  readonly startUps: StartUps | undefined;
  readonly failureProbability: (node: number, name: number) => number;
  /** Has something about an instance written; `written` is called when it is. */
  readonly write: (instance: number) => void;
  /** A node for a new pod; -1 = there is none. */
  readonly pickNode: (stream: Stream) => number;
}

/** The lives of all instances of a cluster. */
export class InstanceLives {
  readonly #simulation: Simulation;
  readonly #options: StartUpOptions;
  readonly #resolver: LookupOptions;
  readonly #parts: InstanceParts;
  readonly #dice: Stream;
  readonly #places: Stream;
  readonly #next: EventType;
  readonly #nextEvent: Float64Array;
  readonly #state: Uint8Array;
  /** When it became ready, or began to wait for what it waits for. */
  readonly #since: Float64Array;
  /** When its container started last: the kubelet forgets its back-off by how long that ran, ready or not. */
  readonly #startedAt: Float64Array;
  readonly #crashes: Uint8Array;
  readonly #failures: Uint8Array;
  readonly #isReplaced: Uint8Array;
  readonly #counts: Int32Array = new Int32Array(6);
  #exits = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: StartUpOptions,
    resolver: LookupOptions,
    parts: InstanceParts,
  ) {
    const { count } = parts.instances;
    this.#simulation = simulation;
    this.#options = options;
    this.#resolver = resolver;
    this.#parts = parts;
    this.#dice = simulation.streams.get(`${name}/start`);
    this.#places = simulation.streams.get(`${name}/placement`);
    this.#next = simulation.event(`${name} instance goes on`, (instance) => this.#goOn(instance));
    this.#nextEvent = new Float64Array(count).fill(noEvent);
    this.#state = new Uint8Array(count);
    this.#since = new Float64Array(count);
    this.#startedAt = new Float64Array(count);
    this.#crashes = new Uint8Array(count);
    this.#failures = new Uint8Array(count);
    this.#isReplaced = new Uint8Array(count);
    this.#counts[InstanceState.ready] = count;
  }

  /** One of `InstanceState`. */
  state(instance: number): number {
    return this.#state[instance]!;
  }

  /** Instances in a state. */
  count(state: number): number {
    return this.#counts[state]!;
  }

  /** Times that an instance exited because it could not reach what it needs. */
  get exits(): number {
    return this.#exits;
  }

  /** The container dies, and its kubelet starts it again: at once when it had not died before, or after the back-off. */
  crash(instance: number): void {
    const state = this.#state[instance]!;
    const hasRun = state !== InstanceState.missing && state !== InstanceState.crashed;
    const ranFor = hasRun ? this.#simulation.now - this.#startedAt[instance]! : 0;
    if (ranFor > this.#options.crashBackoffReset) this.#crashes[instance] = 0;
    this.#stop(instance, InstanceState.crashed);
    const crashes = this.#crashes[instance]!;
    const wait = waitAfterDeath(crashes, this.#options.crashBackoff);
    this.#crashes[instance] = Math.min(crashes + 1, 255);
    this.#nextEvent[instance] = this.#next.after(wait, instance);
  }

  /** The pod is gone with its node. */
  lose(instance: number): void {
    if (this.#state[instance] === InstanceState.missing) return;
    this.#stop(instance, InstanceState.missing);
    this.#parts.write(instance);
  }

  /** A deployment wants to replace the pod: it is when the API has agreed. */
  replace(instance: number): void {
    this.#isReplaced[instance] = 1;
    this.#parts.write(instance);
  }

  /** An edge of the instance has a connection. */
  connected(instance: number): void {
    if (this.#state[instance] !== InstanceState.connecting || !this.#parts.pools.isConnected(instance)) return;
    this.#enter(instance, InstanceState.ready);
    this.#parts.instances.setReady(instance, true);
    this.#parts.write(instance);
  }

  /** An edge of the instance is still without a connection. */
  stillBroken(instance: number, since: number): void {
    if (this.#simulation.now - since >= this.#options.exitAfter) this.#exit(instance);
  }

  /** The API has written the present state of an instance. */
  written(instance: number): void {
    const { instances } = this.#parts;
    if (this.#state[instance] === InstanceState.missing) {
      const node = this.#parts.pickNode(this.#places);
      if (node < 0) return;
      instances.node[instance] = node;
      this.#isReplaced[instance] = 0;
      instances.setListed(instance, false);
      this.#crashes[instance] = 0;
      this.#start(instance);
    } else if (this.#isReplaced[instance] === 1) {
      this.#isReplaced[instance] = 0;
      instances.setListed(instance, false);
      this.lose(instance);
    } else {
      instances.setListed(instance, instances.isReady(instance));
    }
  }

  #start(instance: number): void {
    this.#startedAt[instance] = this.#simulation.now;
    this.#enter(instance, this.#parts.startUps === undefined ? InstanceState.connecting : InstanceState.resolving);
    this.#failures[instance] = 0;
    if (this.#parts.startUps === undefined) this.#connect(instance);
    else this.#findSource(instance);
  }

  #findSource(instance: number): void {
    const failure = this.#parts.failureProbability(this.#parts.instances.node[instance]!, SOURCE_NAME);
    if (failure === 0 || (failure < 1 && this.#dice.uniform() >= failure)) {
      this.#enter(instance, InstanceState.downloading);
      this.#parts.startUps!.enter(instance);
      return;
    }
    if (this.#simulation.now - this.#since[instance]! >= this.#options.exitAfter) {
      this.#exit(instance);
      return;
    }
    const { timeout, attempts, backoff } = this.#resolver;
    const wait = timeout * attempts + jitteredWaitAfter(this.#failures[instance]!, backoff, this.#dice);
    this.#failures[instance] = Math.min(this.#failures[instance]! + 1, 255);
    this.#nextEvent[instance] = this.#next.after(wait as Duration, instance);
  }

  /** The download of an instance is complete. */
  downloaded(instance: number): void {
    this.#enter(instance, InstanceState.connecting);
    this.#connect(instance);
  }

  #connect(instance: number): void {
    this.#parts.pools.connectAll(instance);
    this.connected(instance);
  }

  #goOn(instance: number): void {
    this.#nextEvent[instance] = noEvent;
    if (this.#state[instance] === InstanceState.resolving) this.#findSource(instance);
    else this.#start(instance);
  }

  #exit(instance: number): void {
    this.#exits++;
    this.crash(instance);
  }

  #stop(instance: number, state: number): void {
    const { instances, pools, startUps } = this.#parts;
    if (this.#nextEvent[instance] !== noEvent) {
      this.#simulation.cancel(this.#nextEvent[instance]! as EventHandle);
      this.#nextEvent[instance] = noEvent;
    }
    const wasReady = this.#state[instance] === InstanceState.ready;
    this.#enter(instance, state);
    startUps?.drop(instance);
    instances.setReady(instance, false);
    pools.dropFrom(instance);
    if (!wasReady) return;
    pools.dropTo(instance);
    this.#parts.write(instance);
  }

  #enter(instance: number, state: number): void {
    this.#counts[this.#state[instance]!]!--;
    this.#counts[state]!++;
    this.#state[instance] = state;
    this.#since[instance] = this.#simulation.now;
  }
}
