/** Users over several clusters: what is asked is served or failed, samples agree with rates, steering conserves traffic. */
import { minutes, ms, noTime, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import type { DataPlaneOptions } from './options.ts';
import type { SampledFailure } from './sampled-requests.ts';
import { ServiceUsers } from './service-users.ts';
import { exponentialTime, margin, PretendedCluster, quiet } from './testing/bench.ts';

const products = [
  { id: 'chat', title: 'Chat', requestsPerSecond: 60, lookups: 8 },
  { id: 'api', title: 'API', requestsPerSecond: 40, lookups: 5 },
];

function setUp(traffic: readonly number[], changes: Partial<DataPlaneOptions> = {}, headroom = 0.3, seed = 1) {
  const simulation = new Simulation({ seed });
  const clusters = traffic.map((_, i) => new PretendedCluster(simulation, `c${i}`, 50, 20));
  const failures: { readonly site: number; readonly failure: SampledFailure }[] = [];
  const failingSites = new Set<number>();
  const users = new ServiceUsers(
    simulation,
    { ...quiet, replicas: 10, ...changes, products, headroom },
    clusters.map((cluster, i) => ({ traffic: traffic[i]!, surroundings: cluster.surroundings })),
    {
      requestsFail: (site) => failingSites.add(site),
      sampledRequestFailed: (site, failure) => failures.push({ site, failure }),
    },
  );
  const weights = (): number[] => traffic.map((_, i) => users.weight(i));
  return { simulation, clusters, users, failures, failingSites, weights };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('traffic', () => {
  it('is spread by weight, and a site without weight has no data plane', () => {
    const { simulation, users, failingSites } = setUp([3, 1, 0]);
    advance(simulation, seconds(10));
    expect([...users.requests]).toEqual([450, 300, 150, 100, 0, 0]);
    expect(sum(users.failures)).toBe(0);
    expect(users.dataPlanes.map((dataPlane) => dataPlane !== undefined)).toEqual([true, true, false]);
    expect(failingSites.size).toBe(0);
  });

  it('fails only where names do, and only as connections end', () => {
    const { simulation, users, clusters, failingSites } = setUp([3, 1]);
    clusters[1]!.failureProbability = () => 1;
    advance(simulation, seconds(20));
    const early = users.failureShare(1);
    // Today's plain data plane would fail every request at once. 8 calls over edges of which 1 in 30 has ended: about a quarter.
    expect(early).toBeLessThan(0.5);
    advance(simulation, minutes(30));
    expect(users.failureShare(1)).toBeGreaterThan(0.99);
    expect(users.failureShare(0)).toBe(0);
    expect([...failingSites]).toEqual([1]);
  });

  it('is too much for a cluster of which most nodes have been taken away, although its instances run on the others', () => {
    const { simulation, users, clusters } = setUp([3, 1]);
    advance(simulation, seconds(10));
    clusters[1]!.surroundings.exists.fill(0, 0, 40);
    advance(simulation, minutes(30));
    // A fifth of the machines takes a fifth of 1.3 times the traffic.
    expect(users.failureShare(1)).toBeCloseTo(1 - 0.2 * 1.3, 6);
    expect(users.ownFailureShare(1)).toBeCloseTo(1 - 0.2 * 1.3, 6);
    expect(users.failureShare(0)).toBe(0);
  });

  it('is too much by what is lost once, where nobody replaces the instances of nodes that have gone', () => {
    const { simulation, users, clusters } = setUp([3, 1]);
    advance(simulation, seconds(10));
    clusters[1]!.isApiUp = false;
    clusters[1]!.surroundings.exists.fill(0, 0, 20);
    advance(simulation, seconds(10));
    const before = [users.requests.slice(), users.shed.slice()];
    advance(simulation, seconds(10));
    products.forEach((_, product) => {
      const cell = products.length + product;
      const [asked, shed] = [users.requests[cell]! - before[0]![cell]!, users.shed[cell]! - before[1]![cell]!];
      const ready = users.dataPlanes[1]!.success.readyShare(product);
      // 30 of 50 nodes are there, and of the worst service as many instances as luck has left: the lower of the two counts.
      expect(ready).toBeLessThan(0.75);
      expect(shed / asked).toBeCloseTo(1 - 1.3 * Math.min(ready, 0.6), 6);
    });
  });

  it('over all sites is what is asked, and every failure is part of it', () => {
    const { simulation, users, clusters } = setUp([3, 1], { samplesPerSecond: 5 });
    clusters[0]!.failureProbability = (node) => (node % 2 === 0 ? 1 : 0);
    advance(simulation, minutes(20));
    expect(sum(users.requests)).toBeCloseTo(100 * 1200, 6);
    users.failures.forEach((failed, cell) => {
      expect(failed).toBeGreaterThanOrEqual(users.shed[cell]!);
      expect(failed).toBeLessThanOrEqual(users.requests[cell]! + 1e-6);
    });
    users.checkBooks();
  });
});

describe('sampled requests', () => {
  it.each([0, 1])('agree with the rates, with %i retries', (retries) => {
    const { simulation, users, clusters } = setUp([1], {
      samplesPerSecond: 20,
      callGraph: { ...quiet.callGraph, retries },
      pools: { ...quiet.pools, lifetime: exponentialTime(minutes(2)) },
    });
    clusters[0]!.failureProbability = (node, name) => ((node * 7 + name * 3) % 10 < 1 ? 1 : 0);
    advance(simulation, minutes(10));
    const before = products.map((_, product) => users.dataPlanes[0]!.sampled.counts(product));
    const [requests, failed] = [users.requests.slice(), users.failures.slice()];
    advance(simulation, minutes(20));
    products.forEach((_, product) => {
      const now = users.dataPlanes[0]!.sampled.counts(product);
      const ended = now.served + now.failed - before[product]!.served - before[product]!.failed;
      const share = (now.failed - before[product]!.failed) / ended;
      const expected = (users.failures[product]! - failed[product]!) / (users.requests[product]! - requests[product]!);
      expect(expected).toBeGreaterThan(0.02);
      expect(expected).toBeLessThan(0.98);
      expect(ended).toBeGreaterThan(20 * 1200 - 400);
      expect(Math.abs(share - expected), products[product]!.id).toBeLessThan(margin(expected, ended));
    });
    users.checkBooks();
  });

  it('say what they failed of: a name, an address, want of an instance, a full cluster', () => {
    const causes = new Map<string, SampledFailure>();
    const note = (failures: readonly { readonly failure: SampledFailure }[]): void => {
      for (const { failure } of failures) causes.set(failure.cause, failure);
    };
    const names = setUp([1], { samplesPerSecond: 2 });
    names.clusters[0]!.failureProbability = (_, name) => (name === 0 ? 1 : 0);
    advance(names.simulation, minutes(30));
    note(names.failures);
    const { caller, calleeName, node, after } = causes.get('name')!;
    expect(calleeName).toBe(0);
    expect(node).toBe(names.users.dataPlanes[0]!.instances.node[caller]);
    // Two tries of 5 s, after some calls of 5 ms.
    expect(after).toBeGreaterThanOrEqual(seconds(10));
    expect(after).toBeLessThan(seconds(10) + ms(100));

    const gone = setUp([1], { samplesPerSecond: 2, replicas: 2 }, 100);
    gone.clusters[0]!.isApiUp = false;
    const { graph, lives } = gone.users.dataPlanes[0]!;
    const leaf = graph.callees[0]!;
    for (const place of [0, 1]) lives.lose(leaf * 2 + place);
    advance(gone.simulation, minutes(5));
    note(gone.failures);
    expect(causes.get('overload')!.after).toBe(0);

    const entry = setUp([1], { samplesPerSecond: 2, replicas: 50 }, 100);
    entry.clusters[0]!.isApiUp = false;
    const plane = entry.users.dataPlanes[0]!;
    for (let place = 0; place < 49; place++) plane.lives.lose(plane.graph.callees[0]! * 50 + place);
    advance(entry.simulation, minutes(5));
    note(entry.failures);
    expect(causes.get('address')!.caller).toBeGreaterThanOrEqual(0);
    expect([...causes.keys()].sort()).toEqual(['address', 'name', 'overload']);
  });

  it('are few by default of nothing else: as many as asked for, over all sites', () => {
    const { simulation, users } = setUp([3, 1], { samplesPerSecond: 0.5 });
    advance(simulation, minutes(100));
    const asked = users.dataPlanes.flatMap((dataPlane) =>
      products.map((_, product) => dataPlane!.sampled.counts(product).asked),
    );
    // 0.5 a second and product for 6,000 s; rounding at random has a variance of at most 1/4 a second and site.
    expect(Math.abs(asked.reduce((total, count) => total + count, 0) - 6000)).toBeLessThan(4 * Math.sqrt(6000));
    expect(asked[0]! / asked[2]!).toBeCloseTo(3, 0);
  });
});

describe('a cluster that loses instances', () => {
  it('turns away what is above what the others can take', () => {
    const { simulation, users, clusters } = setUp([1], {}, 0.3);
    const { graph, lives } = users.dataPlanes[0]!;
    clusters[0]!.isApiUp = false;
    const entry = graph.trees[0]!.service[0]!;
    for (let place = 0; place < 5; place++) lives.lose(entry * 10 + place);
    advance(simulation, seconds(100));
    // 5 of 10 instances take 1.3 times their share: 0.65 of what comes.
    expect(users.shed[0]! / users.requests[0]!).toBeCloseTo(0.35, 9);
    expect(users.failures[0]).toBeCloseTo(users.shed[0]!, 9);
  });
});

it('operators can limit starts and warm caches where something is downloaded, and only there', () => {
  const download = {
    bytes: 1e9,
    bytesPerSecond: 1e9,
    bytesPerSecondEach: 1e9,
    timeout: minutes(1),
    concurrent: Infinity,
    warmShare: 0.1,
  };
  const { users, simulation } = setUp([1, 0], { startUp: { ...quiet.startUp, download } });
  users.limitStartUps!(0, 2);
  users.limitStartUps!(1, 2);
  const { lives, startUps } = users.dataPlanes[0]!;
  for (let instance = 0; instance < 5; instance++) lives.crash(instance);
  advance(simulation, seconds(1));
  expect(startUps!.books()).toMatchObject({ inside: 2, waiting: 3 });
  users.warmCaches!(0);
  advance(simulation, seconds(3));
  expect(startUps!.books()).toMatchObject({ done: 5, bytes: 2e9 + 3e8 });
  expect(setUp([1]).users.limitStartUps).toBeUndefined();
});

describe('steering', () => {
  it('moves traffic at once, or as clients follow', () => {
    const atOnce = setUp([1, 9]);
    atOnce.users.steer(0, true);
    atOnce.weights().forEach((weight, i) => expect(weight).toBeCloseTo([0, 1][i]!, 12));
    const slow = setUp([1, 9], { steeringTime: minutes(1) });
    slow.users.steer(0, true);
    expect(slow.weights()).toEqual([0.1, 0.9]);
    advance(slow.simulation, minutes(1));
    expect(slow.users.weight(0)).toBeCloseTo(0.1 / Math.E, 9);
    slow.users.steer(0, false);
    advance(slow.simulation, minutes(20));
    expect(slow.users.weight(0)).toBeCloseTo(0.1, 6);
  });

  it('that leaves a cluster too much leaves it well by itself: what it fails belongs to others', () => {
    const { simulation, users, clusters } = setUp([1, 1, 1]);
    clusters[0]!.surroundings.exists.fill(0, 0, 15);
    users.resize(0, 0.7);
    advance(simulation, seconds(5));
    expect([users.failureShare(0), users.ownFailureShare(0)]).toEqual([0, 0]);
    users.steer(1, true);
    advance(simulation, seconds(5));
    // Homeless are a third of all traffic and three tenths of another; there is room for 0.3 of one third and 0.3 of seven
    // tenths of one. What does not fit stays where it was.
    const fits = (0.3 + 0.21) / 1.3;
    const given = 0.7 + 0.3 * (1 - fits) + 0.21;
    expect(users.failureShare(0)).toBeCloseTo(1 - 0.91 / given, 6);
    expect(users.ownFailureShare(0)).toBe(0);
  });

  it('conserves traffic and sheds none of it within the headroom, whatever is steered', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.boolean()), { maxLength: 8 });
    const sites = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sites, steps, fc.boolean(), (traffic, steered, isSlow) => {
        const changes = { replicas: 2, steeringTime: isSlow ? seconds(3) : noTime };
        const { simulation, users, weights } = setUp(traffic, changes);
        const total = traffic.some((weight) => weight > 0) ? 1 : 0;
        for (const [site, isAvoided] of steered) {
          if (site >= traffic.length) continue;
          users.steer(site, isAvoided);
          advance(simulation, seconds(2));
          expect(weights().reduce((all, weight) => all + weight, 0)).toBeCloseTo(total, 9);
        }
        expect(sum(users.shed)).toBe(0);
        expect(sum(users.requests)).toBeCloseTo((simulation.now / seconds(1)) * 100 * total, 4);
      }),
      { seed: 20241211, numRuns: 30 },
    );
  });
});

it('the same seed gives the same run, and another one another', () => {
  const digest = (seed: number): string => {
    const { simulation, users, clusters, failures } = setUp(
      [3, 1],
      {
        samplesPerSecond: 1,
        churn: { deploymentsPerDay: 50, lossesPerDay: 50, crashesPerDay: 50 },
        startUp: { ...quiet.startUp, exitAfter: minutes(2) },
      },
      0.3,
      seed,
    );
    clusters[0]!.failureProbability = (node) => (node % 2 === 0 ? 0.5 : 0);
    advance(simulation, minutes(60));
    users.checkBooks();
    return JSON.stringify([[...users.failures], failures.length, failures.at(-1), simulation.eventCount]);
  };
  expect(digest(1)).toBe(digest(1));
  expect(digest(1)).not.toBe(digest(2));
});
