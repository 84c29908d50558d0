import type { Balance, Balanced } from '../metrics/ledger.ts';
import type { DurationDistribution } from '../random/durations.ts';
import type { Stream } from '../random/stream.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import { forever, noTime, type Duration, type Instant } from '../time.ts';
import { noRecord, type RecordId, type Trace } from '../trace.ts';
import type { Attempt, AttemptOwner, AttemptServer, Request } from './attempt.ts';
import type { CallerNotes } from './caller-notes.ts';
import { noPermit, type CallGate } from './circuit-breaker.ts';
import { ClientRecords } from './client-records.ts';
import { deadlineAfter, DeadlineTimer, earlier, noDeadline } from './deadline.ts';
import { asDistribution } from './fixed-duration.ts';
import type { TrafficLedger } from './ledger.ts';
import type { Outcome } from './outcome.ts';
import type { RequestTable } from './request.ts';
import type { RetryBudget, RetryReason } from './retry-budget.ts';
import { giveUp, noRetry, type RetryPolicy } from './retry.ts';

/**
 * A client: it turns a request into attempts and attempts into one outcome.
 *
 *            ┌────────────── retry policy <── budget ──────────────┐
 *            v                                                     │ failed
 *   send ─> gate ─> openAttempt ─> server.submit                   │
 *                        │ timer            │ table.answer ─> attemptAnswered ─> onOutcome
 *                        └── expired ───────┴──────────────────────┘
 *
 * At any instant exactly one event is pending for a request with a timeout: the expiry of its attempt, its next retry,
 * or, when that retry could not begin before the deadline, its leaving. One `Client` may stand for a whole population
 * that shares a budget and a gate; separate ones take one object each on a shared table.
 */
export interface ClientOptions {
  readonly name: string;
  readonly table: RequestTable;
  readonly server: AttemptServer;
  /** How long one attempt may take; default `forever`. */
  readonly attemptTimeout?: Duration;
  /** How long the whole request may take, retries included; default `forever`. */
  readonly requestTimeout?: Duration;
  /** After this long the caller leaves without telling anybody beforehand; default `forever`. */
  readonly patience?: Duration | DurationDistribution;
  /** Default `noRetry`. */
  readonly retry?: RetryPolicy;
  /** Default none: the policy alone decides. */
  readonly budget?: RetryBudget;
  /** Default none. A noPermit request ends as rejected, at once and without an attempt. */
  readonly gate?: CallGate;
  /** Called once per request, while its row can still be read: label, age, attempts made. */
  readonly onOutcome?: (request: Request, outcome: Outcome) => void;
  /** Where it records what it does; default nowhere. */
  readonly trace?: Trace;
}

/** Sends requests and sees each through to exactly one outcome. */
export class Client implements AttemptOwner, Balanced {
  readonly name: string;
  /** Its books: requests = outcomes + inside, always. */
  readonly ledger: TrafficLedger;
  readonly #simulation: Simulation;
  readonly #table: RequestTable;
  readonly #notes: CallerNotes;
  readonly #owner: number;
  readonly #server: AttemptServer;
  readonly #attemptTimeout: Duration;
  readonly #requestTimeout: Duration;
  readonly #patience: DurationDistribution | undefined;
  readonly #patienceStream: Stream;
  readonly #retry: RetryPolicy;
  readonly #retryStream: Stream;
  readonly #budget: RetryBudget | undefined;
  readonly #gate: CallGate | undefined;
  readonly #records: ClientRecords | undefined;
  readonly #onOutcome: ((request: Request, outcome: Outcome) => void) | undefined;
  readonly #expiry: DeadlineTimer;
  readonly #nextTry: EventType;
  readonly #leaving: EventType;

  constructor(simulation: Simulation, options: ClientOptions) {
    const { name, table, attemptTimeout = forever, requestTimeout = forever, patience = forever } = options;
    checkTimeout(name, 'attemptTimeout', attemptTimeout);
    checkTimeout(name, 'requestTimeout', requestTimeout);
    this.name = name;
    this.#simulation = simulation;
    this.#table = table;
    this.#notes = table.notes;
    this.#owner = table.register(this);
    this.ledger = table.ledgerOf(this.#owner);
    this.#server = options.server;
    this.#attemptTimeout = attemptTimeout;
    this.#requestTimeout = requestTimeout;
    this.#patience = patience === forever ? undefined : asDistribution(`client "${name}": patience`, patience);
    this.#patienceStream = simulation.streams.get(`${name}/patience`);
    this.#retry = options.retry ?? noRetry;
    this.#retryStream = simulation.streams.get(`${name}/retry`);
    this.#budget = options.budget;
    this.#gate = options.gate;
    this.#records = options.trace === undefined ? undefined : new ClientRecords(options.trace, name);
    this.#onOutcome = options.onOutcome;
    const usual = Math.min(attemptTimeout, requestTimeout) as Duration;
    this.#expiry = new DeadlineTimer(simulation, `${name} timeout`, usual, (attempt) =>
      this.#expired(attempt as Attempt),
    );
    this.#nextTry = simulation.event(`${name} retry`, (request) => this.#try(request as Request), 'arrival');
    this.#leaving = simulation.event(`${name} leaves`, (request) => this.#leave(request as Request));
  }

