import { describe, expect, it } from 'vitest';
import { completeDocument } from '../../scenario/complete.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { sourcesOf } from '../../scenario/provenance.ts';
import { runScenario } from '../../scenario/run.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import { scenarioTemplates } from '../index.ts';

const complete = (stated: object): ScenarioDocument =>
  completeDocument({ template: 'telemetry-rollout', ...stated }, scenarioTemplates) as ScenarioDocument;

describe('the template', () => {
  it('makes a valid document of one cluster with nothing but its nodes', () => {
    const scenario = parseScenario(complete({ clusters: [{ id: 'mine', nodes: 800 }] }), 'short');
    expect(scenario.clusters[0]).toMatchObject({
      id: 'mine',
      podsPerNode: 30,
      apiServers: { replicas: 3, cores: 32, memory: 120 * 2 ** 30 },
      coreDnsReplicas: 50,
      traffic: 800,
    });
    expect(scenario.rollout!.waves.map(({ clusters }) => clusters)).toEqual([['mine']]);
  });

  it('lets what is stated win, at any depth', () => {
    const document = complete({
      clusters: [{ id: 'mine', nodes: 800, apiServers: { cores: 4 }, podsPerNode: 7 }],
      agent: { period: '10 s' },
    });
    const scenario = parseScenario(document, 'short');
    expect(scenario.clusters[0]).toMatchObject({ podsPerNode: 7, apiServers: { replicas: 3, cores: 4 } });
    expect(scenario.agent).toMatchObject({ period: 10_000_000, timeout: 60_000_000 });
  });

  it('lists what it filled in with its sources', () => {
    const paths = sourcesOf(complete({ clusters: [{ id: 'mine', nodes: 800 }] })).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['clusters[0].apiServers.cores', 'operators.crew', 'agent.period']));
  });

  it('puts staging before the trigger and gives it no users', () => {
    const clusters = [
      { id: 'test', role: 'staging', nodes: 10 },
      { id: 'mine', nodes: 20 },
    ];
    const scenario = parseScenario(complete({ clusters }), 'short');
    expect(scenario.rollout!.waves[0]).toMatchObject({ clusters: ['test'], at: -240_000_000 });
    expect(scenario.clusters[0]!.traffic).toBe(0);
  });

  it.each([
    [{ clusters: [{ id: 'mine' }] }, 'clusters[0].nodes'],
    [{ clusters: [{ id: 'mine', nods: 3 }] }, 'unknown key "nods"; did you mean "nodes"?'],
    [{ clusters: 'mine' }, 'clusters'],
    [{ clusters: [{ id: 'mine', nodes: 3 }], agnet: {} }, 'unknown key "agnet"; did you mean "agent"?'],
  ])('leaves what is wrong in %j to be found', (stated, message) => {
    expect(() => parseScenario(complete(stated), 'short')).toThrow(message);
  });

  it('must be one that exists', () => {
    expect(() => completeDocument({ template: 'telemetry-rolout' }, scenarioTemplates)).toThrow(
      'expected the name of a template (telemetry-rollout), got "telemetry-rolout"; did you mean "telemetry-rollout"?',
    );
  });
});

it('the effect is a threshold in size: a small cluster bears what takes a large one down', () => {
  const clusters = [
    { id: 'small', nodes: 100, apiServers: { cores: 2, memory: '4 GiB' } },
    { id: 'large', nodes: 600, apiServers: { cores: 2, memory: '8 GiB' } },
  ];
  const { kpis } = runScenario(complete({ clusters, agent: { period: '30 s' } }), { untilSeconds: 1200 });
  expect(kpis.byCluster['small']).toMatchObject({ clustersLost: 0, apiServerOomKills: 0 });
  expect(kpis.byCluster['large']).toMatchObject({ clustersLost: 1 });
});
