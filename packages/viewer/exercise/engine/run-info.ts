/** What the page is told about a run before it begins. Runs in the worker. */
import { clockOf, documentHash, incidents, parseScenario } from '@brownout/scenarios';
import { secondsOfDay } from '../../page/time.ts';
import type { CatalogueEntry, RunInfo } from './protocol.ts';
import type { ReadRequest } from './read-source.ts';

/** The incidents that come with the page, newest first, the generic one last. */
export function catalogue(): CatalogueEntry[] {
  return incidents
    .map(({ id, title, summary, document }) => {
      const { clusters } = parseScenario(document(), id);
      return { id, title, summary, nodes: clusters.reduce((sum, { nodes }) => sum + nodes, 0) };
    })
    .reverse();
}

/** The facts about a document; `endSeconds` may be earlier than its horizon. */
export function runInfo(
  { document, scenario }: ReadRequest,
  seed: string,
  { endSeconds, frameSeconds, layout }: Pick<RunInfo, 'endSeconds' | 'frameSeconds' | 'layout'>,
): RunInfo {
  return {
    title: scenario.title,
    summary: scenario.summary,
    documentHash: documentHash(document),
    seed,
    clock: { zone: scenario.clock.zone, zeroOfDay: secondsOfDay(clockOf(scenario.clock.zero, 0)) },
    startSeconds: scenario.horizon.start / 1_000_000,
    endSeconds,
    frameSeconds,
    layout,
    clusters: scenario.clusters.map((cluster) => ({
      id: cluster.id,
      role: cluster.role,
      nodes: cluster.nodes,
      apiServers: cluster.apiServers.replicas,
    })),
    products: scenario.users.products.map(({ id, title }) => ({ id, title })),
    dns: scenario.dns.registry === null ? 'core-dns' : 'registry',
    agent: scenario.agent.name,
  };
}
