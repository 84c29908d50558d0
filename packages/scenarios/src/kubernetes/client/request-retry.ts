/**
 * What client-go does with a failed attempt inside one request, before its caller hears of it: it comes back when the
 * server said when to come back, and repeats reads whose connection broke (client-go, rest/with_retry.go and
 * rest/request.go). Writes are never repeated on errors of the transport.
 */
import { type Duration, seconds } from '@brownout/core';
import { Status } from '../requests/api-request.ts';

/** What kind of request was sent: writes, reads of the state, or a watch. */
export type RequestKind = 'write' | 'read' | 'watch';

/** At most so many repetitions of one request. */
export const LARGEST_RETRIES = 10;
/** Nobody named a time: an artificial Retry-After of one second. */
const AFTER_BROKEN_CONNECTION = 1;

/**
 * Seconds to wait before the attempt is repeated, or -1 when its caller hears of the failure. `retries` counts the
 * repetitions so far.
 */
export function retryAfterFailure(
  kind: RequestKind,
  status: number,
  retryAfterSeconds: number,
  retries: number,
): number {
  if (retries >= LARGEST_RETRIES) return -1;
  switch (status) {
    case Status.tooManyRequests:
    case Status.serverError:
      return retryAfterSeconds > 0 ? retryAfterSeconds : -1;
    case Status.reset:
      return kind === 'write' ? -1 : AFTER_BROKEN_CONNECTION;
    case Status.timedOut:
      return kind === 'watch' ? AFTER_BROKEN_CONNECTION : -1;
    default:
      return -1;
  }
}

/** Retries within the present requests of many clients, in columns: one request of a client at a time. */
export class RequestRetries {
  readonly #retries: Uint8Array;

  constructor(clients: number) {
    this.#retries = new Uint8Array(clients);
  }

  /** Repetitions of the client's present request so far; 0 says that the next attempt is its first. */
  count(client: number): number {
    return this.#retries[client]!;
  }

  /** The client begins another request, or has given this one up. */
  reset(client: number): void {
    this.#retries[client] = 0;
  }

  /**
   * An attempt has ended. The wait before it is repeated, or -1 when the request is over, well or badly, and the next
   * attempt of this client is the first of another.
   */
  ended(client: number, kind: RequestKind, status: number, retryAfterSeconds: number): Duration | -1 {
    const wait = retryAfterFailure(kind, status, retryAfterSeconds, this.#retries[client]!);
    if (wait < 0) {
      this.#retries[client] = 0;
      return -1;
    }
    this.#retries[client]!++;
    return seconds(wait);
  }
}
