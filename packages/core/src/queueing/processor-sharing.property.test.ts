import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Simulation } from '../simulation.ts';
import { us, type Instant } from '../time.ts';
import { createProcessor } from './processor-sharing.ts';

/** An exact fraction on big integers, kept in lowest terms. */
interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

function fraction(top: bigint, bottom = 1n): Fraction {
  let [a, b] = [top < 0n ? -top : top, bottom];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? { top: 0n, bottom: 1n } : { top: top / a, bottom: bottom / a };
}

const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { top: -b.top, bottom: b.bottom });
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.top, a.bottom * b.bottom);
const isLess = (a: Fraction, b: Fraction): boolean => a.top * b.bottom < b.top * a.bottom;
const value = (a: Fraction): number => Number((a.top * 10n ** 12n) / a.bottom) / 1e12;
const ceiling = (a: Fraction): number => Number((a.top + a.bottom - 1n) / a.bottom);

interface ExactJob {
  readonly job: number;
  owed: Fraction;
  readonly work: Fraction;
}

/** Processor sharing in exact arithmetic: every remaining work is kept and reduced from one finishing instant to the next. */
class ExactProcessor {
  jobs: ExactJob[] = [];
  now: Fraction = fraction(0n);
  busyTime: Fraction = fraction(0n);
  /** Core counts are in quarters. */
  quarters: bigint;
  readonly quartersPerJob: bigint;
  readonly completions = new Map<number, Fraction>();

  constructor(quarters: bigint, quartersPerJob: bigint) {
    this.quarters = quarters;
    this.quartersPerJob = quartersPerJob;
  }

  rate(): Fraction {
    const most = fraction(this.quartersPerJob, 4n);
    const share = fraction(this.quarters, 4n * BigInt(this.jobs.length));
    return isLess(share, most) ? share : most;
  }

  advance(until: number): void {
    const end = fraction(BigInt(until));
    while (this.jobs.length > 0 && this.quarters > 0n) {
      const rate = this.rate();
      const first = this.jobs.reduce((a, b) => (isLess(b.owed, a.owed) ? b : a));
      const needed = times(first.owed, { top: rate.bottom, bottom: rate.top });
      const step = isLess(minus(end, this.now), needed) ? minus(end, this.now) : needed;
      const attained = times(step, rate);
      this.now = plus(this.now, step);
      this.busyTime = plus(this.busyTime, times(attained, fraction(BigInt(this.jobs.length))));
      for (const job of this.jobs) job.owed = minus(job.owed, attained);
      for (const job of this.jobs) if (job.owed.top === 0n) this.completions.set(job.job, this.now);
      this.jobs = this.jobs.filter((job) => job.owed.top > 0n);
      if (step !== needed) break;
    }
    this.now = end;
  }

  arrive(job: number, work: number): void {
    this.jobs.push({ job, owed: fraction(BigInt(work)), work: fraction(BigInt(work)) });
  }
}

const command = fc.record({
  do: fc.oneof(
    { weight: 6, arbitrary: fc.constant('arrive' as const) },
    { weight: 2, arbitrary: fc.constant('withdraw' as const) },
    { weight: 1, arbitrary: fc.constant('cores' as const) },
    { weight: 1, arbitrary: fc.constant('look' as const) },
  ),
  after: fc.nat(12),
  work: fc.nat(40),
  which: fc.nat(6),
});

test('completions, attained work and busy time agree with exact rational arithmetic', () => {
  const setups = fc.record({ quarters: fc.integer({ min: 1, max: 14 }), quartersPerJob: fc.constantFrom(2, 4, 4, 4, 8) });
  fc.assert(
    fc.property(setups, fc.array(command, { maxLength: 24 }), ({ quarters, quartersPerJob }, commands) => {
      const simulation = new Simulation();
      const done = new Map<number, number>();
      const processor = createProcessor(simulation, {
        name: 'tested',
        cores: quarters / 4,
        coresPerJob: quartersPerJob / 4,
        onServed: (job) => void done.set(job, simulation.now),
      });
      const exact = new ExactProcessor(BigInt(quarters), BigInt(quartersPerJob));
      let at = 0;
      commands.forEach(({ do: what, after, work, which }, job) => {
        at += after;
        simulation.runUntil(at as Instant);
        exact.advance(at);
        if (what === 'arrive') {
          processor.arrive(job, us(work));
          if (work === 0) exact.completions.set(job, exact.now);
          else exact.arrive(job, work);
        } else if (what === 'withdraw') {
          const leaver = exact.jobs[which];
          if (leaver === undefined) return;
          expect(processor.attained(leaver.job)).toBeCloseTo(value(minus(leaver.work, leaver.owed)), 4);
          expect(processor.withdraw(leaver.job)).toBe(true);
          exact.jobs.splice(which, 1);
        } else if (what === 'cores') {
          exact.quarters = BigInt(work) / 2n;
          processor.setCores(Number(exact.quarters) / 4);
        }
        expect(processor.books().busyTime).toBeCloseTo(value(exact.busyTime), 4);
      });
      processor.setCores(1);
      exact.quarters = 4n;
      simulation.runUntil((at + 2000) as Instant);
      exact.advance(at + 2000);
      expect([...done.keys()].sort()).toEqual([...exact.completions.keys()].sort());
      for (const [job, instant] of exact.completions) expectSameInstant(done.get(job)!, instant);
      expect(processor.inside).toBe(0);
    }),
    { seed: 31, numRuns: 600 },
  );
});

/** The next whole microsecond; where the exact instant is a hair above a whole one, rounding may have reached that one. */
function expectSameInstant(got: number, exact: Fraction): void {
  const due = ceiling(exact);
  if (got !== due) expect(Math.abs(got - value(exact))).toBeLessThan(1e-5);
}
