/** Shares of calls against formulas and against a naive walk over all choices. */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import type { CallTree } from './call-graph.ts';
import type { ClusterDataPlane } from './cluster-data-plane.ts';
import { createDataPlane, exponentialTime, PretendedCluster, quiet } from './testing/bench.ts';

/** Success of a call, averaged over every instance that may serve it, written without regard to speed. */
function naive(dataPlane: ClusterDataPlane, tree: CallTree, step: number, retries: number): number {
  const { instances, pools } = dataPlane;
  const { replicas } = instances;
  const children = [...tree.parent.keys()].filter((child) => tree.parent[child] === step);
  let sum = 0;
  let ready = 0;
  for (let place = 0; place < replicas; place++) {
    const instance = tree.service[step]! * replicas + place;
    if (!instances.isReady(instance)) continue;
    ready++;
    let product = 1;
    for (const child of children) {
      const works = pools.isLive(pools.edgeOf(tree.link[child]!, instance)) ? 1 : 0;
      product *= works * naive(dataPlane, tree, child, retries);
    }
    sum += product;
  }
  if (ready === 0) return 0;
  let allFail = 1;
  for (let attempt = 0; attempt <= retries; attempt++) allFail *= 1 - sum / ready;
  return 1 - allFail;
}

describe('the share of requests that get through', () => {
  it('is 1 on a good day and 0 without instances', () => {
    const simulation = new Simulation({ seed: 1 });
    const cluster = new PretendedCluster(simulation);
    const { dataPlane } = createDataPlane(simulation, cluster);
    expect(dataPlane.success.share(0)).toBe(1);
    expect(dataPlane.success.readyShare(0)).toBe(1);
    cluster.isApiUp = false;
    for (let instance = 0; instance < dataPlane.instances.count; instance++) dataPlane.lives.lose(instance);
    expect(dataPlane.success.share(0)).toBe(0);
    expect(dataPlane.success.readyShare(0)).toBe(0);
  });

  it('of a chain is the product of the shares of working edges', () => {
    const simulation = new Simulation({ seed: 1 });
    const cluster = new PretendedCluster(simulation);
    const callGraph = { ...quiet.callGraph, fanOut: 1 };
    const { dataPlane } = createDataPlane(simulation, cluster, { replicas: 100, callGraph }, [3]);
    cluster.failureProbability = () => 1;
    advance(simulation, minutes(5));
    const { graph, instances, pools } = dataPlane;
    let expected = 1;
    graph.callers.forEach((caller, link) => {
      let live = 0;
      for (let place = 0; place < 100; place++) {
        if (pools.isLive(pools.edgeOf(link, caller * instances.replicas + place))) live++;
      }
      expected *= live / 100;
    });
    expect(expected).toBeLessThan(0.5);
    expect(dataPlane.success.share(0)).toBeCloseTo(expected, 12);
  });

  it.each([0, 1, 3])('agrees with a naive average over all instances, with %i retries', (retries) => {
    const simulation = new Simulation({ seed: 7 });
    const cluster = new PretendedCluster(simulation);
    const callGraph = { ...quiet.callGraph, retries };
    const { dataPlane } = createDataPlane(simulation, cluster, {
      replicas: 6,
      callGraph,
      pools: { ...quiet.pools, lifetime: exponentialTime(seconds(30)) },
      churn: { deploymentsPerDay: 100, lossesPerDay: 100, crashesPerDay: 100 },
    });
    cluster.failureProbability = (node) => (node % 4 === 0 ? 0.8 : 0);
    const seen = new Set<number>();
    for (let round = 0; round < 100; round++) {
      advance(simulation, seconds(20));
      dataPlane.graph.trees.forEach((tree, product) => {
        const share = dataPlane.success.share(product);
        seen.add(share);
        expect(share).toBeCloseTo(naive(dataPlane, tree, 0, retries), 12);
      });
    }
    expect(seen.size).toBeGreaterThan(10);
  });
});
