/**
 * What clients that turn pages need besides the pages: how long the version of a first page lives, and what is asked for when it
 * is gone (kubernetes/requests/paged-lists.ts). Every client here is taken to page with client-go's pager.
 */
import { noTime, type Simulation } from '@brownout/core';
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import { CompactionMarks } from '../../kubernetes/etcd/compaction-marks.ts';
import { storageOf } from '../../kubernetes/profiles/options.ts';
import type { KubernetesSettings } from '../../kubernetes/profiles/settings.ts';
import type { StoredVersions } from '../../kubernetes/requests/paged-lists.ts';
import type { ControlPlaneScenario } from './document.ts';
import { type AnyRequester, pageNames, pagesOf } from './operations.ts';

/** Tokens of the LISTs of one kind of client. */
export interface PageTokens {
  /** Numbers of its operations: a page that is told 410, and the LIST of everything. */
  readonly expired: number;
  readonly whole: number;
  readonly versions: StoredVersions;
}

/**
 * Follows the compactor of a control plane some of whose clients turn pages; nothing happens where none does. Such a control
 * plane has no database file, so the compactor's own put at every turn is counted here.
 */
export function pageTokens(
  simulation: Simulation,
  scenario: ControlPlaneScenario,
  settings: KubernetesSettings,
  controlPlane: ControlPlane,
): (client: AnyRequester) => PageTokens | undefined {
  const turnsPages = (client: AnyRequester): boolean => pagesOf(scenario, client) > 1;
  const { etcd, operations } = controlPlane;
  const marks = new CompactionMarks();
  let puts = 0;
  const { compactionInterval } = storageOf(settings);
  if (compactionInterval > noTime && scenario.clients.some((client) => 'request' in client && turnsPages(client))) {
    const turn = simulation.event('compaction of etcd', () => {
      puts++;
      marks.turn(etcd.revision + puts);
      turn.after(compactionInterval);
    });
    turn.after(compactionInterval);
  }
  const versions: StoredVersions = {
    version: () => etcd.revision + puts,
    isGone: (version) => marks.isCompacted(version),
  };
  return (client) => {
    if (!turnsPages(client)) return undefined;
    const { expired, whole } = pageNames(client.name);
    return {
      expired: operations.number(expired),
      whole: operations.number(whole),
      versions,
    };
  };
}
