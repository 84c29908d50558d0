/**
 * Heartbeats that fail make nodes NotReady; controllers then write taints, conditions, EndpointSlices and evictions, and
 * those writes take capacity from heartbeats.
 *
 * Gain: with `p` the share of heartbeats that fail and `s` the share of the work on the cores that is writes by others than
 * kubelets, each failed heartbeat leads to `s / p` of a heartbeat's capacity in writes, in proportion to the heartbeats'
 * own share. While cores are exhausted the gain is `u s / p`, counted only in windows that end with nodes NotReady.
 *
 * Bias: writes of a rollout are in `s` as well, so the gain is too high while one goes on. Plain clusters, without a
 * controller manager, have none of these writes, and the loop cannot be seen there.
 */
import { isHeartbeat, type LoopHistory } from '../loop-history.ts';
import type { LoopCandidate } from '../loop.ts';

/** See above. */
export const nodeHeartbeats: LoopCandidate = {
  id: 'node-heartbeats',
  name: 'nodes given up',
  from: 'heartbeats fail',
  to: 'controllers write about nodes',
  measure: (history: LoopHistory) => {
    if (history.site.cluster.options.complete === undefined) {
      return { gains: history.windows.map(() => Number.NaN), evidence: {} };
    }
    const isBeat = history.site.cluster.controlPlane.groups.map(({ name }) => isHeartbeat(name));
    let failedHeartbeats = 0;
    let mostNotReady = 0;
    const gains = history.windows.map((window) => {
      let [ended, failed] = [0, 0];
      window.groups.forEach((group, index) => {
        if (isBeat[index] !== true) return;
        ended += group.ended;
        failed += group.failed;
      });
      failedHeartbeats += failed;
      mostNotReady = Math.max(mostNotReady, window.nodesNotReady);
      if (window.nodesNotReady === 0 || failed === 0 || window.onCoresTotal === 0) return Number.NaN;
      const writes = window.onCoresWrites / window.onCoresTotal;
      return (window.exhausted * writes) / (failed / ended);
    });
    return { gains, evidence: { failedHeartbeats, mostNotReady } };
  },
};
