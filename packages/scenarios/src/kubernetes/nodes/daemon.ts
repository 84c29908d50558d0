/**
 * The pods of a DaemonSet as API clients: one agent a node that asks the API for the same thing again and again. What it
 * asks for, and whether the answer grows with the cluster, is the difference between a harmless agent and an outage.
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  ms,
  noEvent,
  seconds,
  type Simulation,
  type Stream,
} from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { type DoublingBackoff, jitteredWaitAfter } from '../client/backoff.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { type OperationName, operationNumber } from '../requests/operation.ts';

/** What an agent asks for, how often, and how it takes a failure. */
export interface DaemonOptions {
  readonly name: string;
  /** Namespace of its service account: requests from kube-system go to workload-high, others to workload-low. */
  readonly namespace: string;
  /** The request it sends. */
  readonly operation: OperationName;
  /** Time from one success to the next request. */
  readonly period: Duration;
  /** Share of the period by which it varies, up and down. */
  readonly periodJitter: number;
  readonly timeout: Duration;
  /** From the pod's binding to the first request: image pull, start. */
  readonly startDelay: { sample(stream: Stream): Duration };
}

/** client-go: at most 10 retries of one request when the server names a Retry-After. */
const RETRIES_WITH_RETRY_AFTER = 10;
/** After any other failure: 0.8 s, doubling to 30 s, jitter 1.0 (client-go's reflector). */
const AFTER_FAILURE: DoublingBackoff = { first: ms(800), longest: seconds(30) };

/** The agents of one DaemonSet in one cluster, in columns. */
export class Daemon {
  /** 1 while the agent's process runs. */
  readonly isRunning: Uint8Array;
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #options: DaemonOptions;
  readonly #jitter: Stream;
  readonly #startStream: Stream;
  readonly #backoffStream: Stream;
  readonly #group: number;
  readonly #ask: EventType;
  readonly #operation: number;
  readonly #pending: Float64Array;
  /** Failed requests in a row, and within the present request the times that the server said when to come again. */
  readonly #failures: Uint8Array;
  readonly #retries: Uint8Array;
  readonly #isWaiting: Uint8Array;
  /** 1 while the pod object exists: a bound service-account token is valid as long as its pod. */
  readonly #hasValidToken: Uint8Array;
  #runningCount = 0;

  constructor(simulation: Simulation, name: string, nodes: number, options: DaemonOptions, controlPlane: ControlPlane) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#options = options;
    this.#operation = operationNumber(options.operation);
    this.#jitter = simulation.streams.get(`${name}/${options.name}/period`);
    this.#startStream = simulation.streams.get(`${name}/${options.name}/start`);
    this.#backoffStream = simulation.streams.get(`${name}/${options.name}/backoff`);
    this.isRunning = new Uint8Array(nodes);
    this.#pending = new Float64Array(nodes).fill(noEvent);
    this.#failures = new Uint8Array(nodes);
    this.#retries = new Uint8Array(nodes);
    this.#isWaiting = new Uint8Array(nodes);
    this.#hasValidToken = new Uint8Array(nodes);
    this.#group = controlPlane.join(
      new ClientGroup({
        name: options.name,
        describe: () => ({
          ...serviceAccountIdentity({ namespace: options.namespace, name: options.name }),
          verb: 'list',
          resource: 'pods',
        }),
        timeout: options.timeout,
        clients: nodes,
        isInside: false,
        countsForAvailability: false,
        onReply: (node, status, retryAfter) => this.#answered(node, status, retryAfter),
      }),
    );
    this.#ask = simulation.event(`${name} ${options.name} request`, (node) => this.#send(node), 'arrival');
  }

  /** Agents whose process runs. */
  get runningCount(): number {
    return this.#runningCount;
  }

  /** The kubelet starts the agent's pod; its first request comes after image pull and start. */
  start(node: number): void {
    if (this.isRunning[node] === 1) return;
    this.isRunning[node] = 1;
    this.#hasValidToken[node] = 1;
    this.#failures[node] = 0;
    this.#retries[node] = 0;
    this.#runningCount++;
    this.#schedule(node, this.#options.startDelay.sample(this.#startStream));
  }

  /** The kubelet stops the agent's pod, or the machine is gone. */
  stop(node: number): void {
    this.#hasValidToken[node] = 0;
    if (this.isRunning[node] === 0) return;
    this.isRunning[node] = 0;
    this.#runningCount--;
    this.#simulation.cancel(this.#pending[node]! as EventHandle);
  }

  /** The pod object is deleted: whatever the agent still sends is refused with 401, before it costs anything. */
  revokeToken(node: number): void {
    this.#hasValidToken[node] = 0;
  }

  #send(node: number): void {
    if (this.#isWaiting[node] === 1) return;
    this.#isWaiting[node] = 1;
    const isRepetition = this.#failures[node]! + this.#retries[node]! > 0;
    this.#controlPlane.send(this.#group, node, this.#operation, node, isRepetition, this.#hasValidToken[node] === 0);
  }

  #answered(node: number, status: number, retryAfterSeconds: number): void {
    this.#isWaiting[node] = 0;
    if (this.isRunning[node] === 0) return;
    if (status === Status.ok) {
      this.#failures[node] = 0;
      this.#retries[node] = 0;
      const { period, periodJitter } = this.#options;
      this.#schedule(node, Math.round(period * (1 + periodJitter * (2 * this.#jitter.uniform() - 1))) as Duration);
      return;
    }
    if (retryAfterSeconds > 0 && this.#retries[node]! < RETRIES_WITH_RETRY_AFTER) {
      this.#retries[node]!++;
      this.#schedule(node, seconds(retryAfterSeconds));
      return;
    }
    const failures = this.#failures[node]!;
    this.#failures[node] = Math.min(failures + 1, 255);
    this.#retries[node] = 0;
    this.#schedule(node, jitteredWaitAfter(failures, AFTER_FAILURE, this.#backoffStream));
  }

  #schedule(node: number, wait: Duration): void {
    this.#pending[node] = this.#ask.after(wait, node);
  }
}
