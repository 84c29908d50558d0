import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExactProcessor, expectSameInstant, toNumber } from '../../test/queueing/exact-processor.ts';
import { checkBalance } from '../metrics/ledger.ts';
import { Simulation } from '../simulation.ts';
import { us, type Instant } from '../time.ts';
import { createWeightedProcessor } from './weighted-sharing.ts';

const command = fc.record({
  do: fc.oneof(
    { weight: 6, arbitrary: fc.constant('arrive' as const) },
    { weight: 2, arbitrary: fc.constant('withdraw' as const) },
    { weight: 1, arbitrary: fc.constant('cores' as const) },
  ),
  after: fc.nat(12),
  work: fc.nat(40),
  weight: fc.integer({ min: 1, max: 5 }),
  capQuarters: fc.constantFrom(1, 2, 3, 4, 4, 8, 40),
  which: fc.nat(6),
});

test('completions, rates, attained work and busy time agree with exact rational arithmetic', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(command, { maxLength: 16 }), (quarters, commands) => {
      const simulation = new Simulation();
      const done = new Map<number, number>();
      const processor = createWeightedProcessor(simulation, {
        name: 'tested',
        cores: quarters / 4,
        onServed: (job) => void done.set(job, simulation.now),
      });
      const exact = new ExactProcessor(quarters);
      let at = 0;
      commands.forEach(({ do: what, after, work, weight, capQuarters, which }, job) => {
        at += after;
        simulation.runUntil(at as Instant);
        exact.advance(at);
        if (what === 'arrive') {
          processor.arrive(job, us(work), weight, capQuarters / 4);
          exact.arrive(job, work, weight, capQuarters);
        } else if (what === 'withdraw') {
          const leaver = exact.jobs[which];
          if (leaver === undefined) return;
          expect(processor.attained(leaver.job)).toBeCloseTo(toNumber(exact.attained(leaver)), 4);
          expect(processor.withdraw(leaver.job)).toBe(true);
          exact.jobs.splice(which, 1);
        } else {
          exact.quarters = work % 15;
          processor.setCores(exact.quarters / 4);
        }
        expect(processor.books().busyTime).toBeCloseTo(toNumber(exact.busyTime), 4);
        const rates = exact.rates();
        exact.jobs.forEach((one, index) => expect(processor.rateOf(one.job)).toBeCloseTo(toNumber(rates[index]!), 8));
        checkBalance(processor);
        expect(simulation.pendingCount).toBeLessThanOrEqual(1);
      });
      processor.setCores(1);
      exact.quarters = 4;
      simulation.runUntil((at + 4000) as Instant);
      exact.advance(at + 4000);
      expect([...done.keys()].sort()).toEqual([...exact.completions.keys()].sort());
      for (const [job, instant] of exact.completions) expectSameInstant(done.get(job)!, instant);
      expect(processor.inside).toBe(0);
    }),
    { seed: 32, numRuns: 400 },
  );
});
