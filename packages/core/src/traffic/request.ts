import { assert } from '../errors.ts';
import { grownFloat64, grownInt32, grownUint8 } from '../queueing/columns.ts';
import { JobPool } from '../queueing/job-pool.ts';
import { noTime, since, type Duration, type Instant } from '../time.ts';
import { noRecord, type RecordId } from '../trace.ts';
import { noRequest, type Attempt, type AttemptOwner, type Request } from './attempt.ts';
import { CallerNotes } from './caller-notes.ts';
import { TrafficLedger } from './ledger.ts';
import type { Outcome } from './outcome.ts';

/** The owner of a free row. */
const NOBODY = -1;
const CALLER_WAITS = 1;
const SERVER_HOLDS = 2;

/**
 * Requests and attempts as rows of columns.
 *
 * A request is what a caller wants; an attempt is one try at it. Both are small integers that are used again after they
 * end. An attempt has two ends, because in overload they lie far apart: the caller's (an answer, a timeout, or it
 * leaves) and the server's (it finished, refused, or the message was lost). The row is free again only after both, so a
 * server may go on using the number of an attempt whose caller has gone - whether it does is the model's decision - and
 * its answer is then booked as work in vain.
 *
 *   caller  openRequest ── openAttempt ────────────── closeAttempt ─ closeRequest
 *                               │ submit                   ▲ attemptAnswered
 *   server                      └──────── work ──── answer ┘
 *
 * A table is shared by the clients and servers of a model, and keeps one ledger per client.
 */
export class RequestTable {
  /** What callers remember about their requests; grows with the rows. */
  readonly notes: CallerNotes;
  readonly #owners: AttemptOwner[] = [];
  readonly #ledgers: TrafficLedger[] = [];

  #arrivedAt: Float64Array;
  #deadline: Float64Array;
  #attemptCount: Int32Array;
  #label: Int32Array;
  #requestOwner: Int32Array;
  readonly #requests: JobPool = new JobPool('requests');

  #request: Int32Array;
  #sentAt: Float64Array;
  #attemptDeadline: Float64Array;
  #attemptLabel: Int32Array;
  #attemptOwner: Int32Array;
  #work: Float64Array;
  #record: Float64Array;
  #state: Uint8Array;
  readonly #attempts: JobPool = new JobPool('attempts');

