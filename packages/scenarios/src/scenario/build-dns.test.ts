import { forever, minutes, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { clusterOptions } from './build-cluster.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';

/** Options of the large cluster (300 nodes, 40 services) of a document of release 1.30 with this section. */
function optionsOf(dns: Partial<ScenarioDocument['dns']>, kubernetes: Partial<ScenarioDocument['kubernetes']> = {}) {
  const small = smallScenario();
  const document: ScenarioDocument = {
    ...small,
    kubernetes: { ...small.kubernetes, profile: '1.30', ...kubernetes },
    dns: { ...small.dns, ...dns },
  };
  const scenario = parseScenario(document, 'dns');
  return clusterOptions(scenario, scenario.clusters[1]!);
}

describe('what a document says about name resolution', () => {
  it('without a word, CoreDNS is as the manifests have it and nothing stands around it', () => {
    const { complete, registryDns, blockLetsThrough } = optionsOf({});
    expect(complete!.dns).toBeUndefined();
    expect(complete!.coreDns).not.toHaveProperty('lameduck');
    expect(complete!.coreDns).not.toHaveProperty('memory');
    expect(registryDns).toBeDefined();
    expect(blockLetsThrough).toBeUndefined();
  });

  it('an empty set of switches means the remedies of D1 to D5 and D8', () => {
    const { complete } = optionsOf({ mechanisms: {} });
    expect(complete!.coreDns).toMatchObject({ lameduck: seconds(5), attempts: 2 });
    expect(complete!.coreDns).not.toHaveProperty('memory');
    expect(complete!.dns).toMatchObject({
      publishesNotReady: true,
      toleratesUnreachable: true,
      changesPerSecond: 0,
      restarts: [],
    });
  });

  it('each switch turns the cause or remedy it names', () => {
    const { complete, registryDns, blockLetsThrough } = optionsOf({
      registry: smallScenario().dns.registry,
      nodeLocalCache: { serveStale: { mode: 'immediate' } },
      lookups: { perNode: '50/s', externalShare: 0.5 },
      headlessShare: 0.25,
      mechanisms: {
        coreDnsRestarts: [{ at: '10 min' }],
        relistMemory: true,
        notReadyEndpoints: true,
        podEviction: true,
        addressChanges: '2/s',
        registryLookups: false,
        sharedNode: { freeCores: 2, agentCores: 1 },
        blockedWatches: false,
      },
    });
    expect(registryDns).toBeUndefined();
    expect(blockLetsThrough).toBe('system');
    expect(complete!.coreDns.memory).toMatchObject({ limitBytes: 170 * 2 ** 20, pods: 9_000, services: 40 });
    expect(complete!.dns).toMatchObject({
      publishesNotReady: false,
      toleratesUnreachable: false,
      changesPerSecond: 2,
      headless: 10,
      // The run begins two minutes before the trigger.
      restarts: [{ at: minutes(12), replicas: 2 }],
      nodeLocalCache: { ttl: seconds(30), retry: seconds(5), serveStale: { window: minutes(60), mode: 'immediate' } },
      // Half of the lookups cost 2 queries, half 8.
      load: { lookupsPerSecond: 15_000, queriesPerLookup: 5, sharedNode: { requestedCores: 0.1 } },
    });
  });

  it('D2 off is a limit with room for relists; a limit alone counts as it stands', () => {
    const limit = { coreDns: { memoryLimit: '60 MB' } };
    expect(optionsOf(limit).complete!.coreDns.memory!.limitBytes).toBe(60e6);
    // 54 MB and 9,040 objects of 1 kB, once stored and 2.7 times listed.
    expect(optionsOf({ ...limit, mechanisms: {} }).complete!.coreDns.memory!.limitBytes).toBeCloseTo(
      54e6 + 33_448e3,
      -3,
    );
  });

  it('D7 off is stale data without limit in every cache above CoreDNS', () => {
    const { complete, registryDns } = optionsOf({ nodeLocalCache: {}, mechanisms: { cacheExpiry: false } });
    expect(complete!.dns!.nodeLocalCache!.serveStale).toEqual({ window: forever, mode: 'verify' });
    expect(registryDns!.serveStale).toBe(forever);
  });

  it('the cache of CoreDNS can be switched, shortened and made to serve stale', () => {
    const { complete } = optionsOf({
      coreDns: { clusterZoneCache: true, cacheTtl: '10 s', serveStale: { duration: '5 min', mode: 'verify' } },
    });
    expect(complete!.coreDns.cache).toMatchObject({
      successTtlCap: seconds(10),
      denialTtlCap: seconds(10),
      serveStale: { window: minutes(5), mode: 'verify' },
    });
    expect(optionsOf({ coreDns: { clusterZoneCache: false } }).complete!.coreDns.cache).toBeUndefined();
  });
});

it('switches of the tier and of the network need no profile', () => {
  const switched = (mechanisms: NonNullable<ScenarioDocument['dns']['mechanisms']>) =>
    optionsOf({ registry: smallScenario().dns.registry, mechanisms }, { profile: undefined });
  expect(switched({ registryLookups: false }).registryDns).toBeUndefined();
  expect(switched({ cacheExpiry: false }).registryDns?.serveStale).toBe(forever);
  expect(switched({ blockedWatches: false }).blockLetsThrough).toBe('system');
  expect(switched({}).registryDns?.serveStale).toBe(0);
});

it('the tier has the client-side limit that is stated, and none otherwise', () => {
  const registry = smallScenario().dns.registry!;
  expect(optionsOf({ registry }).registryDns).not.toHaveProperty('pace');
  const rateLimit = { qps: 5, burst: 10 };
  expect(optionsOf({ registry: { ...registry, rateLimit } }).registryDns?.pace).toEqual(rateLimit);
});

it('the tier remembers failures longer and longer where a longest time is stated, and always alike otherwise', () => {
  const registry = smallScenario().dns.registry!;
  expect(optionsOf({ registry }).registryDns).not.toHaveProperty('maxNegativeTtl');
  const maxNegativeTtl = '5 min';
  expect(optionsOf({ registry: { ...registry, maxNegativeTtl } }).registryDns?.maxNegativeTtl).toBe(minutes(5));
});

describe('what does not fit together is refused', () => {
  it.each([
    [
      { registry: { ...smallScenario().dns.registry!, maxNegativeTtl: '4 s' } },
      {},
      'dns.registry.maxNegativeTtl: expected at least negativeTtl (5 s), from which it doubles, got 4 s; set both',
    ],
    [
      { registry: { ...smallScenario().dns.registry!, maxNegativeTtl: '6 min' } },
      {},
      'dns.registry.maxNegativeTtl: expected at most 300 s, for which a resolver may remember a failure',
    ],
    [{ nodeLocalCache: {} }, { profile: undefined }, 'dns: expected nothing but "registry", and of "mechanisms" only'],
    [{ mechanisms: { podEviction: true } }, { profile: undefined }, 'of "mechanisms" only registryLookups'],
    [{ mechanisms: { addressChanges: '1/s' } }, {}, 'dns.mechanisms.addressChanges: expected a headlessShare above 0'],
    [{ mechanisms: { sharedNode: { freeCores: 2, agentCores: 1 } } }, {}, 'expected dns.lookups beside it'],
    [{ resolver: { attemps: 3 } as object }, {}, 'did you mean "attempts"'],
  ])('%j', (dns, kubernetes, message) => {
    expect(() => optionsOf(dns, kubernetes)).toThrow(message);
  });
});
