import { describe, expect, it } from 'vitest';
import { clockOf } from '../../scenario/clock.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { sourcesOf } from '../../scenario/provenance.ts';
import { runScenario } from '../../scenario/run.ts';
import { readBytes, readTime } from '../../scenario/units.ts';
import { publishedFacts } from './facts.ts';
import { priors } from './priors.ts';
import { openai20241211 as document } from './scenario.ts';

const scenario = parseScenario(document, document.id);
const minutes = (microseconds: number): number => microseconds / 60e6;

describe('published facts', () => {
  it('stand at the published times', () => {
    const clocks = publishedFacts.map(({ at }) => {
      const minutesAfter = (readTime(String(at)).value ?? NaN) / 60e6;
      return clockOf(document.clock.zero, minutesAfter * 60).slice(0, 5);
    });
    expect(clocks).toEqual([
      '14:23',
      '14:51',
      '15:13',
      '15:16',
      '15:20',
      '15:27',
      '15:40',
      '16:24',
      '16:36',
      '17:45',
      '19:38',
    ]);
  });

  it('are compared with times that a run measures', () => {
    const compared = publishedFacts.flatMap(({ compareWith }) => compareWith ?? []);
    expect(compared).toEqual([
      'firstAlert',
      'firstUserError',
      'peakImpact',
      'firstClusterRecovered',
      'lastClusterRecovered',
    ]);
  });
});

describe('priors', () => {
  const amount = (value: string | number): number => {
    if (typeof value === 'number') return value;
    const time = readTime(value);
    return time.problem === undefined ? time.value : (readBytes(value).value ?? NaN);
  };

  it.each(Object.entries(priors))('%s lies within its own range, and says why', (_name, { value, range, note }) => {
    const [low, high] = range.map(amount);
    expect(amount(value)).toBeGreaterThanOrEqual(low!);
    expect(amount(value)).toBeLessThanOrEqual(high!);
    expect(low!).toBeLessThan(high!);
    expect(note.length).toBeGreaterThan(10);
  });

  it('all appear among the assumptions of the document, under their own note', () => {
    const assumed = new Set(
      sourcesOf(document)
        .filter(({ source }) => source === 'assumed')
        .map(({ note }) => note),
    );
    const missing = Object.entries(priors).filter(([, { note }]) => !assumed.has(note));
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});

describe('causes', () => {
  it('staging is at most a twentieth of the production nodes', () => {
    const nodes = (role: string): number =>
      scenario.clusters.filter((one) => one.role === role).reduce((sum, one) => sum + one.nodes, 0);
    expect(nodes('staging') / nodes('production')).toBeLessThanOrEqual(0.05);
    expect(scenario.clusters.filter((one) => one.role === 'staging').every((one) => one.traffic === 0)).toBe(true);
  });

  it('the rollout reaches every cluster once, in ascending size, between 14:21 and 15:20', () => {
    const waves = scenario.rollout!.waves;
    const order = waves.flatMap((wave) => wave.clusters);
    expect([...order].sort()).toEqual(scenario.clusters.map(({ id }) => id).sort());
    const sizes = order.map((id) => scenario.clusters.find((one) => one.id === id)!.nodes);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    const times = waves.map((wave) => minutes(wave.at!));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(minutes(scenario.horizon.start));
    expect(times.at(-1)).toBeLessThanOrEqual(29);
  });

  it('an idle API server fits into its machine in every cluster', () => {
    for (const { id, nodes, podsPerNode, apiServers } of scenario.clusters) {
      const idle = scenario.costs.apiServerBaseline.evaluate({ nodes, pods: nodes * podsPerNode });
      expect(idle, id).toBeLessThan(0.9 * apiServers.memory);
    }
  });

  it('nothing is said of when anything fails: a run of the first seconds is quiet', () => {
    const { kpis, causes } = runScenario(document, { untilSeconds: -1790 });
    expect(kpis).toMatchObject({ firstSaturation: null, firstUserError: null, apiServerOomKills: 0 });
    expect(causes).toEqual([]);
  });
});
