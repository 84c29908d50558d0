/** `kubernetes.topologyModeAuto` in whole clusters: nothing on a quiet day, writes of its own when a zone is marked. */
import { minutes, plus, seconds, Simulation, Trace } from '@brownout/core';
import { expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { CompleteControllers } from '../kubernetes/complete-controllers.ts';
import { Ready } from '../kubernetes/nodes/node-store.ts';
import { buildWorld } from './build.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';

/** 90 services of ten pods each, all ten in one of three zones: 30 nodes with 30 pods, dealt to the services in turn. */
function documentOf(topologyModeAuto?: number, end = '3 min'): ScenarioDocument {
  const small = smallScenario({ end });
  const apiServers = { replicas: 3, cores: 4, memory: '32 GiB' };
  const cluster = { ...small.clusters[1]!, nodes: 30, podsPerNode: 30, services: 90, traffic: 30, apiServers };
  return {
    ...small,
    horizon: { start: '0 min', end },
    kubernetes: {
      ...small.kubernetes,
      profile: '1.30',
      ...(topologyModeAuto === undefined ? {} : { topologyModeAuto }),
    },
    clusters: [cluster],
    rollout: null,
    dns: { registry: null },
  };
}

function setUp(topologyModeAuto?: number) {
  const simulation = new Simulation({ seed: 1 });
  const scenario = parseScenario(documentOf(topologyModeAuto, '1 h'), 'topology');
  const { cluster } = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), scenario).sites[0]!;
  const controllers = cluster.daemonSet;
  if (!(controllers instanceof CompleteControllers)) throw new TypeError('expected the complete controllers');
  const { manager, store } = controllers;
  const writes = cluster.controlPlane.groups.find(({ name }) => name === 'endpointslice-controller')!;
  /** Somebody writes Ready=Unknown for every node of the third zone; the kubelets repair it with their next status. */
  const markZone = (): void => {
    for (let node = 2; node < 30; node += 3) {
      store.ready[node] = Ready.unknown;
      manager.nodeUpdated(node);
    }
  };
  return { simulation, cluster, slices: manager.endpointSlices!, store, writes, markZone };
}

it('on a quiet day it is the same run event by event', () => {
  const digest = (share?: number): string => runScenario(documentOf(share), { seed: 3 }).digest;
  expect(digest(1)).toBe(digest());
});

it('a zone that is marked for some seconds is written once by every service that names it, and once when it is back', () => {
  const run = (share?: number) => {
    const { simulation, cluster, slices, store, writes, markZone } = setUp(share);
    simulation.runUntil(plus(simulation.now, minutes(1)));
    const before = writes.sent;
    markZone();
    simulation.runUntil(plus(simulation.now, seconds(2)));
    const lost = writes.sent - before;
    simulation.runUntil(plus(simulation.now, minutes(5)));
    cluster.controlPlane.checkBooks();
    const served = Array.from({ length: 90 }, (_, service) => slices.served(service));
    expect([store.countNotReady(), store.countNotReadyPods()]).toEqual([0, 0]);
    expect(served.every((count) => count === 10)).toBe(true);
    const hints = served.map((_, service) =>
      slices.hints?.has(service) === true
        ? [0, 1, 2].reduce((sum, zone) => sum + slices.hints!.stored(service, zone), 0)
        : -1,
    );
    return { lost, sent: writes.sent - before, hintWrites: slices.hints?.hintWrites ?? 0, hints };
  };
  const without = run();
  const half = run(0.5);
  expect([without.lost, without.hintWrites]).toEqual([0, 0]);
  // 45 services ask for hints, and all of them name the zone: 30 at once, then 20 a second.
  expect(half.lost).toBe(45);
  // Back with four of its ten nodes, the zone needs 2 of 10 endpoints and the others 4 each, of which they have 5.
  expect(half.hintWrites).toBeGreaterThanOrEqual(2 * 45);
  expect(half.sent).toBeGreaterThan(without.sent);
  expect(half.hints.slice(45)).toEqual(Array.from({ length: 45 }, () => -1));
  expect(half.hints.slice(0, 45).every((sum) => sum === 0 || sum === 10)).toBe(true);
  expect(run(0.5)).toEqual(half);
});

it('needs the profile whose controller it is', () => {
  const { kubernetes, ...rest } = documentOf(0.5);
  const { profile: _, ...plain } = kubernetes!;
  expect(() => parseScenario({ ...rest, kubernetes: plain }, 'topology')).toThrow(
    'expected a "profile" beside 0.5, got none',
  );
});
