/**
 * A planner's question about a cluster of their own: from which size on does this agent take the control plane down, and how
 * much larger may the cluster be on machines twice as large? Everything not stated here comes from the generic scenario
 * `telemetry-rollout`, with its sources; a file states the same under `template: telemetry-rollout`.
 *
 *   rollout -> agent on each of n nodes -> LIST of all n * 20 pods, every 30 s -> 3 API servers -> etcd
 *              n requests a period         each answer grows with n               CPU: n * n; memory: answers at once
 *
 * The work grows with the square of the cluster, so twice the machine should carry not twice but 1.4 times the nodes. And the
 * edge is sharp: past it, API servers are killed for memory, those that are left get their clients, and cores stand idle.
 */
import {
  completeDocument,
  type FailedResource,
  type RunResult,
  runScenario,
  type ScenarioDocument,
  scenarioTemplates,
} from 'brownout';

const machines = [
  { cores: 2, memory: '8 GiB', sizes: [100, 200, 300, 325, 350, 400] },
  { cores: 4, memory: '16 GiB', sizes: [200, 300, 400, 450, 500, 600] },
];
const seeds = [1, 2];
const barWidth = 20;

const firstNames: Record<FailedResource, string> = {
  none: 'nothing',
  'api-server-cpu': 'API CPU',
  'api-server-memory': 'API memory',
  seats: 'API seats',
  'etcd-cpu': 'etcd CPU',
  'etcd-memory': 'etcd memory',
};

function clusterOf(nodes: number, cores: number, memory: string): ScenarioDocument {
  const stated = {
    template: 'telemetry-rollout',
    horizon: { start: '-1 min', end: '10 min' },
    clusters: [{ id: 'mine', nodes, podsPerNode: 20, apiServers: { replicas: 3, cores, memory } }],
    agent: { period: '30 s' },
  };
  return completeDocument(stated, scenarioTemplates) as ScenarioDocument;
}

for (const { cores, memory, sizes } of machines) {
  console.log(`three API servers of ${cores} cores and ${memory}`);
  console.log('nodes  busiest minute              first to run out  killed  lost');
  for (const nodes of sizes) {
    const runs = seeds.map((seed) => runScenario(clusterOf(nodes, cores, memory), { seed }));
    const cpu = mean(runs.map(busiestMinute));
    const bar = '#'.repeat(Math.round(cpu * barWidth)).padEnd(barWidth, '.');
    const first = [...new Set(runs.map(({ firstFailures }) => firstNames[firstFailures[0]!.resource]))].join(', ');
    const killed = mean(runs.map(({ kpis }) => Number(kpis['apiServerOomKills'])));
    const lost = mean(runs.map(({ kpis }) => Number(kpis['clustersLost'])));
    const cells = [`${nodes}`.padStart(5), `${bar} ${percent(cpu)}`, first.padEnd(16)];
    console.log(`${cells.join('  ')}  ${killed.toFixed(0).padStart(6)} ${percent(lost)}`);
  }
  console.log();
}

/** Share of all API-server cores that was busy in the worst minute; servers that are down are idle. */
function busiestMinute({ series }: RunResult): number {
  return Math.max(...series.columns['apiServerCpu.mine']!);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`.padStart(5);
}
