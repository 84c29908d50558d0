import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario, withoutTrigger } from '../../../test/small-scenario.ts';
import { manifestNodeLocalCache } from '../../kubernetes/dns/node-local-cache.ts';
import { createCompleteDnsBench, killApi } from '../../kubernetes/dns/testing/complete-dns-bench.ts';
import { advance } from '../../kubernetes/testing/bench.ts';
import { noCause, type UserTrouble } from '../../operations/chronicle.ts';
import { Site } from '../../operations/site.ts';
import { createChronicle } from '../../operations/testing/bench.ts';
import type { CauseLink } from '../result.ts';
import { runScenario } from '../run.ts';
import { causeChain, type FailedRequest } from './cause-chain.ts';
import { createLoopBench, type LoopBench } from './testing/loop-bench.ts';

const result = runScenario(smallScenario({ end: '20 min' }));

describe('the chain of a rollout that took a control plane down', () => {
  const { causes } = result;

  it('leads from the failed request to the trigger, through what held the memory', () => {
    expect(causes[0]!.kind).toBe('users');
    expect(causes.slice(1, 3).map(({ kind }) => kind)).toEqual(['dns', 'attempt']);
    expect(causes.at(-1)).toMatchObject({ kind: 'rollout', text: 'telemetry-agent rolled out, 300 nodes' });
    expect(causes.find(({ kind }) => kind === 'clients')!.text).toMatch(
      /^\d+ list-pods-etcd-json of telemetry-agent needed \d/,
    );
  });

  it('never goes forward in time, stays in its cluster, and gives a reason for every link', () => {
    causes.forEach((link, index) => {
      expect(link.cluster).toBe('large');
      if (index === 0) return;
      expect(link.t).toBeLessThanOrEqual(causes[index - 1]!.t);
      expect(link.because).not.toBe('');
    });
  });

  it('is the same in a second run, and plain data', () => {
    const again = runScenario(smallScenario({ end: '20 min' }));
    expect(again.causes).toEqual(causes);
    expect(again.loops).toEqual(result.loops);
    expect(JSON.parse(JSON.stringify(causes))).toEqual(causes);
  });
});

it('without the trigger nobody fails, there is nothing to explain, and no loop is seen', () => {
  const quiet = runScenario(withoutTrigger(smallScenario({ end: '10 min' })));
  expect(quiet.causes).toEqual([]);
  expect(quiet.loops!.length).toBe(16);
  expect(quiet.loops!.filter(({ seen }) => seen)).toEqual([]);
});

it('the outage is carried on by the storm and by retries, in the large cluster only', () => {
  const seen = result.loops!.filter(({ gain }) => gain !== null && gain.overall > 0.5);
  expect(seen.map(({ cluster, id }) => `${cluster} ${id}`)).toEqual(['large reconnect-storm', 'large client-retries']);
});

/** A cluster whose 50 names run out within a minute. */
function named(): LoopBench {
  const registryDns = {
    instances: 1,
    names: 50,
    ttl: minutes(1),
    negativeTtl: seconds(5),
    lookupTimeout: seconds(2),
    patience: seconds(1),
    serveStale: seconds(0),
  };
  return createLoopBench(1, {}, { registryDns });
}

function chainOf(
  bench: LoopBench,
  leaf?: FailedRequest,
  trouble: UserTrouble | 'unsaid' = 'name',
  cause = noCause,
): CauseLink[] {
  const { chronicle, site } = bench;
  const first = chronicle.note(
    'users',
    'first user requests fail',
    cause,
    site.id,
    ...(trouble === 'unsaid' ? [] : [trouble]),
  );
  const world = { chronicle, sites: [site], firstUserFailure: () => first };
  return causeChain(
    world,
    (instant) => instant / 1_000_000,
    (t) => `${t.toFixed(0)} s`,
    leaf,
  );
}

const kinds = (links: readonly CauseLink[]): string[] => links.map(({ kind }) => kind);

