/**
 * API requests as rows of a table: integers instead of objects, so that thousands of heartbeats per simulated second
 * allocate nothing. A row lives from the moment a client sends until neither the client nor any server holds it.
 */
import { noEvent } from '@brownout/core';

/** What a client sees at the end of an attempt. */
export const Status = {
  ok: 0,
  /** 429: API Priority and Fairness said no; comes with a Retry-After. */
  tooManyRequests: 1,
  /** 401: the token is not valid (any more). */
  unauthorized: 2,
  /** 5xx without Retry-After: etcd did not answer in time, or has no quorum. */
  serverError: 3,
  /** The client's own deadline passed. */
  timedOut: 4,
  /** Nobody listens at the address. */
  refused: 5,
  /** The server died while it held the request, or cut the answer off. */
  reset: 6,
  /** 403: authenticated, given a seat, and then not allowed to do it. */
  forbidden: 7,
  /** 504 without Retry-After: the server's `--request-timeout` passed. */
  gatewayTimeout: 8,
} as const;

/** One of the values of `Status`. */
export type Status = (typeof Status)[keyof typeof Status];

/** Status names in the order of their numbers, for tables and series. */
export const statusNames: readonly string[] = [
  'ok',
  'too-many-requests',
  'unauthorized',
  'server-error',
  'timed-out',
  'refused',
  'reset',
  'forbidden',
  'gateway-timeout',
];

/** Where a request is. */
export const Phase = {
  /** Row not in use. */
  free: 0,
  /** Sent into the void: no server in rotation, or the path is blocked. Only the deadline ends it. */
  hanging: 1,
  /** On its way back with a refusal. */
  refusing: 2,
  /** TLS and HTTP/2 set-up. */
  connecting: 3,
  /** Waiting for a seat. */
  queued: 4,
  /** In etcd for its data. */
  reading: 5,
  /** On the API server's cores. */
  computing: 6,
  /** In etcd to be committed. */
  writing: 7,
  /** Being told 401, 403 or 429. */
  rejecting: 8,
  /** On a core of its own, on the short way of `ExpressLane`. */
  express: 9,
  /** In etcd to be committed, on the short way. */
  expressWriting: 10,
  /** Waiting with a seat in hand for a watch cache that is not ready. */
  awaitingCache: 11,
  /** Being looked at by admission webhooks, seat in hand. */
  admitting: 12,
  /** Answered, and its bytes are on their way to a client that takes them slowly; seat and memory in hand. */
  sending: 13,
  /** Committed, and waiting for a turn on a core to be answered. */
  replying: 14,
  /** On the API server's cores to be written down for admission webhooks. */
  reviewing: 15,
} as const;

/** The table of requests of one cluster. */
export class RequestTable {
  phase: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  operation: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  /** Number of the client group that sent it. */
  group: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  /** Index of the client in its group. */
  client: Int32Array<ArrayBuffer> = new Int32Array(INITIAL);
  /** Life of the server it was sent in; kept on the short way only. */
  life: Int32Array<ArrayBuffer> = new Int32Array(INITIAL);
  /** What the request is about, handed back with its answer: a node, a record, or the client itself. */
  subject: Int32Array<ArrayBuffer> = new Int32Array(INITIAL);
  /** API server that holds it; -1 while none does, or when that server has died. */
  server: Int16Array<ArrayBuffer> = new Int16Array(INITIAL);
  /** 1 when the client no longer waits: what is still done for it is wasted. */
  isGone: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  /** 1 when authentication will refuse it. */
  isUnauthorized: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  /** Status and Retry-After it is being refused with. */
  refusal: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  retryAfter: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  /** Event handle of the client's deadline. */
  deadline: Float64Array<ArrayBuffer> = new Float64Array(INITIAL);
  /** Event handles of the server's deadline and of the stage it is in, `noEvent` where there is none. */
  serverDeadline: Float64Array<ArrayBuffer> = new Float64Array(INITIAL);
  stage: Float64Array<ArrayBuffer> = new Float64Array(INITIAL);
  /** Number of the connection it came over, where connections are counted; else -1. */
  connection: Int32Array<ArrayBuffer> = new Int32Array(INITIAL);
  /** Memory held at the API server, in bytes. */
  heldBytes: Float64Array<ArrayBuffer> = new Float64Array(INITIAL);
  /** Memory held at an etcd member, in bytes, and the member; -1 when etcd does not hold the request. */
  etcdHeldBytes: Float64Array<ArrayBuffer> = new Float64Array(INITIAL);
  etcdMember: Int8Array<ArrayBuffer> = new Int8Array(INITIAL);
  /** Doubly linked list of the requests inside one server. */
  next: Int32Array<ArrayBuffer> = new Int32Array(INITIAL);
  previous: Int32Array<ArrayBuffer> = new Int32Array(INITIAL);
  #capacity = INITIAL;
  #used = 0;
  #firstFree = -1;
  #openCount = 0;

