import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../random/normal-quantile.ts';
import { Streams } from '../random/stream.ts';
import { meanInterval, pairedInterval } from './interval.ts';
import { replicate } from './replicate.ts';
import { studentQuantile, studentUpperTail } from './student.ts';

describe('Student quantiles', () => {
  // SciPy 1.17.1, stats.t.ppf. jstat's logarithm of the gamma function is good to nine or ten digits, and its Newton steps
  // end at 1e-8 of what they solve for.
  it.each([
    [1, 0.975, 12.706204736174694],
    [2, 0.9, 1.8856180831641272],
    [4.5, 0.9, 1.5008853175085577],
    [9, 0.975, 2.262157162798205],
    [9, 0.995, 3.249835541592126],
    [19, 0.975, 2.0930240544083087],
    [23, 0.995, 2.807335683769999],
    [29, 0.995, 2.756385903670605],
    [99, 0.9999, 3.8630891071273092],
    [999, 0.975, 1.9623414611334493],
    [1e5, 0.975, 1.9599877075346095],
    [1e6, 0.975, 1.959966356814107],
    [1e8, 0.975, 1.9599640082627663],
  ])('with %f degrees of freedom at %f', (degrees, p, expected) => {
    expect(Math.abs(studentQuantile(p, degrees) / expected - 1)).toBeLessThan(5e-8);
  });

  it('have closed forms with one and two degrees of freedom', () => {
    for (const p of [0.500001, 0.6, 0.9, 0.975, 0.995, 0.999999, 1 - 1e-12]) {
      const one = 1 / Math.tan(Math.PI * (1 - p));
      const two = (2 * p - 1) * Math.sqrt(1 / (2 * p * (1 - p)));
      expect(Math.abs(studentQuantile(p, 1) - one)).toBeLessThan(5e-8 * Math.max(1, one));
      expect(Math.abs(studentQuantile(p, 2) - two)).toBeLessThan(5e-8 * Math.max(1, two));
    }
  });

  it('are symmetric, zero in the middle, and normal for infinitely many degrees', () => {
    expect(studentQuantile(0.25, 7)).toBe(-studentQuantile(0.75, 7));
    expect(studentQuantile(0.5, 7)).toBe(0);
    expect(studentQuantile(0.975, 1e12)).toBeCloseTo(1.959963984540054, 11);
    expect(studentQuantile(0.975, Infinity)).toBe(normalQuantile(0.975));
    expect(studentUpperTail(1.959963984540054, Infinity)).toBeCloseTo(0.025, 14);
  });

  it('do not jump where the expansion takes over from the library', () => {
    for (const p of [0.6, 0.9, 0.995, 0.99999]) {
      expect(Math.abs(studentQuantile(p, 1e5) - studentQuantile(p, 1.00001e5))).toBeLessThan(2e-7);
    }
    expect(studentUpperTail(2, 1e5) / studentUpperTail(2, 1.00001e5)).toBeCloseTo(1, 5);
  });

  it('are the inverse of the tail', () => {
    for (const degrees of [0.7, 1, 3, 19, 150, 5e4]) {
      for (const tail of [1e-9, 1e-3, 0.1, 0.49]) {
        expect(studentUpperTail(studentQuantile(1 - tail, degrees), degrees) / tail).toBeCloseTo(1, 5);
      }
    }
    expect(studentUpperTail(-1, 3)).toBeCloseTo(1 - studentUpperTail(1, 3), 14);
    expect(studentUpperTail(0, 3)).toBe(0.5);
  });

  it('have tails that stay accurate where they are tiny', () => {
    // SciPy 1.17.1, stats.t.sf.
    expect(studentUpperTail(100, 5) / 9.48000711231182e-10).toBeCloseTo(1, 6);
    expect(studentUpperTail(5.9, 1e5) / 1.823334348689298e-9).toBeCloseTo(1, 5);
  });

  it('refuse what is no probability and no degrees of freedom', () => {
    expect(() => studentQuantile(1, 3)).toThrow('studentQuantile: expected a probability inside (0, 1), got 1');
    expect(() => studentQuantile(0.9, 0)).toThrow('studentQuantile: degrees of freedom must be > 0, got 0');
  });
});

describe('intervals', () => {
  it('are Student intervals', () => {
    const interval = meanInterval([9, 10, 11, 12], 0.95);
    // 10.5 +- 3.182446305 * sqrt(5/3) / 2
    expect(interval.mean).toBe(10.5);
    expect(interval.halfWidth).toBeCloseTo(2.0542602567605186, 8);
    expect(interval.low).toBeCloseTo(10.5 - 2.0542602567605186, 8);
    expect(interval.high).toBeCloseTo(10.5 + 2.0542602567605186, 8);
    expect([interval.level, interval.count]).toEqual([0.95, 4]);
  });

  it('cover the true mean as often as they say', () => {
    const stream = new Streams('3', 0).get('coverage');
    let covered = 0;
    for (let experiment = 0; experiment < 2_000; experiment++) {
      const { low, high } = meanInterval(
        Array.from({ length: 5 }, () => 10 + stream.normal()),
        0.9,
      );
      if (low <= 10 && 10 <= high) covered++;
    }
    // Binomial with 2000 trials of 0.9: 1800 +- 3.3 * 13.4.
    expect(Math.abs(covered - 1_800)).toBeLessThan(44);
  });

  it('of pairs are far narrower than those of the two means when the pairs share their luck', () => {
    const stream = new Streams('4', 0).get('pairs');
    const first = Array.from({ length: 20 }, () => 100 + 10 * stream.normal());
    const second = first.map((value) => value + 1 + 0.1 * stream.normal());
    const difference = pairedInterval(first, second);
    expect(difference.low < 1 && 1 < difference.high).toBe(true);
    expect(difference.halfWidth).toBeLessThan(meanInterval(first).halfWidth / 20);
  });

  it('refuse a single value, a level of one and lists of unequal length', () => {
    expect(() => meanInterval([1])).toThrow('interval: at least two values are needed, got 1');
    expect(() => meanInterval([1, 2], 1)).toThrow('interval: level must be inside (0, 1), got 1');
    expect(() => pairedInterval([1, 2], [1])).toThrow('interval: pairs need lists of equal length, got 2 and 1');
  });
});

describe('replicate', () => {
  it('summarises one number', () => {
    const result = replicate({ replications: 4, level: 0.95 }, (replication) => 9 + replication);
    expect(result.values).toEqual([9, 10, 11, 12]);
    expect(result.interval).toEqual(meanInterval([9, 10, 11, 12], 0.95));
  });

  it('summarises several numbers by name and reports progress', () => {
    const done: number[] = [];
    const result = replicate({ replications: 3, onProgress: (count) => done.push(count) }, (replication) => ({
      wait: replication,
      queue: 2 * replication,
    }));
    expect(result.wait.values).toEqual([0, 1, 2]);
    expect(result.queue.interval.mean).toBe(2);
    expect(result.queue.interval.level).toBe(0.99);
    expect(done).toEqual([1, 2, 3]);
  });

  it('refuses a single replication, missing measures and what is not a number', () => {
    expect(() => replicate({ replications: 1 }, () => 1)).toThrow(
      'replicate: replications must be a whole number >= 2, got 1',
    );
    expect(() => replicate({ replications: 2 }, (r) => (r === 0 ? { a: 1 } : { b: 1 }) as { a: number })).toThrow(
      'replicate: replication 1 measured [b], the first one [a]',
    );
    expect(() => replicate({ replications: 2 }, (r) => ({ a: r === 1 ? NaN : 1 }))).toThrow(
      'replicate: replication 1 gave NaN for a',
    );
  });
});
