/**
 * Names that depend on more than CoreDNS' memory: addresses that change (D5), a tier that asks the API (D6), a node whose CPU
 * somebody else uses (D8).
 *
 * Argued before the run:
 *
 * - D5: 60 names of headless Services, an address changes every 10 s somewhere. While the API is away for T seconds nobody
 *   learns of it: each name changes at 1/600 a second, so a share of 1 - exp(-T / 600) is stale, with a deviation of
 *   sqrt(p (1 - p) / 60). The lookups themselves never fail. Soon after the API is back everything is told. Names with virtual
 *   addresses never change: with no headless names nothing is stale.
 * - D6: a tier that keeps an answer for 5 s, near enough to asking for every lookup, fails for good within those 5 s and the
 *   second of patience of the outage's beginning, all of it, and recovers with the API. Without it applications ask
 *   CoreDNS, and nothing fails.
 * - D8: 20,000 lookups a second of two queries each, four replicas. With two cores each they can answer 135,593 queries a second;
 *   with the 0.2 cores that an agent leaves them, 13,559. If a share p of tries fails, 40,000 (1 + p) tries come, of which
 *   13,559 are answered: (1 - p)(1 + p) = 0.339, and a lookup fails twice with p^2 = 0.661. That is as long as agents run,
 *   whatever the API does. With cores of its own CoreDNS fails none.
 */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import {
  type CompleteDnsBench,
  type CompleteDnsBenchOptions,
  createCompleteDnsBench,
  eachSecond,
  killApi,
} from '../dns/testing/complete-dns-bench.ts';
import { advance } from '../testing/bench.ts';

function setUp(options: CompleteDnsBenchOptions, seed = 3) {
  const simulation = new Simulation({ seed });
  const bench = createCompleteDnsBench(simulation, options);
  advance(simulation, minutes(1));
  return { simulation, ...bench };
}

describe('D5: addresses change while the API is away', () => {
  const NAMES = 60;
  const staleShare = ({ dns }: Pick<CompleteDnsBench, 'dns'>): number => {
    let sum = 0;
    for (let name = NAMES; name < 2 * NAMES; name++) sum += dns.staleProbability(name);
    return sum / NAMES;
  };

  it('stale answers grow with the churn, no lookup fails, and all is told soon after', () => {
    const dns = { headless: NAMES, changesPerSecond: 0.1 };
    const { simulation, cluster, ...bench } = setUp({ services: 2 * NAMES, dns });
    expect(staleShare(bench)).toBeLessThan(0.05);
    killApi(simulation, cluster, minutes(10));
    for (const after of [3, 6, 9]) {
      const shares = eachSecond(simulation, minutes(3), () => cluster.nameService.failureShare(1));
      expect(Math.max(...shares)).toBe(0);
      const expected = 1 - Math.exp(-after / 10);
      const deviation = Math.sqrt((expected * (1 - expected)) / NAMES);
      expect(Math.abs(staleShare(bench) - expected), `after ${after} min`).toBeLessThan(3.3 * deviation);
    }
    advance(simulation, minutes(9));
    expect(staleShare(bench)).toBeLessThan(0.05);
    cluster.controlPlane.checkBooks();
  });
});

describe('D6: applications depend on a tier that asks the API', () => {
  const registryDns = {
    instances: 4,
    names: 60,
    ttl: seconds(5),
    negativeTtl: seconds(5),
    lookupTimeout: seconds(2),
    patience: seconds(1),
    serveStale: seconds(0),
  };

  it.each([
    ['fails at once, for as long as the API is away', registryDns],
    ['fails nothing when they ask CoreDNS instead', undefined],
  ])('%s', (_, tier) => {
    const { simulation, cluster } = setUp(tier === undefined ? {} : { registryDns: tier });
    killApi(simulation, cluster, minutes(6));
    const shares = eachSecond(simulation, minutes(6), () => cluster.nameService.failureShare(1));
    if (tier === undefined) {
      expect(Math.max(...shares)).toBe(0);
      return;
    }
    expect(shares[6]).toBe(1);
    expect(shares.slice(7).every((share) => share === 1)).toBe(true);
    advance(simulation, minutes(8));
    expect(cluster.nameService.failureShare(1)).toBe(0);
  });
});

describe('D8: an agent takes the CPU of the nodes that CoreDNS runs on', () => {
  const load = { lookupsPerSecond: 20_000, queriesPerLookup: 2 };
  const shared = { freeCores: 2, agentCores: 1.8, requestedCores: 0.1 };

  it('lookups fail while agents run, by the cores that are missing, and the API has no part in it', () => {
    const { simulation, cluster, dns } = setUp({ dns: { load: { ...load, sharedNode: shared } } });
    expect(cluster.nameService.failureShare(1)).toBe(0);
    expect(dns.load!.queriesPerSecond).toBe(40_000);
    cluster.daemonSet.select(1);
    advance(simulation, minutes(2));
    expect(cluster.nameService.failureShare(1)).toBeCloseTo(1 - (4 * 0.2 * 1e6) / 59 / 40_000, 2);
    cluster.daemonSet.select(0);
    advance(simulation, minutes(2));
    expect(cluster.nameService.failureShare(1)).toBe(0);
  });

  it('none with cores of its own', () => {
    const { simulation, cluster } = setUp({ dns: { load } });
    cluster.daemonSet.select(1);
    const shares = eachSecond(simulation, minutes(2), () => cluster.nameService.failureShare(1));
    expect(cluster.daemon.runningCount).toBe(200);
    expect(Math.max(...shares)).toBe(0);
  });
});
