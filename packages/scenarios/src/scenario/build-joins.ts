/** Machines that join clusters: from documents to rows that are kept for them, and to the instants at which they come. */
import { delay, type Duration, noTime, type Process, seconds, type Simulation, spawn } from '@brownout/core';
import type { NodeJoin, NodeJoins } from '../kubernetes/nodes/node-joins.ts';
import type { Chronicle } from '../operations/chronicle.ts';
import { type Fault, startFaults } from '../operations/faults.ts';
import type { Site } from '../operations/site.ts';
import type { Scenario } from './document.ts';
import { formatTime } from './format.ts';
import type { NodesJoinSection } from './sections/nodes-join.ts';

/** From registration to a container runtime and a network, where the document does not say (assumed). */
const READY_AFTER = seconds(10);

/** Machines that may join a cluster: those of the document, and where steps give nodes back as many as others may have taken. */
export function joiningNodes({ operators }: Scenario, cluster: Scenario['clusters'][number]): number {
  const { steps = [], also = [] } = operators.playbook ?? {};
  const actions = [...steps, ...also].map(({ action }) => action);
  const stated = (cluster.nodesJoin ?? []).reduce((sum, { count }) => sum + count, 0);
  if (!actions.some(({ action }) => action === 'give-nodes-back')) return stated;
  const taken = actions.reduce((sum, one) => sum + (one.action === 'scale-cluster-down' ? one.share : 0), 0);
  return stated + Math.ceil(Math.min(1, taken) * cluster.nodes);
}

/** Lets the machines of the document come. Each group of them is a cause of its own. */
export function startJoins(
  simulation: Simulation,
  chronicle: Chronicle,
  scenario: Scenario,
  sites: readonly Site[],
): void {
  const faults = scenario.clusters.flatMap(({ nodesJoin = [] }, index) =>
    nodesJoin.map((join) => arrival(simulation, scenario, sites[index]!, join)),
  );
  if (faults.length > 0) startFaults(simulation, chronicle, faults);
}

function arrival(simulation: Simulation, scenario: Scenario, site: Site, join: NodesJoinSection): Fault {
  const { at, count, over = noTime, startTime, readyAfter, objects = 'kubelet' } = join;
  const how: NodeJoin = {
    startTime: startTime ?? { sample: () => noTime },
    readyAfter: readyAfter ?? { sample: () => READY_AFTER },
    objects,
  };
  return {
    at: at - scenario.horizon.start,
    until: Infinity,
    text: `${count} nodes join${over > noTime ? ` over ${formatTime(over)}` : ''}`,
    sites: [site],
    begin: () => {
      const { joins } = site.cluster;
      if (joins === undefined) return;
      if (over === noTime) joins.join(count, how);
      else spawn(simulation, `${site.id} nodes join`, arriving(joins, count, over, how));
    },
    end: () => {},
  };
}

function* arriving(joins: NodeJoins, count: number, over: Duration, how: NodeJoin): Process {
  let passed = 0;
  for (let i = 0; i < count; i++) {
    const due = Math.round((i * over) / count);
    if (due > passed) yield delay((due - passed) as Duration);
    passed = due;
    joins.join(1, how);
  }
}