describe('where nothing was written down, the chain says so', () => {
  it('a way to the API that somebody closed', () => {
    const bench = named();
    bench.run(1);
    bench.site.cluster.controlPlane.block();
    bench.run(1);
    const chain = chainOf(bench);
    expect(kinds(chain)).toEqual(['users', 'dns', 'attempt', 'lost']);
    expect(chain.at(-1)!.text).toContain('the network path to the API had been closed');
  });

  it('a server that was killed with nothing inside', () => {
    const bench = named();
    bench.run(1);
    bench.site.cluster.controlPlane.servers[0]!.kill('liveness');
    bench.run(1);
    const chain = chainOf(bench);
    expect(kinds(chain).slice(0, 4)).toEqual(['users', 'dns', 'attempt', 'api-server']);
    expect(chain[3]!.text).toBe('API server 0 was killed by its liveness probe');
    expect(chain.at(-1)!.kind).toBe('lost');
  });

  it('a server that was told to stop is a trigger of its own', () => {
    const bench = named();
    bench.run(1);
    bench.site.cluster.controlPlane.servers[0]!.loseMachine();
    bench.run(1);
    const chain = chainOf(bench);
    expect(chain.at(-1)).toMatchObject({ kind: 'trigger', text: 'API server 0 was lost with its machine' });
  });
});

describe('a failed request that was carried through on its own', () => {
  const leaf = { at: minutes(2), cluster: 'bench', text: 'checkout fails', because: 'no instance is left' };

  it('is the first link, and its own reason the last one where it was not for a name', () => {
    const chain = chainOf(named(), { ...leaf, isForName: false });
    expect(chain.map(({ kind, text }) => [kind, text])).toEqual([
      ['users', 'checkout fails'],
      ['lost', 'no instance is left'],
    ]);
  });

  it('leads on through the name where it was for one', () => {
    const bench = named();
    bench.run(1);
    bench.site.cluster.controlPlane.block();
    bench.run(1);
    expect(kinds(chainOf(bench, { ...leaf, isForName: true }))).toEqual(['users', 'dns', 'attempt', 'lost']);
  });
});

describe('what users failed for decides where the chain goes, not what was noted last in the cluster', () => {
  it('an instance that had gone, while a rollout was on its way, ends it', () => {
    const bench = named();
    const rollout = bench.chronicle.note('rollout', 'agent rolled out, 1 nodes', noCause, bench.site.id);
    for (const cause of [noCause, rollout]) {
      const chain = chainOf(bench, undefined, 'no-instance', cause);
      expect(kinds(chain)).toEqual(['users', 'lost']);
      expect(chain[1]!.text).toContain('an instance had gone and was still listed');
      expect(chain[1]!.text).not.toContain('rolled out');
    }
  });

  it('without a word about it, only a note on names leads to names', () => {
    const bench = named();
    const names = bench.chronicle.note('dns', 'first cached name has run out', noCause, bench.site.id);
    expect(kinds(chainOf(bench, undefined, 'unsaid', names))).toEqual(['users', 'dns', 'lost']);
    expect(kinds(chainOf(bench, undefined, 'unsaid'))).toEqual(['users', 'lost']);
  });

  it('a sampled request that failed for a name leads on, whichever note it is joined to', () => {
    const bench = named();
    const users = bench.chronicle.note('users', 'first user requests fail', noCause, bench.site.id);
    expect(kinds(chainOf(bench, undefined, 'name', users))).toEqual(['users', 'dns', 'lost']);
  });
});

describe('a cache on the nodes that runs out', () => {
  const simulation = new Simulation({ seed: 1 });
  const chronicle = createChronicle(simulation);
  const restarts = [{ at: minutes(1), replicas: 4 }];
  const { cluster } = createCompleteDnsBench(new Simulation({ seed: 1 }), {
    nodes: 30,
    dns: { nodeLocalCache: manifestNodeLocalCache, restarts },
  });
  const site = new Site(simulation, chronicle, cluster.options, { isStaging: false, traffic: 1 });
  killApi(simulation, site.cluster, minutes(5));
  advance(simulation, minutes(4));

  it('is noted, but no record of the registry-backed tier, which is not there', () => {
    expect(site.cluster.nameFailureShare(1)).toBeGreaterThan(0);
    expect(site.dnsNote).not.toBe(noCause);
    expect(site.failures.nameFailures).toEqual([]);
  });

  it('leads to the name servers of the cluster, and no entry is taken for a record', () => {
    const first = chronicle.note('users', 'first user requests fail', site.dnsNote, site.id, 'name');
    const world = { chronicle, sites: [site], firstUserFailure: () => first };
    const chain = causeChain(world, (instant) => instant, String);
    expect(chain[1]).toMatchObject({ kind: 'dns', text: 'the name servers of the cluster cannot answer' });
    expect(chain[2]!.text).toContain('killed by its liveness probe');
  });
});
