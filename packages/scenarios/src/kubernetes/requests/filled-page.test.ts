import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filledPage, pagesOfList } from './filled-page.ts';

describe('a page that a selector leaves few objects of', () => {
  it('one object in ten, pages of 100: 1,000 objects are looked at, in ranges of 100, 200, 400 and 800', () => {
    const page = { objects: 100_000, matching: 0.1, limit: 100 };
    const ranges = { returned: 100, read: 1000, fetched: 1500, ranges: 4, largest: 800 };
    expect(filledPage({ ...page, page: 0 })).toEqual(ranges);
    expect(filledPage({ ...page, page: 7 })).toEqual(ranges);
  });

  it('ranges grow to 10,000 and no further, and end with the objects', () => {
    // 500, 1,000, 2,000, 4,000, 8,000, then 10,000 six times makes 75,500, and 4,500 are left.
    expect(filledPage({ objects: 80_000, matching: 1 / 5000, limit: 500, page: 0 })).toEqual({
      returned: 16,
      read: 80_000,
      fetched: 80_000,
      ranges: 12,
      largest: 10_000,
    });
  });

  it('a limit above 10,000 is asked for as it is', () => {
    const { ranges, largest } = filledPage({ objects: 100_000, matching: 0.5, limit: 20_000, page: 0 });
    expect([ranges, largest]).toEqual([2, 20_000]);
  });

  it('where everything matches, each page is one range of its own objects', () => {
    const page = { objects: 1000, matching: 1, limit: 300 };
    expect(filledPage({ ...page, page: 1 })).toEqual({
      returned: 300,
      read: 300,
      fetched: 300,
      ranges: 1,
      largest: 300,
    });
    expect(filledPage({ ...page, page: 3 })).toEqual({
      returned: 100,
      read: 100,
      fetched: 100,
      ranges: 1,
      largest: 100,
    });
  });

  it('where nothing matches or nothing is stored, one page says so', () => {
    expect(pagesOfList(0, 100)).toBe(1);
    expect(filledPage({ objects: 250, matching: 0, limit: 100, page: 0 })).toEqual({
      returned: 0,
      read: 250,
      fetched: 250,
      ranges: 2,
      largest: 150,
    });
    expect(filledPage({ objects: 0, matching: 1, limit: 100, page: 0 })).toEqual({
      returned: 0,
      read: 0,
      fetched: 0,
      ranges: 1,
      largest: 0,
    });
  });
});

it('all pages together look at every object once and return every one that matches, and none reads too little', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50_000 }),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 5_000 }),
      (objects, matching, limit) => {
        const count = pagesOfList(objects * matching, limit);
        fc.pre(count <= 300);
        let [read, returned] = [0, 0];
        for (let page = 0; page < count; page++) {
          const filled = filledPage({ objects, matching, limit, page });
          read += filled.read;
          returned += filled.returned;
          expect(filled.fetched).toBeGreaterThanOrEqual(filled.read - 1e-6);
          expect(filled.largest).toBeLessThanOrEqual(Math.max(limit, 10_000));
          // Ranges double, so no more is read in vain than was needed, or the first range.
          expect(filled.fetched).toBeLessThanOrEqual(2 * filled.read + limit + 10_000);
        }
        expect(read).toBeCloseTo(objects, 4);
        expect(returned).toBeCloseTo(objects * matching, 4);
      },
    ),
    { numRuns: 60 },
  );
});
