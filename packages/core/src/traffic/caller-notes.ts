import { grownFloat64, grownInt32, grownUint8 } from '../queueing/columns.ts';

/**
 * What a caller remembers about each of its open requests, as columns by request. They live beside the request table
 * rather than in each client, so that ten thousand clients on one table need one set of columns.
 */
export class CallerNotes {
  /** The attempt under way, or -1 between attempts. */
  attempt: Int32Array;
  /** The event that will happen to the request next: expiry, retry or leaving. */
  timer: Float64Array;
  /** When the caller stops caring: its deadline or the end of its patience, whichever is first. */
  leavesAt: Float64Array;
  /** What the retry policy said last. */
  previousDelay: Float64Array;
  /** 1 when the last failed attempt timed out, 0 when it was rejected. */
  timedOut: Uint8Array;
  /** The gate's permit of the attempt under way. */
  permit: Int32Array;
  /** The last record of the request in the trace: the cause of its next one. */
  record: Float64Array;

  constructor(capacity: number) {
    this.attempt = new Int32Array(capacity);
    this.timer = new Float64Array(capacity);
    this.leavesAt = new Float64Array(capacity);
    this.previousDelay = new Float64Array(capacity);
    this.timedOut = new Uint8Array(capacity);
    this.permit = new Int32Array(capacity);
    this.record = new Float64Array(capacity);
  }

  /** Makes room for `capacity` requests. */
  grow(capacity: number): void {
    this.attempt = grownInt32(this.attempt, capacity, 0);
    this.timer = grownFloat64(this.timer, capacity, 0);
    this.leavesAt = grownFloat64(this.leavesAt, capacity, 0);
    this.previousDelay = grownFloat64(this.previousDelay, capacity, 0);
    this.timedOut = grownUint8(this.timedOut, capacity);
    this.permit = grownInt32(this.permit, capacity, 0);
    this.record = grownFloat64(this.record, capacity, 0);
  }
}
