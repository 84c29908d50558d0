/** When starting together keeps everybody from starting. The threshold is argued first: n * bytes / limit against the time-out. */
import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import type { DownloadOptions } from './options.ts';
import { StartUps } from './start-ups.ts';

/** 1 GB each through 10 GB/s within 60 s: 600 at once need exactly the time-out. */
const options: DownloadOptions = {
  bytes: 1e9,
  bytesPerSecond: 10e9,
  bytesPerSecondEach: 1e9,
  timeout: seconds(60),
  concurrent: Infinity,
  warmShare: 0.1,
};
const THRESHOLD = 600;

function setUp(count: number, changes: Partial<DownloadOptions> = {}, spread = seconds(0)) {
  const simulation = new Simulation({ seed: 1 });
  const done: number[] = [];
  const startUps = new StartUps(simulation, 'c', { ...options, ...changes }, count, () => {
    done.push(simulation.now / seconds(1));
  });
  const enter = simulation.event('enter', (instance) => startUps.enter(instance));
  for (let i = 0; i < count; i++) enter.after(ms(Math.floor((i * spread) / count / ms(1))), i);
  return { simulation, startUps, done };
}

describe('downloads that begin together', () => {
  it('below the threshold are all done when limit and bytes say', () => {
    const count = 0.8 * THRESHOLD;
    const { simulation, startUps, done } = setUp(count);
    advance(simulation, minutes(5));
    expect(done.length).toBe(count);
    expect(Math.max(...done)).toBeCloseTo((count * 1e9) / 10e9, 3);
    expect(startUps.books()).toMatchObject({ timedOut: 0, wastedBytes: 0, bytes: count * 1e9 });
    startUps.checkBooks();
  });

  it('above it never end: the limit is fully used, and all of it is wasted', () => {
    const { simulation, startUps, done } = setUp(1.1 * THRESHOLD);
    advance(simulation, minutes(60) + seconds(1));
    expect(done.length).toBe(0);
    const { bytes, wastedBytes, timedOut } = startUps.books();
    expect(timedOut).toBe(60 * 1.1 * THRESHOLD);
    expect(wastedBytes).toBe(bytes);
    expect(bytes / (10e9 * 3600)).toBeCloseTo(1, 2);
    startUps.checkBooks();
  });

  it('nor do they when they come one after the other faster than the limit passes them on', () => {
    // 1,320 in 66 s are 20 GB/s of demand: the pile reaches the threshold while the first are still inside.
    const { simulation, done } = setUp(2.2 * THRESHOLD, {}, seconds(66));
    advance(simulation, minutes(60));
    expect(done.length).toBeLessThan(1.1 * THRESHOLD);
    const early = done.length;
    advance(simulation, minutes(60));
    expect(done.length - early).toBeLessThan(THRESHOLD);
  });

  it('end with a limit on how many begin at once: the same bytes, in order', () => {
    const count = 2 * THRESHOLD;
    const { simulation, startUps, done } = setUp(count, { concurrent: 100 });
    advance(simulation, minutes(5));
    expect(done.length).toBe(count);
    expect(Math.max(...done)).toBeCloseTo((count * 1e9) / 10e9, 1);
    expect(startUps.books().timedOut).toBe(0);
  });

  it('are limited by the lower of two limits, whichever was set first', () => {
    const { simulation, startUps } = setUp(THRESHOLD, { concurrent: 100 });
    startUps.setLimit(1000);
    advance(simulation, seconds(1));
    expect(startUps.books().inside).toBe(100);
    startUps.setLimit(50);
    advance(simulation, seconds(30));
    expect(startUps.books().inside).toBe(50);
  });

  it('are freed by an operator who sets the limit later, within one time-out and the time of the bytes', () => {
    const count = 2 * THRESHOLD;
    const { simulation, startUps, done } = setUp(count);
    advance(simulation, minutes(30) + seconds(1));
    expect(done.length).toBe(0);
    startUps.setLimit(100);
    advance(simulation, seconds(60 + 120));
    expect(done.length).toBe(count);
    startUps.checkBooks();
  });

  it('or by warm caches, from their next beginning on', () => {
    const { simulation, startUps, done } = setUp(2 * THRESHOLD);
    advance(simulation, minutes(30) + seconds(1));
    startUps.warm();
    advance(simulation, seconds(75));
    expect(done.length).toBe(2 * THRESHOLD);
  });
});

it('instances that go away leave their place to others, and the books still add up', () => {
  const { simulation, startUps, done } = setUp(10, { concurrent: 2, bytesPerSecondEach: 0.1e9 });
  advance(simulation, seconds(5));
  expect(startUps.books()).toMatchObject({ inside: 2, waiting: 8 });
  startUps.drop(0);
  startUps.drop(5);
  startUps.drop(5);
  expect(startUps.books()).toMatchObject({ inside: 2, waiting: 6, dropped: 1 });
  advance(simulation, minutes(2));
  expect(done.length).toBe(8);
  expect(startUps.books().wastedBytes).toBeCloseTo(0.5e9, -3);
  startUps.checkBooks();
});
