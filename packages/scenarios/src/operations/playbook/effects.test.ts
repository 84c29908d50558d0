/** What each action does to a small cluster. */
import { minutes, ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Status } from '../../kubernetes/requests/api-request.ts';
import { advance, flatCosts } from '../../kubernetes/testing/bench.ts';
import type { PlaybookAction, PlaybookStep } from './playbook.ts';
import { createPlaybookBench, type PlaybookBenchOptions, step, takes } from './testing/bench.ts';

/** Everything begins when the cause is known, four minutes after the alarm. */
const BEGIN = minutes(4);

/** A cluster of twenty nodes whose agents run; the action begins after four minutes. */
function carryOut(
  action: PlaybookAction,
  changes: Partial<PlaybookStep> = {},
  cluster: PlaybookBenchOptions['cluster'] = {},
) {
  return carryOutAll([step(action, changes)], cluster);
}

function carryOutAll(steps: readonly PlaybookStep[], cluster: PlaybookBenchOptions['cluster'] = {}) {
  const bench = createPlaybookBench({
    steps,
    nodes: [20],
    cluster: { agent: { period: seconds(10) }, ...cluster },
  });
  bench.rollOut();
  bench.ring();
  const site = bench.sites[0]!;
  const { controlPlane } = site.cluster;
  const agent = controlPlane.groups.find(({ name }) => name === 'agent')!;
  /** How many of the agent's requests end so within a time. */
  const ended = (status: Status, time: number): number => {
    const before = agent.ended[status]!;
    advance(bench.simulation, time);
    return agent.ended[status]! - before;
  };
  return { ...bench, cluster: site.cluster, controlPlane, agent, ended };
}

describe('the agent', () => {
  it('goes when the change is rolled back or deleted', () => {
    for (const action of ['roll-back', 'delete-daemonset'] as const) {
      const { simulation, cluster, controlPlane, at } = carryOut({ action });
      advance(simulation, BEGIN - 1);
      expect(cluster.daemon.runningCount).toBe(20);
      advance(simulation, minutes(2));
      expect([cluster.daemon.runningCount, cluster.daemonSet.podCount]).toEqual([0, 0]);
      expect(at('last pod of agent deleted')).toBe(5);
      controlPlane.checkBooks();
    }
  });

  it('is put at another priority level, and its requests inside end where they were', () => {
    const { simulation, controlPlane, agent } = carryOut(
      { action: 'flow-schema', priorityLevel: 'catch-all' },
      {},
      { costs: flatCosts({ 'list-pods-etcd-json': { cpuMs: 500, etcdMs: 1 } }) },
    );
    const { configuration } = controlPlane.servers[0]!.flowControl;
    const level = (): string => configuration.priorityLevels[agent.level]!.name;
    advance(simulation, BEGIN);
    expect(level()).toBe('workload-low');
    advance(simulation, seconds(5));
    expect(level()).toBe('catch-all');
    advance(simulation, minutes(5));
    expect(agent.ended[Status.ok]).toBeGreaterThan(100);
    controlPlane.checkBooks();
  });

  it('is answered 403 once its role is gone', () => {
    const { simulation, ended } = carryOut({ action: 'revoke-role' });
    advance(simulation, BEGIN + seconds(5));
    expect(ended(Status.forbidden, minutes(5))).toBeGreaterThan(50);
    expect(ended(Status.ok, minutes(1))).toBe(0);
  });

  it('is throttled by its user agent although no API server lives', () => {
    const { simulation, controlPlane, at, ended } = carryOut(
      { action: 'throttle-user-agent', requestsPerSecond: 0.5 },
      { time: takes(minutes(1)) },
    );
    advance(simulation, minutes(3));
    for (const server of controlPlane.balanced) server.loseMachine();
    advance(simulation, minutes(3));
    expect(at('user agent agent throttled to 0.5 requests a second')).toBe(5);
    for (const server of controlPlane.balanced) server.returnMachine();
    advance(simulation, minutes(2));
    // Two a second would come of 20 agents that ask every 10 s; half a second gets through.
    const served = ended(Status.ok, minutes(10));
    expect(served).toBeLessThanOrEqual(301);
    expect(served).toBeGreaterThan(200);
    expect(ended(Status.tooManyRequests, minutes(1))).toBeGreaterThan(0);
    controlPlane.checkBooks();
  });

  it('is stopped node by node at a pace, and stays stopped although its pods are there', () => {
    const { simulation, cluster } = carryOut({ action: 'stop-agents', nodesPerMinute: 6 });
    advance(simulation, BEGIN + minutes(1));
    expect(cluster.daemon.runningCount).toBe(14);
    advance(simulation, minutes(5));
    expect([cluster.daemon.runningCount, cluster.daemonSet.podCount]).toEqual([0, 20]);
    cluster.blockAdminApi();
    advance(simulation, minutes(5));
    cluster.unblockAdminApi();
    advance(simulation, minutes(5));
    expect(cluster.daemon.runningCount).toBe(0);
  });
});

