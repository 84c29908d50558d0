/** What a reader of a result must know before relying on it: parameters outside the range they were measured in. */
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
  return warnings;
}
