import { minutes, ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { kubernetesReleases } from '../kubernetes/profiles/release.ts';
import type { KubernetesSection, ScenarioDocument } from './document.ts';
import type { RunResult } from './result.ts';
import { runScenario } from './run.ts';
import { defaultProfile, settingsOf, withFlags } from './kubernetes-settings.ts';
import { parseScenario } from './parse.ts';

const sectionOf = (more: Partial<ScenarioDocument['kubernetes']> = {}): KubernetesSection => {
  const document = smallScenario();
  return parseScenario({ ...document, kubernetes: { ...document.kubernetes, ...more } }, 'x').kubernetes;
};

const effective = (more: Partial<ScenarioDocument['kubernetes']>, cores = 8): KubernetesSection => {
  const section = sectionOf(more);
  return withFlags(section, settingsOf(section, cores));
};

describe('keys, flags and profile', () => {
  it('without a profile a document means 2024, and its keys are left as they are', () => {
    expect(settingsOf(sectionOf(), 8).profile.name).toBe(defaultProfile);
    const section = sectionOf();
    expect(withFlags(section, settingsOf(section, 8))).toEqual(section);
  });

  it('the defaults that keys are filled with are those of every release', () => {
    for (const profile of kubernetesReleases) {
      const section = sectionOf({ profile });
      expect(withFlags(section, settingsOf(section, 8)), profile).toEqual(section);
    }
  });

  it('a key wins over the profile, a flag over the key', () => {
    expect(settingsOf(sectionOf({ maxRequestsInflight: 20 }), 8).apiServer.maxRequestsInflight).toBe(20);
    const both = { maxRequestsInflight: 20, flags: { 'kube-apiserver': { 'max-requests-inflight': 30 } } };
    expect(settingsOf(sectionOf(both), 8).apiServer.maxRequestsInflight).toBe(30);
    expect(effective(both).maxRequestsInflight).toBe(30);
  });

  it('every key that means a flag follows it', () => {
    const found = effective({
      flags: {
        'kube-apiserver': { 'request-timeout': '30s', 'max-mutating-requests-inflight': 7 },
        'kube-controller-manager': { 'kube-api-qps': 100, 'kube-api-burst': 150, 'leader-elect-lease-duration': '1m' },
        'kube-scheduler': { 'kube-api-qps': 5 },
        kubelet: { nodeStatusReportFrequency: '1m' },
        'static-pod': { 'livenessProbe.failureThreshold': 3, 'livenessProbe.periodSeconds': 20 },
      },
    });
    expect(found).toMatchObject({
      requestTimeout: seconds(30),
      maxMutatingRequestsInflight: 7,
      controllerManager: { qps: 100, burst: 150 },
      scheduler: { qps: 5, burst: 100 },
      leaderElection: { leaseDuration: minutes(1), renewDeadline: seconds(10) },
      nodeStatusReportFrequency: minutes(1),
      livenessProbe: { failureThreshold: 3, period: seconds(20), timeout: seconds(15) },
    });
  });

  it('what follows from a flag moves with it', () => {
    const lease = effective({ flags: { kubelet: { nodeLeaseDurationSeconds: 8 } } });
    expect(lease).toMatchObject({ nodeLeaseRenewInterval: seconds(2), nodeLeaseRequestTimeout: seconds(8) });
    const etcd = effective({ flags: { etcd: { 'heartbeat-interval': 500, 'election-timeout': 5000 } } }).etcd;
    expect(etcd).toMatchObject({ election: ms(7500), requestTimeout: seconds(15), restart: seconds(30) });
  });

  it('and stays where the document says otherwise and no flag is set', () => {
    expect(effective({ nodeLeaseRenewInterval: '5 s' }).nodeLeaseRenewInterval).toBe(seconds(5));
  });
});

describe('a managed control plane', () => {
  it('has the seats of its size, whatever the keys are filled with', () => {
    expect(effective({ profile: 'managed' }, 16)).toMatchObject({
      maxRequestsInflight: 800,
      maxMutatingRequestsInflight: 400,
    });
  });

  it('leaves the kubelet to the user, as key and as flag', () => {
    expect(effective({ profile: 'managed', nodeLeaseDuration: '60 s' }).nodeLeaseDuration).toBe(minutes(1));
    const flags = { kubelet: { nodeLeaseDurationSeconds: 60 } };
    expect(effective({ profile: 'managed', flags }).nodeLeaseDuration).toBe(minutes(1));
  });
});

describe('heartbeats', () => {
  const withHeartbeats = (kubernetes: object): unknown => ({
    ...smallScenario(),
    kubernetes: { ...smallScenario().kubernetes, ...kubernetes },
  });

  it('may be aggregated, with a profile or without', () => {
    expect(parseScenario(withHeartbeats({ heartbeats: 'aggregated' }), 'x').kubernetes.heartbeats).toBe('aggregated');
    const withProfile = parseScenario(withHeartbeats({ heartbeats: 'aggregated', profile: '1.30' }), 'x');
    expect(withProfile.kubernetes.heartbeats).toBe('aggregated');
  });

  it.each([{}, { profile: '1.30' }])(
    'aggregated or not, as many renewals in a quiet run, fewer events: %j',
    (profile) => {
      const run = (heartbeats: string): RunResult =>
        runScenario(withHeartbeats({ ...profile, heartbeats }) as ScenarioDocument, { untilSeconds: 300 });
      const [single, batched] = [run('individual'), run('aggregated')];
      const renewals = ({ conservation }: RunResult): number =>
        conservation.filter(({ book }) => book.endsWith('kubelet-lease')).reduce((sum, { served }) => sum + served, 0);
      expect(renewals(batched) / renewals(single)).toBeCloseTo(1, 1);
      expect(batched.eventCount).toBeLessThan(single.eventCount);
    },
  );
});
