import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { mser5, welch } from './warm-up.ts';

/** A start that decays from `bias` to nothing with the given time constant, plus noise whose neighbours hang together. */
function runOf(seed: number, options: { length: number; bias: number; decay: number; memory?: number }): number[] {
  const stream = new Streams('warm-up', seed).get('noise');
  const { length, bias, decay, memory = 0 } = options;
  let noise = stream.normal();
  return Array.from({ length }, (_, i) => {
    noise = memory * noise + Math.sqrt(1 - memory * memory) * stream.normal();
    return 10 + bias * Math.exp(-i / decay) + noise;
  });
}

const runs = (count: number, options: Parameters<typeof runOf>[1]): number[][] =>
  Array.from({ length: count }, (_, seed) => runOf(seed, options));

describe("Welch's curve", () => {
  it('is the mean over replications, smoothed as far as there are points on both sides', () => {
    const first = [1, 2, 3, 4, 5, 6, 7, 8];
    const curve = welch([first, first.map((value) => value + 2)], { window: 2 });
    expect(curve.means).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(curve.smoothed).toEqual([2, 3, 4, 5, 6, 7]);
    expect(curve.window).toBe(2);
  });

  it('cuts after a start that has decayed, and keeps most of the run', () => {
    // After four time constants 0.4 of the bias of 20 is left, while ten runs smoothed over 101 points vary by 0.03.
    const { cut, window } = welch(runs(10, { length: 1_000, bias: 20, decay: 40 }));
    expect(window).toBe(50);
    expect(cut).toBeGreaterThan(120);
    expect(cut).toBeLessThan(500);
  });

  it('cuts later after a longer start', () => {
    const cuts = [10, 30, 90].map((decay) => welch(runs(10, { length: 1_000, bias: 20, decay })).cut);
    expect(cuts).toEqual([...cuts].sort((a, b) => a! - b!));
    expect(new Set(cuts).size).toBe(3);
  });

  it('gives no cut while the runs still drift', () => {
    expect(welch(runs(10, { length: 1_000, bias: 20, decay: 2_000 })).cut).toBeNull();
  });

  it('never cuts the second half', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 16, maxLength: 16 }), {
          minLength: 2,
          maxLength: 5,
        }),
        (values) => (welch(values).cut ?? 0) <= 8,
      ),
    );
  });

  it('refuses one run, unequal and short ones, and too wide a window', () => {
    expect(() => welch([[1, 2, 3, 4, 5, 6, 7, 8]])).toThrow('welch: expected two or more replications of equal length');
    expect(() => welch([[1], [1, 2]])).toThrow('>= 8, got 2 of length 1, 2');
    expect(() => welch(runs(2, { length: 16, bias: 0, decay: 1 }), { window: 5 })).toThrow(
      'welch: window must be a whole number from 1 to a quarter of 16 points, got 5',
    );
  });
});

describe('MSER-5', () => {
  it('makes the squared standard error of the rest least', () => {
    // By its definition, batch by batch, from the other end.
    const values = runOf(3, { length: 400, bias: 8, decay: 25, memory: 0.5 });
    const means = Array.from({ length: 80 }, (_, i) => values.slice(5 * i, 5 * i + 5).reduce((a, b) => a + b, 0) / 5);
    const statistics = means.slice(0, 75).map((_, discarded) => {
      const kept = means.slice(discarded);
      const mean = kept.reduce((a, b) => a + b, 0) / kept.length;
      return kept.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (kept.length * kept.length);
    });
    const least = Math.min(...statistics);
    const found = mser5(values);
    expect(found.cut).toBe(5 * statistics.indexOf(least));
    expect(found.statistic).toBeCloseTo(least, 14);
    expect(found.cut).toBeGreaterThan(20);
  });

  it('removes most of the bias of a start', () => {
    const biases = runs(40, { length: 600, bias: 8, decay: 30, memory: 0.5 }).map((values) => {
      const plain = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [plain - 10, mser5(values).mean - 10] as const;
    });
    const mean = (pick: 0 | 1): number => biases.reduce((sum, pair) => sum + pair[pick], 0) / biases.length;
    // 8 * 30 / 600 of bias, and next to none.
    expect(mean(0)).toBeGreaterThan(0.35);
    expect(Math.abs(mean(1))).toBeLessThan(0.1);
  });

  it('keeps everything of a run without a start', () => {
    const cuts = runs(40, { length: 600, bias: 0, decay: 1 }).map((values) => mser5(values).cut!);
    expect(cuts.filter((cut) => cut <= 60).length).toBeGreaterThan(30);
    expect(mser5(new Array<number>(100).fill(4))).toMatchObject({ cut: 0, mean: 4, statistic: 0 });
  });

  it('refuses to cut beyond the middle', () => {
    const values = [...new Array<number>(70).fill(50), ...runOf(1, { length: 50, bias: 0, decay: 1 })];
    expect(mser5(values)).toMatchObject({ cut: null, mean: NaN });
    expect(mser5([...new Array<number>(50).fill(50), ...runOf(1, { length: 70, bias: 0, decay: 1 })]).cut).toBe(50);
  });

  it('refuses short runs and what is not finite', () => {
    expect(() => mser5(new Array<number>(59).fill(1))).toThrow('mser5: at least 60 values are needed, got 59');
    expect(() => mser5([NaN])).toThrow('mser5: expected finite numbers');
    expect(() => mser5([1], { batch: 0 })).toThrow('mser5: batch must be a whole number >= 1, got 0');
  });
});
