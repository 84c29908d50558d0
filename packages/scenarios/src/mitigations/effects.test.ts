/** Every mitigation on the small outage: the lines it changes, and what becomes of the outage. */
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { applyMitigations, parseMitigationList } from '../scenario/mitigation.ts';
import { runScenario } from '../scenario/run.ts';
import { mitigations } from './index.ts';

function mitigated(list: string, document: ScenarioDocument = smallScenario()): ScenarioDocument {
  return applyMitigations(document, parseMitigationList(list, mitigations)).document;
}

function difference(list: string, document: ScenarioDocument = smallScenario()): readonly string[] {
  return applyMitigations(document, parseMitigationList(list, mitigations)).applied.flatMap((one) => one.difference);
}

function numbers(document: ScenarioDocument, options: { seed?: number; untilSeconds?: number } = {}) {
  const { kpis, timeline } = runScenario(document, { seed: 1, ...options });
  const get = (name: string): number => Number(kpis[name] ?? NaN);
  return {
    kills: get('apiServerOomKills'),
    lost: get('clustersLost'),
    lockout: get('lockoutSeconds'),
    users: get('usersAffectedShare'),
    unavailable: get('controlPlaneUnavailableSeconds'),
    firstUserError: kpis['firstUserError'],
    timeline,
  };
}

describe('what each changes', () => {
  it.each<[string, readonly string[]]>([
    ['serve-stale-dns:window=1h', ['dns.registry.serveStale: "0 s" -> "1 h"']],
    ['break-glass:memory=8 GiB', ['operators.breakGlass: null -> { cores: 8, memory: 8 GiB }']],
    ['cached-list', ['agent.list.resourceVersion: "unset" -> "0"']],
    ['own-node-selector', ['agent.list.selector: "none" -> "own-node"']],
    ['protobuf-agents', ['agent.list.encoding: "json" -> "protobuf"']],
    ['slower-agents:period=5min', ['agent.period: "15 s" -> "5 min"']],
    ['longer-dns-ttl:ttl=1h', ['dns.registry.ttl: "10 min" -> "1 h"']],
    ['zone-spread', ['clusters[small, large].apiServers.zones: (absent) -> 3']],
    ['zone-spread:zones=9', ['clusters[small, large].apiServers.zones: (absent) -> 3']],
    [
      'larger-api-servers:factor=1.5',
      [
        'clusters[small, large].apiServers.cores: 1 -> 1.5',
        'clusters[small, large].apiServers.memory: "4.4 GiB" -> "6.6 GiB"',
      ],
    ],
  ])('%s', (list, lines) => {
    expect(difference(list)).toEqual(lines);
  });

  it('decoupled-dns takes the tier away', () => {
    expect(difference('decoupled-dns')).toHaveLength(1);
    expect(mitigated('decoupled-dns').dns.registry).toBeNull();
  });

  it('mitigations of a DNS tier change nothing where there is none', () => {
    const document = mitigated('decoupled-dns');
    expect(difference('serve-stale-dns+longer-dns-ttl+decoupled-dns', document)).toEqual([]);
  });

  it('memory that was stated with a source is multiplied exactly', () => {
    const [small, large] = smallScenario().clusters;
    const memory = { value: '1000001 B', source: 'assumed', note: 'an odd size' } as const;
    const clusters = [{ ...small!, apiServers: { ...small!.apiServers, memory } }, large!];
    const { clusters: after } = mitigated('larger-api-servers:factor=3', { ...smallScenario(), clusters });
    expect(after[0]?.apiServers.memory).toBe('3000003 B');
  });

  it('every one of them leaves a document that is valid', () => {
    for (const { id } of mitigations) {
      expect(() => runScenario(mitigated(id), { untilSeconds: -110 }), id).not.toThrow();
    }
  });
});

describe('the waves of a staged rollout', () => {
  it('go to staging first and then by size, large clusters by shares', () => {
    const [small, large] = smallScenario().clusters;
    const middle = { ...large!, id: 'middle', nodes: 90 };
    const staging = { ...large!, id: 'staging', nodes: 95, role: 'staging' as const };
    const untouched = { ...small!, id: 'untouched' };
    const document: ScenarioDocument = {
      ...smallScenario(),
      clusters: [large!, untouched, middle, staging, small!],
      rollout: { waves: [{ clusters: ['large', 'middle'], at: '3 min' }, { clusters: ['small', 'staging'] }] },
    };
    const { rollout } = mitigated('staged-rollout:bake=10min,splitAbove=100,cpuGate=40%', document);
    expect(rollout?.waves).toEqual([
      { clusters: ['staging'], nodesShare: 1, at: '3 min' },
      { clusters: ['small'], nodesShare: 1, bake: '10 min' },
      { clusters: ['middle'], nodesShare: 1, bake: '10 min' },
      { clusters: ['large'], nodesShare: 0.01, bake: '10 min' },
      { clusters: ['large'], nodesShare: 0.1, bake: '10 min' },
      { clusters: ['large'], nodesShare: 0.5, bake: '10 min' },
      { clusters: ['large'], nodesShare: 1, bake: '10 min' },
    ]);
    expect(rollout?.gate).toEqual({ apiServerCpuAbove: 0.4, apiErrorShareAbove: 0.02, window: '1 min' });
  });

  it('a day without a rollout stays one', () => {
    expect(difference('staged-rollout', { ...smallScenario(), rollout: null })).toEqual([]);
  });
});

