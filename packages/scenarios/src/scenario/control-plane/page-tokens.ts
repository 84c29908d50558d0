/**
 * What becomes of LISTs that are turned page by page while etcd is compacted: every page is of the version of the first, which
 * its continue token names, and when that is gone the answer is 410. client-go's pager then asks for everything in one answer
 * (tools/pager/pager.go, FullListIfExpired), and every client here is taken to page with it.
 */
import { noTime, type Simulation } from '@brownout/core';
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import { CompactionMarks } from '../../kubernetes/etcd/compaction-marks.ts';
import { storageOf } from '../../kubernetes/profiles/options.ts';
import type { KubernetesSettings } from '../../kubernetes/profiles/settings.ts';
import type { ControlPlaneScenario } from './document.ts';
import { type AnyRequester, pageNames, pagesOf } from './operations.ts';

/** Tokens of the LISTs of one kind of client. */
export interface PageTokens {
  /** Numbers of its operations: a page that is told 410, and the LIST of everything. */
  readonly expired: number;
  readonly whole: number;
  /** Version that a page served now is of. */
  version(): number;
  /** Whether a version is gone. */
  isGone(version: number): boolean;
}

/** Follows the compactor of a control plane some of whose clients turn pages; nothing happens where none does. */
export function pageTokens(
  simulation: Simulation,
  scenario: ControlPlaneScenario,
  settings: KubernetesSettings,
  controlPlane: ControlPlane,
): (client: AnyRequester) => PageTokens | undefined {
  const turnsPages = (client: AnyRequester): boolean => pagesOf(scenario, client) > 1;
  const { etcd, operations } = controlPlane;
  const marks = new CompactionMarks();
  const { compactionInterval } = storageOf(settings);
  if (compactionInterval > noTime && scenario.clients.some((client) => 'request' in client && turnsPages(client))) {
    const turn = simulation.event('compaction of etcd', () => {
      marks.turn(etcd.revision);
      turn.after(compactionInterval);
    });
    turn.after(compactionInterval);
  }
  return (client) => {
    if (!turnsPages(client)) return undefined;
    const { expired, whole } = pageNames(client.name);
    return {
      expired: operations.number(expired),
      whole: operations.number(whole),
      version: () => etcd.revision,
      isGone: (version) => marks.isCompacted(version),
    };
  };
}
