/**
 * What a rejected client is told to wait. The longer rejections go on, the longer the wait: it doubles while at least
 * three requests per second are dropped and shrinks by a second when fewer than one per second is. Source:
 * kubernetes/apiserver, tag kubernetes-1.36.3, pkg/util/flowcontrol/dropped_requests_tracker.go.
 */

/** The longest wait a client is told, in seconds. */
const longestWaitSeconds = 32;

/** Drops per second of wait that raise it. */
const dropsToRaise = 3;

/** Rejections of one priority level, counted by the second. */
export class RetryAfter {
  #seconds = 1;
  /** The first drop of a run may raise the wait at once, whatever the clock says. */
  #raisedAt = -Infinity;
  #currentSecond = -1;
  #dropsInSecond = 0;
  /** Drops in the seconds before the current one, at the place second mod length; and which second each place is of. */
  readonly #drops: Float64Array = new Float64Array(longestWaitSeconds + 1);
  readonly #secondOf: Float64Array = new Float64Array(longestWaitSeconds + 1).fill(-1);

  /** What a client rejected now is told, in seconds: 1 to 32. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Records a rejected request in the whole second `second` of the run and returns what its client is told. */
  drop(second: number): number {
    if (second === this.#currentSecond) {
      this.#dropsInSecond++;
      return this.#seconds;
    }
    if (this.#currentSecond >= 0) {
      const place = this.#currentSecond % this.#drops.length;
      this.#drops[place] = this.#dropsInSecond;
      this.#secondOf[place] = this.#currentSecond;
    }
    this.#currentSecond = second;
    this.#dropsInSecond = 1;
    this.#adjust(second);
    return this.#seconds;
  }

  /** Forgets everything, as a restarted process does. */
  reset(): void {
    this.#seconds = 1;
    this.#raisedAt = -Infinity;
    this.#currentSecond = -1;
    this.#dropsInSecond = 0;
    this.#secondOf.fill(-1);
  }

  #adjust(second: number): void {
    const wait = this.#seconds;
    let recent = 0;
    for (let earlier = Math.max(0, second - wait); earlier < second; earlier++) {
      const place = earlier % this.#drops.length;
      if (this.#secondOf[place] === earlier) recent += this.#drops[place]!;
    }
    if (recent >= dropsToRaise * wait && second - this.#raisedAt >= wait) {
      this.#seconds = Math.min(2 * wait, longestWaitSeconds);
      this.#raisedAt = second;
    } else if (recent < wait && wait > 1) {
      this.#seconds = wait - 1;
    }
  }
}
