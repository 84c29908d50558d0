/**
 * Which version a cache was at, second by second, over the last two minutes: what a bookmark sent then has told its
 * watcher. Kept without a timer: seconds in which nothing happened are filled in when the next thing happens.
 */
import { type Instant, seconds } from '@brownout/core';

/** Longer than a minute between bookmarks. */
const SECONDS_KEPT = 128;

/** See above. */
export class RevisionClock {
  readonly #revisions: Float64Array = new Float64Array(SECONDS_KEPT);
  #second = 0;
  #revision = 0;

  /** The version is `revision` from now on. */
  set(now: Instant, revision: number): void {
    this.#catchUp(now);
    this.#revision = revision;
    this.#revisions[this.#second % SECONDS_KEPT] = revision;
  }

  /** The version at the end of the second of `instant`; the oldest one known when that is too long ago. */
  at(instant: number, now: Instant): number {
    this.#catchUp(now);
    const second = Math.max(0, Math.floor(instant / seconds(1)), this.#second - SECONDS_KEPT + 1);
    return this.#revisions[second % SECONDS_KEPT]!;
  }

  #catchUp(now: Instant): void {
    const second = Math.floor(now / seconds(1));
    if (second - this.#second >= SECONDS_KEPT) this.#second = second - SECONDS_KEPT;
    while (this.#second < second) {
      this.#second++;
      this.#revisions[this.#second % SECONDS_KEPT] = this.#revision;
    }
  }
}
