/**
 * A capacity planner's question: how large may a cluster be before this agent takes it down, and how much does a cheaper
 * request buy? Ends with exit code 99 when the planned size does not survive, so that a pipeline can stop a change.
 *
 *   for each size: one cluster, the same API servers, the same rollout -> lost or not
 */
import {
  applyMitigations,
  incidents,
  mitigations,
  parseMitigationList,
  runScenario,
  type ScenarioDocument,
} from 'brownout';

const sizes = [1000, 2000, 3000, 3500, 4000];
const plannedNodes = 3000;
const variants = ['', 'cached-list', 'cached-list+own-node-selector'];

const incident = incidents.find(({ id }) => id === 'openai-2024-12-11')!.document();

function clusterOf(nodes: number): ScenarioDocument {
  const large = incident.clusters.find(({ id }) => id === 'large-2')!;
  return {
    ...incident,
    horizon: { start: '-5 min', end: '15 min' },
    clusters: [{ ...large, id: 'planned', nodes }],
    rollout: { waves: [{ clusters: ['planned'], at: '0 min' }] },
    published: [],
  };
}

console.log(`agent's request                   ${sizes.map((size) => `${size}`.padStart(10)).join('')} nodes`);
for (const variant of variants) {
  const cells = sizes.map((nodes) => {
    const change = applyMitigations(clusterOf(nodes), variant === '' ? [] : parseMitigationList(variant, mitigations));
    const { kpis, series } = runScenario(change.document, { seed: 1 });
    const cpu = Math.max(...series.columns['apiServerCpu.planned']!);
    if (variant === '' && nodes === plannedNodes && kpis['clustersLost'] !== 0) process.exitCode = 99;
    return (kpis['clustersLost'] === 0 ? `${(cpu * 100).toFixed(0)} % CPU` : 'lost').padStart(10);
  });
  console.log(`${(variant === '' ? 'as it was' : variant).padEnd(34)}${cells.join('')}`);
}
