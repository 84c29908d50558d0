import type { Duration } from '../time.ts';

/**
 * CoDel (controlled delay, RFC 8289): queue management by the time jobs have waited, not by how many wait. A queue is
 * bad when even the luckiest job of a whole `interval` waited `target` or longer. Then CoDel throws one job out when
 * it comes to the head of the line, and further ones after interval / sqrt(count): faster and faster until the senders
 * slow down and a job waits less than `target` again. When the trouble comes back soon, it goes on at the rate that had
 * helped.
 *
 *            waits >= target for an interval
 *      calm ────────────────────────────────> dropping ──┐ at dropNext: throw out, count++,
 *        ^                                       │  ^     │ dropNext += interval / sqrt(count)
 *        └────── a wait < target, or no line ────┘  └─────┘
 *
 * It relies on senders that react. Against load that ignores refusals its rate grows only by 1 / (2 interval^2) per
 * second, so a surplus of E jobs/s waits for 2 interval^2 E until it is refused, and the line has then reached
 * interval^2 E^2 jobs. Bounding a queue under such load takes a queueLimit or a patience as well.
 */
export interface CoDelOptions {
  /** Waiting that is tolerated without end; default 5 ms (RFC 8289, 4.3: 5 to 10 % of `interval`). */
  readonly target?: Duration;
  /**
   * How long waiting may stay above `target` before CoDel acts: the time senders need to react. Default 100 ms (RFC
   * 8289, 4.3: a worst-case round trip across the internet).
   */
  readonly interval?: Duration;
  /**
   * Nothing is thrown out while at most so many jobs wait behind the one at the head; default 1. The RFC's `maxpacket`,
   * counted in jobs: a line this short keeps a server busy and is no standing queue.
   */
  readonly spared?: number;
}

const TARGET = 5_000;
const INTERVAL = 100_000;

/** After trouble within this many intervals the old rate is taken up again (RFC 8289, 5.5, after Linux). */
const REMEMBERED_INTERVALS = 16;

/** Where a dequeue stands: a job is judged by whether others were just thrown out before it. */
const FRESH = 0;
const AFTER_FIRST = 1;
const AFTER_NEXT = 2;

const FIRST_ABOVE = 0;
const DROP_NEXT = 1;

/**
 * The law of RFC 8289 5.4 to 5.6, one job at a time: `drops` is asked of each job that comes to the head of the line
 * until it says no; `looked` ends each search for a job.
 */
export class CoDel {
  readonly #target: number;
  readonly #interval: number;
  readonly #spared: number;
  /** When waiting will have been above target for an interval (0: it is below), and when to throw out next. */
  readonly #instants: Float64Array = new Float64Array(2);
  #isDropping = false;
  #count = 0;
  #countAtStart = 0;
  #stage = FRESH;

  /** `owner` is used in errors, like `station "disk"`. */
  constructor(owner: string, options: CoDelOptions = {}) {
    const { target = TARGET, interval = INTERVAL, spared = 1 } = options;
    if (!(interval >= 1 && interval < Infinity))
      throw new RangeError(`${owner}: codel interval must be finite and > 0, got ${interval} us`);
    if (!(target >= 1 && target <= interval))
      throw new RangeError(`${owner}: codel target must be > 0 and <= interval (${interval} us), got ${target} us`);
    if (!(Number.isInteger(spared) && spared >= 0))
      throw new RangeError(`${owner}: codel spared must be a whole number of jobs >= 0, got ${spared}`);
    this.#target = target;
    this.#interval = interval;
    this.#spared = spared;
  }

  /** Whether it is throwing jobs out at present. */
  get isDropping(): boolean {
    return this.#isDropping;
  }

  /** Jobs thrown out in the present or last spell, remembered ones included: the rate is sqrt(count) per interval. */
  get count(): number {
    return this.#count;
  }

  /**
   * Whether the job at the head, which has waited `waited` microseconds while `behind` jobs stand behind it, is to be
   * thrown out. True: ask again with the next job. False: it is served.
   */
  drops(now: number, waited: number, behind: number): boolean {
    const mayDrop = this.#isStanding(now, waited, behind);
    const stage = this.#stage;
    this.#stage = FRESH;
    if (stage === AFTER_FIRST) return false;
    if (!this.#isDropping) return mayDrop && this.#begin(now);
    if (!mayDrop) {
      this.#isDropping = false;
      return false;
    }
    if (stage === AFTER_NEXT) this.#instants[DROP_NEXT] = this.#after(this.#instants[DROP_NEXT]!);
    if (now < this.#instants[DROP_NEXT]!) return false;
    this.#count++;
    this.#stage = AFTER_NEXT;
    return true;
  }

  /**
   * Told when a station has looked through its line. A free server found nobody, or a job that came in meanwhile took
   * the server without waiting: either way no queue is standing.
   */
  looked(isServerFree: boolean): void {
    if (!isServerFree && this.#stage === FRESH) return;
    this.#instants[FIRST_ABOVE] = 0;
    if (this.#stage !== AFTER_FIRST) this.#isDropping = false;
    this.#stage = FRESH;
  }

  /** Forgets everything, as a process that starts anew. */
  reset(): void {
    this.#instants.fill(0);
    this.#isDropping = false;
    this.#count = 0;
    this.#countAtStart = 0;
    this.#stage = FRESH;
  }

  /** Whether waiting has been above target for an interval without a break. */
  #isStanding(now: number, waited: number, behind: number): boolean {
    const firstAbove = this.#instants[FIRST_ABOVE]!;
    if (waited < this.#target || behind <= this.#spared) this.#instants[FIRST_ABOVE] = 0;
    else if (firstAbove === 0) this.#instants[FIRST_ABOVE] = now + this.#interval;
    else return now >= firstAbove;
    return false;
  }

  /** The first job of a spell is thrown out; the one after it is served whatever it waited. */
  #begin(now: number): boolean {
    const grown = this.#count - this.#countAtStart;
    const isRecent = now - this.#instants[DROP_NEXT]! < REMEMBERED_INTERVALS * this.#interval;
    this.#count = grown > 1 && isRecent ? grown : 1;
    this.#countAtStart = this.#count;
    this.#instants[DROP_NEXT] = this.#after(now);
    this.#isDropping = true;
    this.#stage = AFTER_FIRST;
    return true;
  }

  /** The control law, in whole microseconds. */
  #after(instant: number): number {
    return instant + Math.floor(this.#interval / Math.sqrt(this.#count));
  }
}