describe('the size of the cluster', () => {
  it('shrinks at once, or as fast as the cloud takes machines away', () => {
    const share = 0.5;
    const atOnce = carryOut({ action: 'scale-cluster-down', share, nodesPerMinute: Infinity });
    advance(atOnce.simulation, BEGIN + 1);
    expect(atOnce.cluster.kubelets.count).toBe(10);
    const paced = carryOut({ action: 'scale-cluster-down', share, nodesPerMinute: 3 });
    advance(paced.simulation, BEGIN + minutes(2));
    expect(paced.cluster.kubelets.count).toBe(14);
    expect(paced.at('cluster scaled down')).toBeUndefined();
    advance(paced.simulation, minutes(2));
    expect(paced.cluster.kubelets.count).toBe(10);
    expect(paced.at('cluster scaled down by 10 nodes')).toBeCloseTo(4 + 10 / 3, 1);
  });
});

describe('a scale-down that is broken off', () => {
  it('leaves the nodes that have not gone yet, and a later one begins anew', () => {
    const shrink = { action: 'scale-cluster-down', share: 0.5, nodesPerMinute: 3 } as const;
    const { simulation, cluster, at } = carryOutAll([
      step(shrink),
      step({ action: 'stop-scale-down' }, { when: { started: ['scale-cluster-down'], wait: takes(minutes(1.1)) } }),
      step(
        { ...shrink, share: 0.25 },
        { id: 'again', when: { succeeded: ['stop-scale-down'], wait: takes(minutes(5)) } },
      ),
    ]);
    advance(simulation, BEGIN + minutes(6));
    expect(at('scale-down broken off')).toBeCloseTo(5.1, 6);
    expect(cluster.kubelets.count).toBe(17);
    expect(at('cluster scaled down by 3 nodes')).toBeGreaterThan(5.1);
    advance(simulation, minutes(10));
    expect(cluster.kubelets.count).toBe(13);
  });
});

describe('API servers', () => {
  it('become larger under the running process, one after the other, or all at once', () => {
    for (const [manner, fewestReady] of [
      ['in-place', 3],
      ['rolling', 2],
      ['at-once', 0],
    ] as const) {
      const { simulation, controlPlane, at } = carryOut({ action: 'scale-api-servers-up', factor: 2, manner });
      let fewest = 3;
      for (let i = 0; i < 200; i++) {
        advance(simulation, seconds(5));
        fewest = Math.min(fewest, controlPlane.readyCount);
      }
      expect(controlPlane.balanced.map(({ cpu }) => cpu.cores)).toEqual([8, 8, 8]);
      expect(controlPlane.readyCount).toBe(3);
      expect(fewest).toBe(fewestReady);
      expect(at('API servers replaced by machines 2 times as large')).toBeGreaterThanOrEqual(4);
      controlPlane.checkBooks();
    }
  });

  it('become more, as long as there are machines', () => {
    const { simulation, controlPlane, at } = carryOut(
      { action: 'scale-api-servers-out', replicas: 3 },
      {},
      { controlPlane: { spareApiServers: 2 } },
    );
    advance(simulation, BEGIN + minutes(1));
    expect(controlPlane.readyCount).toBe(5);
    expect(controlPlane.balancer.rotation).toEqual([0, 1, 2, 3, 4]);
    expect(at('2 more API servers started')).toBe(4);
    const none = carryOut(
      { action: 'scale-api-servers-out', replicas: 1 },
      { retry: { pause: takes(ms(1)), attempts: 1 } },
    );
    advance(none.simulation, BEGIN + minutes(1));
    expect(none.at('scale-api-servers-out given up after 1 try')).toBe(4);
  });

  it('are restarted; one that waits out its back-off comes back at once', () => {
    const { simulation, controlPlane } = carryOut({ action: 'restart-api-servers', manner: 'at-once' });
    const { servers } = controlPlane;
    advance(simulation, BEGIN - seconds(150));
    // Waits of 10, 20, 40 and 80 s follow, and 10 s to start.
    for (const until of [25, 35, 55, 30]) {
      servers[0]!.kill('liveness');
      advance(simulation, seconds(until));
    }
    expect(servers[0]!.isGone).toBe(true);
    const lives = servers.map(({ life }) => life);
    advance(simulation, seconds(20));
    expect(servers[0]!.isReady).toBe(true);
    advance(simulation, minutes(3));
    expect(controlPlane.readyCount).toBe(3);
    expect(servers.slice(1).map(({ life }, i) => life - lives[i + 1]!)).toEqual([1, 1]);
  });
});

