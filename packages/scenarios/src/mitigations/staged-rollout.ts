/** Mitigation: the same change in waves, from the smallest cluster to the largest, watched where it can do harm. */
import { defineMitigation, type Mitigation, type ScenarioDraft } from '../scenario/mitigation.ts';
import { formatTime } from '../scenario/format.ts';
import { numberOf, shareOf, timeOf } from './stated.ts';
import { stricterGate } from './stricter-gate.ts';

type Rollout = NonNullable<ScenarioDraft['rollout']>;
type Bake = NonNullable<Rollout['waves'][number]['bake']>;
type Cluster = ScenarioDraft['clusters'][number];

/** Shares of the nodes that a large cluster goes through. */
const NODE_SHARES: readonly number[] = [0.01, 0.1, 0.5, 1];
/** Over how long the gate measures: long enough for one round of an agent that asks once a minute. */
const GATE_WINDOW = '1 min';

/** Rolls out in waves with bake times and a health gate on the control plane. */
export const stagedRollout: Mitigation = defineMitigation({
  id: 'staged-rollout',
  theme: 'rollout',
  title: 'Staged rollout with a control-plane gate',
  what: 'The change goes to staging, then to one cluster after the other in ascending size, large ones by 1 %, 10 %, 50 % and all of their nodes; a busy or failing API server stops it, and the pipeline takes it back.',
  costs: 'The rollout takes the bake time for every wave: hours where it took minutes, for urgent fixes too.',
  leavesOut:
    'Harm that shows later than the bake time, or not at the API servers; and taking the change back needs the API of the cluster that is in trouble.',
  parameters: {
    bake: { kind: 'duration', default: '30 min', description: 'how long a wave runs before the next begins' },
    cpuGate: {
      kind: 'share',
      default: 0.2,
      description: 'API-server CPU above which it stops; the next wave may multiply the load by ten',
    },
    errorGate: { kind: 'share', default: 0.02, description: 'share of failing API requests above which it stops' },
    splitAbove: { kind: 'count', default: 1000, description: 'nodes above which a cluster gets the change by shares' },
  },
  apply(draft, { bake, cpuGate, errorGate, splitAbove }) {
    const { rollout } = draft;
    if (rollout === null) return;
    const { waves } = rollout;
    const steps = clustersOf(rollout, draft.clusters).flatMap(({ id, nodes }) =>
      sharesOf(waves, String(id), sizeOf(nodes) > splitAbove).map((nodesShare) => ({ clusters: [id], nodesShare })),
    );
    const start = waves[0]?.at;
    const waits = longerOf(bake, longestBake(waves));
    rollout.waves = steps.map((step, index) => {
      if (index > 0) return { ...step, bake: waits };
      return start === undefined ? step : { ...step, at: start };
    });
    rollout.gate = stricterGate(rollout.gate, { cpu: cpuGate, errors: errorGate, window: GATE_WINDOW });
  },
});

/** Shares that a cluster goes through: those it went through as it was, and the usual ones where it is large. */
function sharesOf(waves: Rollout['waves'], id: string, isLarge: boolean): number[] {
  const stated = waves
    .filter(({ clusters }) => clusters.includes(id))
    .map(({ nodesShare }) => shareOf(nodesShare ?? 1) ?? 1);
  return [...new Set([...stated, ...(isLarge ? NODE_SHARES : [1])])].sort((a, b) => a - b);
}

/** The longest time that a wave of the document waits for the one before it, by the clock or once that has settled. */
function longestBake(waves: Rollout['waves']): Bake | undefined {
  const stated = waves.map(({ bake, at }, index) => {
    const [start, before] = [timeOf(at), timeOf(waves[index - 1]?.at)];
    return start === undefined || before === undefined ? bake : formatTime(Math.max(0, start - before));
  });
  return stated.reduce<Bake | undefined>(
    (longest, one) => ((timeOf(one) ?? -1) > (timeOf(longest) ?? -1) ? one : longest),
    undefined,
  );
}

function longerOf(asked: string, stated: Bake | undefined): Bake {
  return stated !== undefined && (timeOf(stated) ?? 0) >= (timeOf(asked) ?? 0) ? stated : asked;
}

/** The clusters that the rollout reaches: staging first, then by size. */
function clustersOf(rollout: Rollout, clusters: readonly Cluster[]): Cluster[] {
  const reached = new Set(rollout.waves.flatMap((wave) => wave.clusters));
  const rank = (cluster: Cluster): number => (cluster.role === 'staging' ? -1 : sizeOf(cluster.nodes));
  return clusters.filter(({ id }) => reached.has(id)).sort((a, b) => rank(a) - rank(b));
}

/** The number inside a stated count; 0 for what the schema will refuse anyway. */
function sizeOf(nodes: unknown): number {
  return numberOf(nodes) ?? 0;
}
