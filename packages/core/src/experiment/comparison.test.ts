import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { compareVariants, type MeasuredVariant } from './comparison.ts';
import { pairedInterval } from './interval.ts';
import { pairedTest } from './paired-test.ts';

const days = Array.from({ length: 20 }, (_, i) => 100 + 10 * Math.sin(i));

/** The baseline's values plus `shift` and noise of its own. */
function shifted(name: string, shift: number, noise: number): MeasuredVariant {
  const stream = new Streams('comparison', 0).get(name);
  return { name, values: days.map((day) => day + shift + noise * stream.normal()) };
}

const baseline = { name: 'as it was', values: days };

describe('a test of pairs', () => {
  it('is that of SciPy', () => {
    // scipy.stats.ttest_rel: p = 0.062352416002150406; scipy.stats.binomtest(1, 6): p = 0.21875.
    const first = [1, 2, 3, 4, 5, 6];
    const second = [1.5, 2.25, 2.75, 4.5, 5.75, 6.25];
    expect(pairedTest(first, second, { method: 'mean', level: 0.95 }).probability).toBeCloseTo(0.062352416, 7);
    expect(pairedTest(first, second, { method: 'median', level: 0.95 }).probability).toBeCloseTo(0.21875, 12);
  });
});

describe('a comparison', () => {
  it('says of each variant how much it differs, how surely, and what pairing saved', () => {
    const comparison = compareVariants(baseline, [
      shifted('better', -3, 1),
      shifted('same', 0, 1),
      shifted('worse', 5, 1),
    ]);
    expect(comparison).toMatchObject({ baseline: 'as it was', method: 'mean', level: 0.95, n: 20 });
    expect(comparison.pairLevel).toBeCloseTo(1 - 0.05 / 3, 14);
    expect(comparison.variants.map(({ verdict }) => verdict)).toEqual(['lower', 'not distinguishable', 'higher']);
    const [better] = comparison.variants;
    const interval = pairedInterval(days, shifted('better', -3, 1).values as number[], comparison.pairLevel);
    expect(better).toMatchObject({ difference: interval.mean, lo: interval.low, hi: interval.high });
    // Variances 50 + 51 against 1: a hundred times fewer replications, give or take the noise of a variance of 20 values.
    expect(better!.pairing!.saving).toBeGreaterThan(40);
    expect(better!.pairing!.correlation).toBeGreaterThan(0.98);
  });

  it('ranks, and names what cannot be told apart', () => {
    const variants = [shifted('worse', 5, 1), shifted('same', 0, 1), shifted('better', -3, 1)];
    const { ranking } = compareVariants(baseline, variants);
    expect(ranking.map(({ name, rank }) => `${rank} ${name}`).sort()).toEqual(
      ['1 better', '2 as it was', '2 same', '4 worse'].sort(),
    );
    expect(ranking[0]).toMatchObject({ name: 'better', notDistinguishableFrom: [] });
    expect(ranking.find(({ name }) => name === 'same')!.notDistinguishableFrom).toEqual(['as it was']);
    const higher = compareVariants(baseline, variants, { better: 'higher' }).ranking;
    expect(higher[0]!.name).toBe('worse');
    expect(higher[3]).toMatchObject({ name: 'better', rank: 4 });
  });

  it('takes more to convince the more variants are looked at', () => {
    const one = shifted('hardly', -0.6, 1);
    const alone = compareVariants(baseline, [one]).variants[0]!;
    const among = compareVariants(baseline, [one, ...Array.from({ length: 30 }, (_, i) => shifted(`idle ${i}`, 0, 1))])
      .variants[0]!;
    expect(among.probability).toBeGreaterThan(10 * alone.probability);
    expect(among.hi! - among.lo!).toBeGreaterThan(alone.hi! - alone.lo!);
  });

  it('calls no difference where there is none in 19 of 20 experiments, however many variants', () => {
    const stream = new Streams('family', 0).get('noise');
    let wrong = 0;
    for (let experiment = 0; experiment < 400; experiment++) {
      const values = Array.from({ length: 9 }, () => Array.from({ length: 12 }, () => stream.normal()));
      const [first, ...others] = values.map((list, i) => ({ name: `${i}`, values: list }));
      const { variants, ranking } = compareVariants(first!, others);
      if (variants.some(({ verdict }) => verdict !== 'not distinguishable')) wrong++;
      expect(ranking.length).toBe(9);
    }
    // At most 5 %: 20, and 3.3 standard deviations of 4.4.
    expect(wrong).toBeLessThan(35);
    expect(wrong).toBeGreaterThan(0);
  });

  it('finds pairs that are all equal identical, and no spread no proof', () => {
    const same = { name: 'same', values: days };
    expect(compareVariants(baseline, [same]).variants[0]).toEqual({
      name: 'same',
      difference: 0,
      lo: 0,
      hi: 0,
      coverage: 0.95,
      probability: 1,
      verdict: 'identical',
      pairing: null,
    });
    const lost = (count: number, values: number): MeasuredVariant => ({
      name: `${values}`,
      values: new Array<number>(count).fill(values),
    });
    // Five times out of five is 1 in 16 by chance, six out of six 1 in 32.
    expect(compareVariants(lost(5, 3), [lost(5, 0)]).variants[0]).toMatchObject({
      difference: -3,
      probability: 0.0625,
      verdict: 'not distinguishable',
    });
    expect(compareVariants(lost(6, 3), [lost(6, 0)]).variants[0]).toMatchObject({
      probability: 0.03125,
      verdict: 'lower',
    });
  });

  it('takes medians and signs as soon as something did not happen', () => {
    const recovery = { name: 'as it was', values: [50, 60, null, 70, null, 80, 90, 55, 65, 75] };
    const fixed = { name: 'fixed', values: [20, 30, 40, 30, 50, 40, 60, 25, 35, 35] };
    const broken = { name: 'broken', values: [null, null, null, null, null, 85, null, null, null, null] };
    const { method, variants, ranking } = compareVariants(recovery, [fixed, broken]);
    expect(method).toBe('median');
    // Differences: -30 five times, -40 three times, twice without end; ten of ten signs, and two variants.
    expect(variants[0]).toMatchObject({ difference: -35, lo: null, hi: -30, verdict: 'lower', pairing: null });
    expect(variants[0]!.probability).toBeCloseTo(2 * 2 ** -9, 10);
    // Of eight pairs that differ all are later; two in which neither happened differ by nothing.
    expect(variants[1]).toMatchObject({ difference: null, lo: 0, hi: null, verdict: 'higher' });
    expect(variants[1]!.probability).toBeCloseTo(2 ** -7, 10);
    expect(ranking.map(({ name, estimate, rank }) => [name, estimate, rank])).toEqual([
      ['fixed', 35, 1],
      ['as it was', 72.5, 2],
      ['broken', null, 3],
    ]);
    expect(JSON.parse(JSON.stringify(variants))).toEqual(variants);
  });

  it('says when replications are too few for the level of an interval', () => {
    const first = { name: 'a', values: [1, 2, null, 4] };
    const { variants } = compareVariants(first, [{ name: 'b', values: [2, 3, 4, 5] }]);
    expect(variants[0]!.coverage).toBe(0.875);
    expect(variants[0]!.verdict).toBe('not distinguishable');
  });

  it('refuses what cannot be compared', () => {
    const b = { name: 'b', values: [1, 2] };
    expect(() => compareVariants(b, [])).toThrow('compareVariants: at least one variant is needed, got 0');
    expect(() => compareVariants(b, [b])).toThrow('compareVariants: two variants are named "b"');
    expect(() => compareVariants(b, [{ name: 'c', values: [1] }])).toThrow(
      'expected at least 2 replications, as many of all; "c" has 1, "b" 2',
    );
    expect(() => compareVariants(b, [{ name: 'c', values: [1, NaN] }])).toThrow('"c" measured NaN');
    expect(() => compareVariants(b, [{ name: 'c', values: [1, null] }], { method: 'mean' })).toThrow(
      'compareVariants: means need values from every replication, got null among them',
    );
  });
});
