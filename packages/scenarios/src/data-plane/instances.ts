/** Instances of services in columns: where they run, whether they serve, and whether the cluster hands out their address. */
import type { Stream } from '@brownout/core';

/** Tries to meet a wanted instance by luck before the others are gone through in order. */
const TRIES = 8;

/** Instances of each service where that is not stated: the pods of a cluster are shared out among its services. */
export function instancesEach(pods: number, services: number): number {
  return Math.max(1, Math.round(pods / services));
}

/** The instances of all services of a cluster; those of one service have numbers next to each other. */
export class Instances {
  readonly services: number;
  /** Instances of each service. */
  readonly replicas: number;
  /** Node each one runs on. */
  readonly node: Int32Array;
  readonly #isReady: Uint8Array;
  readonly #isListed: Uint8Array;
  /** Ready and listed instances of each service. */
  readonly #ready: Int32Array;
  readonly #listed: Int32Array;
  #changes = 0;
  readonly #changesOf: Int32Array;

  /** All serve and are listed; `node` is left at 0. */
  constructor(services: number, replicas: number) {
    if (!(Number.isInteger(replicas) && replicas >= 1)) {
      throw new RangeError(`instances: replicas must be a whole number >= 1, got ${replicas}`);
    }
    this.services = services;
    this.replicas = replicas;
    this.node = new Int32Array(services * replicas);
    this.#isReady = new Uint8Array(services * replicas).fill(1);
    this.#isListed = new Uint8Array(services * replicas).fill(1);
    this.#ready = new Int32Array(services).fill(replicas);
    this.#listed = new Int32Array(services).fill(replicas);
    this.#changesOf = new Int32Array(services);
  }

  get count(): number {
    return this.#isReady.length;
  }

  /** Grows with every change of who serves, or of whether one of their edges works. */
  get changes(): number {
    return this.#changes;
  }

  /** The same for the instances of one service. */
  changesOf(service: number): number {
    return this.#changesOf[service]!;
  }

  /** An instance of a service serves or no longer does, or one of its edges has begun to work or broken. */
  noteChange(service: number): void {
    this.#changes++;
    this.#changesOf[service]!++;
  }

  serviceOf(instance: number): number {
    return Math.floor(instance / this.replicas);
  }

  isReady(instance: number): boolean {
    return this.#isReady[instance] === 1;
  }

  /** Whether callers that look its service up may be sent to it. */
  isListed(instance: number): boolean {
    return this.#isListed[instance] === 1;
  }

  /** Ready instances of a service. */
  ready(service: number): number {
    return this.#ready[service]!;
  }

  /** Listed instances of a service. */
  listed(service: number): number {
    return this.#listed[service]!;
  }

  setReady(instance: number, isReady: boolean): void {
    if (this.isReady(instance) === isReady) return;
    this.#isReady[instance] = isReady ? 1 : 0;
    const service = this.serviceOf(instance);
    this.#ready[service]! += isReady ? 1 : -1;
    this.noteChange(service);
  }

  setListed(instance: number, isListed: boolean): void {
    if (this.isListed(instance) === isListed) return;
    this.#isListed[instance] = isListed ? 1 : 0;
    this.#listed[this.serviceOf(instance)]! += isListed ? 1 : -1;
  }

  /** A ready instance of a service, each as likely as the others; -1 when there is none. */
  pickReady(service: number, stream: Stream): number {
    return this.#pick(this.#isReady, this.#ready[service]!, service, stream);
  }

  /** A listed instance of a service, likewise: it may be dead. */
  pickListed(service: number, stream: Stream): number {
    return this.#pick(this.#isListed, this.#listed[service]!, service, stream);
  }

  #pick(wanted: Uint8Array, count: number, service: number, stream: Stream): number {
    if (count === 0) return -1;
    const first = service * this.replicas;
    for (let tries = 0; tries < TRIES; tries++) {
      const instance = first + stream.integer(this.replicas);
      if (wanted[instance] === 1) return instance;
    }
    let rank = stream.integer(count);
    let instance = first;
    for (;;) {
      if (wanted[instance] === 1 && rank-- === 0) return instance;
      instance++;
    }
  }
}
