import { expect, test } from 'vitest';
import { EventRecords } from './event-records.ts';
import { EventRing } from './event-ring.ts';

/** A ring of 64 buckets or more with one slot in each of the places. */
function ringWith(places: readonly number[], buckets = 64): { ring: EventRing; slots: number[] } {
  const records = new EventRecords();
  const ring = new EventRing(records);
  ring.resize(buckets);
  const slots = places.map((place) => {
    const slot = records.allocate(0, 0, 0, 0);
    ring.add(slot, place);
    return slot;
  });
  return { ring, slots };
}

test('the next bucket is found within a word, beyond it and round the ring', () => {
  const { ring } = ringWith([3, 31, 32, 63]);
  expect([0, 3, 31, 32, 63].map((place) => ring.next(place))).toEqual([3, 31, 32, 63, 3]);
});

test('the only bucket is found from everywhere, itself included', () => {
  const { ring } = ringWith([40]);
  expect([0, 39, 40, 41, 63].map((place) => ring.next(place))).toEqual([40, 40, 40, 40, 40]);
});

test('opening hands out the chain, latest first, and leaves the bucket empty', () => {
  const records = new EventRecords();
  const ring = new EventRing(records);
  const [first, second] = [records.allocate(1, 0, 0, 0), records.allocate(2, 0, 0, 0)];
  ring.add(first, 5);
  ring.add(second, 5);
  ring.add(records.allocate(3, 0, 0, 0), 9);
  expect(ring.open(5)).toBe(second);
  expect([records.linkOf(second), records.linkOf(first)]).toEqual([first, -1]);
  expect([ring.open(5), ring.next(0)]).toEqual([-1, 9]);
});

test('a large ring that reads ahead finds the same buckets', () => {
  const places = [1, 70, 71, 40_000, 131_071];
  const { ring } = ringWith(places, 131_072);
  expect(ring.mask).toBe(131_071);
  expect([0, 1, 70, 71, 40_000].map((place) => ring.next(place))).toEqual(places);
});

test('moving everything out leaves the ring empty', () => {
  const { ring, slots } = ringWith([7, 7, 60]);
  const target = new Int32Array(8);
  expect(ring.moveInto(target, 2)).toBe(5);
  expect([...target.subarray(2, 5)].sort()).toEqual([...slots].sort());
  expect([ring.open(7), ring.open(60)]).toEqual([-1, -1]);
});
