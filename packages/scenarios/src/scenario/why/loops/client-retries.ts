/**
 * Clients that repeat what failed: failed attempts lead to more attempts, which take capacity from others, which fail.
 *
 * Let `k` be the repetitions that one failure leads to, by client group, and `s` the share of the group in the work on the
 * cores. While cores or seats are exhausted, one attempt more crowds out as much work as it brings; taking the victim at
 * random among what is on the cores, `sum of s k` repetitions follow, so that is the gain (the dominant eigenvalue of the
 * next-generation matrix, which has rank one when victims are random). While they are not, failures are independent of
 * load, and what comes back is the repetition itself if it fails again: `p k` with `p` the share of attempts that fail,
 * the branching ratio of the chain of attempts; it is counted as the share of repetitions among attempts. Windows in between are weighted by the time exhausted.
 *
 * Bias: victims are not random where flow control separates clients, so a gain made of clients in a level of their own is
 * too high for the others; and goodput that falls with load (see wasted-work) is not counted here, so a true gain may be
 * higher. A gain of 1 alone neither grows nor dies out: the backlog drains at the pace of the capacity that is left over.
 */
import type { LoopHistory, LoopWindow } from '../loop-history.ts';
import type { LoopCandidate } from '../loop.ts';

/** So many failures in a window are needed to speak of a ratio. */
const FEW = 10;

/** See above. */
export const clientRetries: LoopCandidate = {
  id: 'client-retries',
  name: 'client retries',
  from: 'attempts fail',
  to: 'clients try again',
  measure: (history: LoopHistory) => {
    const isProbe = history.site.cluster.controlPlane.groups.map(({ name }) => isOwnCheck(name));
    let failures = 0;
    let repeats = 0;
    let attempts = 0;
    const gains = history.windows.map((window) => {
      const counts = countsOf(window, isProbe);
      failures += counts.failed;
      repeats += counts.repeats;
      attempts += counts.sent;
      if (counts.failed < FEW || counts.repeats === 0) return Number.NaN;
      // p k = (failed / attempts) (repetitions / failed)
      const branching = counts.repeats / counts.sent;
      return window.exhausted * crowding(window, isProbe) + (1 - window.exhausted) * branching;
    });
    const first = attempts - repeats;
    return { gains, evidence: { failures, repeats, attempts, attemptsPerRequest: first > 0 ? attempts / first : 1 } };
  },
};

interface Counts {
  readonly sent: number;
  readonly repeats: number;
  readonly failed: number;
}

function countsOf(window: LoopWindow, isLeftOut: readonly boolean[]): Counts {
  let [sent, repeats, failed] = [0, 0, 0];
  window.groups.forEach((group, index) => {
    if (isLeftOut[index] === true) return;
    sent += group.sent;
    repeats += group.repeats;
    failed += group.failed;
  });
  return { sent, repeats, failed };
}

/** Repetitions per failure, by share of the work on the cores; by share of the failures where no work was seen. */
function crowding(window: LoopWindow, isLeftOut: readonly boolean[]): number {
  let weight = 0;
  let gain = 0;
  let [failed, repeats] = [0, 0];
  window.groups.forEach((group, index) => {
    if (isLeftOut[index] === true) return;
    failed += group.failed;
    repeats += group.repeats;
    const share = window.onCores[index] ?? 0;
    if (share === 0) return;
    weight += share;
    if (group.failed > 0) gain += share * Math.min(1, group.repeats / group.failed);
  });
  if (weight > 0) return gain / weight;
  return failed === 0 ? 0 : Math.min(1, repeats / failed);
}

/** Probes and health checks come at their own pace, whatever became of the one before. */
function isOwnCheck(name: string): boolean {
  return name === 'liveness-probe' || name.startsWith('health-check-');
}
