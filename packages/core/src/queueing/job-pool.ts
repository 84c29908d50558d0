import { grownInt32, grownUint8, initialPlaces, jobLimit } from './columns.ts';

/**
 * Hands out job numbers and takes them back: the smallest columns for the jobs alive. A number that was returned last
 * is handed out first, so columns indexed by it stay in cache and a run repeats exactly.
 */
export class JobPool {
  readonly name: string;
  #free: Int32Array = new Int32Array(initialPlaces);
  #freeCount = 0;
  #isTaken: Uint8Array = new Uint8Array(initialPlaces);
  #handedOut = 0;

  /** `name` is used in errors. */
  constructor(name: string) {
    this.name = name;
  }

  /** Numbers in use. */
  get inUse(): number {
    return this.#handedOut - this.#freeCount;
  }

  /** Numbers ever handed out at once; columns of this length hold every job there has been. */
  get highWater(): number {
    return this.#handedOut;
  }

  /** A number nobody uses. Throws RangeError when 2^26 are in use: then something never lets go of its jobs. */
  take(): number {
    const job = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#takeNew();
    this.#isTaken[job] = 1;
    return job;
  }

  /** Returns a number to the pool. Throws RangeError when it is not in use. */
  release(job: number): void {
    if (this.#isTaken[job] !== 1) throw new RangeError(`job pool "${this.name}": job ${job} is not in use`);
    this.#isTaken[job] = 0;
    this.#free[this.#freeCount++] = job;
  }

  #takeNew(): number {
    if (this.#handedOut >= jobLimit) throw new RangeError(`job pool "${this.name}": more than ${jobLimit} jobs in use`);
    const places = this.#isTaken.length;
    if (this.#handedOut === places) {
      this.#isTaken = grownUint8(this.#isTaken, places * 2);
      this.#free = grownInt32(this.#free, places * 2, 0);
    }
    return this.#handedOut++;
  }
}
