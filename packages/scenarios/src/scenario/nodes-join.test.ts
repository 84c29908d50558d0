/** Machines that join, in documents: nothing without them, everything that belongs to a node with them, and what is refused. */
import { describe, expect, it } from 'vitest';
import { smallScenario, withoutTrigger } from '../../test/small-scenario.ts';
import { CompleteControllers } from '../kubernetes/complete-controllers.ts';
import { Closed, Ready } from '../kubernetes/nodes/node-store.ts';
import type { ScenarioDocument } from './document.ts';
import { DocumentError } from './document-error.ts';
import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';
import { ScenarioRun } from './scenario-run.ts';

type Joins = NonNullable<ScenarioDocument['clusters'][number]['nodesJoin']>;

/** One cluster without a change, of a release where one is named. */
function day(nodesJoin?: Joins, profile?: '1.31', nodes = 60): ScenarioDocument {
  const small = withoutTrigger(smallScenario({ nodes }));
  const cluster = { ...small.clusters[1]!, apiServers: { replicas: 3, cores: 4, memory: '32 GiB' } };
  return {
    ...small,
    horizon: { start: '-2 min', end: '8 min' },
    kubernetes: profile === undefined ? small.kubernetes : { ...small.kubernetes, profile },
    clusters: [nodesJoin === undefined ? cluster : { ...cluster, nodesJoin }],
    agent: { ...small.agent, list: { ...small.agent.list, resourceVersion: '0' }, startDelay: '5 s' },
    ...(profile === undefined ? {} : { dns: { registry: null } }),
  };
}

/** The same with an agent that is rolled out at the trigger. */
function withAgent(document: ScenarioDocument): ScenarioDocument {
  return { ...document, rollout: { waves: [{ clusters: ['large'], at: '0 min' }] } };
}

function run(document: ScenarioDocument) {
  const running = new ScenarioRun(document, { seed: 1 });
  const { cluster } = running.world.sites[0]!;
  const controllers = cluster.daemonSet;
  const store = controllers instanceof CompleteControllers ? controllers.store : undefined;
  return { running, cluster, controllers, store: store! };
}

it.each([undefined, '1.31'] as const)('no machine that joins is the day as it was (profile %s)', (profile) => {
  expect(runScenario(day([], profile), { seed: 1 }).digest).toBe(
    runScenario(day(undefined, profile), { seed: 1 }).digest,
  );
});

it.each([undefined, '1.31'] as const)('the same seed is the same run (profile %s)', (profile) => {
  const document = withAgent(day([{ at: '1 min', count: 40, over: '2 min', startTime: '20 s' }], profile));
  const [first, second] = [1, 2].map(() => runScenario(document, { seed: 7, untilSeconds: 300 }).digest);
  expect(second).toBe(first);
});

