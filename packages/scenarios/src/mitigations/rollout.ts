/** Mitigations in how the change reaches the clusters, besides its waves (staged-rollout.ts). */
import { fewestRequests } from '../operations/playbook/admin-access.ts';
import { defineMitigation, type Mitigation, type ScenarioDraft } from '../scenario/mitigation.ts';
import { formatTime } from '../scenario/format.ts';
import { hasUsualSteps, writtenSteps } from './playbook-steps.ts';
import { stricterGate } from './stricter-gate.ts';
import { numberOf, timeOf, isLonger } from './stated.ts';

type Wave = NonNullable<ScenarioDraft['rollout']>['waves'][number];

/** Pause of a step that does not say (scenario/sections/playbook-step.ts). */
const USUAL_PAUSE = '1 min';

/** The smallest clusters first, and a pause before all others. */
export const canaryClusters: Mitigation = defineMitigation({
  id: 'canary-clusters',
  theme: 'rollout',
  title: 'Canary clusters',
  what: 'Staging and the smallest production clusters get the change first; the others follow after a bake time, in their old order, each wave once the one before has settled.',
  costs: 'The bake time, for urgent fixes too, and users of the canary clusters who are its first victims.',
  leavesOut:
    'Nobody looks unless a gate or an alert does; and load that grows with the cluster is smallest exactly where the canary looks.',
  parameters: {
    clusters: { kind: 'count', default: 1, description: 'production clusters that are canaries' },
    bake: { kind: 'duration', default: '1 h', description: 'from the settled canaries to the next wave' },
  },
  apply({ rollout, clusters: all }, { clusters, bake }) {
    if (rollout === null) return;
    const reached = new Set(rollout.waves.flatMap((wave) => wave.clusters));
    const bySize = all
      .filter(({ id, role }) => reached.has(id) && role !== 'staging')
      .sort((a, b) => (numberOf(a.nodes) ?? 0) - (numberOf(b.nodes) ?? 0));
    // With one cluster there is nobody to go before.
    const chosen = bySize.slice(0, Math.min(clusters, bySize.length - 1)).map(({ id }) => id);
    const staging = all.filter(({ id, role }) => reached.has(id) && role === 'staging').map(({ id }) => id);
    const canaries = [...staging, ...chosen];
    if (canaries.length === 0 || canaries.length === reached.size) return;
    const rest = rollout.waves
      .map((wave) => ({ ...wave, clusters: wave.clusters.filter((id) => !canaries.includes(id)) }))
      .filter((wave) => wave.clusters.length > 0);
    const first: Wave = { ...withoutTimes(rollout.waves[0]!), clusters: canaries, ...startOf(rollout.waves[0]!) };
    delete first.nodesShare;
    if (rollout.order === 'random') first.place = 'fixed';
    rollout.waves = [
      first,
      ...rest.map((wave, index) => (index === 0 ? { ...withoutTimes(wave), bake } : follow(wave, rest[index - 1]!))),
    ];
  },
});

/** A gate that takes the change back by itself. */
export const healthGates: Mitigation = defineMitigation({
  id: 'health-gates',
  theme: 'rollout',
  title: 'Health gate on the control plane',
  what: 'While the change goes out, a gate watches CPU and failed requests of the API servers it has reached; above either limit the pipeline stops and takes the change back.',
  costs: 'False alarms stop harmless changes; somebody has to keep the limits.',
  leavesOut:
    'It stops what has not begun: where all clusters get the change at once, or a wave kills within its window, it closes too late; and taking the change back needs the API that drowns.',
  parameters: {
    cpuGate: { kind: 'share', default: 0.5, description: 'API-server CPU above which it stops' },
    errorGate: { kind: 'share', default: 0.02, description: 'share of failing API requests above which it stops' },
    window: { kind: 'duration', default: '1 min', description: 'over how long both are measured' },
  },
  apply({ rollout }, { cpuGate, errorGate, window }) {
    if (rollout === null || timeOf(window) === 0) return;
    rollout.gate = stricterGate(rollout.gate, { cpu: cpuGate, errors: errorGate, window });
  },
});

/** The way back prepared and rehearsed. */
export const fasterRollback: Mitigation = defineMitigation({
  id: 'faster-rollback',
  theme: 'rollout',
  title: 'Prepared roll-back',
  what: 'Taking the change back is one request instead of several, given up and repeated within seconds over a new connection: it fits through a door that opens between two deaths of an API server.',
  costs:
    'A script for every change, rehearsed; and one more client that does not let go of a busy API server. It is a gamble: each try may meet the door closed.',
  leavesOut: 'A door that does not open at all. The agents that run stay until their kubelets have heard of it.',
  parameters: {
    requests: { kind: 'count', default: 1, description: 'API requests of one try, at most' },
    pause: { kind: 'duration', default: '10 s', description: 'between two tries, at most' },
    requestTimeout: { kind: 'duration', default: '10 s', description: 'patience with one request, at most' },
  },
  apply({ operators }, { requests, pause, requestTimeout }) {
    const { rollback } = operators;
    const fewest = Math.max(1, requests);
    if (hasUsualSteps(operators)) {
      if ((numberOf(rollback.requests) ?? 0) > fewest) rollback.requests = fewest;
      if (isLonger(rollback.pause, pause)) rollback.pause = pause;
    }
    if (timeOf(requestTimeout) !== 0 && isLonger(rollback.requestTimeout, requestTimeout)) {
      rollback.requestTimeout = requestTimeout;
    }
    for (const step of writtenSteps(operators)) {
      if (step.action !== 'roll-back' && step.action !== 'delete-daemonset') continue;
      if ((numberOf(step.requests ?? fewestRequests(step.action)) ?? 0) > fewest) step.requests = fewest;
      if (isLonger(step.retry?.pause ?? USUAL_PAUSE, pause)) step.retry = { ...step.retry, pause };
    }
  },
});

/** A wave that waits for the one before it as long as it did by the clock. */
function follow(wave: Wave, before: Wave): Wave {
  const [at, start] = [timeOf(wave.at), timeOf(before.at)];
  if (at === undefined) return wave;
  return { ...withoutTimes(wave), bake: formatTime(Math.max(0, at - (start ?? at))) };
}

function withoutTimes({ at: _at, bake: _bake, ...wave }: Wave): Wave {
  return wave;
}

function startOf({ at, bake }: Wave): Partial<Wave> {
  return { ...(at === undefined ? {} : { at }), ...(bake === undefined ? {} : { bake }) };
}
