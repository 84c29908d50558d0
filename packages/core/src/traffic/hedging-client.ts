import type { Balance, Balanced } from '../metrics/ledger.ts';
import { grownFloat64, grownInt32, grownUint8, initialPlaces, placesFor } from '../queueing/columns.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import { forever, type Duration, type Instant } from '../time.ts';
import { noRecord, type RecordId, type Trace } from '../trace.ts';
import type { Attempt, AttemptOwner, AttemptServer, Request } from './attempt.ts';
import type { CallerNotes } from './caller-notes.ts';
import { ClientRecords } from './client-records.ts';
import { deadlineAfter, DeadlineTimer, earlier, noDeadline } from './deadline.ts';
import { fixedHedgeDelay, type HedgeDelay } from './hedge-delay.ts';
import type { TrafficLedger } from './ledger.ts';
import { outcomeIndex, outcomes, type Outcome } from './outcome.ts';
import type { RequestTable } from './request.ts';
import type { RetryBudget } from './retry-budget.ts';

/**
 * A client that hedges: when an answer is slow it asks again, and uses whichever answer comes first.
 *
 *   send ─> attempt 1 ──────────────────────────────────── overtaken: abandoned, `cancel`
 *              │ delay, budget
 *              └─> attempt 2 ───────── good answer ─> served
 *                     │ delay, budget
 *                     └─> ... up to maxAttempts
 *
 * As in gRPC (gRFC A6, hedging) the delay runs from the last attempt, the budget of retries pays for hedges, a budget
 * that says no or a server that asks for no retries ends the hedging of that request, and a refusal is either final or
 * brings the next attempt on at once. Without `cancel` servers finish what nobody waits for, and the work is wasted.
 */
export interface HedgingClientOptions {
  readonly name: string;
  readonly table: RequestTable;
  readonly server: AttemptServer;
  /** From one attempt to the next. */
  readonly delay: Duration | HedgeDelay;
  /** Attempts in all, the first included: a whole number >= 1, default 2. gRPC allows up to 5. */
  readonly maxAttempts?: number;
  /** How long the whole request may take; default `forever`. */
  readonly requestTimeout?: Duration;
  /**
   * Pays for hedges, each at the price of a retry after a timeout. Default none: every hedge is sent. `RatioBudget`
   * bounds them per request and `RateBudget` per time; `QuotaBudget` gives the price back for every request served.
   */
  readonly budget?: RetryBudget;
  /**
   * `final` (default): the request ends as rejected and its other attempts are abandoned. `next`: the next attempt is
   * sent at once, or after the time the server asks for; the request ends as rejected when none is left.
   */
  readonly refusal?: 'final' | 'next';
  /**
   * Tells the server that the caller of an attempt it still holds has gone. It may stop and say `table.lose(attempt)`,
   * now or later, or finish in vain; with a station: `if (station.cancel(attempt)) table.lose(attempt)`. Default:
   * nobody is told.
   */
  readonly cancel?: (attempt: Attempt) => void;
  /** Called once per request, while its row can still be read: label, age, attempts made. */
  readonly onOutcome?: (request: Request, outcome: Outcome) => void;
  /** Where it records what it does; default nowhere. */
  readonly trace?: Trace;
}

/** Sends requests, hedges them and sees each through to exactly one outcome. */
export class HedgingClient implements AttemptOwner, Balanced {
  readonly name: string;
  /** Its books; hedges are attempts beyond the first, and those the budget refused are `retriesDenied`. */
  readonly ledger: TrafficLedger;
  readonly #simulation: Simulation;
  readonly #options: HedgingClientOptions;
  readonly #table: RequestTable;
  /** Used of them: the newest attempt under way, the timer of the next hedge, attempts allowed (`permit`), record. */
  readonly #notes: CallerNotes;
  readonly #owner: number;
  readonly #delay: HedgeDelay;
  readonly #maxAttempts: number;
  readonly #records: ClientRecords | undefined;
  readonly #deadlines: DeadlineTimer;
  readonly #hedge: EventType;
  /** By request: the event of its deadline, whether it is being ended, how its last failed attempt ended. */
  #deadline: Float64Array = new Float64Array(initialPlaces).fill(noEvent);
  #isEnding: Uint8Array = new Uint8Array(initialPlaces);
  #lastFailure: Uint8Array = new Uint8Array(initialPlaces);
  /** By attempt: the one of the same request sent before it that is still under way, or -1; whether it is a first one. */
  #before: Int32Array = new Int32Array(initialPlaces);
  #isFirst: Uint8Array = new Uint8Array(initialPlaces);