describe('the network', () => {
  it('drops what does not come from inside, or what does not come from the system', () => {
    for (const [letThrough, notReady] of [
      ['nobody', 20],
      ['system', 0],
    ] as const) {
      const { simulation, cluster, agent } = carryOut({ action: 'block-admin-api', letThrough });
      advance(simulation, BEGIN + minutes(5));
      expect(cluster.kubelets.countNotReady()).toBe(notReady);
      const ok = agent.ended[Status.ok]!;
      advance(simulation, minutes(5));
      expect(agent.ended[Status.ok]).toBe(ok);
    }
  });

  it.each([
    ['nobody', 20],
    ['system', 0],
  ] as const)('lets %s through where the document says so, and the step nothing', (blockLetsThrough, notReady) => {
    const { simulation, cluster } = carryOut({ action: 'block-admin-api' }, {}, { blockLetsThrough });
    advance(simulation, BEGIN + minutes(5));
    expect(cluster.kubelets.countNotReady()).toBe(notReady);
  });
});

describe('traffic', () => {
  it('leaves a cluster, and comes back to it', () => {
    const steps = [
      step({ action: 'move-traffic', to: 'away' }, { id: 'away' }),
      step(
        { action: 'move-traffic', to: 'back' },
        { id: 'back', when: { succeeded: ['away'], wait: takes(minutes(9)) } },
      ),
    ];
    const { simulation, ring, avoided, at } = createPlaybookBench({ steps });
    ring();
    advance(simulation, minutes(5));
    expect(avoided).toEqual([true]);
    advance(simulation, minutes(10));
    expect(avoided).toEqual([false]);
    expect(at('traffic steered back')).toBe(13);
  });

  it('is watched from then on: away above a share of errors, back after so much calm', () => {
    const steps = [step({ action: 'steer-traffic', above: 0.1, calm: minutes(5) })];
    const { simulation, ring, failing, times } = createPlaybookBench({ steps, nodes: [5, 5] });
    ring();
    failing[1] = 0.1;
    advance(simulation, minutes(6));
    failing[1] = 0.2;
    advance(simulation, minutes(3));
    failing[1] = 0;
    advance(simulation, minutes(20));
    expect(times('traffic steered')).toEqual([
      [7, 'c1'],
      [14, 'c1'],
    ]);
  });
});

describe('steering', () => {
  it('leaves a cluster its traffic that is only full of what others cannot take', () => {
    const steps = [step({ action: 'steer-traffic', above: 0.1, calm: minutes(5) })];
    const { simulation, ring, failing, ownFailing, times } = createPlaybookBench({ steps, nodes: [5, 5] });
    ring();
    failing[1] = 0.2;
    ownFailing[1] = 0.05;
    advance(simulation, minutes(20));
    expect(times('traffic steered')).toEqual([]);
    ownFailing[1] = 0.15;
    advance(simulation, minutes(2));
    // The look at minute 20 is over.
    expect(times('traffic steered')).toEqual([[21, 'c1']]);
  });
});

describe('what starts up', () => {
  it('finds warm caches, or waits for its turn', () => {
    const steps = [step({ action: 'warm-caches' }), step({ action: 'limit-start-ups', limit: 5 })];
    const { simulation, ring, dataPlane } = createPlaybookBench({ steps });
    ring();
    advance(simulation, minutes(5));
    expect(dataPlane).toEqual(['warm 0', 'limit 0 5']);
  });
});

it('a cluster is well when its alert is silent, and looked at again when it is not', () => {
  const steps = [step({ action: 'verify', looksAt: 'alert' }, { time: takes(minutes(2)) })];
  const { simulation, ring, at } = createPlaybookBench({ steps });
  ring();
  advance(simulation, minutes(8));
  ring(0, false);
  advance(simulation, minutes(5));
  // Looked at after six minutes; a minute later begun anew.
  expect(at('operators call the cluster recovered')).toBe(9);
});
