import { describe, expect, it } from 'vitest';
import { shareInterval } from './share.ts';

describe('the interval of a share', () => {
  // From the formula of the paper, evaluated apart from this code.
  it.each([
    [15, 20, 0.5312987, 0.8881383],
    [0, 30, 0, 0.1135134],
    [30, 30, 0.8864866, 1],
  ])('of %d out of %d', (hits, count, low, high) => {
    const interval = shareInterval(hits, count);
    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
    expect(interval).toMatchObject({ share: hits / count, hits, count });
  });

  it('refuses impossible counts', () => {
    expect(() => shareInterval(0, 0)).toThrow('expected 0 <= hits <= count and count >= 1, got 0 of 0');
    expect(() => shareInterval(4, 3)).toThrow('got 4 of 3');
    expect(() => shareInterval(1, 3, 0)).toThrow('level must be inside (0, 1), got 0');
  });
});
