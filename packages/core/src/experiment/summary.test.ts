import { describe, expect, it } from 'vitest';
import { summarise } from './summary.ts';

describe('a summary', () => {
  it('has the median with its interval, the mean and the outer quantiles', () => {
    const values = Array.from({ length: 21 }, (_, i) => (i * 8) % 21);
    expect(summarise(values)).toMatchObject({
      median: 10,
      mean: 10,
      lo: 5,
      hi: 15,
      q05: 1,
      q95: 19,
      n: 21,
      censored: 0,
    });
    expect(summarise(values).coverage).toBeCloseTo(0.9734, 4);
  });

  it('counts what did not happen, ranks it last and gives no mean', () => {
    const values = [5, null, 3, null, 1, 2, 4, null, 6, 7];
    expect(summarise(values)).toMatchObject({
      median: 5.5,
      mean: null,
      lo: 2,
      hi: null,
      q95: null,
      n: 10,
      censored: 3,
    });
    expect(summarise([null, null, 3])).toMatchObject({ median: null, mean: null, lo: 3, hi: null, q05: null });
    expect(summarise([null])).toMatchObject({ median: null, lo: null, hi: null, n: 1, censored: 1, coverage: 0 });
  });

  it('says how little a range of few values is worth', () => {
    expect(summarise([4, 4.5, 5])).toMatchObject({ lo: 4, hi: 5, coverage: 0.75 });
  });

  it('survives a round trip through JSON', () => {
    const summary = summarise([1, null, 2]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it('refuses nothing, and what is neither a number nor null', () => {
    expect(() => summarise([])).toThrow('summarise: at least one value is needed, got 0');
    expect(() => summarise([1, Infinity])).toThrow('summarise: expected finite numbers and null, got Infinity');
    expect(() => summarise([NaN])).toThrow('got NaN');
  });
});
