/** Waits that double: the shape shared by client-go's back-off, the kubelet's lease loop and its crash back-off. */
import { type Duration, power, type Stream } from '@brownout/core';

/** First wait and longest wait of a doubling back-off. */
export interface DoublingBackoff {
  readonly first: Duration;
  readonly longest: Duration;
}

/** The wait after `failures` failures in a row, counted from 0, without jitter. */
export function waitAfter(failures: number, backoff: DoublingBackoff): Duration {
  return Math.min(backoff.first * power(2, Math.min(failures, 40)), backoff.longest) as Duration;
}

/** The same with client-go's jitter of 1.0: as much again at random, so 30 to 60 s at a cap of 30 s. */
export function jitteredWaitAfter(failures: number, backoff: DoublingBackoff, stream: Stream): Duration {
  return Math.round(waitAfter(failures, backoff) * (1 + stream.uniform())) as Duration;
}
