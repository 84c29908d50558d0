/**
 * Who watches requests go through the API servers, to count and to time them. Nothing depends on it: a control plane
 * without an observer does the same.
 */
import type { RejectReason } from '../flow-control/seat-pool.ts';
import type { Status } from './api-request.ts';

/** Told of every request at the API servers; `request` is its row, which says what it is and where. */
export interface RequestObserver {
  /** Its connection stands, and the server looks at it. */
  arrived(request: number): void;
  /** It has its seats, or needs none. */
  executing(request: number): void;
  /** Flow control turns it away. */
  rejected(request: number, reason: RejectReason): void;
  /** Its client has given it up; what has its seats may be finished all the same. */
  abandoned(request: number): void;
  /** It is answered. A request that was given up at the server's own time limit comes twice. */
  answered(request: number, status: Status): void;
  /** One of a group went well that was not simulated: a renewal of a lease that a batch stands for. */
  booked?(group: number, operation: number, server: number): void;
  /** A server process ended: what it counted is gone. */
  serverEnded(server: number): void;
}
