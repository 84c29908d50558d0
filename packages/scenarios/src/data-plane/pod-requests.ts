/**
 * What becomes of pods goes through the API: replacements that controllers and scheduler must write, and readiness that kubelets
 * report, without which nobody's list of addresses changes. One request at a time for each instance, repeated until it is done.
 */
import { type EventType, seconds, type Simulation, type Stream } from '@brownout/core';
import { type DoublingBackoff, jitteredWaitAfter } from '../kubernetes/client/backoff.ts';
import { ClientGroup } from '../kubernetes/client/client-group.ts';
import type { ControlPlane } from '../kubernetes/control-plane.ts';
import { serviceAccountIdentity } from '../kubernetes/flow-control/identity.ts';
import { Status } from '../kubernetes/requests/api-request.ts';
import { operationNumber } from '../kubernetes/requests/operation.ts';

const WRITE = operationNumber('object-update');
/** client-go's patience with one request is 30 s at most places (assumed for all of them). */
const TIMEOUT = seconds(30);
/** Work queues of controllers wait longer after each failure; the cap is the kubelet's longest sync (assumed). */
const BACKOFF: DoublingBackoff = { first: seconds(1), longest: seconds(60) };
/** Processes that send them share their connections; so many are in use (assumed). */
const CONNECTIONS = 8;

/** Requests about the instances of one cluster. */
export class PodRequests {
  readonly #controlPlane: ControlPlane;
  readonly #group: number;
  readonly #retry: EventType;
  readonly #jitter: Stream;
  readonly #onDone: (instance: number) => void;
  readonly #isPending: Uint8Array;
  /** Asked for again while its request was under way. */
  readonly #isWantedAgain: Uint8Array;
  readonly #failures: Uint8Array;

  constructor(
    simulation: Simulation,
    name: string,
    controlPlane: ControlPlane,
    instances: number,
    onDone: (instance: number) => void,
  ) {
    this.#controlPlane = controlPlane;
    this.#onDone = onDone;
    this.#jitter = simulation.streams.get(`${name}/pod-requests`);
    this.#isPending = new Uint8Array(instances);
    this.#isWantedAgain = new Uint8Array(instances);
    this.#failures = new Uint8Array(instances);
    this.#retry = simulation.event(`${name} pod request repeated`, (instance) => this.#ask(instance));
    this.#group = controlPlane.join(
      new ClientGroup({
        name: 'workload-pods',
        describe: () => ({
          ...serviceAccountIdentity({ namespace: 'kube-system', name: 'replicaset-controller' }),
          verb: 'update',
          apiGroup: '',
          resource: 'pods',
          namespace: 'default',
        }),
        timeout: TIMEOUT,
        clients: CONNECTIONS,
        isInside: false,
        countsForAvailability: false,
        onReply: (instance, status) => this.#answered(instance, status),
      }),
    );
  }

  /** Something about an instance is to be written; `onDone` is told when it has been. */
  send(instance: number): void {
    if (this.#isPending[instance] === 1) {
      this.#isWantedAgain[instance] = 1;
      return;
    }
    this.#isPending[instance] = 1;
    this.#failures[instance] = 0;
    this.#ask(instance);
  }

  #ask(instance: number): void {
    const isRepeated = this.#failures[instance]! > 0;
    this.#controlPlane.send(this.#group, instance % CONNECTIONS, WRITE, instance, isRepeated);
  }

  #answered(instance: number, status: number): void {
    if (status !== Status.ok) {
      const wait = jitteredWaitAfter(this.#failures[instance]!, BACKOFF, this.#jitter);
      this.#failures[instance] = Math.min(this.#failures[instance]! + 1, 255);
      this.#retry.after(wait, instance);
      return;
    }
    this.#isPending[instance] = 0;
    const isWantedAgain = this.#isWantedAgain[instance] === 1;
    this.#isWantedAgain[instance] = 0;
    this.#onDone(instance);
    if (isWantedAgain) this.send(instance);
  }
}
