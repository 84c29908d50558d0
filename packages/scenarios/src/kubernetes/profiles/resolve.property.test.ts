import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flagsOf } from './catalogue.ts';
import { type Component, components, defaultOf, type FlagDefinition } from './flag.ts';
import { kubernetesReleases, profileNamed } from './release.ts';
import { flagProblems, type FlagOverrides, flagValue } from './resolve.ts';

const numeric: readonly FlagDefinition[] = components.flatMap((component) =>
  flagsOf[component].filter((flag) => typeof flag.defaults[0]![1] === 'number'),
);
const release = fc.constantFrom(...kubernetesReleases);
const setting = fc.record({
  flag: fc.constantFrom(...numeric),
  value: fc.integer({ min: -1_000_000, max: 100_000_000 }),
  release,
});

/** Flags that another one looks at: what they may be depends on it. */
const entangled = /^(heartbeat-interval|election-timeout|leader-elect-|max-(mutating-)?requests-inflight)/;

const only = ({ component, name }: FlagDefinition, value: number): FlagOverrides => ({
  [component]: { [name]: value },
});

it('a number is refused exactly when its release lacks the flag or upstream’s range does not hold it', () => {
  fc.assert(
    fc.property(setting, ({ flag, value, release: name }) => {
      fc.pre(!entangled.test(flag.name));
      const profile = profileNamed(name);
      const problems = flagProblems(profile, only(flag, value));
      const isKnown = defaultOf(flag, name) !== undefined;
      const isInRange = value >= (flag.min ?? -Infinity) && value <= (flag.max ?? Infinity);
      expect(problems.map((problem) => problem.flag)).toEqual(isKnown && isInRange ? [] : [flag.name]);
      if (isKnown) expect(flagValue(profile, only(flag, value), flag.component, flag.name)).toBe(value);
    }),
    { seed: 20261124, numRuns: 500 },
  );
});

it('a managed control plane refuses every flag that is not of nodes or DNS, and changes none of the rest', () => {
  const managed = profileNamed('managed');
  const free: ReadonlySet<Component> = new Set(['kubelet', 'coredns'] as const);
  fc.assert(
    fc.property(fc.constantFrom(...numeric), (flag) => {
      const value = defaultOf(flag, '1.36');
      fc.pre(typeof value === 'number');
      const problems = flagProblems(managed, only(flag, value as number));
      expect(problems.length).toBe(free.has(flag.component) ? 0 : 1);
    }),
    { seed: 20261124, numRuns: 200 },
  );
});
