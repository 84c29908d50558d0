/** How many events a watcher may be behind before the dispatcher has to wait for it. */
import { seconds } from '@brownout/core';
import { FRESH_WINDOW } from './history-ring.ts';

/** Smallest buffer, and the largest by whether the type has an index and the watcher uses it. */
const SMALLEST = 10;
const LARGEST = { usesIndex: 10, isBesideIndex: 1_000, hasNoIndex: 100 } as const;

/** Whether a type has an index for watchers, and whether a watcher names a value of it. */
export interface WatcherKind {
  readonly typeHasIndex: boolean;
  readonly usesIndex: boolean;
}

/**
 * Room of one buffer in events: what a ring of that capacity takes in a second, within bounds (apiserver,
 * `suggestedWatchChannelSize`). A watcher has two of them in a row, one before and one after its filter.
 */
export function watcherBufferSize(ringCapacity: number, { typeHasIndex, usesIndex }: WatcherKind): number {
  const largest = !typeHasIndex ? LARGEST.hasNoIndex : usesIndex ? LARGEST.usesIndex : LARGEST.isBesideIndex;
  const oneSecond = Math.ceil(ringCapacity / (FRESH_WINDOW / seconds(1)));
  return Math.min(Math.max(oneSecond, SMALLEST), largest);
}
