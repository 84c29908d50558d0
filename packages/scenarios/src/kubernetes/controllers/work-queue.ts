/**
 * A controller's work queue, as client-go's: a key that is added many times is worked on once, a key added while it is
 * being worked on comes again afterwards, and a key that failed comes back after 5 ms, doubling to 1,000 s, or later when
 * more than ten a second fail (burst 100; that second limit is shared by all keys). A key that waits for such an instant
 * has one of them, the earliest.
 *
 * Source: client-go util/workqueue/queue.go, delaying_queue.go and default_rate_limiters.go (tag kubernetes-1.36.3).
 */
import { type Duration, type EventType, Fifo, ms, seconds, type Simulation } from '@brownout/core';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import { Pace, type PaceOptions } from '../client/paced-client.ts';
import { BucketHistogram } from '../metrics/histogram.ts';
import { exponentialBuckets } from '../metrics/metric.ts';

/** Sizes of a work queue. */
export interface WorkQueueOptions {
  readonly name: string;
  /** Keys that may be worked on at a time. */
  readonly workers: number;
  /** Wait of a key that failed; default 5 ms, doubling to 1,000 s. */
  readonly backoff?: DoublingBackoff;
  /** Rate at which failed keys of all kinds come back together; default 10 a second, burst 100. */
  readonly overall?: PaceOptions;
}

/** Default wait of one key that failed again and again. */
export const workQueueBackoff: DoublingBackoff = { first: ms(5), longest: seconds(1000) };
const overallRate: PaceOptions = { qps: 10, burst: 100 };

/** Upper edges in which client-go times keys, in seconds (component-base metrics/prometheus/workqueue/metrics.go). */
export const workQueueBuckets: readonly number[] = exponentialBuckets(10e-9, 10, 10);

/** Keys are whole numbers >= 0. */
export class WorkQueue {
  /** What this process has counted, as client-go does: keys added that were not waiting, and keys asked for later. */
  adds = 0;
  retries = 0;
  /** Seconds that keys waited, from being added until a worker took them, and that workers took for them. */
  readonly waited: BucketHistogram = new BucketHistogram(workQueueBuckets);
  readonly worked: BucketHistogram = new BucketHistogram(workQueueBuckets);
  readonly #simulation: Simulation;
  readonly #options: WorkQueueOptions;
  readonly #work: (key: number) => void;
  readonly #waiting: Fifo = new Fifo();
  /** Keys that are to be worked on, and keys being worked on, each with the instant since when. */
  readonly #isDirty = new Map<number, number>();
  readonly #inWork = new Map<number, number>();
  readonly #failures = new Map<number, number>();
  readonly #due: EventType;
  #overall: Pace;
  /** Keys asked for later, each with the earliest instant that was asked for. */
  readonly #delayed = new Map<number, number>();

  /** `work` is called when a worker takes a key; the worker is busy until `done`. */
  constructor(simulation: Simulation, options: WorkQueueOptions, work: (key: number) => void) {
    if (!Number.isInteger(options.workers) || options.workers < 1) {
      throw new RangeError(`work queue "${options.name}": workers must be a whole number >= 1, got ${options.workers}`);
    }
    this.#simulation = simulation;
    this.#options = options;
    this.#work = work;
    this.#overall = new Pace(simulation, options.overall ?? overallRate);
    this.#due = simulation.event(`${options.name} due`, (key) => this.#arrive(key));
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** Keys added and not yet taken: those that wait, and those to be worked on again; upstream's depth. */
  get pending(): number {
    return this.#isDirty.size;
  }

  /** Keys being worked on. */
  get busy(): number {
    return this.#inWork.size;
  }

  /** Seconds spent so far on the keys being worked on, together. */
  get unfinishedSeconds(): number {
    let sum = 0;
    for (const since of this.#inWork.values()) sum += this.#secondsSince(since);
    return sum;
  }

  /** The longest of those times, in seconds; 0 when nothing is being worked on. */
  get longestSeconds(): number {
    let longest = 0;
    for (const since of this.#inWork.values()) longest = Math.max(longest, this.#secondsSince(since));
    return longest;
  }

  /** Failures in a row of a key, since the last `forget`. */
  failures(key: number): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Asks for work on a key; does nothing when it waits already. */
  add(key: number): void {
    if (this.#isDirty.has(key)) return;
    this.#isDirty.set(key, this.#simulation.now);
    this.adds++;
    if (this.#inWork.has(key)) return;
    this.#waiting.push(key);
    this.#takeUp();
  }

  /** Asks for it later; of several such calls for one key the earliest instant counts, and the key comes once. */
  addAfter(key: number, delay: Duration): void {
    this.retries++;
    const due = this.#simulation.now + delay;
    const known = this.#delayed.get(key);
    if (known !== undefined && known <= due) return;
    this.#delayed.set(key, due);
    this.#due.after(delay, key);
  }

  /** Asks for it again after a failure; returns the wait. */
  addRateLimited(key: number): Duration {
    const failures = this.failures(key);
    this.#failures.set(key, failures + 1);
    const own = waitAfter(failures, this.#options.backoff ?? workQueueBackoff);
    const overall = this.#overall.next() - this.#simulation.now;
    const wait = Math.max(own, overall) as Duration;
    this.addAfter(key, wait);
    return wait;
  }

  /** The key went well: its next failure is a first one. */
  forget(key: number): void {
    this.#failures.delete(key);
  }

  /** A worker is done with its key. */
  done(key: number): void {
    const since = this.#inWork.get(key);
    if (since === undefined) return;
    this.#inWork.delete(key);
    this.worked.observe(this.#secondsSince(since));
    if (this.#isDirty.has(key)) this.#waiting.push(key);
    this.#takeUp();
  }

  /** The process is gone, and with it all that waited. */
  clear(): void {
    this.#waiting.clear();
    this.#isDirty.clear();
    this.#inWork.clear();
    this.#failures.clear();
    this.#delayed.clear();
    this.adds = 0;
    this.retries = 0;
    this.waited.clear();
    this.worked.clear();
    this.#overall = new Pace(this.#simulation, this.#options.overall ?? overallRate);
  }

  /** A timer that an earlier instant has replaced finds another one here, or none. */
  #arrive(key: number): void {
    if (this.#delayed.get(key) !== this.#simulation.now) return;
    this.#delayed.delete(key);
    this.add(key);
  }

  #takeUp(): void {
    while (this.#inWork.size < this.#options.workers && this.#waiting.size > 0) {
      const key = this.#waiting.shift();
      this.waited.observe(this.#secondsSince(this.#isDirty.get(key)!));
      this.#isDirty.delete(key);
      this.#inWork.set(key, this.#simulation.now);
      this.#work(key);
    }
  }

  #secondsSince(instant: number): number {
    return (this.#simulation.now - instant) / 1_000_000;
  }
}
