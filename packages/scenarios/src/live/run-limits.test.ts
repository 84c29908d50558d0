/** Documents in which every value is admitted and the whole is not: each is refused before anything is built. */
import { expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { parseScenario } from '../scenario/parse.ts';
import { incidents } from '../incidents/index.ts';
import { LiveRun } from './live-run.ts';
import { checkLimits, eventBudget, limitProblems, pageLimits } from './run-limits.ts';

const small = smallScenario();
const [first, large] = small.clusters;
const cluster = large!;
const clusters = (count: number, change: Partial<typeof cluster>): ScenarioDocument => ({
  ...small,
  clusters: [first!, cluster, ...Array.from({ length: count }, (_, i) => ({ ...cluster, ...change, id: `more-${i}` }))],
});

/** Only the parts of a release have caches on nodes. */
const profiled: Pick<ScenarioDocument, 'kubernetes'> = { kubernetes: { ...small.kubernetes, profile: '1.31' } };

const documents: readonly (readonly [name: string, document: ScenarioDocument, message: RegExp])[] = [
  ['nodes', clusters(4, { nodes: 20_000 }), /at most 60000 nodes in all, got 80325/],
  ['pods', clusters(1, { nodes: 20_000, podsPerNode: 500 }), /at most 2000000 pods in all, got 10009750/],
  ['years', { ...small, horizon: { start: '-2 min', end: '8760 h' } }, /at most 72 hours from start to end, got 8761/],
  [
    'days of many nodes',
    { ...clusters(2, { nodes: 20_000 }), horizon: { start: '0 min', end: '48 h' } },
    /600000 nodes times hours/,
  ],
  [
    'an instance of the tier for each node, and 20,000 names',
    {
      ...clusters(1, { nodes: 20_000, services: 20_000 }),
      dns: { registry: { ...small.dns.registry!, nodesPerInstance: 1 } },
    },
    /2000000 records in DNS tiers/,
  ],
  [
    'a cache on each node, and 20,000 names',
    {
      ...clusters(1, { nodes: 20_000, services: 20_000 }),
      ...profiled,
      dns: { registry: null, nodeLocalCache: {} },
    },
    /50000000 entries in the caches of nodes .*, got 199/,
  ],
  [
    'answers that stay in caches for years',
    { ...small, ...profiled, dns: { ...small.dns, nodeLocalCache: { ttl: '100000 h' } } },
    /72 hours that an entry in the cache of a node is kept, got 100000/,
  ],
  ['CoreDNS replicas', clusters(1, { coreDnsReplicas: 1_000_000_000 }), /10000 CoreDNS replicas/],
  [
    'connections',
    { ...clusters(1, { services: 20_000 }), dataPlane: { replicas: 5_000, pools: { connections: 100 } } },
    /2000000 connections between services/,
  ],
  [
    'calls',
    {
      ...clusters(1, { services: 20_000 }),
      users: { ...small.users, products: [{ id: 'x', title: 'X', requests: '1/s', lookups: 1e9 }] },
      dataPlane: {},
    },
    /5000 calls between services/,
  ],
  ['followed requests', { ...small, dataPlane: { samplesPerSecond: 1000 } }, /500000 user requests that are followed/],
  [
    'a lease for years',
    { ...small, kubernetes: { ...small.kubernetes, nodeLeaseRenewInterval: '100000 h' } },
    /1 hours between two renewals of a lease, got 100000/,
  ],
];

it.each(documents)('refused for its size: %s', (_name, document, message) => {
  expect(limitProblems(parseScenario(document, 'hostile')).join('\n')).toMatch(message);
  expect(() => checkLimits(parseScenario(document, 'hostile'))).toThrow(RangeError);
});

it('everything that comes with the engine is far from the limits', () => {
  for (const { document, id } of incidents) {
    const scenario = parseScenario(document(), id);
    expect(
      limitProblems(scenario, { ...pageLimits, nodes: pageLimits.nodes / 2, nodeHours: pageLimits.nodeHours / 2 }),
    ).toEqual([]);
  }
});

it('a run that has had its events is ended, wherever it is', () => {
  const run = new LiveRun(smallScenario(), { seed: '1' });
  const budget = eventBudget(run.run.simulation, { events: 50_000, pending: 1e6 });
  expect(() => {
    while (!run.isOver) {
      run.advanceTo(run.now + 10, budget);
      budget.check();
    }
  }).toThrow(/^the run was ended: expected at most 50000 events and 1000000 waiting at a time, got [56]\d{4} and \d+$/);
});

it('a run is ended within one step, however long that is', () => {
  const run = new LiveRun(small, { seed: '1' });
  const budget = eventBudget(run.run.simulation, { events: 10_000, pending: 1e6 });
  expect(run.advanceTo(3600, budget)).toBe(false);
  expect(() => budget.check()).toThrow(/^the run was ended/);
  expect(run.run.simulation.eventCount).toBeLessThan(300_000);
});
