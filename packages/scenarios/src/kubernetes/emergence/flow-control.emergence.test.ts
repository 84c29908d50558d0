/**
 * What API Priority and Fairness isolates, and what it does not.
 *
 * The day: 400 agents of one DaemonSet (one service account, so one flow of workload-low) list all pods over and over;
 * 500 kubelets renew their leases every 10 s through node-high. One API server, 600 seats, 4 cores. A LIST takes 10
 * seats and 1 s of a core, a renewal one seat and 2 ms, and 1 ms in etcd.
 *
 * Argued before the run, from the algorithm and the costs:
 *
 * - Seats are isolated. Whatever workload-low borrows, node-high keeps its minimum of 73. Fifty renewals a second need
 *   50/s x T seats; they would have to take more than a second each before they used them up. So: no renewal waits for
 *   a seat, none is rejected.
 * - Seats come to the offender with a delay. Idle levels leave workload-low 56 seats: 5 LISTs. The first borrowing step
 *   at 10 s gives it 602 - (258 - 24) = 368: 36 LISTs.
 * - Cores are not isolated. The Go scheduler knows no priority levels: 36 LISTs and a renewal share 4 cores, so its
 *   2 ms take 2 ms x 37/4 = 18.5 ms. With the 5 LISTs of the first ten seconds they take 2 ms x 6/4 = 3 ms.
 * - Memory is not isolated. 36 LISTs hold 36 answers, and when that is more than the process may have, the kubelets'
 *   requests die with it. Five answers fit where 36 do not: the process dies after the borrowing step and not before.
 * - A level that may not borrow is a memory limit: its own seats bound the answers held at once.
 * - One flow fills only its hand: 6 queues of 50. But a full queue rejects only while all seats are in use. LISTs of 8
 *   seats use up 368, so of 400 agents 46 execute, at most 300 wait, and the others hear `queue-full`. LISTs of 10 seats use 360
 *   and never the last 8: no queue is ever full, all 364 wait, and whoever waits for 15 s hears `time-out`.
 * - Another service account of the level has a queue of its own and is served in turn, as if the 400 were one client.
 */
import { type Duration, minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Status, statusNames } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { defaultFlowSchemas } from '../flow-control/default-flow-schemas.ts';
import type { FlowControlSettings } from '../flow-control/configuration.ts';
import { nodeIdentity, serviceAccountIdentity } from '../flow-control/identity.ts';
import { defaultPriorityLevels } from '../flow-control/priority-level.ts';
import { advance, createBench, flatCosts } from '../testing/bench.ts';

const AGENTS = 400;
const KUBELETS = 500;
const LIST = operationNumber('list-pods-cache-json');
const LEASE = operationNumber('lease-update');
const ANSWER = 1_000_000;
const costs = flatCosts({
  'list-pods-cache-json': { cpuMs: 1000, bytes: ANSWER },
  'lease-update': { cpuMs: 2 },
});

/** Agents that ask again as soon as they have an answer, and after what Retry-After says when they have none. */
function startAgents(simulation: Simulation, controlPlane: ControlPlane, name: string, count: number): ClientGroup {
  const group = new ClientGroup({
    name,
    describe: () => ({ ...serviceAccountIdentity({ namespace: 'telemetry', name }), verb: 'list', resource: 'pods' }),
    timeout: seconds(60),
    clients: count,
    isInside: false,
    countsForAvailability: false,
    onReply: (agent, status, retryAfter) => {
      again.after(status === Status.ok ? ms(10) : seconds(Math.max(1, retryAfter)), agent);
    },
  });
  const number = controlPlane.join(group);
  const again = simulation.event(`${name} ask`, (agent) => controlPlane.send(number, agent, LIST), 'arrival');
  for (let agent = 0; agent < count; agent++) again.after(ms(agent), agent);
  return group;
}

