/**
 * Who watches attempts from the side of their clients, to time them. Nothing depends on it: a control plane without such an
 * observer does the same.
 */
import type { Status } from './api-request.ts';

/** Told of every attempt that is simulated; `request` is its row, which says whose it is and what for. */
export interface AttemptObserver {
  /** A client sends it. */
  sent(request: number): void;
  /** Its client hears the end of it, or gives it up. Follows `sent` exactly once, unless the run ends before. */
  ended(request: number, status: Status): void;
}
