/** Lengths of the batches and windows in which leases are renewed together; see lease-aggregate.ts. */
import type { Duration } from '@brownout/core';

/** Lengths of batches and windows. */
export interface LeaseAggregateOptions {
  /** Renewals due within so long are one batch. */
  readonly batch: Duration;
  /** From one window to the next, and how long each is: whole numbers of batches. */
  readonly windowEvery: Duration;
  readonly window: Duration;
  /** A renewal that takes longer, or fails, is trouble. */
  readonly calmLatency: Duration;
  /** Told how long each renewal took from request to answer, in microseconds; those that failed first are left out. */
  readonly onRenewed?: (latency: number) => void;
}

/** Batches of 100 ms, and half a second in ten one by one. */
export const usualLeaseAggregate: LeaseAggregateOptions = {
  batch: 100_000 as Duration,
  windowEvery: 10_000_000 as Duration,
  window: 500_000 as Duration,
  calmLatency: 50_000 as Duration,
};

/**
 * The same for control planes with all their parts, whose clocks go by whole seconds: at each of them cores are taken for
 * two milliseconds by bookmarks, and batches of 100 ms would look at the servers just then, every time. Three batches in a
 * hundred go one by one.
 */
export const unevenLeaseAggregate: LeaseAggregateOptions = {
  ...usualLeaseAggregate,
  batch: 97_000 as Duration,
  windowEvery: 9_700_000 as Duration,
  window: 291_000 as Duration,
};

/** Throws when lengths make no sense. */
export function checkLeaseAggregate(
  name: string,
  { batch, window, windowEvery, calmLatency }: LeaseAggregateOptions,
): void {
  if (!(batch > 0)) throw new RangeError(`lease aggregate "${name}": batch must be > 0, got ${batch} us`);
  if (!(window >= batch && window % batch === 0)) {
    throw new RangeError(`lease aggregate "${name}": window must be a multiple of ${batch} us, got ${window} us`);
  }
  if (!(windowEvery > window && windowEvery % batch === 0)) {
    const expected = `a multiple of ${batch} us and > ${window} us`;
    throw new RangeError(`lease aggregate "${name}": windowEvery must be ${expected}, got ${windowEvery} us`);
  }
  if (!(calmLatency > 0)) {
    throw new RangeError(`lease aggregate "${name}": calmLatency must be > 0, got ${calmLatency} us`);
  }
}
