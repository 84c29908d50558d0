/**
 * Processor sharing in exact rational arithmetic, written as plainly as possible: every remaining work is kept as a
 * fraction of big integers and reduced from one finishing instant to the next; rates come from water-filling by trial.
 * Slow, and shares no code or idea with the components it checks.
 */
import { expect } from 'vitest';

/** A fraction of big integers in lowest terms, `bottom` > 0. */
export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** A job inside; weight is a whole number, the cap is in quarters of a core. */
export interface ExactJob {
  readonly job: number;
  readonly work: Fraction;
  readonly weight: number;
  readonly capQuarters: number;
  owed: Fraction;
}

const zero: Fraction = { top: 0n, bottom: 1n };

export function fraction(top: bigint | number, bottom: bigint | number = 1): Fraction {
  const [over, under] = [BigInt(top), BigInt(bottom)];
  let [a, b] = [over < 0n ? -over : over, under];
  while (b !== 0n) [a, b] = [b, a % b];
  return over === 0n ? zero : { top: over / a, bottom: under / a };
}

export function toNumber(a: Fraction): number {
  return Number((a.top * 10n ** 12n) / a.bottom) / 1e12;
}

const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { top: -b.top, bottom: b.bottom });
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.top, a.bottom * b.bottom);
const over = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.bottom, a.bottom * b.top);
const isLess = (a: Fraction, b: Fraction): boolean => a.top * b.bottom < b.top * a.bottom;

/** Jobs share `quarters` / 4 cores by weight, each at most its cap. */
export class ExactProcessor {
  jobs: ExactJob[] = [];
  quarters: number;
  busyTime: Fraction = zero;
  now: Fraction = zero;
  /** Exact finishing instant of every job that has finished. */
  readonly completions: Map<number, Fraction> = new Map();

  constructor(quarters: number) {
    this.quarters = quarters;
  }

  arrive(job: number, work: number, weight: number, capQuarters: number): void {
    if (work === 0) this.completions.set(job, this.now);
    else this.jobs.push({ job, work: fraction(work), weight, capQuarters, owed: fraction(work) });
  }

  attained(job: ExactJob): Fraction {
    return minus(job.work, job.owed);
  }

  /** The rate of each job: caps are bound one by one until the rest can share by weight without passing a cap. */
  rates(): Fraction[] {
    const bound = new Set<ExactJob>();
    for (;;) {
      let left = this.quarters;
      let weights = 0;
      for (const job of this.jobs)
        if (bound.has(job)) left -= job.capQuarters;
        else weights += job.weight;
      const share = (job: ExactJob): Fraction => fraction(left * job.weight, 4 * weights);
      const next = this.jobs.find((job) => !bound.has(job) && !isLess(share(job), fraction(job.capQuarters, 4)));
      if (next === undefined)
        return this.jobs.map((job) => (bound.has(job) ? fraction(job.capQuarters, 4) : share(job)));
      bound.add(next);
    }
  }

  advance(until: number): void {
    const end = fraction(until);
    while (this.jobs.length > 0 && this.quarters > 0) {
      const rates = this.rates();
      let step = minus(end, this.now);
      this.jobs.forEach((job, index) => {
        const needed = over(job.owed, rates[index]!);
        if (isLess(needed, step)) step = needed;
      });
      this.now = plus(this.now, step);
      this.jobs.forEach((job, index) => {
        const done = times(step, rates[index]!);
        job.owed = minus(job.owed, done);
        this.busyTime = plus(this.busyTime, done);
        if (job.owed.top === 0n) this.completions.set(job.job, this.now);
      });
      this.jobs = this.jobs.filter((job) => job.owed.top > 0n);
      if (!isLess(this.now, end)) break;
    }
    this.now = end;
  }
}

/**
 * The next whole microsecond; where the exact instant is a hair above a whole one, rounding may have reached that one.
 */
export function expectSameInstant(got: number, exact: Fraction): void {
  const due = Number((exact.top + exact.bottom - 1n) / exact.bottom);
  if (got !== due) expect(Math.abs(got - toNumber(exact))).toBeLessThan(1e-5);
}
