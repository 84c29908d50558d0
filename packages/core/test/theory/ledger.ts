/**
 * A test's own account of every visit of a job to a place, kept from what the model sees (arrivals and handlers) and
 * not from the books of the component. Little's law and the utilisation law hold path by path: the area under the
 * number of jobs inside equals the sum of the times the jobs were inside, to the microsecond.
 */
import type { Simulation } from '../../src/simulation.ts';

const places = 1 << 16;

/** Sums over the visits since `begin`; times in microseconds. */
export class Ledger {
  readonly #simulation: Simulation;
  readonly #arrivedAt: Float64Array = new Float64Array(places).fill(-1);
  readonly #startedAt: Float64Array = new Float64Array(places);
  #from = 0;
  #insideTime = 0;
  #serviceTime = 0;
  /** Visits that began after `begin`. */
  arrivals = 0;
  refusals = 0;
  abandonments = 0;
  /** Of visits that began after `begin`: starts of service and their waits, ends and their stays. */
  starts = 0;
  waits = 0;
  waitsSquared = 0;
  delayed = 0;
  ends = 0;
  stays = 0;
  /** Stays of at most `shortStay`. */
  shortStays = 0;
  readonly #shortStay: number;

  constructor(simulation: Simulation, shortStay: number = Infinity) {
    this.#simulation = simulation;
    this.#shortStay = shortStay;
  }

  /** Ends the warm-up: from here on visits count. */
  begin(): void {
    this.#from = this.#simulation.now;
    this.#insideTime = 0;
    this.#serviceTime = 0;
    this.arrivals = this.refusals = this.abandonments = this.starts = this.delayed = this.ends = 0;
    this.waits = this.waitsSquared = this.stays = this.shortStays = 0;
  }

  arrive(job: number): void {
    this.#arrivedAt[job] = this.#simulation.now;
    this.#startedAt[job] = -1;
    this.arrivals++;
  }

  start(job: number): void {
    const now = this.#simulation.now;
    this.#startedAt[job] = now;
    if (this.#arrivedAt[job]! < this.#from) return;
    const wait = now - this.#arrivedAt[job]!;
    this.starts++;
    this.waits += wait;
    this.waitsSquared += wait * wait;
    if (wait > 0) this.delayed++;
  }

  /** Loses its server and waits again. */
  interrupt(job: number): void {
    this.#serviceTime += this.#since(this.#startedAt[job]!);
    this.#startedAt[job] = -1;
  }

  /** The job is served; returns its time in system. */
  end(job: number): number {
    const arrivedAt = this.#arrivedAt[job]!;
    const stay = this.#simulation.now - arrivedAt;
    this.#close(job);
    if (arrivedAt < this.#from) return stay;
    this.ends++;
    this.stays += stay;
    if (stay <= this.#shortStay) this.shortStays++;
    return stay;
  }

  refuse(job: number): void {
    this.refusals++;
    this.#arrivedAt[job] = -1;
  }

  abandon(job: number): void {
    if (this.#arrivedAt[job]! >= this.#from) this.abandonments++;
    this.#close(job);
  }

  /** Time spent inside since `begin`, of all jobs together, those still inside included. */
  insideTime(): number {
    let time = this.#insideTime;
    for (const arrivedAt of this.#arrivedAt) if (arrivedAt >= 0) time += this.#since(arrivedAt);
    return time;
  }

  /** Time spent in service since `begin`, likewise. */
  serviceTime(): number {
    let time = this.#serviceTime;
    this.#arrivedAt.forEach((arrivedAt, job) => {
      if (arrivedAt >= 0 && this.#startedAt[job]! >= 0) time += this.#since(this.#startedAt[job]!);
    });
    return time;
  }

  #close(job: number): void {
    this.#insideTime += this.#since(this.#arrivedAt[job]!);
    if (this.#startedAt[job]! >= 0) this.#serviceTime += this.#since(this.#startedAt[job]!);
    this.#arrivedAt[job] = -1;
    this.#startedAt[job] = -1;
  }

  #since(instant: number): number {
    return this.#simulation.now - Math.max(instant, this.#from);
  }
}
