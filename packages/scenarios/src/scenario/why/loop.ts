/** Feedback loops of a run: what one is, and how it is described as plain data. */
import type { LoopHistory } from './loop-history.ts';

/** Names of the loops that are looked for. */
export type LoopId =
  | 'client-retries'
  | 'reconnect-storm'
  | 'cold-caches'
  | 'dns-refreshes'
  | 'liveness-kills'
  | 'start-up-stampede'
  | 'node-heartbeats'
  | 'wasted-work';

/** Gain over the windows in which a loop was at work. */
export interface LoopGain {
  /** Over the whole run: offspring per death where deaths are counted, else the mean of the windows. */
  readonly overall: number;
  readonly median: number;
  readonly peak: number;
}

/** One loop in one cluster, as measured in a run. */
export interface Loop {
  readonly cluster: string;
  readonly id: LoopId;
  readonly name: string;
  /** The loop in words: what leads to more of what, `from` first and back to it. */
  readonly from: string;
  readonly to: string;
  /** False: the loop was never at work, and `gain` is null. */
  readonly seen: boolean;
  /** Effect fed back for each unit of effect: from 1 on the loop keeps itself going, below it dies out. */
  readonly gain: LoopGain | null;
  /** First and last window in which it was at work, seconds after the trigger (starts of windows); null = never. */
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  /** Time at work, in seconds. */
  readonly activeSeconds: number;
  /** Time at work after the cause had been taken away (the last agent had gone); null = it was not taken away. */
  readonly activeAfterCauseSeconds: number | null;
  /** Time with a gain of at least `sustainingGain` after the cause had been taken away; null as above. */
  readonly sustainedSeconds: number | null;
  /** What was counted, by name. */
  readonly evidence: Readonly<Record<string, number>>;
}

/** A mechanism that may be a loop. */
export interface LoopCandidate {
  readonly id: LoopId;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Looks for it in what was recorded of one cluster. */
  measure(history: LoopHistory): LoopMeasurement;
}

/** Gain by window. */
export interface LoopMeasurement {
  /** One value for each window; NaN while the loop is not at work. */
  readonly gains: readonly number[];
  /** Gain of the run as a whole, where the mean of the windows is not it. */
  readonly overall?: number;
  readonly evidence: Readonly<Record<string, number>>;
}

/**
 * Gain from which a loop is said to sustain itself. Exactly one in theory; the estimators look at windows of a minute, in
 * which causes of the one before and effects of the one after are missing.
 */
export const sustainingGain = 0.9;

/** Gains below this are noise of counting. */
export const noticedGain = 0.01;
