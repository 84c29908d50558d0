import { type Outcome, outcomeIndex, outcomes } from './outcome.ts';

/**
 * The books of one client: what came in, how it ended, what it cost. Requests and attempts are kept apart, because an
 * overload is precisely the state in which they part company.
 *
 * - retry amplification: attempts per request;
 * - throughput: attempts the server finished well, whether or not anybody still waited;
 * - goodput: requests served in time, once;
 * - wasted work: what servers spent on attempts whose answer was never used.
 */
export class TrafficLedger {
  readonly #requestOutcomes: Float64Array<ArrayBuffer> = new Float64Array(outcomes.length);
  readonly #attemptOutcomes: Float64Array<ArrayBuffer> = new Float64Array(outcomes.length);

  /** Requests that arrived. */
  requests = 0;
  /** Attempts that were handed to the server. */
  attempts = 0;
  /** Requests turned away by the client's own gate, without an attempt; they are among the rejected. */
  refusedLocally = 0;
  /** Retries the policy wanted and the budget refused. */
  retriesDenied = 0;
  /** Answers of any kind that came after the caller had gone. */
  lateAnswers = 0;
  /** Those of them that carried a good result: finished in vain. */
  servedInVain = 0;
  /** Work reported for attempts that have ended at the server, in the model's unit. */
  work = 0;
  /** The part of `work` whose answer was used. */
  usefulWork = 0;

  /** Requests that ended so. */
  requestsEnded(outcome: Outcome): number {
    return this.#requestOutcomes[outcomeIndex(outcome)]!;
  }

  /** Attempts that ended so, as their caller saw it. */
  attemptsEnded(outcome: Outcome): number {
    return this.#attemptOutcomes[outcomeIndex(outcome)]!;
  }

  /** Requests without an outcome yet. */
  get requestsInside(): number {
    return this.requests - sum(this.#requestOutcomes);
  }

  /** Attempts whose caller still waits. */
  get attemptsWaiting(): number {
    return this.attempts - sum(this.#attemptOutcomes);
  }

  /** Attempts per request; 1 without retries, 0 before the first request. */
  get retryAmplification(): number {
    return this.requests === 0 ? 0 : this.attempts / this.requests;
  }

  /** Attempts the server finished well, in time or not. */
  get throughput(): number {
    return this.attemptsEnded('served') + this.servedInVain;
  }

  /** Requests served. */
  get goodput(): number {
    return this.requestsEnded('served');
  }

  /** Share of `work` that nobody used, 0 when no work was reported. */
  get wastedWorkShare(): number {
    return this.work === 0 ? 0 : 1 - this.usefulWork / this.work;
  }

  /** Books one ended request. */
  requestEnded(outcome: Outcome): void {
    this.#requestOutcomes[outcomeIndex(outcome)]!++;
  }

  /** Books one ended attempt. */
  attemptEnded(outcome: Outcome): void {
    this.#attemptOutcomes[outcomeIndex(outcome)]!++;
  }
}

function sum(column: Float64Array): number {
  let total = 0;
  for (let i = 0; i < column.length; i++) total += column[i]!;
  return total;
}
