/**
 * Who is told of what goes wrong between clients and API servers, so that causes can be named afterwards. Nothing is told
 * of an attempt that goes well over a connection that stands: a run without trouble pays nothing. Nothing depends on it.
 */
import type { Status } from './api-request.ts';

/** Told of failed attempts and of new connections. */
export interface TroubleObserver {
  /** An attempt ends badly for its client. Its row still says what it was, where it was, and how far it had come. */
  attemptFailed(request: number, status: Status): void;
  /** A client sets a connection up, or tries to: with `server`, or -1 when no server takes connections. */
  dialled(group: number, client: number, server: number): void;
}
