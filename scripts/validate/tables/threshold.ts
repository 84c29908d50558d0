/** One cluster alone, small to large, with the same agent: at which size is it lost? */
import type { ScenarioDocument } from '@brownout/scenarios';
import type { PlanSize, Studied } from '../incident-plan.ts';
import { fixedVariant, type TablePlan } from '../plan.ts';
import { plain } from './variations.ts';

type ClusterDocument = ScenarioDocument['clusters'][number];

/** Sizes that are tried, in nodes. */
export const sizes: readonly number[] = [100, 200, 300, 500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000];

/** Either lost or not, nearly always: ten runs tell. */
const mostReplications = 10;
/** The agent comes at the trigger; a cluster that stands an hour and a half of it stands it. */
const horizon = '90 min';

/**
 * `n<nodes>-class` on the machines of the incident's smallest cluster that has as many nodes, as an operator would size it,
 * and `n<nodes>-largest` on those of its largest cluster whatever the size.
 */
export function thresholdTable({ incident }: Studied, { replications }: PlanSize): TablePlan {
  const document = incident.document();
  if (document.rollout === null) return { id: 'threshold', title: '', variants: [] };
  const often = Math.min(mostReplications, replications);
  const bySize = [...document.clusters].sort((a, b) => Number(plain(a.nodes)) - Number(plain(b.nodes)));
  const largest = bySize.at(-1)!;
  const variant = (nodes: number, kind: string, machine: ClusterDocument) =>
    fixedVariant(
      `n${nodes}-${kind}`,
      `${nodes} nodes on the machines of ${machine.id}`,
      often,
      alone(document, machine, nodes),
    );
  return {
    id: 'threshold',
    title: 'one cluster alone, by size',
    variants: sizes.flatMap((nodes) => {
      const own = bySize.find((cluster) => Number(plain(cluster.nodes)) >= nodes) ?? largest;
      // In the class of the largest cluster both are the same; it is shown under both names and run once.
      return [variant(nodes, 'class', own), variant(nodes, 'largest', largest)];
    }),
  };
}

/** One cluster of that many nodes on the machines of another, which the rollout reaches at the trigger. */
export function alone(document: ScenarioDocument, machine: ClusterDocument, nodes: number): ScenarioDocument {
  const perNode = Number(plain(machine.coreDnsReplicas)) / Number(plain(machine.nodes));
  const cluster: ClusterDocument = {
    ...machine,
    id: 'alone',
    role: 'production',
    nodes,
    traffic: nodes,
    coreDnsReplicas: Math.max(2, Math.ceil(perNode * nodes)),
  };
  return {
    ...document,
    horizon: { start: '-5 min', end: horizon },
    clusters: [cluster],
    rollout: { ...document.rollout!, waves: [{ clusters: [cluster.id], at: '0 min' }] },
    published: [],
  };
}
