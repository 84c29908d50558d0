/**
 * A limit on concurrency: jobs take seats, hold them until the caller releases them, and wait in order of arrival when
 * there are none. The limiter does no work itself; it decides who may.
 *
 *    acquire(job, seats) --+--> fits, nobody waits --> admitted --> release(job)
 *                          |                              ^
 *                          +--> waiting line (in order) --+
 *                          |             +--> waited too long --> rejected
 *                          +--> line full --> rejected
 *
 * A head that does not fit blocks those behind it, so that narrow jobs do not starve wide ones. A job wider than the
 * limit is let in when nothing else runs, so that lowering the limit leaves nobody waiting for ever. The limit on
 * waiting needs one pending event for the whole line, because the head is always the first to expire.
 */
import type { Balance, Balanced } from '../metrics/ledger.ts';
import type { EventType, Simulation } from '../simulation.ts';
import { forever, type Duration, type Instant } from '../time.ts';
import { checkCount } from './checks.ts';
import { grownFloat64, grownInt32, initialPlaces, placesFor } from './columns.ts';
import { TwoEndedLine } from './waiting-line.ts';

/** Why a limiter refused a job: no place in the line, or `queueWaitLimit` went by in it. */
export type LimiterRefusal = 'queue-full' | 'queue-wait';

/**
 * How a limiter is built and whom it tells. Handlers are called after its own state is settled, and may call it back.
 */
export interface LimiterOptions {
  /** Used in errors and as the name of its event. */
  readonly name: string;
  /** Seats there are: a whole number >= 1, or Infinity. */
  readonly limit: number;
  /** Jobs that may wait: a whole number >= 0, or Infinity. */
  readonly queueLimit: number;
  /** The longest a job may wait, > 0; default as long as it takes. */
  readonly queueWaitLimit?: Duration;
  readonly onAdmitted: (job: number) => void;
  readonly onRejected: (job: number, reason: LimiterRefusal) => void;
}

/** The books of a limiter up to `at`; arrived = admitted + rejected + timedOut + cancelled + dropped + waiting. */
export interface LimiterBooks {
  readonly at: Instant;
  readonly arrived: number;
  readonly admitted: number;
  /** Refused because the line was full. */
  readonly rejected: number;
  /** Refused after `queueWaitLimit`. */
  readonly timedOut: number;
  /** Left the line by `cancel`. */
  readonly cancelled: number;
  /** Thrown out of the line by `clear`. */
  readonly dropped: number;
  readonly waiting: number;
  /** Admitted and not yet released. */
  readonly running: number;
  /** Area under the seats in use, in seat-microseconds. */
  readonly seatTime: number;
  /** Area under the number of waiting jobs, in job-microseconds. */
  readonly waitingTime: number;
}

/** Builds a limiter; throws RangeError when the options make no sense. */
export function createLimiter(simulation: Simulation, options: LimiterOptions): Limiter {
  return new Limiter(simulation, options);
}

/** See `createLimiter`. */
export class Limiter implements Balanced {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #expiry: EventType;
  readonly #queueLimit: number;
  readonly #queueWaitLimit: Duration;
  readonly #onAdmitted: (job: number) => void;
  readonly #onRejected: (job: number, reason: LimiterRefusal) => void;
  readonly #line: TwoEndedLine = new TwoEndedLine(Infinity);
  /** Seats of a job: > 0 while it runs, < 0 while it waits, 0 outside. */
  #seats: Int32Array = new Int32Array(initialPlaces);
  #arrivedAt: Float64Array = new Float64Array(initialPlaces);
  #limit: number;
  #seatsInUse = 0;
  #running = 0;
  #expiryIsPending = false;
  #isFilling = false;
  #arrived = 0;
  #admitted = 0;
  #rejected = 0;
  #timedOut = 0;
  #cancelled = 0;
  #dropped = 0;
  #settledAt = 0;
  #seatTime = 0;
  #waitingTime = 0;

  constructor(simulation: Simulation, options: LimiterOptions) {
    const { name, limit, queueLimit, queueWaitLimit = forever } = options;
    checkCount(`limiter "${name}"`, 'limit', limit, 1);
    checkCount(`limiter "${name}"`, 'queueLimit', queueLimit, 0);
    if (!(queueWaitLimit > 0))
      throw new RangeError(`limiter "${name}": queueWaitLimit must be > 0, got ${queueWaitLimit}`);
    this.name = name;
    this.#simulation = simulation;
    this.#expiry = simulation.event(`${name}: end of queue wait`, () => this.#expire());
    this.#limit = limit;
    this.#queueLimit = queueLimit;
    this.#queueWaitLimit = queueWaitLimit;
    this.#onAdmitted = options.onAdmitted;
    this.#onRejected = options.onRejected;
  }

  get limit(): number {
    return this.#limit;
  }

