import { grownInt32 } from '../queueing/columns.ts';
import { JobPool } from '../queueing/job-pool.ts';
import { IntMap } from './int-map.ts';

/**
 * Request coalescing ("single flight"): of all that ask for one key at the same time, the first causes the one upstream
 * call and the others wait for its answer. It turns a thundering herd on an expired entry into a single question; the
 * limit says how long the tail of waiters may get.
 *
 *   join(key, w1) ─> 'leads'   ── onAsk(key) ──> upstream ── settle(key, answer) ──┬─> onAnswer(w1, answer)
 *   join(key, w2) ─> 'follows' ────────────────────────────────────────────────────┴─> onAnswer(w2, answer)
 */
export interface CoalescerOptions {
  readonly name: string;
  /** Waiters per key, the leader included: a whole number >= 1, or Infinity. */
  readonly waitersPerKey: number;
  /** Upstream calls under way at once: a whole number >= 1, or Infinity. */
  readonly callLimit: number;
  /** Starts the upstream call; it ends with one `settle(key, answer)`. */
  readonly onAsk: (key: number) => void;
  /** Tells a waiter, in the order in which they joined. */
  readonly onAnswer: (waiter: number, answer: number) => void;
}

/** What became of a `join`. */
export type JoinResult = 'leads' | 'follows' | 'rejected';

const NONE = -1;

/** Many waiters, one upstream call per key. Always: joined = answered + left + waiting. */
export class Coalescer {
  readonly name: string;
  readonly #waitersPerKey: number;
  readonly #callLimit: number;
  readonly #onAsk: (key: number) => void;
  readonly #onAnswer: (waiter: number, answer: number) => void;
  /** From a key to the row of its call; a call's row heads a list of the rows of its waiters. */
  readonly #callByKey: IntMap = new IntMap();
  readonly #rows: JobPool;
  #next: Int32Array = new Int32Array(16);
  #content: Int32Array = new Int32Array(16);
  #last: Int32Array = new Int32Array(16);
  #joined = 0;
  #answered = 0;
  #left = 0;
  #rejected = 0;
  #asked = 0;

  constructor(options: CoalescerOptions) {
    const { name, waitersPerKey, callLimit, onAsk, onAnswer } = options;
    checkLimit(name, 'waitersPerKey', waitersPerKey);
    checkLimit(name, 'callLimit', callLimit);
    this.name = name;
    this.#rows = new JobPool(`coalescer "${name}"`);
    this.#waitersPerKey = waitersPerKey;
    this.#callLimit = callLimit;
    this.#onAsk = onAsk;
    this.#onAnswer = onAnswer;
  }

  /** Upstream calls under way. */
  get calls(): number {
    return this.#callByKey.size;
  }

  /** Upstream calls made so far. */
  get asked(): number {
    return this.#asked;
  }

  /** Waiters let in so far. */
  get joined(): number {
    return this.#joined;
  }

  /** Waiters told an answer so far. */
  get answered(): number {
    return this.#answered;
  }

  /** Waiters that left before the answer. */
  get left(): number {
    return this.#left;
  }

  /** Waiters turned away by a limit. */
  get rejected(): number {
    return this.#rejected;
  }

  /** Waiters inside. */
  get waiting(): number {
    return this.#joined - this.#answered - this.#left;
  }

  /** Whether a call for the key is under way. */
  isAsking(key: number): boolean {
    return this.#callByKey.get(key) >= 0;
  }

  /** A waiter (an integer) wants the answer for a key. `onAsk` is called from here when it is the first. */
  join(key: number, waiter: number): JoinResult {
    let call = this.#callByKey.get(key);
    const isFirst = call === NONE;
    if (isFirst ? this.#callByKey.size >= this.#callLimit : this.#content[call]! >= this.#waitersPerKey) {
      this.#rejected++;
      return 'rejected';
    }
    if (isFirst) {
      call = this.#takeRow(0);
      this.#last[call] = call;
      this.#callByKey.set(key, call);
    }
    const row = this.#takeRow(waiter);
    this.#next[this.#last[call]!] = row;
    this.#last[call] = row;
    this.#content[call]!++;
    this.#joined++;
    if (!isFirst) return 'follows';
    this.#asked++;
    this.#onAsk(key);
    return 'leads';
  }

  /** A waiter no longer waits (its deadline passed). The call goes on. Costs a walk through the waiters of the key. */
  leave(key: number, waiter: number): boolean {
    const call = this.#callByKey.get(key);
    if (call === NONE) return false;
    for (let before = call; this.#next[before] !== NONE; before = this.#next[before]!) {
      const row = this.#next[before]!;
      if (this.#content[row] !== waiter) continue;
      this.#next[before] = this.#next[row]!;
      if (this.#last[call] === row) this.#last[call] = before;
      this.#content[call]!--;
      this.#rows.release(row);
      this.#left++;
      return true;
    }
    return false;
  }

  /**
   * The upstream call ended: everybody who waits is told. Returns how many. A waiter that joins again while being told
   * starts a new call. Throws when no call was under way, because an answer to nobody is a bug in the model.
   */
  settle(key: number, answer: number): number {
    const call = this.#callByKey.get(key);
    if (call === NONE) throw new RangeError(`coalescer "${this.name}": settle(${key}) without a call under way`);
    this.#callByKey.delete(key);
    const told = this.#content[call]!;
    let row = this.#next[call]!;
    this.#rows.release(call);
    while (row !== NONE) {
      const waiter = this.#content[row]!;
      const next = this.#next[row]!;
      this.#rows.release(row);
      this.#answered++;
      this.#onAnswer(waiter, answer);
      row = next;
    }
    return told;
  }

  #takeRow(content: number): number {
    const row = this.#rows.take();
    if (row === this.#next.length) this.#grow();
    this.#next[row] = NONE;
    this.#content[row] = content;
    return row;
  }

  #grow(): void {
    const rows = this.#next.length * 2;
    this.#next = grownInt32(this.#next, rows, NONE);
    this.#content = grownInt32(this.#content, rows, 0);
    this.#last = grownInt32(this.#last, rows, NONE);
  }
}

function checkLimit(name: string, what: string, limit: number): void {
  if (!(limit >= 1 && (limit === Infinity || Number.isInteger(limit)))) {
    throw new RangeError(`coalescer "${name}": ${what} must be a whole number >= 1 or Infinity, got ${limit}`);
  }
}
