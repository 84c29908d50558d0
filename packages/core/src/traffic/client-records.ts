import type { Trace, TraceKind, RecordId } from '../trace.ts';
import { outcomeIndex, outcomes, type Outcome } from './outcome.ts';

/**
 * What a client writes into a trace. Each record names the one before it as its cause - request, attempt, end of the
 * attempt, next attempt, end of the request - except that an answer is caused by the server's record, if it gave one.
 * Kinds are called `<client> request`, `<client> attempt`, `<client> attempt timed out`, `<client> served`.
 */
export class ClientRecords {
  readonly #trace: Trace;
  readonly #request: TraceKind;
  readonly #attempt: TraceKind;
  readonly #attemptEnds: readonly TraceKind[];
  readonly #requestEnds: readonly TraceKind[];

  constructor(trace: Trace, client: string) {
    this.#trace = trace;
    this.#request = trace.kind(`${client} request`);
    this.#attempt = trace.kind(`${client} attempt`);
    this.#attemptEnds = outcomes.map((outcome) => trace.kind(`${client} attempt ${outcome}`));
    this.#requestEnds = outcomes.map((outcome) => trace.kind(`${client} ${outcome}`));
  }

  /** A request arrived; its value is its label. */
  requestBegan(request: number, label: number, causedBy: RecordId): RecordId {
    return this.#trace.record(this.#request, request, label, causedBy);
  }

  /** An attempt was sent; its value is its number, 1 for the first. */
  attemptBegan(attempt: number, count: number, causedBy: RecordId): RecordId {
    return this.#trace.record(this.#attempt, attempt, count, causedBy);
  }

  /** An attempt ended for its caller; its value is how long it took, in microseconds. */
  attemptEnded(attempt: number, outcome: Outcome, took: number, causedBy: RecordId): RecordId {
    return this.#trace.record(this.#attemptEnds[outcomeIndex(outcome)]!, attempt, took, causedBy);
  }

  /** A request ended; its value is how long it took, in microseconds. */
  requestEnded(request: number, outcome: Outcome, took: number, causedBy: RecordId): RecordId {
    return this.#trace.record(this.#requestEnds[outcomeIndex(outcome)]!, request, took, causedBy);
  }
}
