/** What a reader of a result must know before relying on it: parameters outside the range they were measured in, and what was written and cannot be. */
import { minutes } from '@brownout/core';
import type { Scenario } from './document.ts';
import { reductionWarnings } from './reduction.ts';

/** LIST costs were measured up to this many pods, on one core. */
const MEASURED_PODS = 50_000;

/** Warnings for the parameters of a scenario. */
export function warningsFor(scenario: Scenario): string[] {
  const warnings = reductionWarnings(scenario);
  for (const cluster of scenario.clusters) {
    const pods = cluster.nodes * cluster.podsPerNode;
    if (pods > MEASURED_PODS) {
      warnings.push(
        `cluster ${cluster.id} stores ${pods} pods; LIST costs were measured up to ${MEASURED_PODS} and are extrapolated linearly`,
      );
    }
  }
  const most = Math.max(...scenario.clusters.map((cluster) => cluster.apiServers.cores));
  if (most > 1) {
    warnings.push(`unit costs were measured on 1 core and are used for API servers with up to ${most} cores`);
  }
  return [...warnings, ...waveWarnings(scenario)];
}

/** Waves begin in the order in which they are written, whatever their times say. */
function waveWarnings({ rollout }: Scenario): string[] {
  const warnings: string[] = [];
  let latest = -Infinity;
  rollout?.waves.forEach(({ at }, index) => {
    if (at !== undefined && at < latest) {
      const [written, begins] = [at, latest].map((time) => `${Number((time / minutes(1)).toFixed(2))} min`);
      warnings.push(
        `rollout.waves[${index}].at is ${written}, before a wave that is written before it: waves begin in their order, so this one begins at ${begins} or later`,
      );
    }
    latest = Math.max(latest, at ?? -Infinity);
  });
  return warnings;
}
