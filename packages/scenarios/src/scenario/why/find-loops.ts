/**
 * The feedback loops of a run: every candidate is measured in every cluster. A loop that was never at work is part of the
 * result too, as not seen, so that a reader can tell what was looked for.
 */
import { median } from '@brownout/core';
import { type Loop, type LoopCandidate, type LoopGain, noticedGain, sustainingGain } from './loop.ts';
import type { LoopHistory } from './loop-history.ts';
import { clientRetries } from './loops/client-retries.ts';
import { coldCaches } from './loops/cold-caches.ts';
import { dnsRefreshes } from './loops/dns-refreshes.ts';
import { livenessKills } from './loops/liveness-kills.ts';
import { nodeHeartbeats } from './loops/node-heartbeats.ts';
import { reconnectStorm } from './loops/reconnect-storm.ts';
import { startUpStampede } from './loops/start-up-stampede.ts';
import { wastedWork } from './loops/wasted-work.ts';

/** All candidates, those that pass failures from server to server first. */
export const loopCandidates: readonly LoopCandidate[] = [
  reconnectStorm,
  coldCaches,
  livenessKills,
  clientRetries,
  wastedWork,
  dnsRefreshes,
  nodeHeartbeats,
  startUpStampede,
];

/** Loops of all clusters, cluster by cluster. `after` turns an instant of the run into seconds after the trigger. */
export function findLoops(histories: readonly LoopHistory[], after: (instant: number) => number): Loop[] {
  return histories.flatMap((history) => loopCandidates.map((candidate) => measureLoop(candidate, history, after)));
}

/** One candidate in one cluster. */
export function measureLoop(candidate: LoopCandidate, history: LoopHistory, after: (instant: number) => number): Loop {
  const { id, name, from, to } = candidate;
  const { gains, overall, evidence } = candidate.measure(history);
  const { windows } = history;
  const isActive = (index: number): boolean => gains[index]! > noticedGain;
  const active = windows.flatMap((_, index) => (isActive(index) ? [index] : []));
  const values = active.map((index) => gains[index]!);
  const gone = causeGone(history);
  const later = active.filter((index) => gone >= 0 && index >= gone);
  const [first, last] = [active[0], active.at(-1)];
  return {
    cluster: history.site.id,
    id,
    name,
    from,
    to,
    seen: active.length > 0,
    gain: active.length === 0 ? null : gainOf(values, overall),
    firstSeen: first === undefined ? null : after(windows[first]!.start),
    lastSeen: last === undefined ? null : after(windows[last]!.start),
    activeSeconds: active.length * MINUTE,
    activeAfterCauseSeconds: gone < 0 ? null : later.length * MINUTE,
    sustainedSeconds: gone < 0 ? null : later.filter((index) => gains[index]! >= sustainingGain).length * MINUTE,
    evidence: Object.fromEntries(Object.entries(evidence).map(([key, value]) => [key, rounded(value)])),
  };
}

function gainOf(values: readonly number[], overall: number | undefined): LoopGain {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    overall: rounded(overall ?? mean),
    median: rounded(median(values)),
    peak: rounded(Math.max(...values)),
  };
}

const MINUTE = 60;

/** First whole window without an agent after there were some; -1 when they never came, or are still there at the end. */
function causeGone({ windows }: LoopHistory): number {
  const last = windows.findLastIndex(({ agents }) => agents > 0);
  return last < 0 || last === windows.length - 1 ? -1 : last + 1;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