  get seatsInUse(): number {
    return this.#seatsInUse;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Jobs that hold seats. */
  get running(): number {
    return this.#running;
  }

  /** Whether `job` waits or runs. */
  has(job: number): boolean {
    return (this.#seats[job] ?? 0) !== 0;
  }

  /** Asks for `seats` (whole, >= 1). The answer comes through the handlers, at once when it is known at once. */
  acquire(job: number, seats = 1): void {
    if (this.#seats[job] !== 0) this.#makeRoom(job);
    if (!(seats >= 1 && Number.isInteger(seats))) {
      throw new RangeError(`limiter "${this.name}": seats must be >= 1 and whole, got ${seats} for job ${job}`);
    }
    this.#settle();
    this.#arrived++;
    if (this.#line.size === 0 && this.#fits(seats)) return this.#admit(job, seats);
    if (this.#line.size >= this.#queueLimit) {
      this.#rejected++;
      return this.#onRejected(job, 'queue-full');
    }
    this.#seats[job] = -seats;
    this.#arrivedAt[job] = this.#settledAt;
    this.#line.push(job, 0, 0, this.#settledAt);
    if (!this.#expiryIsPending) this.#setExpiry();
  }

  /** Gives the seats of a running job back; the line moves up. Throws RangeError when it does not run. */
  release(job: number): void {
    if (!(this.#seats[job]! > 0)) throw new RangeError(`limiter "${this.name}": job ${job} holds no seats`);
    this.#settle();
    this.#free(job);
    this.#fill();
  }

  /** Takes a job out, waiting or running; no handler is called for it. False when it is neither. */
  cancel(job: number): boolean {
    if (!this.has(job)) return false;
    this.#settle();
    if (this.#seats[job]! > 0) this.#free(job);
    else {
      this.#cancelled++;
      this.#leaveLine(job);
    }
    this.#fill();
    return true;
  }

  /** Changes the number of seats, >= 0. Seats above the new number are not taken away, only not given again. */
  setLimit(limit: number): void {
    checkCount(`limiter "${this.name}"`, 'limit', limit, 0);
    this.#settle();
    this.#limit = limit;
    this.#fill();
  }

  /**
   * Drops everybody; no handler is called. Returns who was there: those running by number, then those waiting in order.
   */
  clear(): number[] {
    this.#settle();
    const dropped: number[] = [];
    for (let job = 0; job < this.#seats.length; job++) if (this.#seats[job]! > 0) dropped.push(job);
    dropped.push(...this.#line.jobs());
    this.#dropped += this.#line.size;
    for (const job of dropped) this.#seats[job] = 0;
    this.#line.clear();
    this.#seatsInUse = 0;
    this.#running = 0;
    return dropped;
  }

  /** The books up to now. */
  books(): LimiterBooks {
    this.#settle();
    return {
      at: this.#settledAt as Instant,
      arrived: this.#arrived,
      admitted: this.#admitted,
      rejected: this.#rejected,
      timedOut: this.#timedOut,
      cancelled: this.#cancelled,
      dropped: this.#dropped,
      waiting: this.#line.size,
      running: this.#running,
      seatTime: this.#seatTime,
      waitingTime: this.#waitingTime,
    };
  }

  /**
   * For the conservation ledger: its service is to admit, so only those who wait are inside; they are counted afresh.
   */
  balance(): Balance {
    return {
      arrived: this.#arrived,
      served: this.#admitted,
      rejected: [{ reason: 'queue-full', count: this.#rejected }],
      abandoned: this.#cancelled,
      timedOut: this.#timedOut,
      lost: this.#dropped,
      inside: this.#line.jobs().length,
    };
  }

  #settle(): void {
    const elapsed = this.#simulation.now - this.#settledAt;
    if (elapsed === 0) return;
    this.#seatTime += elapsed * this.#seatsInUse;
    this.#waitingTime += elapsed * this.#line.size;
    this.#settledAt += elapsed;
  }

  #fits(seats: number): boolean {
    return this.#seatsInUse + seats <= this.#limit || (this.#seatsInUse === 0 && this.#limit > 0);
  }

  #admit(job: number, seats: number): void {
    this.#seats[job] = seats;
    this.#seatsInUse += seats;
    this.#running++;
    this.#admitted++;
    this.#onAdmitted(job);
  }

  #free(job: number): void {
    this.#seatsInUse -= this.#seats[job]!;
    this.#running--;
    this.#seats[job] = 0;
  }

  #leaveLine(job: number): void {
    this.#line.remove(job);
    this.#seats[job] = 0;
  }

  /** Admits from the head of the line while it fits. A loop, not a recursion: `onAdmitted` may release at once. */
  #fill(): void {
    if (this.#isFilling) return;
    this.#isFilling = true;
    while (this.#line.size > 0 && this.#fits(-this.#seats[this.#line.oldest]!)) {
      const job = this.#line.oldest;
      this.#line.remove(job);
      this.#admit(job, -this.#seats[job]!);
    }
    this.#isFilling = false;
  }

  /** The pending expiry may be that of a head that has left: it then finds nobody due and is set for the new head. */
  #setExpiry(): void {
    this.#expiryIsPending = this.#queueWaitLimit !== forever && this.#line.size > 0;
    if (this.#expiryIsPending)
      this.#expiry.at((this.#arrivedAt[this.#line.oldest]! + this.#queueWaitLimit) as Instant, 0);
  }

  #expire(): void {
    this.#settle();
    while (this.#line.size > 0 && this.#arrivedAt[this.#line.oldest]! + this.#queueWaitLimit <= this.#settledAt) {
      const job = this.#line.oldest;
      this.#leaveLine(job);
      this.#timedOut++;
      this.#onRejected(job, 'queue-wait');
    }
    this.#fill();
    this.#setExpiry();
  }

  #makeRoom(job: number): void {
    if (this.has(job)) throw new RangeError(`limiter "${this.name}": job ${job} is already here`);
    const places = placesFor(`limiter "${this.name}"`, job, this.#seats.length);
    this.#seats = grownInt32(this.#seats, places, 0);
    this.#arrivedAt = grownFloat64(this.#arrivedAt, places, 0);
    this.#line.makeRoom(places);
  }
}