  /** `capacity` is a hint; the table doubles when it is full. */
  constructor(capacity = 64) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`request table: capacity must be a whole number >= 1, got ${capacity}`);
    }
    this.notes = new CallerNotes(capacity);
    this.#arrivedAt = new Float64Array(capacity);
    this.#deadline = new Float64Array(capacity);
    this.#attemptCount = new Int32Array(capacity);
    this.#label = new Int32Array(capacity);
    this.#requestOwner = new Int32Array(capacity).fill(NOBODY);
    this.#request = new Int32Array(capacity);
    this.#sentAt = new Float64Array(capacity);
    this.#attemptDeadline = new Float64Array(capacity);
    this.#attemptLabel = new Int32Array(capacity);
    this.#attemptOwner = new Int32Array(capacity);
    this.#work = new Float64Array(capacity);
    this.#record = new Float64Array(capacity);
    this.#state = new Uint8Array(capacity);
  }

  /** Adds a caller; the number it gets opens its requests. */
  register(owner: AttemptOwner): number {
    this.#ledgers.push(new TrafficLedger());
    return this.#owners.push(owner) - 1;
  }

  /** The books of one caller. */
  ledgerOf(owner: number): TrafficLedger {
    return this.#ledgers[owner]!;
  }

  /** A request arrives. `label` is the caller's: a kind, a user, a row of another table. */
  openRequest(owner: number, now: Instant, deadline: Instant, label: number): Request {
    const request = this.#requests.take() as Request;
    if (request === this.#label.length) this.#growRequests();
    this.#arrivedAt[request] = now;
    this.#deadline[request] = deadline;
    this.#attemptCount[request] = 0;
    this.#label[request] = label;
    this.#requestOwner[request] = owner;
    this.#ledgers[owner]!.requests++;
    return request;
  }

  /** The request ends; its row is used again. */
  closeRequest(request: Request, outcome: Outcome): void {
    const owner = this.#requestOwner[request]!;
    assert(owner !== NOBODY, `request table: request ${request} has already ended`);
    this.#requestOwner[request] = NOBODY;
    this.#requests.release(request);
    this.#ledgers[owner]!.requestEnded(outcome);
  }

  /** One more try begins; `deadline` is when its caller will stop waiting, and what the server is told. */
  openAttempt(request: Request, now: Instant, deadline: Instant): Attempt {
    const attempt = this.#attempts.take() as Attempt;
    if (attempt === this.#state.length) this.#growAttempts();
    const owner = this.#requestOwner[request]!;
    this.#attemptCount[request]!++;
    this.#request[attempt] = request;
    this.#sentAt[attempt] = now;
    this.#attemptDeadline[attempt] = deadline;
    this.#attemptLabel[attempt] = this.#label[request]!;
    this.#attemptOwner[attempt] = owner;
    this.#work[attempt] = 0;
    this.#record[attempt] = noRecord;
    this.#state[attempt] = CALLER_WAITS | SERVER_HOLDS;
    this.#ledgers[owner]!.attempts++;
    return attempt;
  }

  /** The caller's end of an attempt: it has its answer, or it no longer waits. */
  closeAttempt(attempt: Attempt, outcome: Outcome): void {
    assert(
      (this.#state[attempt]! & CALLER_WAITS) !== 0,
      `request table: the caller of attempt ${attempt} has already gone`,
    );
    this.#state[attempt]! &= ~CALLER_WAITS;
    this.#request[attempt] = noRequest;
    this.#ledgers[this.#attemptOwner[attempt]!]!.attemptEnded(outcome);
    if ((this.#state[attempt]! & SERVER_HOLDS) === 0) this.#release(attempt, outcome === 'served');
  }

  /**
   * The server's end of an attempt. Tells the caller if it still waits; otherwise the answer was in vain. `causedBy` is
   * the record, if any, that says why the answer is what it is.
   */
  answer(attempt: Attempt, isGood: boolean, retryAfter: Duration = noTime, causedBy: RecordId = noRecord): void {
    this.#serverDone(attempt);
    const owner = this.#attemptOwner[attempt]!;
    if ((this.#state[attempt]! & CALLER_WAITS) !== 0) {
      this.#owners[owner]!.attemptAnswered(attempt, isGood, retryAfter, causedBy);
      return;
    }
    const ledger = this.#ledgers[owner]!;
    ledger.lateAnswers++;
    if (isGood) ledger.servedInVain++;
    this.#release(attempt, false);
  }

  /** The attempt or its answer was lost on the way, or died with its server: nobody will be told. */
  lose(attempt: Attempt): void {
    this.#serverDone(attempt);
    if ((this.#state[attempt]! & CALLER_WAITS) === 0) this.#release(attempt, false);
    else this.#owners[this.#attemptOwner[attempt]!]!.attemptLost(attempt);
  }

  /** Notes the record an attempt left in the trace, so that what a server does for it can name its cause. */
  setRecord(attempt: Attempt, record: RecordId): void {
    this.#record[attempt] = record;
  }

  /** The record of an attempt; `noRecord` without a trace. */
  recordOf(attempt: Attempt): RecordId {
    return this.#record[attempt]! as RecordId;
  }

  /** The latest record of a request; inside `onOutcome`, that of its end. */
  recordOfRequest(request: Request): RecordId {
    return this.notes.record[request]! as RecordId;
  }

  /** Books work done for an attempt, in any one unit of the model's choice. */
  addWork(attempt: Attempt, amount: number): void {
    this.#work[attempt]! += amount;
  }

  /**
   * Whether the caller still waits. A real server learns of a timeout from the deadline and of an abandonment from a
   * closed connection; asking this is the limit of perfect cancellation.
   */
  isWanted(attempt: Attempt): boolean {
    return (this.#state[attempt]! & CALLER_WAITS) !== 0;
  }

  /** Whether the server has neither answered nor lost the attempt; of an attempt whose caller still waits. */
  isAtServer(attempt: Attempt): boolean {
    return (this.#state[attempt]! & SERVER_HOLDS) !== 0;
  }

  /** When the caller stops waiting for this attempt; `noDeadline` when never. */
  deadlineOf(attempt: Attempt): Instant {
    return this.#attemptDeadline[attempt]! as Instant;
  }

  /** What is left of the attempt's deadline, never below 0; `forever` without one. */
  remaining(attempt: Attempt, now: Instant): Duration {
    return Math.max(0, this.#attemptDeadline[attempt]! - now) as Duration;
  }

  /** The request of an attempt, or `noRequest` after the caller has gone. */
  requestOf(attempt: Attempt): Request {
    return this.#request[attempt]! as Request;
  }

  /** The label of the attempt's request; known to the end of the attempt. */
  labelOf(attempt: Attempt): number {
    return this.#attemptLabel[attempt]!;
  }

  /** When the attempt was sent. */
  sentAt(attempt: Attempt): Instant {
    return this.#sentAt[attempt]! as Instant;
  }

  /** The label given when the request arrived. */
  labelOfRequest(request: Request): number {
    return this.#label[request]!;
  }

  /** When the request arrived. */
  arrivedAt(request: Request): Instant {
    return this.#arrivedAt[request]! as Instant;
  }

  /** How long the request has been under way: at its end, the latency its caller saw. */
  ageOf(request: Request, now: Instant): Duration {
    return since(now, this.#arrivedAt[request]! as Instant);
  }

  /** When the request's caller gives up on the whole of it. */
  deadlineOfRequest(request: Request): Instant {
    return this.#deadline[request]! as Instant;
  }

  /** Attempts made at a request so far. */
  attemptCountOf(request: Request): number {
    return this.#attemptCount[request]!;
  }

  /** Requests of an owner that have not ended, counted row by row: the independent check of its ledger. */
  countRequestsInside(owner: number): number {
    let count = 0;
    for (let i = 0; i < this.#requestOwner.length; i++) {
      if (this.#requestOwner[i] === owner) count++;
    }
    return count;
  }

  /** Attempts of an owner that a caller waits for, or that a server still holds, counted row by row. */
  countAttempts(owner: number, which: 'waiting' | 'at the server'): number {
    const bit = which === 'waiting' ? CALLER_WAITS : SERVER_HOLDS;
    let count = 0;
    for (let i = 0; i < this.#state.length; i++) {
      if ((this.#state[i]! & bit) !== 0 && this.#attemptOwner[i] === owner) count++;
    }
    return count;
  }

  #serverDone(attempt: Attempt): void {
    assert((this.#state[attempt]! & SERVER_HOLDS) !== 0, `request table: attempt ${attempt} was answered twice`);
    this.#state[attempt]! &= ~SERVER_HOLDS;
  }

  #release(attempt: Attempt, wasUseful: boolean): void {
    const ledger = this.#ledgers[this.#attemptOwner[attempt]!]!;
    ledger.work += this.#work[attempt]!;
    if (wasUseful) ledger.usefulWork += this.#work[attempt]!;
    this.#attempts.release(attempt);
  }

  #growRequests(): void {
    const capacity = this.#label.length * 2;
    this.notes.grow(capacity);
    this.#arrivedAt = grownFloat64(this.#arrivedAt, capacity, 0);
    this.#deadline = grownFloat64(this.#deadline, capacity, 0);
    this.#attemptCount = grownInt32(this.#attemptCount, capacity, 0);
    this.#label = grownInt32(this.#label, capacity, 0);
    this.#requestOwner = grownInt32(this.#requestOwner, capacity, NOBODY);
  }

  #growAttempts(): void {
    const capacity = this.#state.length * 2;
    this.#request = grownInt32(this.#request, capacity, 0);
    this.#sentAt = grownFloat64(this.#sentAt, capacity, 0);
    this.#attemptDeadline = grownFloat64(this.#attemptDeadline, capacity, 0);
    this.#attemptLabel = grownInt32(this.#attemptLabel, capacity, 0);
    this.#attemptOwner = grownInt32(this.#attemptOwner, capacity, 0);
    this.#work = grownFloat64(this.#work, capacity, 0);
    this.#record = grownFloat64(this.#record, capacity, 0);
    this.#state = grownUint8(this.#state, capacity);
  }
}
