import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABSENT, NameRecords } from './name-records.ts';

describe('names', () => {
  it('keep every value by the revision it came with', () => {
    const records = new NameRecords(3);
    records.change(1, 5);
    records.change(2, 6);
    records.change(1, ABSENT);
    expect(records.revision).toBe(3);
    expect([0, 1, 2, 3].map((revision) => records.valueAt(1, revision))).toEqual([0, 5, 5, ABSENT]);
    expect(records.valueAt(2, 1)).toBe(0);
    expect(records.valueAt(7, 3)).toBe(ABSENT);
  });

  it('are stale by value: what changed back is not', () => {
    const records = new NameRecords(3);
    records.change(0, 1);
    records.change(1, 1);
    expect(records.staleCount(0)).toBe(2);
    records.change(0, 0);
    expect(records.staleCount(0)).toBe(1);
    expect(records.staleCount(3)).toBe(0);
  });

  it('the last ones are headless', () => {
    const records = new NameRecords(4, 1);
    expect([0, 1, 2, 3].map((name) => records.isHeadless(name))).toEqual([false, false, false, true]);
    expect(records.headlessCount).toBe(1);
  });

  it('refuses counts that make no sense', () => {
    expect(() => new NameRecords(-1)).toThrow('name records: count must be a whole number >= 0, got -1');
    expect(() => new NameRecords(2, 3)).toThrow('name records: headless must be a whole number from 0 to 2, got 3');
  });

  it('any history reads back as it was written', () => {
    const changes = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 9 })), { maxLength: 60 });
    fc.assert(
      fc.property(changes, (history) => {
        const records = new NameRecords(5);
        const snapshots = [[0, 0, 0, 0, 0]];
        for (const [name, value] of history) {
          records.change(name, value);
          snapshots.push(snapshots.at(-1)!.map((before, each) => (each === name ? value : before)));
        }
        snapshots.forEach((snapshot, revision) => {
          expect(snapshot.map((_, name) => records.valueAt(name, revision))).toEqual(snapshot);
          const stale = snapshot.filter((value, name) => value !== snapshots.at(-1)![name]).length;
          expect(records.staleCount(revision)).toBe(stale);
        });
      }),
      { seed: 29 },
    );
  });
});

it('an address that moves is not current for anybody until the API is told, and then for whoever has heard of it', () => {
  const records = new NameRecords(3, 1);
  expect(records.isCurrent(2, 0)).toBe(true);
  records.move(2, 7);
  expect(records.isCurrent(2, records.revision)).toBe(false);
  records.change(2, 7);
  expect(records.isCurrent(2, records.revision)).toBe(true);
  expect(records.isCurrent(2, records.revision - 1)).toBe(false);
});

it('names of headless Services are found by whoever knows the slices, the others by whoever knows the Services', () => {
  const records = new NameRecords(10, 4);
  expect(records.foundShare(true, false)).toBeCloseTo(0.6, 12);
  expect(records.foundShare(true, true)).toBe(1);
  expect(records.foundShare(false, false)).toBe(0);
  expect(new NameRecords(0).foundShare(true, false)).toBe(1);
});
