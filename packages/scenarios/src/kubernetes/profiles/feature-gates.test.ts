import { describe, expect, it } from 'vitest';
import { featureGates, gateProblem, gatesOn, gateState } from './feature-gates.ts';
import { kubernetesReleases } from './release.ts';

/** On or off over the six releases, as kube_features.go of each tag says: typed by hand beside the table. */
const expected: Readonly<Record<string, string>> = {
  ConsistentListFromCache: '..xxxx',
  ResilientWatchCacheInitialization: '..xxxx',
  WatchCacheInitializationPostStartHook: '.....x',
  ListFromCacheSnapshot: '...xxx',
  SizeBasedListCostEstimate: '...xxx',
  StreamingCollectionEncodingToJSON: '...xxx',
  WatchList: '...xxx',
  WatchListClient: '....xx',
  SeparateCacheWatchRPC: 'xxx...',
  APIResponseCompression: 'xxxxxx',
  TopologyAwareHints: 'xxxxxx',
};

describe('the table of gates', () => {
  it.each(Object.entries(expected))('%s is %s', (name, pattern) => {
    const found = kubernetesReleases.map((release) => (gatesOn(release).has(name) ? 'x' : '.')).join('');
    expect(found).toBe(pattern);
  });

  it('every gate has a state in every release, and exists in one', () => {
    for (const gate of featureGates.values()) {
      expect(gate.states, gate.name).toHaveLength(kubernetesReleases.length);
      expect(gate.states.some((state) => state !== '-')).toBe(true);
    }
  });

  it('alpha is off everywhere, and only what is generally available or deprecated is locked', () => {
    for (const gate of featureGates.values()) {
      for (const state of gate.states) {
        if (state.startsWith('alpha')) expect(state).toBe('alpha off');
        if (state.endsWith('!')) expect(state).toMatch(/^(ga|deprecated) /);
      }
    }
  });

  it('a gate that was generally available does not go back', () => {
    for (const gate of featureGates.values()) {
      const first = gate.states.findIndex((state) => state.startsWith('ga'));
      if (first < 0) continue;
      for (const state of gate.states.slice(first)) expect(state, gate.name).toMatch(/^(ga|-|deprecated)/);
    }
  });
});

describe('what is set', () => {
  it('wins over the default', () => {
    expect(gatesOn('1.30', { ConsistentListFromCache: true }).has('ConsistentListFromCache')).toBe(true);
    expect(gatesOn('1.36', { WatchList: false }).has('WatchList')).toBe(false);
  });

  it('AllAlpha and AllBeta reach the gates of their stage that are not set themselves', () => {
    const all = gatesOn('1.30', { AllAlpha: true, WatchList: false });
    expect([all.has('ConsistentListFromCache'), all.has('WatchList')]).toEqual([true, false]);
    const none = gatesOn('1.36', { AllBeta: false });
    expect([none.has('SizeBasedListCostEstimate'), none.has('ConsistentListFromCache')]).toEqual([false, true]);
  });

  it('a gate of another release is not switched on by naming it', () => {
    expect(gatesOn('1.30', { SizeBasedListCostEstimate: true }).has('SizeBasedListCostEstimate')).toBe(false);
  });

  it.each([
    ['1.30', 'ConsistentListFromCache', true, undefined],
    ['1.36', 'ConsistentListFromCache', true, undefined],
    [
      '1.36',
      'ConsistentListFromCache',
      false,
      'expected true, got false: feature gate "ConsistentListFromCache" is locked in Kubernetes 1.36',
    ],
    ['1.30', 'SizeBasedListCostEstimate', true, 'Kubernetes 1.30 has no feature gate "SizeBasedListCostEstimate"'],
    ['1.30', 'WatchLists', true, 'unknown feature gate "WatchLists"'],
    ['1.30', 'AllAlpha', true, undefined],
  ] as const)('%s: %s=%s', (release, name, value, problem) => {
    expect(gateProblem(release, name, value)).toBe(problem);
  });

  it('the state of a gate is looked up by release', () => {
    const gate = featureGates.get('WatchList')!;
    expect(gateState(gate, '1.29')).toBe('alpha off');
    expect(gateState(gate, '1.34')).toBe('beta on');
  });
});
