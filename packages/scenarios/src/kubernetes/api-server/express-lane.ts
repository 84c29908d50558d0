/**
 * A short way for light requests - heartbeats above all, and reads of one object - on a server that has idle cores, free
 * seats and nobody waiting. There a request gets its seat at once and a core to itself, so its way takes exactly its CPU
 * time, and for a write etcd's commit after it: one event instead of flow control, processor sharing and a deadline, none
 * of which could matter. As soon as cores are short or somebody waits, requests take the full way again. The two ways
 * differ only for a request that was on the short one, for its two milliseconds, when the server became busy; a test
 * holds whole runs of both side by side.
 */
import { type Duration, type EventType, noEvent, type SharedProcessor, type Simulation } from '@brownout/core';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import type { Etcd } from '../etcd/etcd.ts';
import type { FlowControl } from '../flow-control/flow-control.ts';
import { type OperationTable, PATH_QUORUM_READ } from '../requests/operation.ts';

/** The server that a lane belongs to, as far as the lane looks at it. */
export interface ExpressServer {
  readonly index: number;
  readonly isReady: boolean;
  readonly life: number;
  readonly cpu: SharedProcessor;
  readonly flowControl: FlowControl;
}

/** Told when a request of the lane is done. */
export interface ExpressObserver {
  requestAnswered(request: number, status: Status, retryAfterSeconds: number): void;
}

/** The express lane of one API server. */
export class ExpressLane {
  readonly #server: ExpressServer;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #levels: FlowControl['levels'];
  readonly #etcd: Etcd;
  readonly #observer: ExpressObserver;
  readonly #computed: EventType;
  #inside = 0;
  #busyTime = 0.5;

  constructor(
    simulation: Simulation,
    name: string,
    parts: {
      readonly server: ExpressServer;
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly etcd: Etcd;
      readonly observer: ExpressObserver;
    },
  ) {
    this.#server = parts.server;
    this.#levels = parts.server.flowControl.levels;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#etcd = parts.etcd;
    this.#observer = parts.observer;
    this.#computed = simulation.event(`${name} express`, (request) => this.#goOn(request), 'release');
  }

  /** CPU that requests of the lane have used so far, in core-microseconds. */
  get busyTime(): number {
    return this.#busyTime - 0.5;
  }

  /** Whether a light request of a client at this priority level may take the short way now. */
  isOpen(level: number, operation: number): boolean {
    const server = this.#server;
    const etcd = this.#etcd;
    if (!server.isReady || server.cpu.inside + this.#inside >= server.cpu.cores || !etcd.hasQuorum) return false;
    if (this.#operations.path[operation] === PATH_QUORUM_READ && !etcd.hasIdleCore(server.index)) return false;
    const pool = this.#levels[level];
    return pool !== undefined && pool.requestsWaiting === 0 && pool.seatsInUse + this.#inside < pool.limit;
  }

  /** Books the CPU of a light write that took its way in a batch of its own kind (see nodes/lease-aggregate.ts). */
  bookLight(operation: number, subject: number): void {
    this.#busyTime += this.#operations.apiServerCpu[operation]!;
    this.#etcd.bookLightWrite(this.#server.index, operation, subject);
  }

  /** Books `count` light writes of which nothing but sums come (`Etcd.sumsLightWrites`). */
  bookManyLight(operation: number, count: number): void {
    const cpu = this.#operations.apiServerCpu[operation]!;
    // One by one, because sums of fractions depend on their order.
    for (let booked = 0; booked < count; booked++) this.#busyTime += cpu;
    this.#etcd.bookManyLightWrites(this.#server.index, operation, count);
  }

  /** Takes a light request; `requestAnswered` follows. */
  take(request: number): void {
    const requests = this.#requests;
    requests.server[request] = this.#server.index;
    requests.life[request] = this.#server.life;
    requests.deadline[request] = noEvent;
    requests.phase[request] = Phase.express;
    this.#inside++;
    const operation = requests.operation[request]!;
    const isRead = this.#operations.path[operation] === PATH_QUORUM_READ;
    const wait = isRead ? this.#etcd.lightReadWait(this.#server.index) : 0;
    this.#computed.after((this.#operations.idleTime[operation]! + wait) as Duration, request);
  }

  /** etcd has answered a request that came through the lane. */
  etcdAnswered(request: number, ok: boolean): void {
    if (!this.#isAlive(request)) this.#answer(request, Status.reset);
    else this.#answer(request, ok ? Status.ok : Status.serverError);
  }

  #goOn(request: number): void {
    this.#inside--;
    const operation = this.#requests.operation[request]!;
    this.#busyTime += this.#operations.apiServerCpu[operation]!;
    const isRead = this.#operations.path[operation] === PATH_QUORUM_READ;
    if (isRead) this.#etcd.bookLightRead(this.#server.index, this.#operations.etcdCpu[operation]!);
    if (!this.#isAlive(request)) {
      this.#answer(request, Status.reset);
    } else if (isRead) {
      this.#answer(request, Status.ok);
    } else {
      this.#requests.phase[request] = Phase.expressWriting;
      this.#etcd.submit(request);
    }
  }

  #isAlive(request: number): boolean {
    return this.#requests.life[request] === this.#server.life;
  }

  #answer(request: number, status: Status): void {
    this.#requests.phase[request] = Phase.refusing;
    this.#observer.requestAnswered(request, status, 0);
  }
}
