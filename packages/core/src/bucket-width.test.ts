import { expect, test } from 'vitest';
import { bucketsPerEvent, eventsPerBucket, guessGap, widthFor } from './bucket-width.ts';
import { EventRecords } from './event-records.ts';

/** The guess for events at the given distances after `earliest`. */
function guessFor(distances: readonly number[], earliest = 5_000): number {
  const records = new EventRecords();
  const slots = Int32Array.from(distances, (distance) => records.allocate(earliest + distance, 0, 0, 0));
  return guessGap(records, slots, slots.length, earliest);
}

test('a width is the power of two nearest to the wanted one, on a scale of ratios', () => {
  expect([1, 1.4, 1.6, 2, 2_000, 2_048, 3_000].map(widthFor)).toEqual([1, 1, 2, 2, 2_048, 2_048, 4_096]);
});

test('the more are pending the fuller the buckets and the fewer of them for each event', () => {
  const counts = [7, 2_048, 2_049, 32_768, 32_769, 10_000_000];
  expect(counts.map(eventsPerBucket)).toEqual([0.25, 0.25, 0.5, 0.5, 2, 2]);
  expect(counts.map(bucketsPerEvent)).toEqual([8, 8, 4, 4, 2, 2]);
});

test('a width is never below one tick nor without end', () => {
  expect([widthFor(0), widthFor(Infinity), widthFor(1e300)]).toEqual([1, 1_099_511_627_776, 1_099_511_627_776]);
});

test('evenly spread times are guessed exactly, whatever the order', () => {
  const distances = Array.from({ length: 6_400 }, (_, i) => ((i * 2_371) % 6_400) * 10);
  expect(guessFor(distances)).toBeGreaterThan(9);
  expect(guessFor(distances)).toBeLessThan(11);
});

test('a few far timers do not widen the guess', () => {
  const distances = Array.from({ length: 1_000 }, (_, i) => (i % 10 === 0 ? 1e15 : i));
  expect(guessFor(distances)).toBeLessThan(2);
});

test('events at one instant give the smallest gap', () => {
  expect(guessFor(Array.from({ length: 100 }, () => 0))).toBe(0.5);
});
