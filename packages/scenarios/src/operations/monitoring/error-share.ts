/** The share of API requests that fail, as their clients see it. */
import type { ApiCounts } from '../site.ts';

/** Share of attempts that failed between two readings; attempts that only wait count as failing when none has ended. */
export function errorShare(before: ApiCounts, now: ApiCounts): number {
  const ended = now.ended - before.ended;
  if (ended > 0) return (ended - (now.ok - before.ok)) / ended;
  return now.waiting > 0 ? 1 : 0;
}
