import { minutes, ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { Scenario, ScenarioDocument } from './document.ts';
import type { FlagsDocument } from './flag-schema.ts';
import { loadDocument } from './load.ts';
import { parseScenario, scenarioJsonSchema } from './parse.ts';
import { setPath } from './path.ts';
import { completeDocument } from './complete.ts';
import { assumed, sourcesOf } from './provenance.ts';
import { documentHash } from './hash.ts';

function withKubernetes(more: Partial<ScenarioDocument['kubernetes']>): ScenarioDocument {
  const document = smallScenario();
  return { ...document, kubernetes: { ...document.kubernetes, ...more } };
}

const parsed = (flags: FlagsDocument): Scenario['kubernetes']['flags'] =>
  parseScenario(withKubernetes({ flags }), 'x').kubernetes.flags;

const problem = (more: Parameters<typeof withKubernetes>[0]): string => {
  try {
    parseScenario(withKubernetes(more), 'x');
    return '';
  } catch (error) {
    return String((error as Error).message);
  }
};

describe('flags as they are written', () => {
  it('durations are read in upstream form and in that of documents', () => {
    for (const text of ['1m30s', '90s', '90 s', '1.5 min']) {
      expect(parsed({ 'kube-apiserver': { 'request-timeout': text } })?.['kube-apiserver']).toEqual({
        'request-timeout': seconds(90),
      });
    }
  });

  it('whole numbers of seconds, milliseconds and bytes are written bare or with a unit', () => {
    expect(
      parsed({
        'kube-apiserver': { 'min-request-timeout': 900 },
        kubelet: { nodeLeaseDurationSeconds: '1 min' },
        etcd: { 'heartbeat-interval': 200, 'election-timeout': '2 s', 'quota-backend-bytes': '8 GiB' },
      }),
    ).toEqual({
      'kube-apiserver': { 'min-request-timeout': minutes(15) },
      kubelet: { nodeLeaseDurationSeconds: minutes(1) },
      etcd: { 'heartbeat-interval': ms(200), 'election-timeout': seconds(2), 'quota-backend-bytes': 2 ** 33 },
    });
  });

  it('gates are written as keys or as upstream writes them', () => {
    const expected = { 'kube-apiserver': { 'feature-gates': { WatchList: true, ConsistentListFromCache: true } } };
    for (const gates of [expected['kube-apiserver']['feature-gates'], 'WatchList=true, ConsistentListFromCache=True']) {
      expect(parsed({ 'kube-apiserver': { 'feature-gates': gates } })).toEqual(expected);
    }
  });

  it('names and paths are taken as texts', () => {
    expect(parsed({ 'kube-apiserver': { 'secure-port': 6443, 'allow-privileged': true } })?.['kube-apiserver']).toEqual(
      {
        'secure-port': '6443',
        'allow-privileged': 'true',
      },
    );
  });

  it.each([
    ['2024', '2024'],
    [2024, '2024'],
    [1.31, '1.31'],
    [1.3, '1.30'],
    ['managed-1.36', 'managed-1.36'],
  ] as const)('profile %j is %s', (written, name) => {
    expect(parseScenario(withKubernetes({ profile: written }), 'x').kubernetes.profile).toBe(name);
  });

  it('a flag may carry its source, which is then listed', () => {
    const flags = { 'kube-apiserver': { 'max-requests-inflight': assumed(800, 'a try') } };
    expect(parsed(flags)).toEqual({ 'kube-apiserver': { 'max-requests-inflight': 800 } });
    expect(sourcesOf(withKubernetes({ flags })).map((entry) => entry.path)).toContain(
      'kubernetes.flags.kube-apiserver.max-requests-inflight',
    );
  });
});

describe('what is wrong is said where it stands', () => {
  it.each<[Parameters<typeof withKubernetes>[0], string]>([
    [
      { flags: { 'kube-apiserver': { 'max-request-inflight': 800 } } },
      'x: kubernetes.flags.kube-apiserver: unknown key "max-request-inflight"; did you mean "max-requests-inflight"?',
    ],
    [
      { flags: { 'max-requests-inflight': 800 } as FlagsDocument },
      'x: kubernetes.flags: unknown key "max-requests-inflight"; known here: kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, etcd, static-pod, coredns',
    ],
    [
      { flags: { 'kube-apiserver': { 'request-timeout': 60 } } },
      'x: kubernetes.flags.kube-apiserver.request-timeout: expected a duration with a unit such as "60 s", got 60',
    ],
    [
      { flags: { 'kube-apiserver': { 'max-requests-inflight': '800' } } },
      'x: kubernetes.flags.kube-apiserver.max-requests-inflight: expected a whole number such as 12, got "800"',
    ],
    [
      { flags: { etcd: { 'heartbeat-interval': 0.5 } } },
      'x: kubernetes.flags.etcd.heartbeat-interval: expected a whole number of milliseconds, got 0.5',
    ],
    [
      { flags: { etcd: { 'quota-backend-bytes': '8 Gi' } } },
      'x: kubernetes.flags.etcd.quota-backend-bytes: expected bytes such as "30 GiB", got "8 Gi": unknown unit "Gi"; did you mean "GiB"?',
    ],
    [
      { flags: { 'kube-apiserver': { 'watch-cache': 'yes' } } },
      'x: kubernetes.flags.kube-apiserver.watch-cache: expected true or false, got "yes"',
    ],
    [
      { flags: { 'kube-apiserver': { 'feature-gates': { WatchList: 'on' as unknown as boolean } } } },
      'x: kubernetes.flags.kube-apiserver.feature-gates: WatchList: expected true or false, got "on"',
    ],
    [
      { flags: { 'kube-apiserver': { 'feature-gates': 'WatchList' } } },
      'x: kubernetes.flags.kube-apiserver.feature-gates: : expected true or false, got "watchlist"',
    ],
    [
      { flags: { 'kube-apiserver': { 'goaway-chance': 0.05 } } },
      'x: kubernetes.flags.kube-apiserver.goaway-chance: expected 0 to 0.02 (kube-apiserver refuses anything else), got 0.05',
    ],
    [
      { flags: { 'kube-apiserver': { 'request-timeout': '-1s' } } },
      'x: kubernetes.flags.kube-apiserver.request-timeout: expected at least 0s (kube-apiserver refuses anything else), got -1s',
    ],
    [
      { profile: '1.30', flags: { 'kube-apiserver': { 'storage-initialization-timeout': '2m' } } },
      'x: kubernetes.flags.kube-apiserver.storage-initialization-timeout: kube-apiserver of Kubernetes 1.30 has no flag "storage-initialization-timeout"; the first known release with it is 1.31',
    ],
    [
      { profile: 'current', flags: { 'kube-apiserver': { 'feature-gates': { ConsistentListFromCache: false } } } },
      'x: kubernetes.flags.kube-apiserver.feature-gates.ConsistentListFromCache: expected true, got false: feature gate "ConsistentListFromCache" is locked in Kubernetes 1.36',
    ],
    [
      { profile: 'managed', flags: { 'kube-apiserver': { 'max-requests-inflight': 800 } } },
      'x: kubernetes.flags.kube-apiserver.max-requests-inflight: profile "managed" locks the flags of kube-apiserver: the provider of a managed control plane sets them',
    ],
    [
      { profile: 'managed', maxRequestsInflight: 800 },
      'x: kubernetes.maxRequestsInflight: max-requests-inflight: profile "managed" locks the flags of kube-apiserver: the provider of a managed control plane sets them',
    ],
    [
      { leaderElection: { leaseDuration: '9 s', renewDeadline: '10 s', retryPeriod: '2 s' } },
      'x: kubernetes.leaderElection.leaseDuration: expected more than leader-elect-renew-deadline, 10s, got 9s',
    ],
    [
      { profile: '1.32' as '1.31' },
      'x: kubernetes.profile: expected one of 2024, current, managed, 1.29, 1.30, 1.31, 1.34, 1.35, 1.36, or managed- and a release, got "1.32"; did you mean "1.30"?',
    ],
  ])('%j', (more, message) => expect(problem(more)).toBe(message));

  it('with line and column in a file', async () => {
    const text = 'kubernetes:\n  flags:\n    kube-apiserver:\n      goaway-chance: 1\n';
    const file = await loadDocument(text, 'mine.yaml');
    const { kubernetes, ...rest } = smallScenario();
    const data = { ...rest, kubernetes: { ...kubernetes, ...(file.data as { kubernetes: object }).kubernetes } };
    expect(() => parseScenario(data, { ...file, data })).toThrow(
      'mine.yaml:4:22 kubernetes.flags.kube-apiserver.goaway-chance:',
    );
  });
});

describe('beside the rest of the document', () => {
  it('a document without profile and flags has the fingerprint it had before there were any', () => {
    const { kubernetes: _, ...short } = smallScenario();
    expect(completeDocument(short)).not.toHaveProperty('kubernetes.profile');
    expect(documentHash(smallScenario())).toBe(documentHash(completeDocument(short)));
  });

  it('one flag can be set for a run, and misspelt ones are not', () => {
    const schema = scenarioJsonSchema();
    const { document, difference } = setPath(
      smallScenario(),
      'kubernetes.flags.kube-apiserver.max-requests-inflight=800',
      schema,
    );
    expect(difference).toEqual(['kubernetes.flags: (absent) -> { kube-apiserver: { max-requests-inflight: 800 } }']);
    expect(parseScenario(document, 'x').kubernetes.flags).toEqual({
      'kube-apiserver': { 'max-requests-inflight': 800 },
    });
    expect(() => setPath(smallScenario(), 'kubernetes.flags.kube-apiserver.max-inflight=1', schema)).toThrow(
      'unknown path',
    );
  });

  it('editors see each flag with its default, and none is required', () => {
    const flags = scenarioJsonSchema().properties?.['kubernetes']?.properties?.['flags'];
    const apiServer = flags?.properties?.['kube-apiserver'];
    expect(flags).not.toHaveProperty('required');
    expect(apiServer).not.toHaveProperty('required');
    expect(apiServer?.properties?.['goaway-chance']).toMatchObject({
      description: 'share of requests after which a client connects anew; default 0 in 1.29',
    });
  });
});
