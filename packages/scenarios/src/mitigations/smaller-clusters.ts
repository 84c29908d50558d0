/** Mitigation: several small clusters in the place of a large one. */
import { defineMitigation, type Mitigation, type ScenarioDraft } from '../scenario/mitigation.ts';
import { numberOf } from './stated.ts';

type Cluster = ScenarioDraft['clusters'][number];

/** Clusters that a document may have. */
const MOST_CLUSTERS = 50;

/** Splits clusters above a size. */
export const smallerClusters: Mitigation = defineMitigation({
  id: 'smaller-clusters',
  theme: 'clusters',
  title: 'Smaller clusters instead of one large',
  what: 'Every cluster above a size is split into equal parts, each with API servers, etcd and DNS as the large one had, its share of nodes and traffic, and the change in the same wave: a LIST grows with the cluster, and so does the number of agents that send it.',
  costs: 'As many control planes as parts; services that must reach across clusters; more upgrades, more everything.',
  leavesOut:
    'What is the same in all parts fails in all of them at once, for the change still reaches them together; and people have more clusters to recover one after the other.',
  parameters: {
    nodes: { kind: 'count', default: 1000, description: 'nodes of a cluster at most' },
  },
  apply(draft, { nodes }) {
    const largest = Math.max(1, nodes);
    const parts = new Map<string, string[]>();
    const taken = new Set(draft.clusters.map(({ id }) => id));
    let room = MOST_CLUSTERS - draft.clusters.length;
    const clusters = draft.clusters.flatMap((cluster) => {
      const size = numberOf(cluster.nodes) ?? 0;
      const count = Math.min(Math.ceil(size / largest), room + 1);
      if (count < 2) return [cluster];
      room -= count - 1;
      const split = partsOf(cluster, size, count, taken);
      parts.set(
        cluster.id,
        split.map(({ id }) => id),
      );
      return split;
    });
    if (parts.size === 0) return;
    draft.clusters = clusters;
    for (const wave of draft.rollout?.waves ?? []) wave.clusters = wave.clusters.flatMap((id) => parts.get(id) ?? [id]);
  },
});

function partsOf(cluster: Cluster, size: number, count: number, taken: Set<string>): Cluster[] {
  const traffic = numberOf(cluster.traffic) ?? 0;
  let number = 0;
  return Array.from({ length: count }, (_, index) => {
    const nodes = Math.floor(((index + 1) * size) / count) - Math.floor((index * size) / count);
    let id: string;
    do id = `${cluster.id}-${++number}`;
    while (taken.has(id));
    taken.add(id);
    return { ...cluster, id, nodes, traffic: traffic / count };
  });
}
