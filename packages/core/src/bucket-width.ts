import type { EventRecords } from './event-records.ts';

/**
 * How many events a bucket of the calendar should hold on average when `count` are pending. As long as the ring fits into
 * the caches, well below one: then most buckets that hold something hold one event, which need not be sorted, and no
 * branch is a toss-up. Beyond, few buckets matter more than short ones.
 */
export function eventsPerBucket(count: number): number {
  if (count <= SMALL) return 0.25;
  return count <= MEDIUM ? 0.5 : 2;
}

/** How many buckets the ring should have for each event, before it is rounded up to a power of two. */
export function bucketsPerEvent(count: number): number {
  if (count <= SMALL) return 8;
  return count <= MEDIUM ? 4 : 2;
}

/**
 * The width of buckets: the power of two nearest to the wanted one, because that divides whole times exactly. By doubling,
 * because no library function is the same everywhere.
 */
export function widthFor(wanted: number): number {
  let width = 1;
  while (width * Math.SQRT2 < wanted && width < LARGEST_WIDTH) width *= 2;
  return width;
}

/**
 * The mean gap expected between the first `count` of `slots`, none of them before `earliest`: twice the median distance
 * of up to 64 sampled events, over their number. Exact for evenly spread times; a median does not see a few far timers.
 */
export function guessGap(records: EventRecords, slots: Int32Array, count: number, earliest: number): number {
  const sample = new Float64Array(Math.min(count, 64));
  for (let i = 0; i < sample.length; i++) {
    sample[i] = records.timeOf(slots[Math.floor((i * count) / sample.length)]!) - earliest;
  }
  sample.sort();
  return Math.max(0.5, (2 * sample[sample.length >> 1]!) / count);
}

/** Pending events up to which heads and records together stay in the inner caches, and in the outer ones. */
const SMALL = 2_048;
const MEDIUM = 32_768;
/** 2^40 microseconds, twelve days. */
const LARGEST_WIDTH = 1_099_511_627_776;
