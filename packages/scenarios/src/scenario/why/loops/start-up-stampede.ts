/**
 * Processes that start at the same time download what they need through a shared limit; those that take too long give up
 * and begin again from nothing, and what they had got was for nothing.
 *
 * Gain: the share of what the limit let through in a window that was thrown away. Each download that times out begins
 * again, and takes as much from the others as it gets; when n together need longer than a time-out, all of it is thrown
 * away, nobody finishes, and the gain is 1.
 *
 * Bias: bytes are thrown away when the time-out comes, up to a time-out after they came, so ratios are taken over three
 * windows. Needs a model of such downloads, which hands its books to `LoopHistory.readDownloads`; without one it cannot be seen.
 */
import type { LoopHistory } from '../loop-history.ts';
import type { LoopCandidate } from '../loop.ts';

/** Windows over which the ratio is taken. */
const SPAN = 3;

/** See above. */
export const startUpStampede: LoopCandidate = {
  id: 'start-up-stampede',
  name: 'start-up stampede',
  from: 'downloads time out',
  to: 'they begin again',
  measure: (history: LoopHistory) => {
    const { windows } = history;
    let timedOut = 0;
    const gains = windows.map(({ downloads }, index) => {
      timedOut += downloads.timedOut;
      if (downloads.timedOut === 0) return Number.NaN;
      let [came, wasted] = [0, 0];
      for (const one of windows.slice(Math.max(0, index - SPAN + 1), index + 1)) {
        came += one.downloads.bytes;
        wasted += one.downloads.wastedBytes;
      }
      return came === 0 ? 0 : Math.min(1, wasted / came);
    });
    return { gains, evidence: { timedOut } };
  },
};
