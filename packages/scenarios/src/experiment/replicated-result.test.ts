import { describe, expect, it } from 'vitest';
import { sampleResult } from '../../test/sample-result.ts';
import { replicationsText } from '../report/replications.ts';
import { replicatedResult, summariseMeasures } from './replicated-result.ts';
import { measureValues, replicationOf, type Replication } from './replication.ts';

const story = sampleResult;
const first = replicationOf(story, undefined);

function other(seed: string, changes: Replication['measures']): Replication {
  return { ...first, seed, digest: `d${seed}`, measures: { ...first.measures, ...changes } };
}

const runs = [first, other('2', { outageSeconds: 10, lockoutSeconds: null }), other('3', { outageSeconds: 20 })];

describe('the result of several runs', () => {
  it('tells the story of the first, and each KPI over all', () => {
    const result = replicatedResult(story, runs);
    expect(result).toMatchObject({ schema: 'brownout/result@1', replications: 3, timeline: story.timeline });
    expect(result.runs.map(({ seed }) => seed)).toEqual([story.seed, '2', '3']);
    expect(result.kpis['outageSeconds']).toMatchObject({ n: 3, censored: 0 });
    expect(result.kpis['lockoutSeconds']).toMatchObject({ mean: null });
    const [cluster = ''] = Object.keys(story.kpis.byCluster);
    expect(Object.keys(result.kpis.byCluster[cluster]!)).toEqual(Object.keys(story.kpis.byCluster[cluster]!));
    expect(result).not.toHaveProperty('thresholds');
  });

  it('has as many summaries as a run has measures, with no run it has none', () => {
    expect(Object.keys(summariseMeasures(runs))).toEqual(Object.keys(measureValues(story)));
    expect(() => summariseMeasures([])).toThrow('expected at least one run, got none');
  });

  it('counts recovery as 0 s in the runs that lost no cluster, and as never in those that did not end well', () => {
    const recovery = { firstClusterRecovered: null, lastClusterRecovered: null };
    const well = [1, 2, 3].map((seed) => other(`w${seed}`, { clustersLost: 0, ...recovery }));
    expect(summariseMeasures(well)['lastClusterRecovered']).toMatchObject({ median: 0, censored: 0 });
    const lost = [1, 2, 3].map((seed) => other(`l${seed}`, { clustersLost: 1, ...recovery }));
    expect(summariseMeasures(lost)['lastClusterRecovered']).toMatchObject({ median: null, censored: 3 });
  });

  it.each([60, 100])('is a table of %i columns that says how much its intervals are worth', (width) => {
    const text = replicationsText(summariseMeasures(runs), { width, seeds: ['1', '3'] });
    expect(text).toContain('IN NUMBERS, OVER 3 RUNS');
    expect(text.replaceAll('\n', ' ')).toContain('75 %, which is all that so few runs can say');
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
  });
});
