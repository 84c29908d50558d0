import { minutes, ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { managedInflight } from './managed.ts';
import { profileNamed, profiles } from './release.ts';
import { kubernetesSettings } from './settings-from-flags.ts';

const settings = (
  name: Parameters<typeof profileNamed>[0],
  ...more: [Parameters<typeof kubernetesSettings>[1]?, number?]
) => kubernetesSettings(profileNamed(name), ...more);

function leaves(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}.${key}`));
}

it('every setting of every profile has a value', () => {
  for (const profile of profiles) {
    for (const [path, value] of leaves(kubernetesSettings(profile))) {
      expect(value, `${profile.name} ${path}`).toBeDefined();
      if (typeof value === 'number') expect(Number.isFinite(value), `${profile.name} ${path}`).toBe(true);
    }
  }
});

describe('defaults to the digit', () => {
  it('1.30', () => {
    const { apiServer, controllerManager, scheduler, kubelet, etcd, livenessProbe } = settings('2024');
    expect(apiServer).toMatchObject({
      maxRequestsInflight: 400,
      maxMutatingRequestsInflight: 200,
      requestTimeout: minutes(1),
      minRequestTimeout: minutes(30),
      goawayChance: 0,
      http2MaxStreamsPerConnection: 100,
      storageInitializationTimeout: 0,
      etcdHealthcheckTimeout: seconds(2),
    });
    expect(Object.values(apiServer.features).every((isOn) => !isOn)).toBe(true);
    expect(controllerManager).toMatchObject({
      qps: 20,
      burst: 30,
      nodeMonitorPeriod: seconds(5),
      nodeMonitorGracePeriod: seconds(40),
      nodeEvictionRate: 0.1,
      largeClusterSizeThreshold: 50,
      watchListClient: false,
    });
    expect(scheduler).toMatchObject({ qps: 50, burst: 100 });
    expect(kubelet.nodeLeaseRenewInterval).toBe(seconds(10));
    expect(etcd).toEqual({
      version: '3.5',
      heartbeatInterval: ms(100),
      electionTimeout: seconds(1),
      snapshotCount: 100_000,
      quotaBackendBytes: 2 * 2 ** 30,
      maxRequestBytes: 1.5 * 2 ** 20,
      backendBatchInterval: ms(100),
      backendBatchLimit: 10_000,
      requestTimeout: seconds(7),
    });
    expect(livenessProbe).toEqual({
      initialDelay: seconds(10),
      timeout: seconds(15),
      period: seconds(10),
      failureThreshold: 8,
    });
  });

  it('1.31 serves consistent LISTs from the cache and answers 429 while it is cold', () => {
    expect(settings('1.31').apiServer.features).toMatchObject({
      consistentListFromCache: true,
      resilientWatchCacheInitialization: true,
      watchCacheInitializationPostStartHook: false,
      sizeBasedListCostEstimate: false,
    });
  });

  it('1.36 has every mechanism on', () => {
    const { apiServer, controllerManager, etcd, coreDns } = settings('current');
    expect(Object.values(apiServer.features).every(Boolean)).toBe(true);
    expect(controllerManager).toMatchObject({ nodeMonitorGracePeriod: seconds(50), watchListClient: true });
    expect(etcd).toMatchObject({ version: '3.6', snapshotCount: 10_000 });
    expect(coreDns.cachesClusterNames).toBe(false);
  });
});

describe('what is set', () => {
  it('reaches the settings, gates included', () => {
    const found = settings('1.31', {
      'kube-apiserver': { 'request-timeout': seconds(30), 'feature-gates': { ConsistentListFromCache: false } },
      etcd: { 'election-timeout': seconds(5), 'quota-backend-bytes': 8 * 2 ** 30 },
    });
    expect(found.apiServer.requestTimeout).toBe(seconds(30));
    expect(found.apiServer.features.consistentListFromCache).toBe(false);
    expect(found.etcd).toMatchObject({ requestTimeout: seconds(15), quotaBackendBytes: 8 * 2 ** 30 });
  });

  it('a status frequency that stands alone is also how often the status is reported', () => {
    const alone = settings('2024', { kubelet: { nodeStatusUpdateFrequency: seconds(20) } });
    expect(alone.kubelet.nodeStatusReportFrequency).toBe(seconds(20));
    const both = { nodeStatusUpdateFrequency: seconds(20), nodeStatusReportFrequency: minutes(5) };
    expect(settings('2024', { kubelet: both }).kubelet.nodeStatusReportFrequency).toBe(minutes(5));
  });

  it('what upstream refuses is refused here', () => {
    expect(() => settings('2024', { 'kube-apiserver': { 'goaway-chance': 1 } })).toThrow(
      'flags of kube-apiserver: goaway-chance: expected 0 to 0.02 (kube-apiserver refuses anything else), got 1',
    );
  });
});

describe('seats of a managed control plane', () => {
  it.each([
    [1, 400, 200],
    [8, 400, 200],
    [16, 800, 400],
    [24, 1200, 600],
    [64, 1333, 667],
  ])('%d cores: %d and %d', (cores, maxRequestsInflight, maxMutatingRequestsInflight) => {
    expect(managedInflight(cores)).toEqual({ maxRequestsInflight, maxMutatingRequestsInflight });
    expect(settings('managed', {}, cores).apiServer).toMatchObject({
      maxRequestsInflight,
      maxMutatingRequestsInflight,
    });
  });

  it('never fewer than the defaults, never more than 2,000, and never falling', () => {
    let before = 0;
    for (let cores = 1; cores <= 128; cores++) {
      const { maxRequestsInflight, maxMutatingRequestsInflight } = managedInflight(cores);
      const seats = maxRequestsInflight + maxMutatingRequestsInflight;
      expect(seats).toBeGreaterThanOrEqual(Math.max(600, before));
      expect(seats).toBeLessThanOrEqual(2000);
      before = seats;
    }
  });

  it('do not depend on the size where the user sets the flags', () => {
    expect(settings('current', {}, 64).apiServer.maxRequestsInflight).toBe(400);
  });
});
