import { seconds } from '@brownout/core';
import { expect, it } from 'vitest';
import { noCause, type UserTrouble } from '../../operations/chronicle.ts';
import { allCauses } from './all-causes.ts';
import type { FailedRequest } from './cause-chain.ts';
import { createLoopBench } from './testing/loop-bench.ts';

/** Kinds of the links when the first failure was this and a later one is for a name. */
function kinds(trouble: UserTrouble, later?: Pick<FailedRequest, 'text'>): string[] {
  const registryDns = {
    instances: 1,
    names: 50,
    ttl: seconds(60),
    negativeTtl: seconds(5),
    lookupTimeout: seconds(2),
    patience: seconds(1),
    serveStale: seconds(0),
  };
  const bench = createLoopBench(1, {}, { registryDns });
  const { chronicle, site } = bench;
  const first = chronicle.note('users', 'a request fails', noCause, site.id, trouble);
  bench.run(1);
  site.cluster.controlPlane.block();
  bench.run(1);
  const leaf = later && { ...later, at: bench.simulation.now, cluster: site.id, because: '', isForName: true };
  const world = { chronicle, sites: [site], firstUserFailure: () => first, firstNameFailure: () => leaf };
  return allCauses(world, (instant) => instant / 1_000_000, String).map(({ kind }) => kind);
}

it('a name that fails after a pod that had gone gets a chain of its own', () => {
  expect(kinds('no-instance')).toEqual(['users', 'lost']);
  expect(kinds('no-instance', { text: 'a name fails' })).toEqual(['users', 'lost', 'users', 'dns', 'attempt', 'lost']);
});

it('where the first failure was for a name there is one chain', () => {
  const [leaf, ...links] = kinds('name', { text: 'a name fails' });
  expect(leaf).toBe('users');
  expect(links).not.toContain('users');
});
