import { ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { flagNamed, flagsOf } from './catalogue.ts';
import { components, defaultOf, defaultText, durationText, firstRelease, type FlagDefinition } from './flag.ts';
import { kubernetesReleases, profileNamed, profileNames, profiles } from './release.ts';

const everyFlag: readonly FlagDefinition[] = components.flatMap((component) => flagsOf[component]);

describe('the table of flags', () => {
  it('names are unique within a component and belong to it', () => {
    for (const component of components) {
      const names = flagsOf[component].map((flag) => flag.name);
      expect(new Set(names).size, component).toBe(names.length);
      expect(flagsOf[component].every((flag) => flag.component === component)).toBe(true);
    }
  });

  it('every default has a source in a repository, the type of its kind, and lies in the range upstream accepts', () => {
    const types = { boolean: 'boolean', text: 'string', gates: 'string' } as const;
    for (const flag of everyFlag) {
      expect(flag.source, flag.name).toMatch(
        /^(kubernetes|etcd-io)\/[a-z-]+, (pkg|cmd|plugin|server|features|config)\//,
      );
      for (const [, value] of flag.defaults) {
        expect(typeof value, flag.name).toBe(types[flag.kind as 'boolean'] ?? 'number');
        if (typeof value !== 'number') continue;
        expect(value, flag.name).toBeGreaterThanOrEqual(flag.min ?? -Infinity);
        expect(value, flag.name).toBeLessThanOrEqual(flag.max ?? Infinity);
      }
    }
  });

  it('between 1.30 and 1.36 these defaults changed, and no other', () => {
    const changed = everyFlag.flatMap((flag) => {
      const [old, now] = (['1.30', '1.36'] as const).map((release) => defaultOf(flag, release));
      return old === now ? [] : [`${flag.name}: ${String(old)} -> ${now === undefined ? '' : defaultText(flag, now)}`];
    });
    expect(changed).toEqual([
      'storage-initialization-timeout: undefined -> 1m',
      'disable-http2-serving: undefined -> false',
      `node-monitor-grace-period: ${seconds(40)} -> 50s`,
      'crashLoopBackOff.maxContainerRestartPeriod: undefined -> 5m',
      'snapshot-count: 100000 -> 10000',
      'compaction-batch-limit: undefined -> 1000',
      'watch-progress-notify-interval: undefined -> 10m',
      'cache.disable:  -> success denial',
    ]);
  });

  it('a flag is unknown before its first release', () => {
    const flag = flagNamed('kube-apiserver', 'storage-initialization-timeout')!;
    expect(kubernetesReleases.map((release) => defaultOf(flag, release))).toEqual([
      undefined,
      undefined,
      ...Array<number>(4).fill(seconds(60)),
    ]);
    expect(firstRelease(flag)).toBe('1.31');
  });
});

describe('defaults as upstream writes them', () => {
  it.each([
    ['kube-apiserver', 'request-timeout', '1m'],
    ['kube-apiserver', 'min-request-timeout', '1800'],
    ['kube-apiserver', 'goaway-chance', '0'],
    ['kube-apiserver', 'watch-cache', 'true'],
    ['kube-apiserver', 'event-ttl', '1h'],
    ['etcd', 'heartbeat-interval', '100'],
    ['etcd', 'max-request-bytes', '1572864'],
    ['kubelet', 'nodeLeaseDurationSeconds', '40'],
    ['kube-apiserver', 'etcd-servers', '(none)'],
  ] as const)('%s %s: %s', (component, name, text) => {
    const flag = flagNamed(component, name)!;
    expect(defaultText(flag, defaultOf(flag, '1.31')!)).toBe(text);
  });

  it.each([
    [0, '0s'],
    [ms(1500), '1500ms'],
    [seconds(90), '90s'],
    [7, '7us'],
  ])('%d us is %s', (value, text) => expect(durationText(value)).toBe(text));
});

describe('profiles', () => {
  it('every name stands for one profile', () => {
    expect(profiles.map((profile) => profile.name)).toEqual(profileNames);
    for (const name of profileNames) expect(profileNamed(name).name).toBe(name);
  });

  it('2024 is run as 1.30, today as 1.36, and a family holds the release it is run as', () => {
    expect(['2024', 'current', 'managed'].map((name) => profileNamed(name as '2024').release)).toEqual([
      '1.30',
      '1.36',
      '1.36',
    ]);
    for (const { release, releases } of profiles) expect(releases).toContain(release);
  });
});
