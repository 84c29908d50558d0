import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactionMarks } from '../etcd/compaction-marks.ts';
import { Asked, PagedLists, type StoredVersions } from './paged-lists.ts';

/** A store that compacts every `interval`, with one write per unit of time besides the compactor's own. */
function store(interval: number): StoredVersions & { pass(): void } {
  const marks = new CompactionMarks();
  let now = 0;
  let revision = 1;
  return {
    version: () => revision,
    isGone: (version) => marks.isCompacted(version),
    pass: () => {
      revision++;
      if (++now % interval === 0) marks.turn(++revision);
    },
  };
}

/** Reads a LIST of so many pages, each taking `each`, beginning at `start`; what was asked for, in order. */
function read(options: { readonly pages: number; readonly each: number; readonly start: number }): Asked[] {
  const versions = store(5);
  const lists = new PagedLists(1, versions);
  const asked: Asked[] = [];
  for (let time = 0; time < options.start; time++) versions.pass();
  do {
    asked.push(lists.ask(0));
    for (let time = 0; time < options.each; time++) versions.pass();
  } while (lists.turn(0, options.pages, versions.version()));
  expect(lists.isAtStart(0)).toBe(true);
  const count = (what: Asked): number => asked.filter((one) => one === what).length;
  expect([lists.expired, lists.wholes]).toEqual([count(Asked.gone), count(Asked.whole)]);
  return asked;
}

const { page, gone, whole } = Asked;

describe('a LIST in pages', () => {
  it('is so many requests, and one where it fits a page', () => {
    expect(read({ pages: 3, each: 1, start: 0 })).toEqual([page, page, page]);
    expect(read({ pages: 1, each: 100, start: 0 })).toEqual([page]);
  });

  it('whose version is gone is told so once, and is everything in one answer then', () => {
    // The first page ends at 3, the turn at 5 remembers later versions only and the turn at 10 compacts to that one: pages sent
    // at 3, 6 and 9 are in time, the one at 12 is not.
    expect(read({ pages: 9, each: 3, start: 0 })).toEqual([page, page, page, page, gone, whole]);
  });

  it('that takes longer still is not told so again: everything has no token', () => {
    // The second page is sent when the first has been answered, with a token that is new.
    expect(read({ pages: 5, each: 40, start: 0 })).toEqual([page, page, gone, whole]);
  });

  it('whose versions live for ever is never told so', () => {
    const lists = new PagedLists(0, undefined);
    lists.startOver(0);
    expect([lists.ask(0), lists.turn(0, 2, 1), lists.ask(0), lists.turn(0, 2, 1)]).toEqual([page, true, page, false]);
  });

  it('begins anew after a failure, also when everything had been asked for', () => {
    const lists = new PagedLists(1, { version: () => 1, isGone: () => true });
    lists.ask(0);
    lists.turn(0, 2, 1);
    expect(lists.ask(0)).toBe(gone);
    // A 410 that never came, because the request failed, is asked for again.
    expect(lists.ask(0)).toBe(gone);
    lists.turn(0, 2, 1);
    expect([lists.ask(0), lists.isAtStart(0)]).toEqual([whole, false]);
    lists.startOver(0);
    expect([lists.ask(0), lists.isAtStart(0)]).toEqual([page, true]);
  });

  it('a token lives for one to two intervals, and everything is asked for once at most', () => {
    const cases = fc.record({
      pages: fc.integer({ min: 1, max: 12 }),
      each: fc.integer({ min: 1, max: 9 }),
      start: fc.nat(20),
    });
    fc.assert(
      fc.property(cases, (options) => {
        const asked = read(options);
        const { pages, each } = options;
        const firstGone = asked.indexOf(gone);
        if (firstGone < 0) {
          expect(asked).toEqual(Array.from({ length: pages }, () => page));
          // The age of a token at its last use: below two intervals.
          expect((pages - 2) * each).toBeLessThan(10);
        } else {
          expect(asked.slice(firstGone)).toEqual([gone, whole]);
          expect(asked.slice(0, firstGone).every((one) => one === page)).toBe(true);
          expect((firstGone - 1) * each).toBeGreaterThan(5);
        }
      }),
    );
  });
});