describe('what each does to the outage', () => {
  const untouched = numbers(smallScenario());

  it('without any, the large cluster is lost and its operators are locked out', () => {
    expect(untouched.lost).toBe(1);
    expect(untouched.lockout).toBeGreaterThan(600);
    expect(untouched.users).toBeGreaterThan(0.1);
  });

  it('a staged rollout stops at a tenth of the nodes and nobody notices', () => {
    const run = numbers(mitigated('staged-rollout:bake=5min,splitAbove=100'));
    expect(run).toMatchObject({ kills: 0, lost: 0, users: 0, firstUserError: null });
    const texts = run.timeline.map(({ text }) => text);
    expect(texts.some((text) => text.startsWith('gate stops the rollout: API server CPU at'))).toBe(true);
    expect(texts).not.toContain('telemetry-agent rolled out on 50 % of the nodes, 300 nodes');
    expect(texts.filter((text) => text === 'telemetry-agent taken back by the pipeline')).toHaveLength(2);
  });

  it('a gate at 80 % lets half the nodes follow a tenth, which is five times the load: it only shortens the outage', () => {
    const run = numbers(mitigated('staged-rollout:bake=5min,splitAbove=100,cpuGate=0.8'));
    expect(run.kills).toBeGreaterThan(0);
    expect(run.users).toBeGreaterThan(0);
    expect(run.users).toBeLessThan(untouched.users / 10);
    expect(run.unavailable).toBeLessThan(untouched.unavailable / 4);
  });

  it('serving stale names keeps users unharmed and leaves the control plane lost', () => {
    const run = numbers(mitigated('serve-stale-dns'));
    expect(run).toMatchObject({ lost: 1, users: 0, firstUserError: null });
    expect(run.lockout).toBeGreaterThan(600);
  });

  it('without the tier no name fails, and the control plane is lost all the same', () => {
    const run = numbers(mitigated('decoupled-dns'));
    expect(run).toMatchObject({ lost: 1, users: 0, firstUserError: null });
    expect(run.unavailable).toBeGreaterThan(300);
  });

  it('a window of stale answers shorter than the outage does not save its users', () => {
    const run = numbers(mitigated('serve-stale-dns:window=1min'), { untilSeconds: 1800 });
    expect(run.users).toBeGreaterThan(0);
    expect(run.users).toBeLessThan(numbers(smallScenario(), { untilSeconds: 1800 }).users);
  });

  it('break-glass ends the lock-out, not the outage that has begun', () => {
    const run = numbers(mitigated('break-glass:memory=8 GiB'));
    expect(run.lockout).toBe(0);
    expect(run.kills).toBeGreaterThan(0);
    expect(run.unavailable).toBeGreaterThan(0);
    expect(run.unavailable).toBeLessThan(untouched.unavailable / 2);
  });
});

describe('in the ten minutes before anybody acts', () => {
  const seeds = [1, 2, 3, 4];
  const summed = (document: ScenarioDocument) => {
    const runs = seeds.map((seed) => numbers(document, { seed, untilSeconds: 600 }));
    const total = (name: 'kills' | 'users' | 'unavailable'): number => runs.reduce((sum, run) => sum + run[name], 0);
    return { kills: total('kills'), users: total('users'), unavailable: total('unavailable') };
  };
  const untouched = summed(smallScenario());

  it('a list from the cache leaves the machines dying, a little later', () => {
    const run = summed(mitigated('cached-list'));
    expect(run.kills).toBeGreaterThan(0);
    expect(run.unavailable).toBeLessThan(untouched.unavailable);
  });

  it('a selector alone does not help enough: etcd still reads every pod', () => {
    const run = summed(mitigated('own-node-selector'));
    expect(run.kills).toBeGreaterThan(0);
    expect(run.kills).toBeLessThan(untouched.kills);
  });

  it('both together take the dependence on the size away', () => {
    expect(summed(mitigated('cached-list+own-node-selector'))).toEqual({ kills: 0, users: 0, unavailable: 0 });
  });

  it('protobuf saves less than half of the cost and does not save the cluster', () => {
    const run = summed(mitigated('protobuf-agents'));
    expect(run.kills).toBeGreaterThan(0);
    expect(run.unavailable).toBeGreaterThan(untouched.unavailable / 2);
  });

  it('a longer period does not help: the burst of first requests kills, whatever the period', () => {
    const run = summed(mitigated('slower-agents'));
    expect(run.kills).toBeGreaterThan(0);
    expect(run.unavailable).toBeGreaterThan(0);
  });

  it('twice the machine is lost too, four times the machine is not', () => {
    const twice = summed(mitigated('larger-api-servers:factor=2'));
    expect(twice.kills).toBeGreaterThan(0);
    expect(twice.users).toBeLessThan(untouched.users);
    expect(summed(mitigated('larger-api-servers:factor=4'))).toEqual({ kills: 0, users: 0, unavailable: 0 });
  });

  it('a longer TTL spares users, and the control plane not at all', () => {
    const run = summed(mitigated('longer-dns-ttl:ttl=1h'));
    expect(run.users).toBeGreaterThan(0);
    expect(run.users).toBeLessThan(untouched.users / 2);
    expect(run.unavailable).toBeGreaterThan(untouched.unavailable / 2);
  });
});