  /** Rows in use. */
  get openCount(): number {
    return this.#openCount;
  }

  /** Takes a row for a request about to be sent. */
  open(group: number, client: number, operation: number): number {
    let row = this.#firstFree;
    if (row >= 0) {
      this.#firstFree = this.next[row]!;
    } else {
      if (this.#used === this.#capacity) this.#grow();
      row = this.#used++;
    }
    this.#openCount++;
    this.phase[row] = Phase.hanging;
    this.group[row] = group;
    this.client[row] = client;
    this.subject[row] = client;
    this.operation[row] = operation;
    this.server[row] = -1;
    this.isGone[row] = 0;
    this.isUnauthorized[row] = 0;
    this.heldBytes[row] = 0;
    this.serverDeadline[row] = noEvent;
    this.stage[row] = noEvent;
    this.connection[row] = -1;
    this.etcdMember[row] = -1;
    return row;
  }

  /** Gives the row back; nobody may hold its number any more. */
  close(row: number): void {
    this.phase[row] = Phase.free;
    this.next[row] = this.#firstFree;
    this.#firstFree = row;
    this.#openCount--;
  }

  /** Visits every row in use. Walks the whole table: for checks, not for the hot path. */
  forEachOpen(visit: (row: number) => void): void {
    for (let row = 0; row < this.#used; row++) if (this.phase[row] !== Phase.free) visit(row);
  }

  /** The requests an etcd member holds. Walks the whole table: for the rare moment when a member dies. */
  insideEtcdMember(member: number): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#used; row++) {
      if (this.phase[row] !== Phase.free && this.etcdMember[row] === member) rows.push(row);
    }
    return rows;
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    this.phase = larger(this.phase, new Uint8Array(capacity));
    this.operation = larger(this.operation, new Uint8Array(capacity));
    this.group = larger(this.group, new Uint8Array(capacity));
    this.client = larger(this.client, new Int32Array(capacity));
    this.life = larger(this.life, new Int32Array(capacity));
    this.subject = larger(this.subject, new Int32Array(capacity));
    this.server = larger(this.server, new Int16Array(capacity));
    this.isGone = larger(this.isGone, new Uint8Array(capacity));
    this.isUnauthorized = larger(this.isUnauthorized, new Uint8Array(capacity));
    this.refusal = larger(this.refusal, new Uint8Array(capacity));
    this.retryAfter = larger(this.retryAfter, new Uint8Array(capacity));
    this.deadline = larger(this.deadline, new Float64Array(capacity));
    this.serverDeadline = larger(this.serverDeadline, new Float64Array(capacity));
    this.stage = larger(this.stage, new Float64Array(capacity));
    this.connection = larger(this.connection, new Int32Array(capacity));
    this.heldBytes = larger(this.heldBytes, new Float64Array(capacity));
    this.etcdHeldBytes = larger(this.etcdHeldBytes, new Float64Array(capacity));
    this.etcdMember = larger(this.etcdMember, new Int8Array(capacity));
    this.next = larger(this.next, new Int32Array(capacity));
    this.previous = larger(this.previous, new Int32Array(capacity));
    this.#capacity = capacity;
  }
}

const INITIAL = 1024;

function larger<T extends Uint8Array | Int8Array | Int16Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
