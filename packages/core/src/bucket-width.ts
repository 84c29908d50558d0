import type { EventRecords } from './event-records.ts';

/**
 * How wide the calendar's buckets should be: a power of two, because that divides whole times exactly, near twice the
 * mean gap between events. By doubling, because no library function is the same everywhere.
 */
export function widthFor(gap: number): number {
  let width = 1;
  while (width * Math.SQRT2 < gap * 2 && width < LARGEST_WIDTH) width *= 2;
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

/** 2^40 microseconds, twelve days. */
const LARGEST_WIDTH = 1_099_511_627_776;
