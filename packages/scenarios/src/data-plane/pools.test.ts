/** Pools against theory: how many edges are broken so long after a name began to fail. */
import { forever, minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { createDataPlane, exponentialTime, margin, PretendedCluster, quiet } from './testing/bench.ts';

const LIFE = minutes(10);

/** Share of edges that are broken each minute after all names begin to fail. */
function brokenShares(connections: number, failure: (node: number, name: number, now: number) => number) {
  const simulation = new Simulation({ seed: 5 });
  const cluster = new PretendedCluster(simulation, 'c', 5000, 40);
  const { dataPlane } = createDataPlane(simulation, cluster, {
    replicas: 500,
    pools: { ...quiet.pools, connections },
  });
  const { pools } = dataPlane;
  advance(simulation, minutes(30));
  expect(pools.broken).toBe(0);
  const start = simulation.now;
  cluster.failureProbability = (node, name) => failure(node, name, simulation.now - start);
  const shares: number[] = [];
  for (let minute = 1; minute <= 40; minute++) {
    advance(simulation, minutes(1));
    shares.push(pools.broken / pools.edges);
  }
  return { shares, edges: pools.edges, pools };
}

describe('names that fail from one moment on', () => {
  it('break 1 - exp(-t/L) of the edges with one connection each', () => {
    const { shares, edges } = brokenShares(1, () => 1);
    shares.forEach((share, i) => {
      const expected = 1 - Math.exp(-(minutes(i + 1) / LIFE));
      expect(Math.abs(share - expected), `minute ${i + 1}`).toBeLessThan(margin(expected, edges));
    });
  });

  it('and, with three connections, those that have lost all of them: (1 - exp(-t/L))^3', () => {
    const { shares, edges } = brokenShares(3, () => 1);
    shares.forEach((share, i) => {
      const one = 1 - Math.exp(-(minutes(i + 1) / LIFE));
      const expected = one * one * one;
      expect(Math.abs(share - expected), `minute ${i + 1}`).toBeLessThan(margin(expected, edges));
    });
  });
});

it('records whose ages are spread evenly over a TTL break edges as the convolution of both says', () => {
  // A record runs out at U(0, T); from then on the edge breaks at the end of its connection's life, which has no memory.
  const ttl = minutes(20);
  const records = new Simulation({ seed: 9 }).streams.get('ages');
  const expiry = Float64Array.from({ length: 5000 * 40 }, () => records.uniform() * ttl);
  const { shares, edges } = brokenShares(1, (node, name, now) => (now < expiry[node * 40 + name]! ? 0 : 1));
  shares.forEach((share, i) => {
    const t = minutes(i + 1);
    const m = Math.min(t, ttl);
    const expected = (m - LIFE * (Math.exp(-(t - m) / LIFE) - Math.exp(-t / LIFE))) / ttl;
    // Some edges share a record: 4 % of callers are on one node with another caller of the same name.
    expect(Math.abs(share - expected), `minute ${i + 1}`).toBeLessThan(1.1 * margin(expected, edges));
  });
  // Users notice later than the records run out: half of the records are gone after 10 minutes, not half of the edges.
  expect(shares[9]).toBeLessThan(0.25);
});

it('names that are back heal all edges within the longest wait', () => {
  const simulation = new Simulation({ seed: 5 });
  const cluster = new PretendedCluster(simulation);
  const { pools } = createDataPlane(simulation, cluster, { replicas: 100 }).dataPlane;
  cluster.failureProbability = () => 1;
  advance(simulation, minutes(30));
  expect(pools.broken / pools.edges).toBeGreaterThan(0.9);
  cluster.failureProbability = () => 0;
  // Ten seconds of a lookup, and a back-off of 30 to 60 s.
  advance(simulation, seconds(70));
  expect(pools.broken).toBe(0);
});

describe('a runtime that remembers addresses', () => {
  const remembering = (cacheTtl: typeof LIFE, cacheShare: number) => {
    const simulation = new Simulation({ seed: 5 });
    const cluster = new PretendedCluster(simulation);
    const resolver = { ...quiet.resolver, cacheTtl, cacheShare };
    const { pools } = createDataPlane(simulation, cluster, { replicas: 200, resolver }).dataPlane;
    cluster.failureProbability = () => 1;
    advance(simulation, minutes(60));
    return pools.broken / pools.edges;
  };

  it('for ever does not notice that names fail; 30 s are no help; a share of services is a share of edges', () => {
    expect(remembering(forever, 1)).toBe(0);
    expect(remembering(seconds(30), 1)).toBeGreaterThan(0.98);
    const half = remembering(forever, 0.5);
    expect(half).toBeGreaterThan(0.1);
    expect(half).toBeLessThan(0.9);
  });
});

describe('an instance that is gone', () => {
  const bench = (isApiUp: boolean) => {
    const simulation = new Simulation({ seed: 5 });
    const cluster = new PretendedCluster(simulation);
    const pools = { ...quiet.pools, lifetime: exponentialTime(seconds(20)) };
    const { dataPlane } = createDataPlane(simulation, cluster, { replicas: 10, pools });
    cluster.isApiUp = isApiUp;
    for (let place = 0; place < 5; place++) dataPlane.lives.lose(place);
    advance(simulation, minutes(2));
    const before = dataPlane.pools.counts.deadDials;
    advance(simulation, minutes(10));
    return { dials: dataPlane.pools.counts.deadDials - before, dataPlane };
  };

  it('is found by callers for as long as the API cannot be told (stale addresses, D5)', () => {
    expect(bench(true).dials).toBe(0);
    const { dials, dataPlane } = bench(false);
    expect(dials).toBeGreaterThan(100);
    expect(dataPlane.instances.listed(0)).toBe(10);
    expect(dataPlane.instances.ready(0)).toBe(5);
  });
});

it('the columns agree with a recount, whatever comes and goes', () => {
  const simulation = new Simulation({ seed: 11 });
  const cluster = new PretendedCluster(simulation);
  const dice = simulation.streams.get('test');
  const { dataPlane } = createDataPlane(simulation, cluster, {
    replicas: 12,
    pools: { connections: 2, lifetime: exponentialTime(seconds(60)), connectTimeout: seconds(1) },
    churn: { deploymentsPerDay: 200, lossesPerDay: 200, crashesPerDay: 500 },
    startUp: { ...quiet.startUp, exitAfter: minutes(2) },
  });
  const { graph, instances, pools } = dataPlane;
  for (let round = 0; round < 400; round++) {
    if (round % 20 === 0) {
      const failure = dice.uniform() < 0.5 ? 0 : dice.uniform();
      cluster.failureProbability = (node) => (node % 3 === 0 ? failure : 0);
      cluster.isApiUp = dice.uniform() < 0.7;
    }
    advance(simulation, ms(5000));
    let broken = 0;
    let wrong = 0;
    graph.callers.forEach((caller, link) => {
      for (let place = 0; place < instances.replicas; place++) {
        const instance = caller * instances.replicas + place;
        const edge = pools.edgeOf(link, instance);
        const peers = [pools.peer(edge, 0), pools.peer(edge, 1)].filter((peer) => peer >= 0);
        if (pools.live(edge) !== peers.length) wrong++;
        for (const peer of peers) {
          if (instances.serviceOf(peer) !== graph.callees[link] || !instances.isReady(peer)) wrong++;
        }
        if (instances.isReady(instance) && peers.length === 0) broken++;
      }
    });
    expect(wrong).toBe(0);
    // Edges of instances that are starting count as broken too while they look.
    expect(pools.broken).toBeGreaterThanOrEqual(broken);
  }
  expect(dataPlane.lives.exits).toBeGreaterThan(0);
  expect(dataPlane.lives.count(0)).toBeGreaterThan(0);
});
