/**
 * The API client of one controller, as client-go builds it: every attempt waits for a token of the client's own bucket
 * (kube-controller-manager gives each controller a clientset of its own, and a clientset one bucket), an answer with a
 * Retry-After is repeated after that time up to ten times, and a read is repeated a second after its connection broke.
 * Each call ends exactly once, unless the process ends before.
 *
 * Sources: client-go rest/request.go, rest/with_retry.go (tag kubernetes-1.36.3); kube-controller-manager's
 * `--kube-api-qps` and `--kube-api-burst`, 20 and 30. Reads and writes have a connection each, because flow control in
 * max-inflight mode tells them apart by their verb and a `ClientGroup` has one.
 */
import { type Duration, type EventType, seconds, type Simulation } from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import { Pace, type PaceOptions } from '../client/paced-client.ts';
import { retryAfterFailure } from '../client/request-retry.ts';
import type { ControlPlane } from '../control-plane.ts';
import { type Identity, serviceAccountIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';

/** Who a controller is and how fast its client may go. */
export interface ControllerClientOptions {
  /** Name of the client in books and reports. */
  readonly name: string;
  /** Default: the service account of that name in kube-system (`--use-service-account-credentials`). */
  readonly identity?: Identity;
  /** Default 20 a second with a burst of 30. */
  readonly pace?: PaceOptions;
  /** Type it mostly works on, by its upstream plural name; default `pods`. Decides the FlowSchema together with the verb. */
  readonly resource?: string;
  /** Namespace of the objects it works on, which decides its flow at its level; default `default`. */
  readonly namespace?: string;
  /** Default 60 s: the client has no limit of its own, and that is the API server's `--request-timeout`. */
  readonly timeout?: Duration;
  /** Hears that a write of a process that is gone was stored all the same; default nobody does. */
  readonly onOrphan?: (purpose: number, subject: number) => void;
  /** API server it is bound to, past the balancer; default through the balancer, or the break-glass server if any. */
  readonly pinnedServer?: number;
}

/** Hears the end of a call: what it was for and about, as given to `read` or `write`. */
export type CallEnd = (purpose: number, subject: number, status: Status) => void;

/** Default limit of a controller's client. */
export const controllerPace: PaceOptions = { qps: 20, burst: 30 };

interface Call {
  readonly isRead: boolean;
  operation: number;
  purpose: number;
  subject: number;
  retries: number;
  life: number;
}

/** The client of one controller process. */
export class ControllerClient {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #pace: PaceOptions;
  readonly #onEnd: CallEnd;
  readonly #onOrphan: ((purpose: number, subject: number) => void) | undefined;
  readonly #readGroup: ClientGroup;
  readonly #writeGroup: ClientGroup;
  readonly #reads: number;
  readonly #writes: number;
  readonly #go: EventType;
  readonly #again: EventType;
  readonly #calls: Call[] = [];
  readonly #free: number[] = [];
  #bucket: Pace;
  #life = 0;
  #open = 0;

  constructor(simulation: Simulation, controlPlane: ControlPlane, options: ControllerClientOptions, onEnd: CallEnd) {
    const { name, pace = controllerPace, resource = 'pods', namespace = 'default', timeout = seconds(60) } = options;
    const identity = options.identity ?? serviceAccountIdentity({ namespace: 'kube-system', name });
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#pace = pace;
    this.#onEnd = onEnd;
    this.#onOrphan = options.onOrphan;
    this.#bucket = new Pace(simulation, pace);
    const join = (suffix: string, verb: string): ClientGroup => {
      const group = new ClientGroup({
        name: `${name}${suffix}`,
        describe: () => ({ ...identity, verb, resource, namespace }),
        timeout,
        clients: 1,
        isInside: true,
        countsForAvailability: true,
        onReply: (call, status, retryAfter) => this.#answered(call, status as Status, retryAfter),
      });
      group.pinnedServer = options.pinnedServer ?? controlPlane.breakGlassServer;
      return group;
    };
    this.#readGroup = join('-reads', 'get');
    this.#writeGroup = join('', 'update');
    this.#reads = controlPlane.join(this.#readGroup);
    this.#writes = controlPlane.join(this.#writeGroup);
    this.#go = simulation.event(`${name} request`, (call) => this.#send(call));
    this.#again = simulation.event(`${name} retry`, (call) => this.#queue(call));
  }

  /** Calls that have not ended, those waiting for a token included. */
  get open(): number {
    return this.#open;
  }

  /** Reads one object, or one list. */
  read(operation: number, purpose: number, subject: number): void {
    this.#call(true, operation, purpose, subject);
  }

  /** Writes one object. */
  write(operation: number, purpose: number, subject: number): void {
    this.#call(false, operation, purpose, subject);
  }

  /** The process is gone: its open calls end for nobody, its connections with it, and the next process has a full bucket. */
  stop(): void {
    this.#life++;
    this.#open = 0;
    this.#readGroup.disconnect(0);
    this.#writeGroup.disconnect(0);
    this.#bucket = new Pace(this.#simulation, this.#pace);
  }

  #call(isRead: boolean, operation: number, purpose: number, subject: number): void {
    const row = this.#free.pop() ?? this.#calls.length;
    this.#calls[row] = { isRead, operation, purpose, subject, retries: 0, life: this.#life };
    this.#open++;
    this.#queue(row);
  }

  #queue(row: number): void {
    if (this.#isDead(row)) this.#free.push(row);
    else this.#go.at(this.#bucket.next(), row);
  }

  #send(row: number): void {
    if (this.#isDead(row)) {
      this.#free.push(row);
      return;
    }
    const { isRead, operation, retries } = this.#calls[row]!;
    this.#controlPlane.send(isRead ? this.#reads : this.#writes, 0, operation, row, retries > 0);
  }

  #answered(row: number, status: Status, retryAfterSeconds: number): void {
    const call = this.#calls[row]!;
    if (this.#isDead(row)) {
      this.#free.push(row);
      if (status === Status.ok && !call.isRead) this.#onOrphan?.(call.purpose, call.subject);
      return;
    }
    const kind = call.isRead ? 'read' : 'write';
    const wait = retryAfterFailure(kind, status, retryAfterSeconds, call.retries);
    if (wait >= 0) {
      call.retries++;
      this.#again.after(seconds(wait), row);
      return;
    }
    const { purpose, subject } = call;
    this.#free.push(row);
    this.#open--;
    this.#onEnd(purpose, subject, status);
  }

  #isDead(row: number): boolean {
    return this.#calls[row]!.life !== this.#life;
  }
}
