import type { Duration } from '../time.ts';
import type { RecordId } from '../trace.ts';

/** What requests and attempts are, and the contract between those who make them and those who serve them. */
declare const requestBrand: unique symbol;
declare const attemptBrand: unique symbol;

/** What the caller wants: a row of a `RequestTable`. */
export type Request = number & { readonly [requestBrand]: 'request' };

/** One try at a request: a row of a `RequestTable`. Events and links carry it as their integer argument. */
export type Attempt = number & { readonly [attemptBrand]: 'attempt' };

/** The request of an attempt whose caller has gone. */
export const noRequest: Request = -1 as Request;

/** A server as its callers see it. It answers each attempt once, through the table: `answer` or `lose`. */
export interface AttemptServer {
  submit(attempt: Attempt): void;
}

/** Who opened an attempt and wants to hear of it; a `Client`, or a model's own caller. */
export interface AttemptOwner {
  readonly name: string;
  /**
   * The server answered while the caller waited. `retryAfter` is how long it asks the caller to stay away (HTTP
   * Retry-After, gRPC pushback): 0 when it says nothing, `forever` for "do not retry". `causedBy`
   * is the server's record of its decision, or `noRecord`.
   */
  attemptAnswered(attempt: Attempt, isGood: boolean, retryAfter: Duration, causedBy: RecordId): void;
  /** No answer will come. The caller cannot know unless it has no timeout to find out. */
  attemptLost(attempt: Attempt): void;
}
