/** What tools beside the clusters print about themselves: the pipeline's history, and where the balancer sends traffic. */
import type { Scenario } from '../scenario/document.ts';
import { clockOf } from '../scenario/clock.ts';
import { kubectlTable } from './console/table.ts';
import type { ChangeView } from './drill-view.ts';

/** `pipeline history`, latest first. */
export function changesText(changes: readonly ChangeView[], zero: string): string {
  if (changes.length === 0) return 'pipeline: nothing was changed lately';
  return kubectlTable(
    ['TIME', 'CLUSTER', 'CHANGE'],
    changes.map(({ t, cluster, text }) => [clockOf(zero, t), cluster ?? '-', text]),
  );
}

/** `lb status`: what the balancer has been told, which it knows of itself. */
export function trafficText({ clusters }: Scenario, users: { isAvoided(site: number): boolean }): string {
  const rows = clusters
    .map(({ id, traffic }, site) => ({ id, traffic, isAvoided: users.isAvoided(site) }))
    .filter(({ traffic }) => traffic > 0)
    .map(({ id, isAvoided }) => [id, isAvoided ? 'avoided' : 'normal']);
  return kubectlTable(['CLUSTER', 'TRAFFIC'], rows);
}
