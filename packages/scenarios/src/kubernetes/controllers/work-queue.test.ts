import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts';

function setUp(changes: Partial<WorkQueueOptions> = {}) {
  const simulation = new Simulation({ seed: 1 });
  const worked: { key: number; at: number }[] = [];
  const queue: WorkQueue = new WorkQueue(simulation, { name: 'test', workers: 2, ...changes }, (key) =>
    worked.push({ key, at: simulation.now / ms(1) }),
  );
  return { simulation, queue, worked, keys: () => worked.map(({ key }) => key) };
}

it('a key added many times is worked on once, by at most so many workers', () => {
  const { queue, keys } = setUp();
  for (const key of [7, 8, 9, 9, 8, 7]) queue.add(key);
  // 7 and 8 were taken at once; adding them again while they are worked on keeps them for later.
  expect(keys()).toEqual([7, 8]);
  expect(queue.depth).toBe(1);
  queue.done(7);
  expect(keys()).toEqual([7, 8, 9]);
  queue.done(8);
  expect(keys()).toEqual([7, 8, 9, 7]);
  queue.done(9);
  queue.done(7);
  queue.done(8);
  expect(keys()).toEqual([7, 8, 9, 7, 8]);
  expect([queue.depth, queue.busy]).toEqual([0, 0]);
});

it('a key that fails comes back after 5 ms, doubling, until it is forgotten', () => {
  const { simulation, queue } = setUp();
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) waits.push(queue.addRateLimited(1) / ms(1));
  expect(waits).toEqual([5, 10, 20, 40, 80, 160]);
  for (let i = 0; i < 14; i++) queue.addRateLimited(1);
  expect(queue.addRateLimited(1)).toBe(seconds(1000));
  queue.forget(1);
  expect(queue.addRateLimited(1)).toBe(ms(5));
  advance(simulation, seconds(1));
});

it('more than a hundred failing keys at once come back at ten a second', () => {
  const { queue } = setUp();
  const waits = Array.from({ length: 150 }, (_, key) => queue.addRateLimited(key) / ms(1));
  expect(waits.slice(0, 100).every((wait) => wait === 5)).toBe(true);
  expect(waits[100]).toBe(100);
  expect(waits[149]).toBe(5000);
});

it('a key asked for later again and again comes once, at the earliest of the instants', () => {
  const { simulation, queue, worked } = setUp();
  queue.addAfter(1, seconds(3));
  queue.addAfter(1, seconds(2));
  queue.addAfter(1, seconds(4));
  queue.addAfter(2, seconds(5));
  advance(simulation, seconds(10));
  expect(worked).toEqual([
    { key: 1, at: 2000 },
    { key: 2, at: 5000 },
  ]);
  queue.done(1);
  expect([queue.retries, queue.pending]).toEqual([4, 0]);
  // It is known no longer: the next call counts from now, whatever was asked for before.
  queue.addAfter(1, seconds(3));
  advance(simulation, seconds(10));
  expect(worked.at(-1)).toEqual({ key: 1, at: 13_000 });
});

it('what a process asked for later does not shorten the wait in the next one', () => {
  const { simulation, queue, worked } = setUp();
  queue.addAfter(1, seconds(2));
  queue.clear();
  queue.addAfter(1, seconds(5));
  advance(simulation, seconds(10));
  expect(worked).toEqual([{ key: 1, at: 5000 }]);
});

it('forgets everything with its process', () => {
  const { simulation, queue, keys } = setUp();
  for (const key of [1, 2, 3]) queue.add(key);
  queue.addAfter(4, seconds(1));
  queue.clear();
  advance(simulation, seconds(5));
  queue.done(1);
  expect(keys()).toEqual([1, 2]);
  queue.add(3);
  expect(keys()).toEqual([1, 2, 3]);
});

it('refuses a queue without workers', () => {
  expect(() => setUp({ workers: 0 })).toThrow('work queue "test": workers must be a whole number >= 1, got 0');
});

it('counts as client-go does: keys added that were not waiting, keys asked for later, and keys not taken yet', () => {
  const { simulation, queue } = setUp();
  for (const key of [7, 8, 9, 9, 8, 7]) queue.add(key);
  // 7 and 8 were taken and added again; 9 waits, and its second call adds nothing.
  expect([queue.adds, queue.retries, queue.pending, queue.depth]).toEqual([5, 0, 3, 1]);
  queue.done(7);
  queue.addRateLimited(1);
  queue.addAfter(2, seconds(1));
  expect([queue.adds, queue.retries, queue.pending]).toEqual([5, 2, 2]);
  advance(simulation, seconds(2));
  expect([queue.adds, queue.pending]).toEqual([7, 4]);
  queue.clear();
  expect([queue.adds, queue.retries, queue.pending]).toEqual([0, 0, 0]);
});

it('times how long keys wait and are worked on, as client-go does', () => {
  const { simulation, queue } = setUp({ workers: 1 });
  queue.add(1);
  queue.add(2);
  advance(simulation, seconds(2));
  expect([queue.unfinishedSeconds, queue.longestSeconds]).toEqual([2, 2]);
  // Added while it is being worked on: its next wait begins here.
  queue.add(1);
  advance(simulation, seconds(1));
  queue.done(1);
  advance(simulation, seconds(4));
  queue.done(2);
  queue.done(1);
  const [waited, worked] = [queue.waited.read({}), queue.worked.read({})];
  // 0 s, 3 s behind the first, and 1 + 4 s.
  expect([waited.cumulative.at(-1), waited.sum]).toEqual([3, 8]);
  expect([worked.cumulative.at(-1), worked.sum]).toEqual([3, 7]);
  expect([queue.unfinishedSeconds, queue.longestSeconds]).toEqual([0, 0]);
  queue.clear();
  expect([queue.waited.count, queue.worked.count]).toEqual([0, 0]);
});
