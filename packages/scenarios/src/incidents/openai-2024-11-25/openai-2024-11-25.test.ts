import { describe, expect, it } from 'vitest';
import { clockOf } from '../../scenario/clock.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { sourcesOf } from '../../scenario/provenance.ts';
import { runScenario } from '../../scenario/run.ts';
import { readTime } from '../../scenario/units.ts';
import { priors as shared } from '../openai-2024-12-11/priors.ts';
import { openai20241211 as december } from '../openai-2024-12-11/scenario.ts';
import { publishedFacts } from './facts.ts';
import { priors } from './priors.ts';
import { openai20241125 as document } from './scenario.ts';

const scenario = parseScenario(document, document.id);

/** The day in one cluster whose API servers have two cores each. */
function oneCluster(nodes: number, changes: Partial<ScenarioDocument> = {}): ScenarioDocument {
  const cluster: ScenarioDocument['clusters'][number] = {
    ...document.clusters[0]!,
    id: 'only',
    role: 'production',
    nodes,
    podsPerNode: 5,
    traffic: 1,
    apiServers: { replicas: 3, cores: 2, memory: '6 GiB' },
    coreDnsReplicas: 2,
  };
  return {
    ...document,
    horizon: { start: '-1 min', end: '30 min' },
    clusters: [cluster],
    rollout: { waves: [{ clusters: ['only'], at: '0 min' }] },
    ...changes,
  };
}

describe('published facts', () => {
  it('stand at the published times', () => {
    const clocks = publishedFacts.map(({ at }) => {
      const seconds = (readTime(String(at)).value ?? NaN) / 1e6;
      return clockOf(document.clock.zero, seconds).slice(0, 5);
    });
    expect(clocks).toEqual(['10:15', '11:15', '12:00', '12:05', '13:00', '13:20']);
  });
});

describe('priors', () => {
  it('all appear among the assumptions of the document, under their own note, with those that it shares', () => {
    const noted = sourcesOf(document).map(({ note }) => note);
    for (const { note } of [priors.changeDelay, shared.agentTimeout, shared.crew, shared.apiServerCores, shared.dnsTtl])
      expect(noted).toContain(note);
  });

  it('lie within their own ranges', () => {
    expect(priors.writesPerPod.value).toBeGreaterThanOrEqual(priors.writesPerPod.range[0]);
    expect(priors.writesPerPod.value).toBeLessThanOrEqual(priors.writesPerPod.range[1]);
  });
});

describe('causes', () => {
  it('clusters, machines, names and people are those of 11 December, to the letter', () => {
    expect(document.clusters).toBe(december.clusters);
    expect(document.operators).toBe(december.operators);
    expect(document.dns).toBe(december.dns);
  });

  it('the change reaches every cluster at the trigger', () => {
    const [wave, ...others] = scenario.rollout!.waves;
    expect(others).toEqual([]);
    expect(wave).toMatchObject({ at: 0, nodesShare: 1 });
    expect([...wave!.clusters].sort()).toEqual(scenario.clusters.map(({ id }) => id).sort());
  });

  it('every agent writes what it keeps about each of its pods', () => {
    const [watch, write] = scenario.agent.requests!;
    expect(watch).toEqual({ kind: 'watch' });
    expect(write!.perChange).toBe(scenario.clusters[0]!.podsPerNode * priors.writesPerPod.value);
  });

  it('without the change the day is quiet', () => {
    const { kpis, causes, conservation } = runScenario(oneCluster(60, { rollout: null }), { untilSeconds: 300 });
    expect(kpis).toMatchObject({ firstSaturation: null, firstUserError: null, apiServerOomKills: 0 });
    expect(causes).toEqual([]);
    expect(conservation.find(({ book }) => book === 'only/network-agent-write-1')!.arrived).toBe(0);
  });
});

/*
 * Before the run: n agents write w objects each, and each write is told to n watches at 0.16 ms of one core. Six cores tell
 * n * n * w * 0.16 ms in n^2 w / 36,800 s, with w = 20: 1 s for 40 nodes, 8 s for 120. Three times the nodes are nine times that work;
 * requests, whose number is linear in the nodes, come on top and bring the ratio down.
 */
it('the work of telling everybody grows with the square of the cluster', () => {
  const busySeconds = (nodes: number): number => {
    const { series, conservation } = runScenario(oneCluster(nodes), { untilSeconds: 240 });
    const row = conservation.find(({ book }) => book === 'only/network-agent-write-1')!;
    expect(row.served).toBe(20 * nodes);
    return series.columns['apiServerCpu.only']!.slice(1).reduce((sum, share) => sum + 60 * share, 0);
  };
  const [small, large] = [busySeconds(40), busySeconds(120)];
  expect(large / small).toBeGreaterThan(5);
});
