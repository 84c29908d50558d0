import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ms, us, type Duration } from '../time.ts';
import { fixedHedgeDelay, QuantileHedgeDelay } from './hedge-delay.ts';

describe('hedge delay', () => {
  it('is what it was told when it is fixed', () => {
    const delay = fixedHedgeDelay(ms(30));
    delay.record(ms(500));
    expect(delay.current()).toBe(ms(30));
  });

  it('starts with the initial delay and takes the quantile once a tenth of the window is known', () => {
    const delay = new QuantileHedgeDelay({ quantile: 0.9, window: 100, initial: ms(7) });
    for (let i = 1; i <= 9; i++) delay.record(us(i));
    expect(delay.current()).toBe(ms(7));
    delay.record(us(10));
    expect(delay.current()).toBe(9);
  });

  it('is the quantile of the latest latencies of its window, as a plain sort finds it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000), { minLength: 20, maxLength: 300 }),
        fc.integer({ min: 1, max: 99 }),
        (latencies, percent) => {
          const window = 40;
          const delay = new QuantileHedgeDelay({ quantile: percent / 100, window, initial: ms(7) });
          latencies.forEach((latency, i) => {
            delay.record(latency as Duration);
            if ((i + 1) % (window / 10) !== 0) return;
            const sorted = latencies.slice(Math.max(0, i + 1 - window), i + 1).sort((a, b) => a - b);
            const below = sorted.filter((one) => one <= delay.current()).length;
            expect(sorted).toContain(delay.current());
            expect(below / sorted.length).toBeGreaterThanOrEqual(percent / 100 - 1e-9);
            expect(sorted.filter((one) => one < delay.current()).length / sorted.length).toBeLessThan(percent / 100);
          });
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  it('refuses what cannot be meant', () => {
    expect(() => fixedHedgeDelay(us(-1))).toThrow('hedge delay: must be a finite duration >= 0, got -1 us');
    const quantile = (options: object) => () => new QuantileHedgeDelay({ initial: ms(1), ...options });
    expect(quantile({ quantile: 1 })).toThrow('hedge delay: quantile must be inside (0, 1), got 1');
    expect(quantile({ window: 19 })).toThrow('hedge delay: window must be a whole number of latencies >= 20, got 19');
    expect(quantile({ initial: Infinity })).toThrow(
      'hedge delay: initial must be a finite duration >= 0, got Infinity us',
    );
  });
});
