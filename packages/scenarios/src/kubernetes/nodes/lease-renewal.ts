/**
 * The lease loop of kubelets, in columns: what each asks for next and when. A renewal is a PUT of the lease as it was last
 * seen, no GET before it. One that fails is tried again at once, five times in all; from the second failure on the kubelet
 * closes every connection it has. Then it reads the lease until it can, 200 ms apart and doubling to 7 s, and tries five
 * PUTs again. A refusal with a Retry-After is repeated inside the client, up to ten times and until the request's timeout,
 * and is no failure before that.
 *
 *   wait 10 s (+ 0..4 %) -> PUT x 5 --all failed--> GET ... GET --ok--> PUT x 5 --all failed--> wait 10 s (+ 0..4 %)
 *
 * Source: component-helpers apimachinery/lease/controller.go; jitter since 1.22 (kubernetes/kubernetes PR 101652).
 */
import { type Duration, ms, noTime, seconds, type Stream } from '@brownout/core';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import { Status } from '../requests/api-request.ts';

/** Timings of the loop. */
export interface LeaseTimings {
  /** Time between renewals, before jitter. */
  readonly renewInterval: Duration;
  /** Share of the interval added at random, at most. */
  readonly renewJitter: number;
  /** Client timeout of lease requests, retries inside the client included. */
  readonly requestTimeout: Duration;
}

/** What a kubelet does now. */
const Step = { renewing: 0, reading: 1, renewingAfterRead: 2 } as const;

const ATTEMPTS = 5;
const MOST_RETRIES = 10;
const READ_LOOP: DoublingBackoff = { first: ms(200), longest: seconds(7) };

/** The loops of many kubelets. */
export class LeaseRenewals {
  readonly #timings: LeaseTimings;
  readonly #jitter: Stream;
  readonly #step: Uint8Array;
  readonly #failures: Uint8Array;
  readonly #retries: Uint8Array;
  readonly #since: Float64Array;
  /** Whether the answer handled last makes the kubelet close its connections. */
  closesConnections = false;

  constructor(nodes: number, timings: LeaseTimings, jitter: Stream) {
    this.#timings = timings;
    this.#jitter = jitter;
    this.#step = new Uint8Array(nodes);
    this.#failures = new Uint8Array(nodes);
    this.#retries = new Uint8Array(nodes);
    this.#since = new Float64Array(nodes);
  }

  /** The loop of a node begins anew: it renews next, and nothing has failed. */
  startOver(node: number): void {
    this.#step[node] = Step.renewing;
    this.#failures[node] = 0;
    this.#retries[node] = 0;
  }

  /** Whether the node reads its lease next; otherwise it renews it. */
  isReading(node: number): boolean {
    return this.#step[node] === Step.reading;
  }

  /** Whether the request that goes next repeats one that failed. */
  isRepetition(node: number): boolean {
    return this.#failures[node]! + this.#retries[node]! > 0 || this.#step[node] !== Step.renewing;
  }

  /** The node sends its request at `now`, in microseconds. */
  sent(node: number, now: number): void {
    if (this.#retries[node] === 0) this.#since[node] = now;
  }

  /** The request has ended; returns the time until the next one. */
  answered(node: number, status: number, retryAfterSeconds: number, now: number): Duration {
    this.closesConnections = false;
    if (status === Status.ok) return this.#succeeded(node);
    const left = this.#since[node]! + this.#timings.requestTimeout - now;
    const isRetried = retryAfterSeconds > 0 && this.#retries[node]! < MOST_RETRIES;
    if (isRetried && seconds(retryAfterSeconds) < left) {
      this.#retries[node]!++;
      return seconds(retryAfterSeconds);
    }
    this.#retries[node] = 0;
    const failed = this.#failed(node);
    // A client that waits for the end of a Retry-After is stopped by the timeout of the request.
    return (isRetried ? failed + Math.max(0, left) : failed) as Duration;
  }

  #succeeded(node: number): Duration {
    this.#failures[node] = 0;
    this.#retries[node] = 0;
    if (this.#step[node] === Step.reading) {
      this.#step[node] = Step.renewingAfterRead;
      return noTime;
    }
    this.#step[node] = Step.renewing;
    return this.#interval();
  }

  #failed(node: number): Duration {
    const failures = Math.min(this.#failures[node]! + 1, 255);
    this.#failures[node] = failures;
    if (this.#step[node] === Step.reading) return waitAfter(failures - 1, READ_LOOP);
    this.closesConnections = failures >= 2;
    if (failures < ATTEMPTS) return noTime;
    this.#failures[node] = 0;
    if (this.#step[node] === Step.renewing) {
      this.#step[node] = Step.reading;
      return noTime;
    }
    this.#step[node] = Step.renewing;
    return this.#interval();
  }

  #interval(): Duration {
    const { renewInterval, renewJitter } = this.#timings;
    return Math.round(renewInterval * (1 + renewJitter * this.#jitter.uniform())) as Duration;
  }
}
