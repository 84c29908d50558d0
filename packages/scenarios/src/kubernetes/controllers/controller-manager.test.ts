import { minutes, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { kubeControllerManager } from '../flow-control/identity.ts';
import { Kubelets } from '../nodes/kubelet.ts';
import { NodeStore } from '../nodes/node-store.ts';
import { PodStatusRepair } from '../nodes/pod-status-repair.ts';
import { PodWorkers } from '../nodes/pod-workers.ts';
import { operationNumber } from '../requests/operation.ts';
import { advance, createBench, flatCosts } from '../testing/bench.ts';
import { ControllerManager } from './controller-manager.ts';
import { ListedInformers } from './testing/listed-informers.ts';
import { SchedulerProcess } from './scheduler-process.ts';

const election = { leaseDuration: seconds(15), renewDeadline: seconds(10), retryPeriod: seconds(2), candidates: 2 };

/** A cluster of real kubelets, pod workers, schedulers and controllers. */
function setUp(nodes: number, podsPerNode = 0) {
  const simulation = new Simulation({ seed: 3 });
  const costs = flatCosts({ 'lease-update': { cpuMs: 1 }, 'list-pods-cache-protobuf': { cpuMs: 3000 } });
  const { controlPlane } = createBench(simulation, { apiServers: 2, cores: 16, costs });
  const store = new NodeStore({ nodes, podsPerNode, zones: 3 });
  const story: string[] = [];
  const note = (what: string): void => void story.push(`${what} ${Math.round(simulation.now / seconds(1))}`);
  const running = new Set<number>();
  const workers: PodWorkers = new PodWorkers(
    simulation,
    'test',
    nodes,
    { startTime: { sample: () => seconds(4) }, stopTime: { sample: () => seconds(1) } },
    {
      controlPlane,
      observer: {
        podStarted: (place) => running.add(place),
        podReady: (place) => manager.daemonSet!.podReady(place),
        podStopped: (place) => running.delete(place),
        podFailed: () => {},
        podGone: (place) => manager.podGone(place),
      },
    },
  );
  const { scheduler } = new SchedulerProcess(
    simulation,
    'test',
    { leaderElection: election },
    {
      controlPlane,
      bound: (place) => manager.daemonSet!.podBound(place),
    },
  );
  const manager: ControllerManager = new ControllerManager(
    simulation,
    'test',
    {
      leaderElection: election,
      nodeLifecycle: { nodeMonitorGracePeriod: seconds(40) },
      taintEviction: {},
      endpointSlices: { endpoints: [nodes] },
      daemonSet: { update: { maxUnavailable: 0.2 } },
      garbageCollector: {},
      podGarbageCollector: {},
    },
    {
      controlPlane,
      store,
      scheduler,
      informersOf: (candidate, observer) =>
        new ListedInformers(
          simulation,
          `test-${candidate}`,
          [{ resource: 'pods', list: operationNumber('list-pods-cache-protobuf') }],
          { controlPlane, identity: kubeControllerManager, observer },
        ),
      observer: {
        podBound: (place) => workers.start(place),
        podDeleted: (place) => workers.stop(place),
        nodeMarked: (node) => manager.endpointSlices!.endpointChanged(0, node, false),
        daemonSetGone: () => note('daemon set gone'),
        leaderStarted: () => note('leader'),
        leaderStopped: () => note('no leader'),
      },
    },
  );
  const kubelets: Kubelets = new Kubelets(
    simulation,
    'test',
    nodes,
    {
      renewInterval: seconds(10),
      renewJitter: 0.04,
      requestTimeout: seconds(10),
      leaseDuration: seconds(40),
      statusInterval: minutes(5),
      rules: { store },
    },
    controlPlane,
    {
      nodeSynced: () => {},
      nodeReported: (node) => {
        manager.nodeLifecycle!.nodeUpdated(node);
        manager.endpointSlices!.endpointChanged(0, node, true);
        repair.notice(node);
      },
    },
  );
  const repair: PodStatusRepair = new PodStatusRepair(simulation, 'test', {
    controlPlane,
    store,
    podRepaired: () => {},
  });
  return { simulation, controlPlane, store, manager, kubelets, running, story };
}

it('a DaemonSet comes, changes and goes through every part that has to do with it', () => {
  const { simulation, controlPlane, manager, running, story } = setUp(100);
  const { daemonSet } = manager;
  daemonSet!.select(1);
  advance(simulation, seconds(20));
  expect(daemonSet!.isSettled).toBe(true);
  expect(running.size).toBe(100);
  daemonSet!.setTemplate(1);
  advance(simulation, seconds(90));
  expect(daemonSet!.isSettled).toBe(true);
  expect(running.size).toBe(100);
  manager.deleteDaemonSet('foreground');
  advance(simulation, seconds(30));
  expect(running.size).toBe(0);
  expect(daemonSet!.pods.count).toBe(0);
  expect(story).toHaveLength(1);
  expect(story[0]).toMatch(/^daemon set gone /);
  controlPlane.checkBooks();
});

it('when the leader dies its successor lists, and goes on with what is stored', () => {
  const { simulation, controlPlane, manager, running, story } = setUp(300);
  manager.daemonSet!.select(1);
  advance(simulation, seconds(6));
  manager.election.kill(0);
  const before = manager.daemonSet!.pods.count;
  expect(before).toBeGreaterThan(50);
  advance(simulation, seconds(12));
  expect(manager.daemonSet!.pods.count).toBe(before);
  expect(manager.isLeading).toBe(false);
  advance(simulation, seconds(60));
  expect(story.map((line) => line.replace(/ \d+$/, ''))).toEqual(['no leader', 'leader']);
  expect(running.size).toBe(300);
  controlPlane.checkBooks();
});

it('a partial outage empties the endpoints of a service whose pods are well, and they come back with the kubelets', () => {
  const { simulation, controlPlane, manager, store, kubelets } = setUp(60, 3);
  advance(simulation, seconds(30));
  controlPlane.block();
  kubelets.pathBlocked();
  advance(simulation, seconds(90));
  expect(store.countNotReady()).toBe(60);
  expect(store.countNotReadyPods()).toBe(180);
  expect(manager.endpointSlices!.served(0)).toBe(0);
  controlPlane.unblock();
  kubelets.pathOpened();
  advance(simulation, seconds(60));
  expect(store.countNotReady()).toBe(0);
  expect(store.countNotReadyPods()).toBe(0);
  expect(manager.endpointSlices!.served(0)).toBe(60);
  controlPlane.checkBooks();
});
