/**
 * The check of etcd inside /livez, /readyz and /healthz: one read with a timeout of 2 s, at most one per second; in between
 * the last result answers (apiserver `pkg/storage/storagebackend/factory/etcd3.go`, `pkg/server/options/etcd.go`). So a slow
 * etcd makes a healthy API server look dead to its kubelet.
 */
import { type Duration, type EventHandle, type EventType, noEvent, seconds, type Simulation } from '@brownout/core';
import type { Etcd } from '../etcd/etcd.ts';
import { Phase, type RequestTable } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';

/** Times of the check. */
export interface EtcdCheckOptions {
  /** Default 2 s (`DefaultHealthcheckTimeout`). */
  readonly timeout?: Duration;
  /** Shortest time between two checks; default half the timeout. */
  readonly interval?: Duration;
}

const PROBE = operationNumber('probe');

/** The check of one server. */
export class EtcdCheck {
  readonly #simulation: Simulation;
  readonly #server: number;
  readonly #timeout: Duration;
  readonly #interval: number;
  readonly #requests: RequestTable;
  readonly #etcd: Etcd;
  readonly #onResult: (request: number, isWell: boolean) => void;
  readonly #tooLate: EventType;
  #timer: EventHandle = noEvent;
  /** The check's own request to etcd, and the probe that waits for it; -1 = none. */
  #read = -1;
  #waiting = -1;
  #askedAt = -Infinity;
  #wasWell = true;

  constructor(
    simulation: Simulation,
    name: string,
    options: EtcdCheckOptions,
    parts: {
      readonly server: number;
      readonly requests: RequestTable;
      readonly etcd: Etcd;
      /** The probe `request` may be answered. */
      readonly onResult: (request: number, isWell: boolean) => void;
    },
  ) {
    this.#simulation = simulation;
    this.#server = parts.server;
    this.#timeout = options.timeout ?? seconds(2);
    this.#interval = options.interval ?? this.#timeout / 2;
    this.#requests = parts.requests;
    this.#etcd = parts.etcd;
    this.#onResult = parts.onResult;
    this.#tooLate = simulation.event(`${name} etcd check too late`, () => this.#finish(false));
  }

  /** Whether a request to etcd is the check's own. */
  owns(request: number): boolean {
    return request === this.#read;
  }

  /** A probe asks; `onResult` follows now or later, unless the probe leaves or the process dies. */
  ask(request: number): void {
    const { now } = this.#simulation;
    if (this.#read >= 0 || now - this.#askedAt < this.#interval) {
      this.#onResult(request, this.#wasWell);
      return;
    }
    this.#askedAt = now;
    this.#waiting = request;
    this.#requests.phase[request] = Phase.awaitingCache;
    this.#read = this.#requests.open(0, -1, PROBE);
    this.#requests.server[this.#read] = this.#server;
    this.#requests.phase[this.#read] = Phase.reading;
    this.#timer = this.#tooLate.after(this.#timeout);
    this.#etcd.submit(this.#read);
  }

  /** etcd has answered the check. */
  etcdAnswered(ok: boolean): void {
    this.#simulation.cancel(this.#timer);
    this.#requests.close(this.#read);
    this.#read = -1;
    this.#finish(ok);
  }

  /** The process died. */
  clear(): void {
    this.#simulation.cancel(this.#timer);
    this.#orphan();
    this.#waiting = -1;
    this.#askedAt = -Infinity;
    this.#wasWell = true;
  }

  #finish(isWell: boolean): void {
    this.#wasWell = isWell;
    this.#orphan();
    const request = this.#waiting;
    this.#waiting = -1;
    // The probe may have given up meanwhile; its row then waits for nothing, or for something else.
    const isThere = this.#requests.operation[request] === PROBE && this.#requests.server[request] === this.#server;
    if (isThere && this.#requests.phase[request] === Phase.awaitingCache) this.#onResult(request, isWell);
  }

  /** etcd goes on with a read that nobody waits for. */
  #orphan(): void {
    if (this.#read >= 0) this.#requests.server[this.#read] = -1;
    this.#read = -1;
  }
}