  /** Its number as an owner in the table. */
  get owner(): number {
    return this.#owner;
  }

  /**
   * Sends a request now. The number returned is good until `onOutcome` has been called with it, which may happen
   * before `send` returns when the server or the gate refuses on the spot.
   */
  send(label = 0, causedBy: RecordId = noRecord): Request {
    return this.#begin(label, noDeadline, causedBy);
  }

  /**
   * Sends a sub-request on behalf of an attempt this part is serving. Its deadline is the parent's, unless the client's
   * own timeout ends earlier (gRPC deadline propagation): work for a caller that has gone is never begun.
   */
  sendFor(parent: Attempt, label = 0): Request {
    return this.#begin(label, this.#table.deadlineOf(parent), this.#table.recordOf(parent));
  }

  /** The caller leaves: no answer is wanted any more. */
  abandon(request: Request): void {
    this.#simulation.cancel(this.#notes.timer[request]! as EventHandle);
    const attempt = this.#notes.attempt[request]!;
    if (attempt >= 0) {
      this.#gate?.forget(this.#notes.permit[request]!);
      this.#endAttempt(request, attempt as Attempt, 'abandoned', noRecord);
    }
    this.#end(request, 'abandoned');
  }

  /** Its books with what is inside counted row by row, for a run's conservation check. */
  balance(): Balance {
    const { ledger } = this;
    const byGate = ledger.refusedLocally;
    return {
      arrived: ledger.requests,
      served: ledger.requestsEnded('served'),
      rejected: [
        { reason: 'failed', count: ledger.requestsEnded('rejected') - byGate },
        { reason: 'refused locally', count: byGate },
      ],
      abandoned: ledger.requestsEnded('abandoned'),
      timedOut: ledger.requestsEnded('timed out'),
      lost: ledger.requestsEnded('lost'),
      inside: this.#table.countRequestsInside(this.#owner),
    };
  }

  /** Part of the contract with the table; models call `table.answer`. */
  attemptAnswered(attempt: Attempt, isGood: boolean, retryAfter: Duration, causedBy: RecordId): void {
    const request = this.#table.requestOf(attempt);
    const now = this.#simulation.now;
    this.#simulation.cancel(this.#notes.timer[request]! as EventHandle);
    this.#gate?.record(now, this.#notes.permit[request]!, isGood);
    this.#endAttempt(request, attempt, isGood ? 'served' : 'rejected', causedBy);
    if (!isGood) return this.#failed(request, 'rejected', retryAfter);
    const retries = this.#table.attemptCountOf(request) - 1;
    this.#budget?.requestServed(now, retries, this.#notes.timedOut[request] === 1 ? 'timed out' : 'rejected');
    this.#end(request, 'served');
  }

