/**
 * Admission webhooks: servers outside the API server that are asked before an object is written. Mutating ones are asked
 * one after the other, then all validating ones at once (apiserver `pkg/admission/plugin/webhook`); the request keeps its
 * seat meanwhile, and its context ends the calls when it ends. A call that takes longer than its timeout, or finds nobody,
 * has failed: with `failurePolicy: Fail` the request is answered 500, with `Ignore` it goes on as if nobody had been
 * asked. A webhook whose backend is silent (node gone, packets dropped) costs its whole timeout either way; one whose
 * Service has no endpoints fails at once.
 *
 * Each call costs the API server itself CPU: the object, and the one it replaces, are encoded into an AdmissionReview, sent
 * and its answer read. That is spent before the call here, for all webhooks that match.
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  noTime,
  seconds,
  type Simulation,
  type Stream,
} from '@brownout/core';
import type { OperationTable } from '../requests/operation.ts';

/** One webhook, as its configuration object says. */
export interface WebhookOptions {
  readonly name: string;
  readonly kind: 'mutating' | 'validating';
  /** Names of the write operations that its rules match. */
  readonly operations: readonly string[];
  /** Time of one call, network included, while its backend is up; drawn per call. */
  readonly latency: { sample(stream: Stream): Duration };
  /** CPU of the API server for one call, in core-microseconds; default none. */
  readonly reviewCpu?: number;
  /** `timeoutSeconds`: 1 to 30 s, default 10 s (admissionregistration.k8s.io/v1). */
  readonly timeout?: Duration;
  /** Default `Fail` (admissionregistration.k8s.io/v1). */
  readonly failurePolicy?: 'Fail' | 'Ignore';
}

/** State of what answers for a webhook: up; silent until the timeout; or refusing at once. */
export type WebhookBackend = 'up' | 'silent' | 'refusing';

/** Calls of one webhook so far, and how many of them failed. */
export interface WebhookCalls {
  calls: number;
  failures: number;
}

interface Webhook extends WebhookOptions, WebhookCalls {
  readonly timeout: Duration;
  readonly isIgnored: boolean;
  backend: WebhookBackend;
}

/** The webhooks of one control plane: configuration objects are the same at every replica. */
export class AdmissionWebhooks {
  readonly #webhooks: readonly Webhook[];
  /** Webhooks that match an operation, in the order of their calls, by operation number; none = undefined. */
  readonly #matching: (readonly Webhook[] | undefined)[];
  /** By operation number. */
  readonly #reviewCpu: Float64Array;
  readonly #stream: Stream;
  readonly #decided: EventType;

  /** `onDecided` is told what became of every request that was not cancelled. */
  constructor(
    simulation: Simulation,
    name: string,
    options: {
      readonly webhooks: readonly WebhookOptions[];
      readonly operations: OperationTable;
      readonly onDecided: (request: number, isAdmitted: boolean) => void;
    },
  ) {
    this.#webhooks = options.webhooks.map((webhook) => checked(webhook));
    this.#stream = simulation.streams.get(`${name}/latency`);
    this.#reviewCpu = new Float64Array(options.operations.count);
    this.#matching = Array.from({ length: options.operations.count }, () => undefined);
    const inOrder = [...this.#webhooks].sort((a, b) => rank(a) - rank(b));
    for (const webhook of inOrder) {
      for (const operation of webhook.operations) {
        const number = options.operations.number(operation);
        this.#matching[number] = [...(this.#matching[number] ?? []), webhook];
        this.#reviewCpu[number]! += webhook.reviewCpu ?? 0;
        options.operations.barFromShortWay(number);
      }
    }
    // The outcome is the last bit, so that one kind of event carries both.
    this.#decided = simulation.event(`${name} decided`, (code) => options.onDecided(code >>> 1, (code & 1) === 1));
  }

  /** Whether a write of this kind is looked at by any webhook. */
  concern(operation: number): boolean {
    return this.#matching[operation] !== undefined;
  }

  /** CPU of the API server for all reviews of one request of this kind, in core-microseconds. */
  reviewCpu(operation: number): number {
    return this.#reviewCpu[operation]!;
  }

  /** Asks about a request; `onDecided` follows unless the returned event is cancelled. */
  ask(request: number, operation: number): EventHandle {
    let time = 0;
    let longest = 0;
    let isAdmitted = 1;
    for (const webhook of this.#matching[operation] ?? []) {
      const latency = this.#latency(webhook);
      const hasFailed = webhook.backend !== 'up' || latency > webhook.timeout;
      const took = Math.min(latency, webhook.timeout);
      webhook.calls++;
      if (hasFailed) webhook.failures++;
      if (hasFailed && !webhook.isIgnored) isAdmitted = 0;
      if (webhook.kind === 'validating') longest = Math.max(longest, took);
      else time += took;
      // The first mutating one that fails ends it; validating ones have all been asked by then.
      if (isAdmitted === 0 && webhook.kind === 'mutating') break;
    }
    return this.#decided.after((time + longest) as Duration, request * 2 + isAdmitted);
  }

  /** What answers for a webhook breaks down or comes back. */
  setBackend(name: string, backend: WebhookBackend): void {
    this.#find(name).backend = backend;
  }

  /** Calls of a webhook so far. */
  calls(name: string): Readonly<WebhookCalls> {
    return this.#find(name);
  }

  #latency(webhook: Webhook): number {
    if (webhook.backend === 'refusing') return noTime;
    return webhook.backend === 'silent' ? webhook.timeout : webhook.latency.sample(this.#stream);
  }

  #find(name: string): Webhook {
    const webhook = this.#webhooks.find((one) => one.name === name);
    if (webhook === undefined) throw new RangeError(`admission webhooks: none is called "${name}"`);
    return webhook;
  }
}

function rank({ kind }: WebhookOptions): number {
  return kind === 'mutating' ? 0 : 1;
}

function checked(options: WebhookOptions): Webhook {
  const { name, timeout = seconds(10), failurePolicy = 'Fail' } = options;
  if (!(timeout >= seconds(1) && timeout <= seconds(30))) {
    throw new RangeError(`admission webhook "${name}": timeout must be 1 s to 30 s, got ${timeout / seconds(1)} s`);
  }
  return { ...options, timeout, isIgnored: failurePolicy === 'Ignore', backend: 'up', calls: 0, failures: 0 };
}