/** Kubelets that renew every 10 s, and how long each renewal took: [when it was answered, how long], microseconds. */
function startKubelets(
  simulation: Simulation,
  controlPlane: ControlPlane,
): { readonly group: ClientGroup; readonly waits: readonly (readonly [number, number])[] } {
  const sentAt = new Float64Array(KUBELETS);
  const waits: (readonly [number, number])[] = [];
  const group = new ClientGroup({
    name: 'kubelets',
    describe: (node) => ({
      ...nodeIdentity(`${node}`),
      verb: 'update',
      apiGroup: 'coordination.k8s.io',
      resource: 'leases',
      namespace: 'kube-node-lease',
    }),
    timeout: seconds(10),
    clients: KUBELETS,
    isInside: false,
    countsForAvailability: true,
    onReply: (node, status) => {
      if (status === Status.ok) waits.push([simulation.now, simulation.now - sentAt[node]!]);
    },
  });
  const number = controlPlane.join(group);
  const renew = simulation.event('renew', (node) => {
    renew.after(seconds(10), node);
    sentAt[node] = simulation.now;
    controlPlane.send(number, node, LEASE);
  });
  for (let node = 0; node < KUBELETS; node++) renew.after((node * 20_000) as Duration, node);
  return { group, waits };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function day(
  options: { readonly memory?: number; readonly flowControl?: FlowControlSettings; readonly listSeats?: number } = {},
) {
  const simulation = new Simulation({ seed: 7 });
  const { controlPlane, events } = createBench(simulation, { listSeats: 10, ...options, cores: 4, costs });
  const kubelets = startKubelets(simulation, controlPlane);
  const agents = startAgents(simulation, controlPlane, 'telemetry-agent', AGENTS);
  const level = (name: string) => {
    const { configuration } = controlPlane.servers[0]!.flowControl;
    return controlPlane.servers[0]!.flowControl.levels[configuration.levelNumber(name)]!;
  };
  return { simulation, controlPlane, events, kubelets, agents, level };
}

const failed = (group: ClientGroup): Record<string, number> =>
  Object.fromEntries(statusNames.map((name, status) => [name, group.ended[status]!]).slice(1));
const noFailure = Object.fromEntries(statusNames.slice(1).map((name) => [name, 0]));

describe('seats are isolated', () => {
  it('no renewal waits for a seat or is rejected, whatever the agents hold', () => {
    const { simulation, controlPlane, kubelets, level } = day();
    for (let second = 0; second < 120; second++) {
      advance(simulation, seconds(1));
      expect(level('node-high').requestsWaiting).toBe(0);
      if (second > 12) expect(level('workload-low').seatsInUse).toBe(360);
    }
    expect(level('workload-low').limit).toBe(368);
    expect(failed(kubelets.group)).toEqual(noFailure);
    controlPlane.checkBooks();
  });

  it.each([
    { listSeats: 8, atLeast: 200, atMost: 300, reason: 'queue-full', never: undefined },
    { listSeats: 10, atLeast: 364, atMost: 364, reason: 'time-out', never: 'queue-full' },
  ] as const)('agents of one flow hear $reason when a LIST takes $listSeats seats', (expected) => {
    const { simulation, level, controlPlane } = day({ listSeats: expected.listSeats });
    advance(simulation, seconds(12));
    let mostWaiting = 0;
    for (let second = 0; second < 60; second++) {
      advance(simulation, seconds(1));
      mostWaiting = Math.max(mostWaiting, level('workload-low').requestsWaiting);
    }
    expect(mostWaiting).toBeGreaterThanOrEqual(expected.atLeast);
    expect(mostWaiting).toBeLessThanOrEqual(expected.atMost);
    expect(level('workload-low').rejected(expected.reason)).toBeGreaterThan(0);
    if (expected.never !== undefined) expect(level('workload-low').rejected(expected.never)).toBe(0);
    controlPlane.checkBooks();
  });

  it('another account of the level is served in turn', () => {
    const { simulation, agents, controlPlane } = day();
    advance(simulation, seconds(30));
    const other = startAgents(simulation, controlPlane, 'other', 1);
    advance(simulation, minutes(1));
    // A turn takes 9 s on the shared cores, and 364 agents wait about 90 s for theirs.
    expect(other.ended[Status.ok]!).toBeGreaterThanOrEqual(3);
    expect(failed(other)).toEqual(noFailure);
    expect(agents.ended[Status.tooManyRequests]!).toBeGreaterThan(100);
  });
});

describe('cores are not', () => {
  it('a renewal takes as many times longer as there are requests for a core', () => {
    const { simulation, kubelets } = day();
    advance(simulation, minutes(2));
    const during = (from: number, to: number): number =>
      median(kubelets.waits.filter(([at]) => at > seconds(from) && at < seconds(to)).map(([, wait]) => wait / 1000));
    // + 1 ms for etcd's fsync; renewals are 20 ms apart and hardly meet.
    expect(during(2, 10)).toBeCloseTo((2 * 6) / 4 + 1, 0);
    expect(during(20, 120)).toBeCloseTo((2 * 37) / 4 + 1, 0);
  });
});

describe('memory is not', () => {
  it('the answers of the borrowed seats kill the process, and the renewals in it', () => {
    const { simulation, controlPlane, events, kubelets } = day({ memory: 30 * ANSWER });
    advance(simulation, seconds(10) - 1);
    expect(events).toEqual([]);
    expect(controlPlane.servers[0]!.peakMemoryBytes).toBe(5 * ANSWER);
    advance(simulation, seconds(1));
    expect(events.map(({ what }) => what)).toEqual(['api-server 0 died: memory telemetry-agent']);
    advance(simulation, seconds(10));
    expect(kubelets.group.ended[Status.refused]! + kubelets.group.inside).toBeGreaterThan(400);
    controlPlane.checkBooks();
  });

  it('36 answers are all there ever are', () => {
    const { simulation, controlPlane, events } = day({ memory: 36 * ANSWER });
    advance(simulation, minutes(3));
    expect(events).toEqual([]);
    expect(controlPlane.servers[0]!.peakMemoryBytes).toBe(36 * ANSWER);
  });

  it('a level of their own that may not borrow holds no more answers than its seats allow', () => {
    // ceil(600 x 25 / 270) = 56 seats, of which one LIST may take ceil(56 x 0.15) = 9: six LISTs at once.
    const shares = { nominalConcurrencyShares: 25, lendablePercent: 0, borrowingLimitPercent: 0 };
    const queuing = { queues: 16, handSize: 4, queueLengthLimit: 50 };
    const flowControl: FlowControlSettings = {
      priorityLevels: [
        ...defaultPriorityLevels,
        { name: 'telemetry', type: 'Limited', ...shares, limitResponse: { type: 'Queue', queuing } },
      ],
      flowSchemas: [
        ...defaultFlowSchemas,
        {
          name: 'telemetry',
          matchingPrecedence: 1000,
          priorityLevel: 'telemetry',
          distinguisherMethod: 'ByUser',
          rules: [
            {
              subjects: [{ kind: 'ServiceAccount', namespace: 'telemetry', name: '*' }],
              resourceRules: [
                { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true },
              ],
            },
          ],
        },
      ],
    };
    const { simulation, controlPlane, events, kubelets } = day({ memory: 30 * ANSWER, flowControl });
    advance(simulation, minutes(3));
    expect(events).toEqual([]);
    expect(controlPlane.servers[0]!.peakMemoryBytes).toBe(6 * ANSWER);
    expect(failed(kubelets.group)).toEqual(noFailure);
    controlPlane.checkBooks();
  });
});
