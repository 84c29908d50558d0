/**
 * The heap of a Go process as the kernel sees it. What requests hold is only part of it: objects that nobody reaches any
 * more stay until the next collection, and pages once touched stay resident after that.
 *
 *   live        reachable bytes: a share of the baseline, and a share of what requests in progress have allocated
 *   heap        live bytes found by the last collection + everything allocated since
 *   goal        a collection is over when the heap reaches live x (1 + GOGC/100); with GOGC = 100, twice the live bytes
 *   resident    the highest heap so far; given back slowly, and never below the goal + 10 %
 *
 * Sources: Go's `runtime/mgcpacer.go` (goal, least heap of 4 MiB, collection forced after 2 minutes) and
 * `runtime/mgcscavenge.go` (retains goal + 10 %, releases with 1 % of a core). See decision 0024.
 */
import { type Instant, minutes, seconds } from '@brownout/core';

/** How the heap of a process behaves. */
export interface HeapOptions {
  /** `GOGC`, default 100: how much may be allocated between collections, in percent of the live bytes. */
  readonly gcPercent?: number;
  /**
   * Share of an operation's memory that stays reachable until its answer is sent; the rest is garbage at once. Default
   * 0.5: memory costs are measured as resident memory per request in bursts, where GOGC = 100 lets the heap grow to twice
   * its live bytes.
   */
  readonly liveShare?: number;
  /**
   * Bytes allocated over the life of a request, as a multiple of its memory; what is more than 1 is garbage of its last
   * steps (buffers that grow by doubling, messages copied from layer to layer). Default 2, assumed: with it, bursts of few
   * requests come out as measured.
   */
  readonly allocatedShare?: number;
  /** `GOMEMLIMIT` in bytes: collections come early enough to stay below it, if they can. Default none, as upstream. */
  readonly softLimitBytes?: number;
  /** Bytes per second given back to the kernel above the goal + 10 %; default 0: measured bursts gave nothing back. */
  readonly scavengeBytesPerSecond?: number;
}

const LEAST_GOAL = 4 * 2 ** 20;
const FORCED_COLLECTION = minutes(2);
const RETAINED = 1.1;
const SECOND = seconds(1);

/** The heap of one process; instants never go back. */
export class GoHeap {
  readonly #growth: number;
  readonly #liveShare: number;
  readonly #lateShare: number;
  readonly #softLimit: number;
  readonly #scavengeRate: number;
  readonly #baselineBytes: () => number;
  readonly #onCollected: (liveBytes: number) => void;
  /** Reachable bytes of requests. */
  #heldLive = 0;
  #marked = 0;
  #allocated = 0;
  #goal = 0;
  #resident = 0;
  #collectedAt: number;
  #settledAt: number;
  #collections = 0;

  constructor(
    now: Instant,
    options: HeapOptions,
    parts: {
      /** Memory of the idle process: resident, so of it too only a share is live. */
      readonly baselineBytes: () => number;
      readonly onCollected?: (liveBytes: number) => void;
    },
  ) {
    const { gcPercent = 100, liveShare = 0.5, allocatedShare = 2 } = options;
    const { softLimitBytes = Infinity, scavengeBytesPerSecond = 0 } = options;
    if (!(gcPercent > 0)) throw new RangeError(`heap: gcPercent must be > 0, got ${gcPercent}`);
    if (!(liveShare > 0 && liveShare <= 1)) throw new RangeError(`heap: liveShare must be in (0, 1], got ${liveShare}`);
    if (!(allocatedShare >= 1)) throw new RangeError(`heap: allocatedShare must be >= 1, got ${allocatedShare}`);
    this.#lateShare = allocatedShare - 1;
    this.#growth = 1 + gcPercent / 100;
    this.#liveShare = liveShare;
    this.#softLimit = softLimitBytes;
    this.#scavengeRate = scavengeBytesPerSecond;
    this.#baselineBytes = parts.baselineBytes;
    this.#onCollected = parts.onCollected ?? (() => {});
    this.#collectedAt = now;
    this.#settledAt = now;
    this.clear(now);
  }

  /** Reachable bytes now. */
  get liveBytes(): number {
    return this.#baselineBytes() * this.#liveShare + this.#heldLive;
  }

  /** Reachable bytes and garbage now. */
  get heapBytes(): number {
    return this.#marked + this.#allocated;
  }

  /** Heap at which the next collection will be over, in bytes. */
  get goalBytes(): number {
    return this.#goal;
  }

  /** Collections of all lives so far. */
  get collections(): number {
    return this.#collections;
  }

  /** What the kernel counts, in bytes. */
  residentBytes(now: Instant): number {
    this.#settle(now);
    return Math.max(this.#resident, this.#baselineBytes());
  }

  /** A request allocates. */
  hold(now: Instant, bytes: number): void {
    this.#settle(now);
    this.#heldLive += bytes * this.#liveShare;
    this.#allocate(now, bytes);
  }

  /** The request is gone; its bytes are garbage from now on, those of its last steps included. */
  release(now: Instant, bytes: number): void {
    this.#settle(now);
    this.#allocate(now, bytes * this.#lateShare);
    this.#heldLive -= bytes * this.#liveShare;
  }

  /** A new process. */
  clear(now: Instant): void {
    this.#settledAt = now;
    this.#collectedAt = now;
    this.#heldLive = 0;
    this.#allocated = 0;
    this.#marked = this.liveBytes;
    this.#goal = this.#nextGoal();
    this.#resident = 0;
  }

  #allocate(now: Instant, bytes: number): void {
    const wanted = this.heapBytes + bytes;
    if (wanted < this.#goal) {
      this.#allocated += bytes;
    } else {
      // The collector finishes at the goal; what is live may be more than that already.
      this.#resident = Math.max(this.#resident, Math.min(wanted, Math.max(this.#goal, this.liveBytes)));
      this.#collect(now);
    }
    this.#resident = Math.max(this.#resident, this.heapBytes);
  }

  #settle(now: Instant): void {
    const elapsed = now - this.#settledAt;
    this.#settledAt = now;
    if (now - this.#collectedAt >= FORCED_COLLECTION) this.#collect(now);
    const retained = Math.max(this.heapBytes, this.#goal * RETAINED);
    if (this.#resident <= retained || elapsed === 0) return;
    this.#resident = Math.max(retained, this.#resident - (this.#scavengeRate * elapsed) / SECOND);
  }

  #collect(now: Instant): void {
    this.#collectedAt = now;
    this.#collections++;
    this.#marked = this.liveBytes;
    this.#allocated = 0;
    this.#goal = this.#nextGoal();
    this.#onCollected(this.#marked);
  }

  #nextGoal(): number {
    const goal = Math.max(LEAST_GOAL, this.#marked * this.#growth);
    return Math.max(this.#marked, Math.min(goal, this.#softLimit));
  }
}