  /**
   * Part of the contract with the table. With a timeout running the caller finds out by it; without, the request is
   * lost.
   */
  attemptLost(attempt: Attempt): void {
    const request = this.#table.requestOf(attempt);
    if (this.#simulation.isPending(this.#notes.timer[request]! as EventHandle)) return;
    this.#gate?.forget(this.#notes.permit[request]!);
    this.#endAttempt(request, attempt, 'lost', noRecord);
    this.#end(request, 'lost');
  }

  #begin(label: number, parentDeadline: Instant, causedBy: RecordId): Request {
    const now = this.#simulation.now;
    const deadline = earlier(parentDeadline, deadlineAfter(now, this.#requestTimeout));
    const request = this.#table.openRequest(this.#owner, now, deadline, label);
    const patience = this.#patience === undefined ? forever : this.#patience.sample(this.#patienceStream);
    this.#notes.leavesAt[request] = earlier(deadline, deadlineAfter(now, patience));
    this.#notes.previousDelay[request] = noTime;
    this.#notes.timer[request] = noEvent;
    this.#notes.record[request] = this.#records?.requestBegan(request, label, causedBy) ?? noRecord;
    this.#budget?.requestBegan(now);
    this.#try(request);
    return request;
  }

  #try(request: Request): void {
    const notes = this.#notes;
    const now = this.#simulation.now;
    const leavesAt = notes.leavesAt[request]! as Instant;
    notes.attempt[request] = -1;
    notes.timer[request] = noEvent;
    if (leavesAt <= now) return this.#leave(request);
    const permit = this.#gate === undefined ? 0 : this.#gate.tryPass(now);
    if (permit === noPermit) {
      this.ledger.refusedLocally++;
      return this.#end(request, 'rejected');
    }
    const told = earlier(this.#table.deadlineOfRequest(request), deadlineAfter(now, this.#attemptTimeout));
    const attempt = this.#table.openAttempt(request, now, told);
    const expiresAt = earlier(told, leavesAt);
    notes.attempt[request] = attempt;
    notes.permit[request] = permit;
    if (this.#records !== undefined) {
      const record = this.#records.attemptBegan(
        attempt,
        this.#table.attemptCountOf(request),
        this.#table.recordOfRequest(request),
      );
      notes.record[request] = record;
      this.#table.setRecord(attempt, record);
    }
    if (expiresAt !== noDeadline) notes.timer[request] = this.#expiry.startUntil(expiresAt, attempt);
    this.#server.submit(attempt);
  }

  #expired(attempt: Attempt): void {
    const request = this.#table.requestOf(attempt);
    const now = this.#simulation.now;
    const isOver = this.#notes.leavesAt[request]! <= now;
    const outcome = isOver ? this.#outcomeOfLeaving(request) : 'timed out';
    const permit = this.#notes.permit[request]!;
    if (outcome === 'abandoned') this.#gate?.forget(permit);
    else this.#gate?.record(now, permit, false);
    this.#endAttempt(request, attempt, outcome, noRecord);
    if (!isOver) return this.#failed(request, 'timed out', noTime);
    if (outcome === 'timed out') this.#budget?.attemptFailed(now, 'timed out');
    this.#end(request, outcome);
  }

  #failed(request: Request, reason: RetryReason, retryAfter: Duration): void {
    const notes = this.#notes;
    const now = this.#simulation.now;
    this.#budget?.attemptFailed(now, reason);
    notes.timedOut[request] = reason === 'timed out' ? 1 : 0;
    const previous = notes.previousDelay[request]! as Duration;
    const delay = this.#retry.delayBefore(this.#table.attemptCountOf(request) + 1, previous, this.#retryStream);
    if (delay === giveUp || retryAfter === forever) return this.#end(request, reason);
    const retryAt = Math.max(delay, retryAfter) + now;
    const leavesAt = notes.leavesAt[request]!;
    if (retryAt >= leavesAt) {
      notes.timer[request] = this.#leaving.at(leavesAt as Instant, request);
    } else if (this.#budget === undefined || this.#budget.tryRetry(now, reason)) {
      notes.previousDelay[request] = delay;
      notes.timer[request] = this.#nextTry.at(retryAt as Instant, request);
    } else {
      this.ledger.retriesDenied++;
      this.#end(request, reason);
    }
  }

  #endAttempt(request: Request, attempt: Attempt, outcome: Outcome, causedBy: RecordId): void {
    const { notes } = this.#table;
    notes.attempt[request] = -1;
    if (this.#records !== undefined) {
      const took = this.#simulation.now - this.#table.sentAt(attempt);
      const cause = causedBy === noRecord ? this.#table.recordOfRequest(request) : causedBy;
      notes.record[request] = this.#records.attemptEnded(attempt, outcome, took, cause);
    }
    this.#table.closeAttempt(attempt, outcome);
  }

  #leave(request: Request): void {
    this.#end(request, this.#outcomeOfLeaving(request));
  }

  /** Whether the caller's time ran out by its deadline or by its patience. */
  #outcomeOfLeaving(request: Request): Outcome {
    return this.#notes.leavesAt[request]! < this.#table.deadlineOfRequest(request) ? 'abandoned' : 'timed out';
  }

  #end(request: Request, outcome: Outcome): void {
    if (this.#records !== undefined) {
      const took = this.#table.ageOf(request, this.#simulation.now);
      this.#notes.record[request] = this.#records.requestEnded(
        request,
        outcome,
        took,
        this.#table.recordOfRequest(request),
      );
    }
    this.#onOutcome?.(request, outcome);
    this.#table.closeRequest(request, outcome);
  }
}

function checkTimeout(name: string, what: string, timeout: Duration): void {
  if (!(timeout > 0)) throw new RangeError(`client "${name}": ${what} must be > 0, got ${timeout} us`);
}