  constructor(simulation: Simulation, options: HedgingClientOptions) {
    const { name, table, delay, maxAttempts = 2, requestTimeout = forever, trace } = options;
    if (!(Number.isInteger(maxAttempts) && maxAttempts >= 1))
      throw new RangeError(`hedging client "${name}": maxAttempts must be a whole number >= 1, got ${maxAttempts}`);
    if (!(requestTimeout > 0))
      throw new RangeError(`hedging client "${name}": requestTimeout must be > 0, got ${requestTimeout} us`);
    this.name = name;
    this.#simulation = simulation;
    this.#options = options;
    this.#table = table;
    this.#notes = table.notes;
    this.#owner = table.register(this);
    this.ledger = table.ledgerOf(this.#owner);
    this.#delay = typeof delay === 'number' ? fixedHedgeDelay(delay) : delay;
    this.#maxAttempts = maxAttempts;
    this.#records = trace === undefined ? undefined : new ClientRecords(trace, name);
    this.#deadlines = new DeadlineTimer(simulation, `${name} timeout`, requestTimeout, (request) =>
      this.#expired(request as Request),
    );
    this.#hedge = simulation.event(`${name} hedge`, (request) => this.#hedgeDue(request as Request), 'arrival');
  }

  /** Its number as an owner in the table. */
  get owner(): number {
    return this.#owner;
  }

  /** Attempts sent beyond the first of their request. */
  get hedges(): number {
    return this.ledger.attempts - this.ledger.requests;
  }

  /** Sends a request now; the number is good until `onOutcome`, which may come before `send` returns. */
  send(label = 0, causedBy: RecordId = noRecord): Request {
    return this.#begin(label, noDeadline, causedBy);
  }

  /** Sends a sub-request for an attempt this part is serving; it inherits that deadline if it is the earlier one. */
  sendFor(parent: Attempt, label = 0): Request {
    return this.#begin(label, this.#table.deadlineOf(parent), this.#table.recordOf(parent));
  }

