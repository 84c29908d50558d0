import { minutes, ms, noTime, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { listSeatsBy } from '../flow-control/work-estimate.ts';
import { watchCacheFeatures } from '../watch-cache/features.ts';
import {
  connectionsOf,
  coreDnsOf,
  electionOf,
  endpointSlicesOf,
  etcdCheckOf,
  garbageCollectorOf,
  kubeletRulesOf,
  nodeLifecycleOf,
  probesOf,
  raftOf,
  savedCopiesOf,
  shutdownOf,
  storageOf,
  taintEvictionOf,
  watchCacheFeaturesOf,
  watchCacheTimingOf,
  workEstimateOf,
} from './options.ts';
import { kubernetesReleases, profileNamed, type ProfileName } from './release.ts';
import type { FlagOverrides } from './resolve.ts';
import { kubernetesSettings } from './settings-from-flags.ts';

const of = (name: ProfileName, flags: FlagOverrides = {}) => kubernetesSettings(profileNamed(name), flags);

describe('flags reach the options they are said to set', () => {
  it('of the API server', () => {
    const settings = of('2024', {
      'kube-apiserver': {
        'shutdown-delay-duration': seconds(5),
        'shutdown-send-retry-after': true,
        'shutdown-watch-termination-grace-period': minutes(1),
        'http2-max-streams-per-connection': 250,
        'etcd-healthcheck-timeout': seconds(9),
        'default-unreachable-toleration-seconds': seconds(30),
      },
    });
    expect(shutdownOf(settings)).toEqual({ delay: seconds(5), sendRetryAfter: true, watchGrace: minutes(1) });
    expect(connectionsOf(settings).streams).toBe(250);
    expect(etcdCheckOf(settings)).toEqual({ timeout: seconds(9) });
    expect(taintEvictionOf(settings).toleration).toBe(seconds(30));
    expect(shutdownOf(of('2024'))).toEqual({ delay: noTime, sendRetryAfter: false, watchGrace: noTime });
  });

  it('of etcd', () => {
    const settings = of('2024', {
      etcd: { 'heartbeat-interval': ms(200), 'election-timeout': ms(2500), 'quota-backend-bytes': 8e9 },
      'kube-apiserver': { 'etcd-compaction-interval': minutes(1) },
    });
    // raft counts whole heartbeats.
    expect(raftOf(settings)).toEqual({ heartbeat: ms(200), electionTicks: 12 });
    expect(storageOf(settings)).toEqual({ quotaBytes: 8e9, compactionInterval: minutes(1) });
    expect(raftOf(of('current'))).toEqual({ heartbeat: ms(100), electionTicks: 10 });
  });

  it('of the controllers', () => {
    const settings = of('2024', {
      'kube-controller-manager': {
        'node-monitor-grace-period': seconds(20),
        'node-eviction-rate': 1,
        'kube-api-qps': 100,
        'concurrent-gc-syncs': 5,
        'endpointslice-updates-batch-period': seconds(1),
      },
    });
    expect(nodeLifecycleOf(settings)).toMatchObject({
      nodeMonitorGracePeriod: seconds(20),
      nodeMonitorPeriod: seconds(5),
      rates: { nodeEvictionRate: 1, secondaryNodeEvictionRate: 0.01 },
      pace: { qps: 100, burst: 30 },
    });
    expect(garbageCollectorOf(settings)).toEqual({ workers: 5, pace: { qps: 200, burst: 30 } });
    expect(endpointSlicesOf(settings, 7)).toMatchObject({
      topologyModeAuto: 7,
      batchPeriod: seconds(1),
      workers: 5,
      maxEndpointsPerSlice: 100,
    });
  });

  it('of Services that ask for topology hints, which the gate of the release can take away', () => {
    const off = of('2024', { 'kube-controller-manager': { 'feature-gates': { TopologyAwareHints: false } } });
    expect(endpointSlicesOf(off, 7).topologyModeAuto).toBe(0);
    expect(endpointSlicesOf(of('2024', {})).topologyModeAuto).toBe(0);
  });

  it('of the static pod', () => {
    const probe = { 'livenessProbe.failureThreshold': 3, 'startupProbe.failureThreshold': 60 };
    expect(probesOf(of('2024', { 'static-pod': probe }))).toEqual({
      period: seconds(10),
      timeout: seconds(15),
      failureThreshold: 3,
      startupFailureThreshold: 60,
    });
  });
});

describe('releases differ where upstream does', () => {
  it('in what a cold cache answers', () => {
    const cold = (name: ProfileName): readonly unknown[] => {
      const { resilientInitialization, coldRetryAfter, readinessWaitsForCaches } = watchCacheFeaturesOf(of(name));
      return [resilientInitialization, coldRetryAfter, readinessWaitsForCaches];
    };
    expect(cold('1.30')).toEqual([false, 'one-second', false]);
    expect(cold('1.31')).toEqual([true, 'one-second', false]);
    expect(cold('1.35')).toEqual([true, 'grows', false]);
    expect(cold('1.36')).toEqual([true, 'grows', true]);
  });

  it('in the seats of a LIST: 1,000 pods of 5.1 kB are 10 by count and 10 by their size', () => {
    const shape = {
      storedObjects: 1000,
      averageObjectBytes: 5100,
      source: 'cache',
      limit: 0,
      hasSelector: false,
      namesOneObject: false,
    } as const;
    expect(listSeatsBy(workEstimateOf(of('1.30')))(shape)).toBe(10);
    // Capped at 1 MB from the cache: 10 seats of 100 kB.
    expect(listSeatsBy(workEstimateOf(of('1.36')))(shape)).toBe(10);
    expect(listSeatsBy(workEstimateOf(of('1.36')))({ ...shape, storedObjects: 100 })).toBe(6);
    expect(listSeatsBy(workEstimateOf(of('1.30')))({ ...shape, storedObjects: 100 })).toBe(1);
  });

  it('in the memory of an answer, and in how a leader renews', () => {
    expect(['1.31', '1.34'].map((name) => savedCopiesOf(of(name as ProfileName)))).toEqual([0, 1.4]);
    const renews = (name: ProfileName): boolean | undefined => {
      const settings = of(name);
      return electionOf(settings, settings.scheduler.leaderElection).renewsOptimistically;
    };
    expect(['1.29', '1.30', '1.36'].map((name) => renews(name as ProfileName))).toEqual([false, true, true]);
  });
});

describe('what a manifest sets', () => {
  it('CoreDNS caches names of its cluster up to 1.31, and asks its informers every time since', () => {
    expect(coreDnsOf(of('2024'))).toMatchObject({
      replicas: 2,
      recordTtl: seconds(30),
      cache: { successTtlCap: seconds(30), denialTtlCap: seconds(30) },
      liveness: { initialDelay: seconds(60), timeout: seconds(5), period: seconds(10), failureThreshold: 5 },
    });
    expect(coreDnsOf(of('current'))).not.toHaveProperty('cache');
    const flags = { coredns: { 'kubernetes.ttl': seconds(5), replicas: 20, cache: seconds(10) } };
    expect(coreDnsOf(of('2024', flags))).toMatchObject({
      replicas: 20,
      recordTtl: seconds(5),
      cache: { successTtlCap: seconds(10) },
    });
  });

  it('readiness waits for caches as long as the flag says, and kubelets tick as their field does', () => {
    const timeout = { 'kube-apiserver': { 'storage-initialization-timeout': minutes(2) } };
    expect(watchCacheTimingOf(of('1.36', timeout))).toEqual({ initializationTimeout: minutes(2) });
    const kubelet = { kubelet: { nodeStatusUpdateFrequency: seconds(20) } };
    expect(kubeletRulesOf(of('2024', kubelet))).toEqual({ statusTick: seconds(20), reportOffset: 0 });
    expect(kubeletRulesOf(of('current')).reportOffset).toBe(0.5);
  });
});

it.each(kubernetesReleases)(
  'the watch cache of %s is the same by its minor number and by its feature gates',
  (release) => {
    expect(watchCacheFeaturesOf(of(release))).toEqual(watchCacheFeatures(Number(release.split('.')[1])));
  },
);
