import { ms } from '@brownout/core';
import { expect, test } from 'vitest';
import { listEstimateCases, sizeCases, writeCases } from './testing/work-estimate-cases.ts';
import {
  type ListQuery,
  listSeats,
  listSeatsBy,
  listSource,
  mutatingEstimate,
  oneSeat,
  watchSeats,
  workEstimate2024,
  workEstimateCurrent,
} from './work-estimate.ts';

test.each(sizeCases)('by size, $title takes $seats seats', ({ query, work, seats }) => {
  const source = listSource({ ...workEstimateCurrent, hasConsistentListFromCache: false }, query);
  expect(listSeats(workEstimateCurrent, { ...work, source })).toBe(seats);
});

test.each(listEstimateCases)('$title: $byCount seats by count, $bySize by size', ({ work, byCount, bySize }) => {
  const uncapped = { listSeatCap: Infinity, namedListTakesOneSeat: false };
  expect(listSeats({ ...workEstimate2024, ...uncapped }, work)).toBe(byCount);
  expect(listSeats({ ...workEstimateCurrent, ...uncapped }, work)).toBe(bySize);
});

test('by count a list takes at most ten seats, and no more than its level allows', () => {
  const work = { source: 'cache', storedObjects: 150_000 } as const;
  expect(listSeats(workEstimate2024, work)).toBe(10);
  expect(listSeats(workEstimate2024, { ...work, levelSeatLimit: 8 })).toBe(8);
  const whole = { storedObjects: 120, averageObjectBytes: 5100, limit: 0, hasSelector: false, namesOneObject: false };
  expect(listSeatsBy(workEstimate2024)({ ...whole, source: 'cache' })).toBe(2);
  expect(listSeatsBy(workEstimate2024)({ ...whole, source: 'etcd' })).toBe(3);
});

test('a list that names one object takes one seat up to 1.33 and what the object weighs from 1.34', () => {
  const work = { source: 'etcd', storedObjects: 799, averageObjectBytes: 200_000, namesOneObject: true } as const;
  expect(listSeats(workEstimate2024, work)).toBe(1);
  expect(listSeats(workEstimateCurrent, work)).toBe(2);
});

test('a type that is not on record takes one seat, one whose count is stale takes all a list may have', () => {
  expect(listSeats(workEstimate2024, { source: 'etcd', storedObjects: 'unknown' })).toBe(1);
  expect(listSeats(workEstimate2024, { source: 'etcd', storedObjects: 5, isStale: true })).toBe(10);
  expect(listSeats(workEstimateCurrent, { source: 'etcd', storedObjects: 5, isStale: true })).toBe(100);
  expect(listSeats(workEstimateCurrent, { source: 'cache', storedObjects: 5, isStale: true })).toBe(10);
});

test('an empty collection takes one seat', () => {
  for (const rules of [workEstimate2024, workEstimateCurrent]) {
    expect(listSeats(rules, { source: 'cache', storedObjects: 0 })).toBe(1);
  }
});

test('a watch takes one seat unless it begins with all objects', () => {
  const work = { storedObjects: 799, averageObjectBytes: 1_000 };
  const watch = (rules: typeof workEstimateCurrent, resourceVersion: string, beginsWithObjects = false): number =>
    watchSeats(rules, { resourceVersion, beginsWithObjects }, work);
  expect(watch(workEstimateCurrent, '7')).toBe(1);
  expect(watch(workEstimateCurrent, '0')).toBe(8);
  expect(watch(workEstimateCurrent, '')).toBe(8);
  expect(watch(workEstimateCurrent, '7', true)).toBe(8);
  expect(watch(workEstimate2024, '0')).toBe(1);
  expect(watch(workEstimate2024, '0', true)).toBe(8);
});

const queries: readonly (readonly [ListQuery, 'cache' | 'etcd', 'cache' | 'etcd'])[] = [
  [{ resourceVersion: '0' }, 'cache', 'cache'],
  [{ resourceVersion: '0', limit: 500 }, 'cache', 'cache'],
  [{ resourceVersion: '' }, 'etcd', 'cache'],
  [{ resourceVersion: '', limit: 500 }, 'etcd', 'cache'],
  [{ resourceVersion: '', limit: 500, isContinued: true }, 'etcd', 'etcd'],
  [{ resourceVersion: '7' }, 'cache', 'cache'],
  [{ resourceVersion: '7', limit: 500 }, 'etcd', 'etcd'],
  [{ resourceVersion: '7', resourceVersionMatch: 'Exact' }, 'etcd', 'etcd'],
  [{ resourceVersion: '7', resourceVersionMatch: 'NotOlderThan' }, 'cache', 'cache'],
];

test.each(queries)('the estimator takes %j to be served from %s in 2024 and from %s today', (query, old, current) => {
  expect(listSource(workEstimate2024, query)).toBe(old);
  expect(listSource(workEstimateCurrent, query)).toBe(current);
});

test.each(writeCases)('a write that $watchers watch keeps $finalSeats seats after the reply', (given) => {
  const { watchers, levelSeatLimit, finalSeats, milliseconds } = given;
  const estimate = mutatingEstimate(workEstimateCurrent, { watchers, levelSeatLimit });
  expect(estimate).toEqual({ seats: 1, finalSeats, additionalLatency: ms(milliseconds) });
});

test('the seat-time kept for watch events is 5 ms per ten watchers, however few seats carry it', () => {
  for (const watchers of [10, 29, 100, 5_000, 7_777]) {
    for (const levelSeatLimit of [1, 4, 10, 37]) {
      const { finalSeats, additionalLatency } = mutatingEstimate(workEstimateCurrent, { watchers, levelSeatLimit });
      const work = Math.ceil(watchers / 10) * ms(5);
      expect(Math.abs(finalSeats * additionalLatency - work)).toBeLessThanOrEqual(finalSeats / 2);
    }
  }
  expect(mutatingEstimate(workEstimateCurrent, { watchers: 9 })).toBe(oneSeat);
});
