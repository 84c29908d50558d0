/** The small rules of the watch cache: budget, buffers, bookmarks' versions. */
import { type Instant, ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { watchCacheFeatures } from './features.ts';
import { RevisionClock } from './revision-clock.ts';
import { TimeBudget } from './time-budget.ts';
import { watcherBufferSize } from './watcher-buffer.ts';

it('the budget is refilled by 50 ms a second, up to 100 ms', () => {
  const simulation = new Simulation({ seed: 1 });
  const budget = new TimeBudget(simulation);
  expect(budget.take()).toBe(0);
  advance(simulation, seconds(1));
  expect(budget.take()).toBe(ms(50));
  advance(simulation, ms(100));
  expect(budget.take()).toBe(ms(5));
  advance(simulation, seconds(60));
  expect(budget.take()).toBe(ms(100));
});

it('what was not needed goes back, never above the cap', () => {
  const simulation = new Simulation({ seed: 1 });
  const budget = new TimeBudget(simulation);
  advance(simulation, seconds(60));
  budget.take();
  budget.giveBack(ms(70));
  expect(budget.take()).toBe(ms(70));
  budget.giveBack(ms(80));
  budget.giveBack(ms(80));
  expect(budget.take()).toBe(ms(100));
});

it.each([
  // One second of a ring of 100 over 75 s is 2 events: the smallest buffer.
  [100, true, true, 10],
  [100, true, false, 10],
  [100, false, false, 10],
  // 102,400 / 75 = 1,365.3 a second.
  [102_400, true, true, 10],
  [102_400, true, false, 1_000],
  [102_400, false, false, 100],
  // 3,200 / 75 = 42.7, rounded up.
  [3_200, true, false, 43],
  [3_200, false, false, 43],
])('a ring of %i (index %s, used %s) gives watchers a buffer of %i', (capacity, typeHasIndex, usesIndex, expected) => {
  expect(watcherBufferSize(capacity, { typeHasIndex, usesIndex })).toBe(expected);
});

it('the clock knows the version of each of the last two minutes, quiet seconds included', () => {
  const clock = new RevisionClock();
  const at = (time: number): Instant => seconds(time) as unknown as Instant;
  clock.set(at(10.2), 100);
  clock.set(at(10.9), 101);
  clock.set(at(30), 200);
  expect(clock.at(seconds(10), at(40))).toBe(101);
  expect(clock.at(seconds(29.9), at(40))).toBe(101);
  expect(clock.at(seconds(30.5), at(40))).toBe(200);
  expect(clock.at(seconds(10), at(1_000))).toBe(200);
  clock.set(at(1_000), 300);
  expect([clock.at(seconds(999), at(1_000)), clock.at(seconds(1_000), at(1_000))]).toEqual([200, 300]);
});

it('gates follow the releases, WatchList going back and forth', () => {
  const on = [30, 31, 32, 33, 34, 35, 36].map((minor) => watchCacheFeatures(minor).watchList);
  expect(on).toEqual([false, false, true, false, true, true, true]);
  expect(() => watchCacheFeatures(1.31)).toThrow('watch cache: expected the minor number of a release from 1.27 on');
});
