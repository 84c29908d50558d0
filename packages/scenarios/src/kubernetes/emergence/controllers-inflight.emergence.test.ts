/**
 * What small in-flight limits (`--max-requests-inflight 20`, `--max-mutating-requests-inflight 10`) do to heartbeats, with
 * and without API Priority and Fairness, under two kinds of load.
 *
 * The day: one API server of 4 cores; 500 kubelets, so 49 renewals a second of 2 ms; 400 agents of one DaemonSet that ask
 * again as soon as they have an answer, and a second after a refusal. They either list (1 s of a core) or create objects
 * (1 s of a core).
 *
 * Argued before the run, against the belief that without priorities a storm of LISTs starves the heartbeats:
 *
 * - Without priorities there are two pools, and a renewal is a write. LISTs fill the 20 places for reads and can never take
 *   one of the 10 for writes. On the cores 20 LISTs and a renewal share 4: the 2 ms take 2 x 21 / 4 = 10.5 ms, so 49 a
 *   second are 0.6 of 10 places. No renewal is refused. What the kubelets read is refused: once a kubelet has fallen into
 *   its loop of GETs it would not get out of it.
 * - Creations fill the 10 places for writes. Each holds its place for 1 s x 10 / 4 = 2.5 s, so 4 places a second come free,
 *   and the next to ask gets each: 400 agents a second, or at most 500 kubelets a second, who also come back a second
 *   after a refusal, inside the client and for no longer than their 10 s. A place that a kubelet gets is free again after
 *   milliseconds, so a free place serves a renewal for each kubelet that asks before an agent does: about 1.2, and about 5
 *   renewals a second in all where 49 are needed. A node gets through once in 100 s: most nodes are not ready.
 * - With priorities the 30 seats are split: node-high 40/245 of them, 5, of which it keeps 4 whatever others need. Renewals
 *   wait for no seat as long as 49 x T < 4, T = 82 ms, and T is a tenth of that in both storms: the agents' level never
 *   has more than the 30 seats less what the others keep, and the cores are shared by fewer requests than above. So no
 *   renewal is refused under either load. Heartbeats of this size need priorities against writes, not against LISTs.
 */
import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { Kubelets } from '../nodes/kubelet.ts';
import { Status } from '../requests/api-request.ts';
import { type OperationName, operationNumber } from '../requests/operation.ts';
import { advance, createBench, flatCosts } from '../testing/bench.ts';

const NODES = 500;
const AGENTS = 400;

function startAgents(
  simulation: Simulation,
  controlPlane: ControlPlane,
  verb: 'list' | 'create',
  operation: OperationName,
): ClientGroup {
  const group = new ClientGroup({
    name: 'agents',
    describe: () => ({
      ...serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' }),
      verb,
      resource: 'pods',
      namespace: 'default',
    }),
    timeout: seconds(60),
    clients: AGENTS,
    isInside: false,
    countsForAvailability: false,
    onReply: (agent, status, retryAfter) => {
      ask.after(status === Status.ok ? ms(10) : seconds(Math.max(1, retryAfter)), agent);
    },
  });
  const number = controlPlane.join(group);
  const ask = simulation.event(
    'agents ask',
    (agent) => controlPlane.send(number, agent, operationNumber(operation)),
    'arrival',
  );
  for (let agent = 0; agent < AGENTS; agent++) ask.after(ms(30_000 + 7 * agent), agent);
  return group;
}

function run(enablePriorityAndFairness: boolean, load: 'lists' | 'creations') {
  const simulation = new Simulation({ seed: 11 });
  const costs = flatCosts({
    'lease-update': { cpuMs: 2 },
    'list-pods-cache-json': { cpuMs: 1000 },
    'pod-create': { cpuMs: 1000 },
  });
  const { controlPlane } = createBench(simulation, {
    cores: 4,
    costs,
    listSeats: 10,
    flowControl: { enablePriorityAndFairness, maxRequestsInflight: 20, maxMutatingRequestsInflight: 10 },
  });
  const kubelets = new Kubelets(
    simulation,
    'bench',
    NODES,
    {
      renewInterval: seconds(10),
      renewJitter: 0.04,
      requestTimeout: seconds(10),
      leaseDuration: seconds(40),
      statusInterval: minutes(5),
      rules: {},
    },
    controlPlane,
    { nodeSynced: () => {} },
  );
  const isLists = load === 'lists';
  const agents = startAgents(
    simulation,
    controlPlane,
    isLists ? 'list' : 'create',
    isLists ? 'list-pods-cache-json' : 'pod-create',
  );
  const leases = controlPlane.groups.find((group) => group.name === 'kubelet-lease')!;
  advance(simulation, minutes(4));
  const [renewed, refused] = [leases.ended[Status.ok]!, leases.ended[Status.tooManyRequests]!];
  advance(simulation, minutes(5));
  controlPlane.checkBooks();
  return {
    renewalsPerSecond: (leases.ended[Status.ok]! - renewed) / 300,
    refusals: leases.ended[Status.tooManyRequests]! - refused,
    notReady: kubelets.countNotReady(),
    agents,
  };
}

describe('without priorities', () => {
  it('a storm of LISTs fills its own pool and leaves heartbeats alone', () => {
    const { renewalsPerSecond, refusals, notReady, agents } = run(false, 'lists');
    expect(agents.ended[Status.tooManyRequests]).toBeGreaterThan(10_000);
    expect(refusals).toBe(0);
    expect(renewalsPerSecond).toBeGreaterThan(48.5);
    expect(notReady).toBe(0);
  });

  it('a storm of creations takes the places of the heartbeats: most nodes are not ready', () => {
    const { renewalsPerSecond, refusals, notReady } = run(false, 'creations');
    expect(refusals).toBeGreaterThan(50_000);
    expect(renewalsPerSecond).toBeGreaterThan(2.5);
    expect(renewalsPerSecond).toBeLessThan(10);
    expect(notReady).toBeGreaterThan(NODES / 2);
  });
});

describe('with priorities and the same 30 places', () => {
  it.each(['lists', 'creations'] as const)('a storm of %s leaves heartbeats alone', (load) => {
    const { renewalsPerSecond, refusals, notReady, agents } = run(true, load);
    expect(agents.ended[Status.tooManyRequests]).toBeGreaterThan(1000);
    expect(refusals).toBe(0);
    expect(renewalsPerSecond).toBeGreaterThan(48.5);
    expect(notReady).toBe(0);
  });
});
