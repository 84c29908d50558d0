/**
 * Reads that wait for the cache of a type to reach a version: at most 3 s, then "too large resource version" - or, when
 * the version came from etcd itself, a read from etcd (apiserver, storage/cacher/watch_cache.go and delegator.go).
 */
import { type EventHandle, type Simulation, type TimeoutType } from '@brownout/core';
import { BucketHistogram } from '../metrics/histogram.ts';
import { FRESH_WAIT } from './options.ts';

/** Upper edges in which the API server times these waits, in seconds (apiserver storage/cacher/metrics/metrics.go). */
export const freshWaitBuckets: readonly number[] = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3];

/** What a waiting read does when it is looked at again. */
export type FreshWaitState = 'waiting' | 'fresh' | 'too-late';

interface Wait {
  readonly since: number;
  readonly revision: number;
  readonly isConfirmed: boolean;
  readonly timeout: EventHandle;
  state: FreshWaitState;
}

/** The waiting reads of one type at one server. */
export class FreshWaits {
  /** Seconds that reads which need a version waited for it: nothing when it was there, and those that gave up as well. */
  readonly times: BucketHistogram = new BucketHistogram(freshWaitBuckets);
  readonly #simulation: Simulation;
  readonly #timeout: TimeoutType;
  readonly #resume: (request: number) => void;
  readonly #waits: Map<number, Wait> = new Map();

  constructor(simulation: Simulation, name: string, resume: (request: number) => void) {
    this.#simulation = simulation;
    this.#resume = resume;
    this.#timeout = simulation.timeout(`${name} fresh wait`, FRESH_WAIT, (request) => this.#giveUp(request));
  }

  /** Reads waiting now. */
  get count(): number {
    return this.#waits.size;
  }

  /** A read begins to wait; `resume` follows, unless the process dies. */
  add(request: number, revision: number, isConfirmed: boolean): void {
    this.take(request);
    const timeout = this.#timeout.start(request);
    this.#waits.set(request, { since: this.#simulation.now, revision, isConfirmed, timeout, state: 'waiting' });
  }

  /** A read needs a version that is there already. */
  needless(): void {
    this.times.observe(0);
  }

  /** Takes a read out that was resumed; undefined when it has not waited. */
  take(request: number): { readonly state: FreshWaitState; readonly isConfirmed: boolean } | undefined {
    const wait = this.#waits.get(request);
    if (wait === undefined) return undefined;
    this.#waits.delete(request);
    this.#simulation.cancel(wait.timeout);
    return wait;
  }

  /** The cache has reached a version. */
  reached(revision: number): void {
    for (const [request, wait] of this.#waits) {
      if (wait.revision > revision) continue;
      wait.state = 'fresh';
      this.#observe(wait);
      this.#simulation.cancel(wait.timeout);
      this.#resume(request);
      this.#forget(request, wait);
    }
  }

  clear(): void {
    for (const { timeout } of this.#waits.values()) this.#simulation.cancel(timeout);
    this.#waits.clear();
  }

  #giveUp(request: number): void {
    const wait = this.#waits.get(request);
    // A row whose client has gone may wait again for somebody else, with a timeout of its own.
    if (wait === undefined || this.#simulation.isPending(wait.timeout)) return;
    wait.state = 'too-late';
    this.#observe(wait);
    this.#resume(request);
    this.#forget(request, wait);
  }

  #observe({ since }: Wait): void {
    this.times.observe((this.#simulation.now - since) / 1_000_000);
  }

  /** Nobody took it: its client had gone in the meantime. */
  #forget(request: number, wait: Wait): void {
    if (this.#waits.get(request) === wait) this.#waits.delete(request);
  }
}
