/**
 * Who runs how fast in a weighted processor: a job of weight w and cap c runs at rate min(c, w * level), and the level
 * is as high as the cores allow.
 *
 * Jobs stand on two sides. Those whose cap binds run at c whatever the others do: their clock is real time, their tag
 * the instant at which they finish. The others run at w * level: their clock is virtual time that advances at the
 * level, their tag V0 + work / w, as in plain processor sharing. When the level moves past c / w of a job it changes
 * sides; each side keeps a second heap by c / w to find who is next to change. An event costs O(log n) and O(log n) per
 * change of side. Sums of caps and weights are added up afresh from time to time, so that rounding cannot pile up.
 */
import { grownFloat64, initialPlaces } from './columns.ts';
import { Side } from './sharing-side.ts';

/** A clock that passes this, in microseconds, starts again from near 0, which keeps its last place at 2^-22 us. */
const longestClock = 2 ** 30;
/** Changes of who is inside after which the sums are added up afresh. */
const changesPerSum = 4096;

/** See the top of the file. Time passes by `pass`; nobody may be overdue when it does. */
export class WaterLevel {
  readonly #capped: Side = new Side();
  readonly #sharing: Side = new Side();
  #weight: Float64Array = new Float64Array(initialPlaces);
  #cap: Float64Array = new Float64Array(initialPlaces);
  #order: Float64Array = new Float64Array(initialPlaces);
  #cores: number;
  /** Rate per weight of the jobs whose cap does not bind; Infinity when every cap does. */
  #level = Infinity;
  #changes = 0;

  constructor(cores: number) {
    this.#cores = cores;
  }

  get cores(): number {
    return this.#cores;
  }

  /** Jobs on both sides. */
  get size(): number {
    return this.#capped.size + this.#sharing.size;
  }

  /** Cores in use. */
  get busyCores(): number {
    return this.#sharing.size === 0 ? this.#capped.sum : this.#capped.sum + this.#level * this.#sharing.sum;
  }

  /** Cores that `job` uses; 0 when it is not here. */
  rateOf(job: number): number {
    if (this.#capped.byTag.has(job)) return this.#cap[job]!;
    return this.#sharing.byTag.has(job) ? this.#weight[job]! * this.#level : 0;
  }

  /** Work that `job` still has to receive; 0 when it is not here. */
  owedBy(job: number): number {
    const side = this.#sideOf(job);
    return side === undefined ? 0 : (side.byTag.keyOf(job) - side.clock) * this.#shares(side)[job]!;
  }

  /** The order given to `add`, also after the job has left. */
  orderOf(job: number): number {
    return this.#order[job]!;
  }

  /** Time until the first job is done at the present rates; Infinity when nobody ever is. */
  timeToFinish(): number {
    return Math.min(this.#capped.timeToFinish(1), this.#sharing.timeToFinish(this.#level));
  }

  /** Room for job numbers below `places`. */
  makeRoom(places: number): void {
    this.#weight = grownFloat64(this.#weight, places, 0);
    this.#cap = grownFloat64(this.#cap, places, 0);
    this.#order = grownFloat64(this.#order, places, 0);
  }

  /** Adds a job; jobs that finish together leave in the order of `order`. */
  add(job: number, work: number, weight: number, cap: number, order: number): void {
    this.#weight[job] = weight;
    this.#cap[job] = cap;
    this.#order[job] = order;
    this.#join(cap / weight <= this.#level ? this.#capped : this.#sharing, job, work);
    this.#balance();
  }

  /** Takes a job out; false when it is not here. */
  remove(job: number): boolean {
    const side = this.#sideOf(job);
    if (side === undefined) return false;
    side.remove(job, this.#shares(side)[job]!);
    this.#balance();
    return true;
  }

  /** Takes out the job that `timeToFinish` speaks of. */
  takeFirst(): number {
    const isCapped = this.#capped.timeToFinish(1) <= this.#sharing.timeToFinish(this.#level);
    const job = (isCapped ? this.#capped : this.#sharing).byTag.first();
    this.remove(job);
    return job;
  }

  setCores(cores: number): void {
    this.#cores = cores;
    this.#balance();
  }

  /** Lets `elapsed` microseconds go by at the present rates. */
  pass(elapsed: number): void {
    if (this.#capped.size > 0) this.#capped.clock += elapsed;
    if (this.#sharing.size > 0) this.#sharing.clock += elapsed * this.#level;
  }

  /** To be called now and then while nobody is overdue. */
  keepClocksShort(): void {
    if (this.#capped.clock > longestClock) this.#capped.startClockAgain();
    if (this.#sharing.clock > longestClock) this.#sharing.startClockAgain();
  }

  /** Takes everybody out and returns them, in no particular order. */
  clear(): number[] {
    const jobs = [...this.#capped.clear(), ...this.#sharing.clear()];
    this.#balance();
    return jobs;
  }

  #sideOf(job: number): Side | undefined {
    if (this.#capped.byTag.has(job)) return this.#capped;
    return this.#sharing.byTag.has(job) ? this.#sharing : undefined;
  }

  /** What a job's progress on a side is counted in: its cap on the capped side, its weight on the other. */
  #shares(side: Side): Float64Array {
    return side === this.#capped ? this.#cap : this.#weight;
  }

  #join(side: Side, job: number, owed: number): void {
    const share = this.#shares(side)[job]!;
    const ratio = this.#cap[job]! / this.#weight[job]!;
    const level = side === this.#capped ? -ratio : ratio;
    side.add(job, side.clock + owed / share, level, this.#order[job]!, share);
  }

  #changeSide(job: number, from: Side, to: Side): void {
    const share = this.#shares(from)[job]!;
    this.#join(to, job, from.remove(job, share) * share);
  }

  /**
   * Finds the water level. Releasing a cap below the level and binding one above it both raise the level, so jobs first
   * come from the capped side, then go to it, and nobody moves twice.
   */
  #balance(): void {
    if (++this.#changes % changesPerSum === 0) {
      this.#capped.addUp(this.#cap);
      this.#sharing.addUp(this.#weight);
    }
    this.#level = this.#findLevel();
    while (this.#capped.size > 0 && -this.#capped.byLevel.firstKey() > this.#level) {
      this.#changeSide(this.#capped.byLevel.first(), this.#capped, this.#sharing);
      this.#level = this.#findLevel();
    }
    while (this.#sharing.size > 0 && this.#sharing.byLevel.firstKey() <= this.#level) {
      this.#changeSide(this.#sharing.byLevel.first(), this.#sharing, this.#capped);
      this.#level = this.#findLevel();
    }
  }

  /** Cores left over by the capped jobs per weight of the others; Infinity when every cap binds. */
  #findLevel(): number {
    if (this.#sharing.size > 0) return Math.max(0, (this.#cores - this.#capped.sum) / this.#sharing.sum);
    return this.#capped.sum <= this.#cores ? Infinity : 0;
  }
}
