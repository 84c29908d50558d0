/** From the chance of taking longer to the time that a share does not exceed. */
import { checkShare } from './checks.ts';

/** Doublings and halvings: enough for every double, never more. */
const mostSteps = 2_200;

/**
 * The smallest time, to the last few digits, that is exceeded with a chance of at most `1 - share`; `beyond` falls from
 * time 0 on. `scale` is any time of the right order, in seconds.
 */
export function quantileOfTail(part: string, share: number, beyond: (t: number) => number, scale: number): number {
  checkShare(part, 'share', share);
  const left = 1 - share;
  if (beyond(0) <= left) return 0;
  let high = scale;
  let steps = 0;
  while (beyond(high) > left && steps++ < mostSteps) high *= 2;
  let low = 0;
  while (steps++ < mostSteps && high - low > 1e-14 * high) {
    const middle = (low + high) / 2;
    if (beyond(middle) > left) low = middle;
    else high = middle;
  }
  return high;
}