  /** The caller leaves: no answer is wanted any more. */
  abandon(request: Request): void {
    if (this.#isEnding[request] === 0) this.#end(request, 'abandoned');
  }

  /** Its books with what is inside counted row by row, for a run's conservation check. */
  balance(): Balance {
    const { ledger } = this;
    return {
      arrived: ledger.requests,
      served: ledger.requestsEnded('served'),
      rejected: [{ reason: 'failed', count: ledger.requestsEnded('rejected') }],
      abandoned: ledger.requestsEnded('abandoned'),
      timedOut: ledger.requestsEnded('timed out'),
      lost: ledger.requestsEnded('lost'),
      inside: this.#table.countRequestsInside(this.#owner),
    };
  }

  /** Part of the contract with the table; models call `table.answer`. */
  attemptAnswered(attempt: Attempt, isGood: boolean, retryAfter: Duration, causedBy: RecordId): void {
    const request = this.#table.requestOf(attempt);
    const { budget, refusal = 'final' } = this.#options;
    const now = this.#simulation.now;
    if (this.#isEnding[request] === 1) return this.#endAttempt(request, attempt, 'abandoned', causedBy);
    if (isGood) {
      if (this.#isFirst[attempt] === 1) this.#delay.record((now - this.#table.sentAt(attempt)) as Duration);
      this.#endAttempt(request, attempt, 'served', causedBy);
      budget?.requestServed(now, this.#table.attemptCountOf(request) - 1, 'timed out');
      return this.#end(request, 'served');
    }
    this.#endAttempt(request, attempt, 'rejected', causedBy);
    budget?.attemptFailed(now, 'rejected');
    if (refusal === 'final') return this.#end(request, 'rejected');
    this.#simulation.cancel(this.#notes.timer[request]! as EventHandle);
    this.#notes.timer[request] = noEvent;
    if (retryAfter === forever) this.#notes.permit[request] = 0;
    if (this.#mayHedge(request)) this.#notes.timer[request] = this.#hedge.after(retryAfter, request);
    this.#endIfNothingIsLeft(request);
  }

  /** Part of the contract with the table. With a deadline the caller finds out by it, unless a hedge answers. */
  attemptLost(attempt: Attempt): void {
    const request = this.#table.requestOf(attempt);
    if (this.#isEnding[request] === 1) return this.#endAttempt(request, attempt, 'abandoned', noRecord);
    if (this.#deadline[request] !== noEvent) return;
    this.#endAttempt(request, attempt, 'lost', noRecord);
    this.#endIfNothingIsLeft(request);
  }

  #begin(label: number, parentDeadline: Instant, causedBy: RecordId): Request {
    const now = this.#simulation.now;
    const { requestTimeout = forever, budget } = this.#options;
    const deadline = earlier(parentDeadline, deadlineAfter(now, requestTimeout));
    const request = this.#table.openRequest(this.#owner, now, deadline, label);
    if (request >= this.#isEnding.length) this.#growRequests(request);
    this.#isEnding[request] = 0;
    this.#deadline[request] = noEvent;
    this.#notes.attempt[request] = -1;
    this.#notes.timer[request] = noEvent;
    this.#notes.permit[request] = this.#maxAttempts;
    this.#notes.record[request] = this.#records?.requestBegan(request, label, causedBy) ?? noRecord;
    budget?.requestBegan(now);
    if (deadline <= now) this.#end(request, 'timed out');
    else {
      if (deadline !== noDeadline) this.#deadline[request] = this.#deadlines.startUntil(deadline, request);
      this.#try(request);
    }
    return request;
  }

  #try(request: Request): void {
    const table = this.#table;
    const attempt = table.openAttempt(request, this.#simulation.now, table.deadlineOfRequest(request));
    if (attempt >= this.#before.length) this.#growAttempts(attempt);
    const count = table.attemptCountOf(request);
    this.#before[attempt] = this.#notes.attempt[request]!;
    this.#isFirst[attempt] = count === 1 ? 1 : 0;
    this.#notes.attempt[request] = attempt;
    if (this.#records !== undefined)
      table.setRecord(attempt, this.#records.attemptBegan(attempt, count, table.recordOfRequest(request)));
    if (this.#mayHedge(request)) this.#notes.timer[request] = this.#hedge.after(this.#delay.current(), request);
    this.#options.server.submit(attempt);
  }

  #mayHedge(request: Request): boolean {
    return this.#table.attemptCountOf(request) < this.#notes.permit[request]!;
  }

  #hedgeDue(request: Request): void {
    const { budget } = this.#options;
    this.#notes.timer[request] = noEvent;
    if (budget === undefined || budget.tryRetry(this.#simulation.now, 'timed out')) return this.#try(request);
    this.ledger.retriesDenied++;
    this.#notes.permit[request] = 0;
    this.#endIfNothingIsLeft(request);
  }

  #expired(request: Request): void {
    this.#deadline[request] = noEvent;
    this.#options.budget?.attemptFailed(this.#simulation.now, 'timed out');
    this.#end(request, 'timed out');
  }

  /** A request that waits for no answer and for no further attempt ends as its last attempt did. */
  #endIfNothingIsLeft(request: Request): void {
    if (this.#notes.attempt[request]! < 0 && this.#notes.timer[request] === noEvent)
      this.#end(request, outcomes[this.#lastFailure[request]!]!);
  }

  #endAttempt(request: Request, attempt: Attempt, outcome: Outcome, causedBy: RecordId): void {
    this.#unlink(request, attempt);
    this.#lastFailure[request] = outcomeIndex(outcome);
    if (this.#records !== undefined) {
      const took = this.#simulation.now - this.#table.sentAt(attempt);
      const cause = causedBy === noRecord ? this.#table.recordOf(attempt) : causedBy;
      const record = this.#records.attemptEnded(attempt, outcome, took, cause);
      // The end of a request is caused by the answer that decided it, not by the attempts that it made superfluous.
      if (outcome !== 'abandoned') this.#notes.record[request] = record;
    }
    this.#table.closeAttempt(attempt, outcome);
  }

  #unlink(request: Request, attempt: Attempt): void {
    let later = -1;
    for (let one = this.#notes.attempt[request]!; one !== attempt; one = this.#before[one]!) later = one;
    if (later < 0) this.#notes.attempt[request] = this.#before[attempt]!;
    else this.#before[later] = this.#before[attempt]!;
  }

  /** Ends what is still under way, newest first, then the request. `cancel` may make a server answer meanwhile. */
  #end(request: Request, outcome: Outcome): void {
    const table = this.#table;
    const now = this.#simulation.now;
    const isMeasured = outcome === 'served' || outcome === 'timed out';
    this.#isEnding[request] = 1;
    this.#simulation.cancel(this.#notes.timer[request]! as EventHandle);
    this.#simulation.cancel(this.#deadline[request]! as EventHandle);
    while (this.#notes.attempt[request]! >= 0) {
      const attempt = this.#notes.attempt[request]! as Attempt;
      const isAtServer = table.isAtServer(attempt);
      if (isMeasured && this.#isFirst[attempt] === 1) this.#delay.record((now - table.sentAt(attempt)) as Duration);
      this.#endAttempt(request, attempt, outcome === 'timed out' ? outcome : 'abandoned', noRecord);
      if (isAtServer) this.#options.cancel?.(attempt);
    }
    if (this.#records !== undefined) {
      const took = table.ageOf(request, now);
      this.#notes.record[request] = this.#records.requestEnded(request, outcome, took, table.recordOfRequest(request));
    }
    this.#options.onOutcome?.(request, outcome);
    table.closeRequest(request, outcome);
  }

  #growRequests(request: number): void {
    const places = placesFor(`hedging client "${this.name}"`, request, this.#isEnding.length);
    this.#deadline = grownFloat64(this.#deadline, places, noEvent);
    this.#isEnding = grownUint8(this.#isEnding, places);
    this.#lastFailure = grownUint8(this.#lastFailure, places);
  }

  #growAttempts(attempt: number): void {
    const places = placesFor(`hedging client "${this.name}"`, attempt, this.#before.length);
    this.#before = grownInt32(this.#before, places, -1);
    this.#isFirst = grownUint8(this.#isFirst, places);
  }
}