describe('in a cluster of a release', () => {
  it('a node that joins gets its taint removed, its pod, its agent and its watches', () => {
    const { running, cluster, controllers, store } = run(
      withAgent(day([{ at: '2 min', count: 40, over: '1 min', readyAfter: '10 s' }], '1.31')),
    );
    running.advanceTo(119);
    expect([cluster.kubelets.count, cluster.daemon.runningCount, controllers.readyCount]).toEqual([60, 60, 60]);
    running.advanceTo(181);
    expect(cluster.kubelets.count).toBe(100);
    running.advanceTo(240);
    expect([cluster.daemon.runningCount, controllers.readyCount, controllers.storedPodCount]).toEqual([100, 100, 100]);
    for (let node = 60; node < 100; node++) {
      expect([store.ready[node], store.isClosed[node], store.isTainted[node]]).toEqual([Ready.true, Closed.open, 0]);
      expect(cluster.kubelets.isSynced(node)).toBe(true);
      expect(cluster.daemon.lastAttempts(node)).not.toEqual([]);
    }
    expect([store.countNotReady(), cluster.kubelets.countNotReady()]).toEqual([0, 0]);
    cluster.controlPlane.checkBooks();
  });

  it('a pod waits until the taint of its node is gone, and that for the one client of the controller', () => {
    const { running, controllers, store } = run(withAgent(day([{ at: '2 min', count: 150 }], '1.31')));
    // Ready at 10.1 s: 300 requests, 30 at once and then 20 a second, so the last node opens 13.5 s later.
    running.advanceTo(130);
    expect(controllers.storedPodCount).toBe(60);
    running.advanceTo(143.4);
    const opened = (): number => store.isClosed.subarray(60).filter((taint) => taint === Closed.open).length;
    expect(store.ready.subarray(60).every((ready) => ready === Ready.true)).toBe(true);
    expect(opened()).toBeLessThan(150);
    running.advanceTo(146);
    expect(opened()).toBe(150);
    running.advanceTo(200);
    expect(controllers.readyCount).toBe(210);
  });

  it('objects that come long before their kubelets are Unknown after a minute, and ready when those are there', () => {
    const join = { at: '2 min', count: 10, objects: 'provisioner', startTime: '150 s', readyAfter: '5 s' } as const;
    const { running, cluster, store } = run(day([join], '1.31'));
    const joined = (column: Uint8Array): Set<number> => new Set(column.subarray(60));
    running.advanceTo(179);
    expect([cluster.kubelets.count, joined(store.ready), joined(store.isClosed)]).toEqual([
      70,
      new Set([Ready.none]),
      new Set([Closed.open]),
    ]);
    running.advanceTo(190);
    expect([joined(store.ready), joined(store.isClosed)]).toEqual([
      new Set([Ready.unknown]),
      new Set([Closed.unreachable]),
    ]);
    // 0.1 a second in each of three zones, from 180 to 270 s: at least one of three or four a zone waits no longer.
    running.advanceTo(265);
    expect(joined(store.isTainted)).toEqual(new Set([1]));
    running.advanceTo(300);
    expect([joined(store.ready), joined(store.isClosed), joined(store.isTainted)]).toEqual([
      new Set([Ready.true]),
      new Set([Closed.open]),
      new Set([0]),
    ]);
    cluster.controlPlane.checkBooks();
  });

  it('the flag says how long: with four minutes of grace nobody is Unknown', () => {
    const join = { at: '2 min', count: 10, objects: 'provisioner', startTime: '150 s' } as const;
    const document = day([join], '1.31');
    const flags = { 'kube-controller-manager': { 'node-startup-grace-period': '4 min' } } as const;
    const { running, store } = run({ ...document, kubernetes: { ...document.kubernetes, flags } });
    for (let t = 120; t < 300; t += 5) {
      running.advanceTo(t);
      expect([...store.ready.subarray(60)]).not.toContain(Ready.unknown);
    }
  });
});

it('machines that join are told, and each node of a smaller model stands for some', () => {
  const document = day([{ at: '2 min', count: 40, over: '1 min' }]);
  const { timeline } = runScenario(document, { seed: 1, untilSeconds: 200 });
  expect(timeline.filter(({ kind }) => kind === 'fault').map(({ text }) => text)).toEqual(['40 nodes join over 1 min']);
  const { running, cluster } = run({ ...document, reduction: { factor: 10 } });
  running.advanceTo(200);
  expect([cluster.options.nodes, cluster.kubelets.count]).toEqual([6, 10]);
});

it('where a step gives nodes back, machines are kept for what the others may take, and no other document has one', () => {
  const document = day();
  const also = [
    { action: 'scale-cluster-down', share: '50 %' },
    { action: 'give-nodes-back', nodesPerMinute: 100 },
  ] as const;
  const keeping = run({ ...document, operators: { ...document.operators, playbook: { also } } });
  expect([keeping.cluster.joins?.left, run(document).cluster.joins]).toEqual([30, undefined]);
});

it.each([
  [[{ at: '1 min', count: 0 }], /clusters\[0\]\.nodesJoin\[0\]\.count: expected/],
  [
    [
      { at: '1 min', count: 15_000 },
      { at: '2 min', count: 5_001 },
    ],
    /at most 20000 machines/,
  ],
  [[{ at: '1 min', count: 1, objects: 'cloud' }], /objects: expected/],
] as const)('refuses %j', (joins, message) => {
  expect(() => parseScenario(day(joins as unknown as Joins), 'x')).toThrow(DocumentError);
  expect(() => parseScenario(day(joins as unknown as Joins), 'x')).toThrow(message);
});
