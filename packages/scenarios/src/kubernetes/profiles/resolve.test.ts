import { seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { profileNamed } from './release.ts';
import { flagProblems, type FlagOverrides, flagValue, unmodelledFlags } from './resolve.ts';

const of2024 = profileNamed('2024');
const messages = (overrides: FlagOverrides, profile = of2024): readonly string[] =>
  flagProblems(profile, overrides).map(
    (problem) => `${problem.component} ${problem.gate ?? problem.flag}: ${problem.message}`,
  );

describe('what upstream refuses', () => {
  it('nothing is wrong with the defaults of any profile', () => {
    for (const name of ['2024', 'current', 'managed', '1.29', 'managed-1.34'] as const) {
      expect(messages({}, profileNamed(name))).toEqual([]);
    }
  });

  it.each<[string, FlagOverrides, string]>([
    [
      'a chance above 1 in 50',
      { 'kube-apiserver': { 'goaway-chance': 0.03 } },
      'kube-apiserver goaway-chance: expected 0 to 0.02 (kube-apiserver refuses anything else), got 0.03',
    ],
    [
      'a negative limit',
      { 'kube-apiserver': { 'max-requests-inflight': -1 } },
      'kube-apiserver max-requests-inflight: expected at least 0 (kube-apiserver refuses anything else), got -1',
    ],
    [
      'an election that heartbeats cannot prevent',
      { etcd: { 'election-timeout': seconds(0.4) } },
      'etcd election-timeout: expected at least 5 times heartbeat-interval, 500ms, got 400ms',
    ],
    [
      'an election longer than 50 s',
      { etcd: { 'election-timeout': seconds(51) } },
      'etcd election-timeout: expected 1ms to 50s (etcd refuses anything else), got 51s',
    ],
    [
      'a lease that ends before its holder gives up',
      { 'kube-scheduler': { 'leader-elect-lease-duration': seconds(10) } },
      'kube-scheduler leader-elect-lease-duration: expected more than leader-elect-renew-deadline, 10s, got 10s',
    ],
    [
      'a server without seats',
      { 'kube-apiserver': { 'max-requests-inflight': 0, 'max-mutating-requests-inflight': 0 } },
      'kube-apiserver max-requests-inflight: expected a positive sum with max-mutating-requests-inflight under priority and fairness, got 0',
    ],
    [
      'a flag nobody knows',
      { kubelet: { nodeStatusFrequency: 5 } },
      'kubelet nodeStatusFrequency: kubelet has no flag "nodeStatusFrequency"',
    ],
    [
      'a flag of a later release',
      { 'kube-apiserver': { 'storage-initialization-timeout': seconds(5) } },
      'kube-apiserver storage-initialization-timeout: kube-apiserver of Kubernetes 1.30 has no flag "storage-initialization-timeout"; the first known release with it is 1.31',
    ],
    [
      'a gate of a later release',
      { 'kube-apiserver': { 'feature-gates': { SizeBasedListCostEstimate: true } } },
      'kube-apiserver SizeBasedListCostEstimate: Kubernetes 1.30 has no feature gate "SizeBasedListCostEstimate"',
    ],
  ])('%s', (_, overrides, message) => expect(messages(overrides)).toEqual([message]));

  it('no seats are allowed where two counters limit requests: 0 means no limit there', () => {
    const none = { 'max-requests-inflight': 0, 'max-mutating-requests-inflight': 0 };
    expect(messages({ 'kube-apiserver': { ...none, 'enable-priority-and-fairness': false } })).toEqual([]);
  });
});

describe('a managed control plane', () => {
  const managed = profileNamed('managed');

  it.each(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'static-pod'] as const)(
    'locks %s, and says who sets its flags',
    (component) => {
      const flag = { etcd: 'snapshot-count', 'static-pod': 'livenessProbe.failureThreshold' }[component as 'etcd'];
      expect(messages({ [component]: { [flag ?? 'kube-api-qps']: 9 } }, managed)[0]).toMatch(
        new RegExp(
          `: profile "managed" locks the flags of ${component}: the provider of a managed control plane sets them$`,
        ),
      );
    },
  );

  it('leaves nodes and CoreDNS to the user', () => {
    const overrides = { kubelet: { nodeLeaseDurationSeconds: seconds(60) }, coredns: { replicas: 5 } };
    expect(messages(overrides, managed)).toEqual([]);
  });
});

it('what is set wins over the default', () => {
  const overrides: FlagOverrides = { 'kube-apiserver': { 'max-requests-inflight': 800 } };
  expect(flagValue(of2024, overrides, 'kube-apiserver', 'max-requests-inflight')).toBe(800);
  expect(flagValue(of2024, overrides, 'kube-apiserver', 'max-mutating-requests-inflight')).toBe(200);
  expect(() => flagValue(of2024, overrides, 'etcd', 'quota')).toThrow('profile "2024": etcd has no flag "quota"');
});

it('flags without an effect are named', () => {
  const overrides: FlagOverrides = {
    'kube-apiserver': { 'event-ttl': seconds(60), 'request-timeout': seconds(30) },
    kubelet: { maxPods: 250 },
  };
  expect(unmodelledFlags(overrides)).toEqual(['kube-apiserver event-ttl', 'kubelet maxPods']);
});
