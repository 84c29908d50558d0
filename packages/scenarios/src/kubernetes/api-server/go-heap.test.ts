import { minutes, plus, seconds, timeZero, type Instant } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { GoHeap, type HeapOptions } from './go-heap.ts';

const MB = 1_000_000;

function setUp(options: HeapOptions = {}, baselineMb = 100) {
  const marked: number[] = [];
  const heap = new GoHeap(
    timeZero,
    { allocatedShare: 1, ...options },
    {
      baselineBytes: () => baselineMb * MB,
      onCollected: (liveBytes) => marked.push(liveBytes / MB),
    },
  );
  const at = (second: number): Instant => plus(timeZero, seconds(second));
  const hold = (second: number, mb: number): void => heap.hold(at(second), mb * MB);
  const release = (second: number, mb: number): void => heap.release(at(second), mb * MB);
  const resident = (second: number): number => heap.residentBytes(at(second)) / MB;
  return { heap, marked, at, hold, release, resident };
}

describe('garbage', () => {
  it('an idle process is half live, half room: nothing is resident beyond its baseline', () => {
    const { heap, resident } = setUp();
    expect([heap.liveBytes, heap.heapBytes, heap.goalBytes].map((bytes) => bytes / MB)).toEqual([50, 50, 100]);
    expect(resident(1)).toBe(100);
  });

  it('of what a request allocates half is live; the rest stays until the heap reaches twice its live bytes', () => {
    const { heap, marked, hold, release } = setUp();
    hold(1, 40);
    expect([heap.liveBytes, heap.heapBytes].map((bytes) => bytes / MB)).toEqual([70, 90]);
    release(2, 40);
    // Nothing is collected yet: the request is gone, its 40 MB are not.
    expect([heap.liveBytes, heap.heapBytes].map((bytes) => bytes / MB)).toEqual([50, 90]);
    hold(3, 40);
    // 90 + 40 passes the goal of 100: a collection finds the 50 of the process and 20 of the new request.
    expect(marked).toEqual([70]);
    expect([heap.heapBytes, heap.goalBytes].map((bytes) => bytes / MB)).toEqual([70, 140]);
  });

  it('is the same for one request after another: a hundred of 40 MB never need more than the goal', () => {
    const { hold, release, resident } = setUp();
    for (let i = 0; i < 100; i++) {
      hold(i, 40);
      release(i + 0.5, 40);
    }
    expect(resident(100)).toBeLessThanOrEqual(140);
  });

  it('K answers held at once need what was measured per answer: at most baseline + K x 40 MB, and at least half', () => {
    for (const k of [1, 10, 50, 200]) {
      const { hold, resident } = setUp();
      for (let i = 0; i < k; i++) hold(1, 40);
      expect(resident(1)).toBeLessThanOrEqual(100 + k * 40);
      expect(resident(1)).toBeGreaterThanOrEqual(50 + k * 20);
    }
  });

  it('what a request allocates in its last steps is garbage at once, and can bring a collection that still finds it', () => {
    const { heap, marked, hold, release } = setUp({ allocatedShare: 2 });
    hold(1, 40);
    release(2, 40);
    // 90 + 40 passes the goal of 100 while the request's 20 MB are still reachable.
    expect(marked).toEqual([70]);
    expect([heap.liveBytes, heap.heapBytes].map((bytes) => bytes / MB)).toEqual([50, 70]);
  });

  it('with GOGC = 300 the heap grows to four times its live bytes', () => {
    const { heap } = setUp({ gcPercent: 300 });
    expect(heap.goalBytes).toBe(200 * MB);
  });

  it('is collected after two minutes in any case', () => {
    const { heap, marked, hold, release, at } = setUp();
    hold(1, 40);
    release(2, 40);
    heap.residentBytes(plus(at(0), minutes(3)));
    expect(marked).toEqual([50]);
    expect(heap.heapBytes).toBe(50 * MB);
  });

  it('GOMEMLIMIT collects earlier, and cannot help when what is live is more', () => {
    const { heap, hold, marked } = setUp({ softLimitBytes: 80 * MB });
    expect(heap.goalBytes).toBe(80 * MB);
    hold(1, 40);
    expect(marked).toEqual([70]);
    hold(1, 40);
    expect(heap.heapBytes).toBe(90 * MB);
    expect(heap.goalBytes).toBe(90 * MB);
  });
});

describe('stickiness', () => {
  it('what was resident once stays, long after it was collected', () => {
    const { hold, release, resident } = setUp();
    for (let i = 0; i < 10; i++) hold(1, 40);
    const peak = resident(1);
    for (let i = 0; i < 10; i++) release(2, 40);
    expect(peak).toBeGreaterThan(250);
    expect(resident(3600)).toBe(peak);
  });

  it('a second burst of the same size finds its memory there', () => {
    const { hold, release, resident } = setUp();
    for (const start of [0, 600]) {
      for (let i = 0; i < 10; i++) hold(start + 1, 40);
      for (let i = 0; i < 10; i++) release(start + 2, 40);
    }
    expect(resident(700)).toBeLessThanOrEqual(500);
  });

  it('the scavenger gives back what it is allowed to, down to the goal and a tenth', () => {
    const { heap, hold, release, resident, at } = setUp({ scavengeBytesPerSecond: MB });
    for (let i = 0; i < 10; i++) hold(1, 40);
    const peak = resident(1);
    for (let i = 0; i < 10; i++) release(2, 40);
    heap.residentBytes(at(130));
    const collected = resident(130);
    expect(resident(160)).toBeCloseTo(collected - 30, 6);
    expect(resident(3600)).toBeCloseTo(110, 6);
    expect(peak).toBeGreaterThan(collected);
  });

  it('a new process starts afresh', () => {
    const { heap, hold, resident, at } = setUp();
    for (let i = 0; i < 10; i++) hold(1, 40);
    heap.clear(at(2));
    expect(resident(2)).toBe(100);
    expect(heap.liveBytes).toBe(50 * MB);
  });
});

it('options that make no sense are refused', () => {
  expect(() => setUp({ gcPercent: 0 })).toThrow('heap: gcPercent must be > 0, got 0');
  expect(() => setUp({ allocatedShare: 0.5 })).toThrow('heap: allocatedShare must be >= 1, got 0.5');
  expect(() => setUp({ liveShare: 1.5 })).toThrow('heap: liveShare must be in (0, 1], got 1.5');
});
