/**
 * Which pods of a DaemonSet an update may touch now. Without surge: old pods that are not available go at once, and available
 * ones as far as the unavailable stay within the limit. With surge: a new pod is made beside an old one, the old goes when
 * the new is available.
 * Source: kubernetes/kubernetes pkg/controller/daemon/update.go (rollingUpdate, updatedDesiredNodeCounts). The partition is
 * OpenKruise's Advanced DaemonSet; upstream has none, and stages an update by node labels or with OnDelete.
 */
import type { Duration } from '@brownout/core';
import { type DaemonSetPods, PodState } from './daemon-set-pods.ts';
import type { SyncPlan } from './slow-start.ts';

/** `spec.updateStrategy` and what belongs to it. */
export interface UpdateStrategy {
  /** `OnDelete`: a new template reaches a node when somebody else deletes its pod. Default `RollingUpdate`. */
  readonly type?: 'RollingUpdate' | 'OnDelete';
  /** A number of nodes, or a share such as 0.1 when below 1, rounded up; default 1. */
  readonly maxUnavailable?: number;
  /** The same for pods made beside old ones, rounded up; default 0. */
  readonly maxSurge?: number;
  /** `spec.minReadySeconds` as a time; default none. */
  readonly minReady?: Duration;
  /** Nodes that keep the old template, as in OpenKruise; default 0. */
  readonly partition?: number;
}

/** The state that a plan is made from. */
export interface UpdateSight {
  readonly pods: DaemonSetPods;
  readonly template: number;
  /** 1 on nodes that the DaemonSet selects. */
  readonly isSelected: Uint8Array;
  /** Nodes in the order the controller meets them. */
  readonly order: Int32Array;
  /** In microseconds. */
  readonly now: number;
  /** Whether the failed pod of a node may be deleted now; absent = none has failed. */
  readonly mayDeleteFailed?: (node: number) => boolean;
}

/** The pods that selected nodes lack, those on other nodes, and those that are one too many on a node. */
export function planPods(sight: UpdateSight, strategy: UpdateStrategy): SyncPlan {
  const { pods, isSelected, order, mayDeleteFailed } = sight;
  const creations: number[] = [];
  const deletions: number[] = [];
  for (const node of order) {
    const alive = [2 * node, 2 * node + 1].filter((place) => pods.isAlive(place));
    const failed = pods.failedOf(node);
    if (failed >= 0 && (isSelected[node] === 0 || mayDeleteFailed?.(node) === true)) deletions.push(failed);
    if (isSelected[node] === 0) deletions.push(...alive);
    else if (pods.isEmpty(node)) creations.push(node);
    else if (alive.length === 2) deletions.push(...excess(sight, strategy, node));
  }
  return { creations, deletions };
}

/**
 * Of two pods on a node: without surge the younger goes. With surge two may stay only while the new one is not available
 * and the old one is ready; of two of the same age of template the younger goes.
 */
function excess({ pods, template, now }: UpdateSight, strategy: UpdateStrategy, node: number): number[] {
  const younger = pods.younger(node);
  const fresh = pods.find(node, template, true);
  const old = pods.find(node, template, false);
  if ((strategy.maxSurge ?? 0) === 0 || fresh < 0 || old < 0) return [younger];
  const isDue = pods.state[old] !== PodState.ready || pods.isAvailable(fresh, now, strategy.minReady ?? 0);
  return isDue ? [old] : [];
}

/** A number of nodes from a number or a share. */
export function scaled(value: number, nodes: number): number {
  return value < 1 ? Math.ceil(value * nodes) : Math.floor(value);
}

/** What a RollingUpdate does next: places of pods to delete, and nodes that get a new pod beside their old one. */
export function planUpdate(sight: UpdateSight, strategy: UpdateStrategy): SyncPlan {
  const desired = sight.isSelected.reduce((sum, selected) => sum + selected, 0);
  const maxSurge = scaled(strategy.maxSurge ?? 0, desired);
  const given = scaled(strategy.maxUnavailable ?? 1, desired);
  const maxUnavailable = maxSurge === 0 && given === 0 ? 1 : given;
  const minReady = strategy.minReady ?? 0;
  const kept = heldBack(sight, strategy.partition ?? 0);
  return maxSurge === 0
    ? planWithin(sight, maxUnavailable, minReady, kept)
    : planSurge(sight, maxSurge, minReady, kept);
}

/** How many more nodes may leave the old template before only the partition is left. */
function heldBack({ pods, template, isSelected, order }: UpdateSight, partition: number): number {
  let old = 0;
  for (const node of order) if (isSelected[node] === 1 && pods.find(node, template, false) >= 0) old++;
  return Math.max(0, old - partition);
}

function planWithin(sight: UpdateSight, maxUnavailable: number, minReady: number, most: number): SyncPlan {
  const { pods, template, isSelected, order, now } = sight;
  const replacements: number[] = [];
  const candidates: number[] = [];
  let unavailable = 0;
  for (const node of order) {
    if (isSelected[node] === 0) continue;
    const old = pods.find(node, template, false);
    const fresh = pods.find(node, template, true);
    if (old < 0 === fresh < 0) {
      unavailable++;
    } else if (fresh >= 0) {
      if (!pods.isAvailable(fresh, now, minReady)) unavailable++;
    } else if (!pods.isAvailable(old, now, minReady)) {
      replacements.push(old);
      unavailable++;
    } else if (unavailable < maxUnavailable) {
      candidates.push(old);
    }
  }
  const free = Math.min(Math.max(0, maxUnavailable - unavailable), candidates.length);
  return { deletions: [...replacements, ...candidates.slice(0, free)].slice(0, most), creations: [] };
}

function planSurge(sight: UpdateSight, maxSurge: number, minReady: number, most: number): SyncPlan {
  const { pods, template, isSelected, order, now } = sight;
  const deletions: number[] = [];
  const replacements: number[] = [];
  const candidates: number[] = [];
  let surging = 0;
  for (const node of order) {
    const old = pods.find(node, template, false);
    if (isSelected[node] === 0 || old < 0) continue;
    const fresh = pods.find(node, template, true);
    if (fresh >= 0) {
      if (pods.isAvailable(fresh, now, minReady)) deletions.push(old);
      else surging++;
    } else if (pods.freePlace(node) >= 0) {
      if (!pods.isAvailable(old, now, minReady)) replacements.push(node);
      else if (surging < maxSurge) candidates.push(node);
    }
  }
  const free = Math.min(Math.max(0, maxSurge - surging), candidates.length);
  const begun = deletions.length + surging;
  const creations = [...replacements, ...candidates.slice(0, free)].slice(0, Math.max(0, most - begun));
  return { deletions, creations };
}
