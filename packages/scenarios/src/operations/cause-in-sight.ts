/** What whoever is paged looks for first: something that was changed, or something that broke. */
import { type Chronicle, noCause } from './chronicle.ts';
import type { Site } from './site.ts';

/** Note of a diagnosis that found nothing. */
export const FALSE_ALARM = 'false alarm: nothing was changed and nothing broke';

/** Whether the rollout has reached a cluster, or a fault has begun. Without either there is nothing to take back or to mend. */
export function isCauseInSight(sites: readonly Site[], chronicle: Chronicle): boolean {
  return (
    sites.some(({ rolloutNote }) => rolloutNote !== noCause) || chronicle.notes.some(({ kind }) => kind === 'fault')
  );
}
