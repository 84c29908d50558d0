import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { documentHash } from '../scenario/hash.ts';
import { getPath } from '../scenario/path.ts';
import type { Replication, Wanted } from './replication.ts';
import { conduct } from './study.ts';
import { sweep, type SweepOptions, type SweepResult } from './sweep.ts';
import { parseVary } from './vary.ts';

const document = smallScenario();
const nodes = parseVary(document, 'clusters[large].nodes=100..300:3');
const jitter = parseVary(document, 'agent.periodJitter=0..1:2');

/** outageSeconds = nodes + 50 * jitter + seed; lockoutSeconds only from 200 nodes on. */
function made({ document: one, seed }: Wanted): Replication {
  const size = getPath(one, 'clusters[large].nodes') as number;
  const share = getPath(one, 'agent.periodJitter') as number;
  return {
    hash: documentHash(one),
    engine: 'e',
    seed,
    until: null,
    digest: `${size}/${share}/${seed}`,
    events: 1,
    measures: { outageSeconds: size + 50 * share + Number(seed), lockoutSeconds: size < 200 ? null : size },
  };
}

function conducted(options: Partial<SweepOptions>, asked: Wanted[] = []): SweepResult {
  const study = sweep(document, {
    factors: [nodes, jitter],
    measures: ['outageSeconds', 'lockoutSeconds'],
    ...options,
  });
  return conduct(study, (wanted) => {
    asked.push(...wanted);
    return wanted.map(made);
  });
}

describe('a sweep', () => {
  it('runs every point of a grid under the same seeds', () => {
    const asked: Wanted[] = [];
    const result = conducted({ replications: 3, seed: '5', untilSeconds: 60 }, asked);
    expect(result.rows.map(({ point }) => point)).toEqual([
      [100, 0],
      [100, 1],
      [200, 0],
      [200, 1],
      [300, 0],
      [300, 1],
    ]);
    expect(result.rows[3]).toMatchObject({
      set: ['clusters[large].nodes=200', 'agent.periodJitter=1'],
      digests: ['200/1/5', '200/1/6', '200/1/7'],
      values: { outageSeconds: [255, 256, 257], lockoutSeconds: [200, 200, 200] },
    });
    expect(asked.map(({ seed, untilSeconds }) => [seed, untilSeconds])).toEqual(
      Array.from({ length: 18 }, (_, i) => [String(5 + (i % 3)), 60]),
    );
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('says what each factor does: main effects of a grid', () => {
    const { effects } = conducted({ replications: 2 });
    expect(effects['outageSeconds']).toMatchObject({
      kind: 'main',
      factors: [
        { factor: 'clusters[large].nodes', size: 200 },
        { factor: 'agent.periodJitter', size: 50 },
      ],
    });
    expect(effects['lockoutSeconds']).toMatchObject({ factors: [{ size: null }, { size: 0 }] });
  });

  it.each(['sobol', 'latin-hypercube'] as const)('says what each factor does: rank correlations of a %s', (design) => {
    const result = conducted({ design, points: 32 });
    expect(result.rows).toHaveLength(32);
    const effects = result.effects['outageSeconds']!;
    if (effects.kind !== 'rank-correlation') throw new Error(effects.kind);
    const [first, second] = effects.factors;
    expect(first!.correlation).toBeGreaterThan(0.9);
    expect(second!.correlation).toBeLessThan(0.5);
    expect(first!.probability).toBeLessThan(1e-6);
    expect(conducted({ design, points: 32, seed: '2' }).rows[0]!.point).not.toEqual(result.rows[0]!.point);
  });

  it('says what each factor does: elementary effects of a screening, exact where the model is linear', () => {
    const asked: Wanted[] = [];
    const result = conducted({ design: 'morris', points: 8 }, asked);
    expect(result.rows).toHaveLength(8 * 3);
    expect(asked.length).toBeLessThan(8 * 3);
    const effects = result.effects['outageSeconds']!;
    if (effects.kind !== 'elementary') throw new Error(effects.kind);
    // Nodes are rounded to whole ones, two thirds of 200 are 133 or 134, and steps are taken as long as they became.
    expect(effects.factors[0]!.mean).toBeCloseTo(200, 6);
    expect(effects.factors[1]).toMatchObject({ mean: expect.closeTo(50, 3), deviation: expect.closeTo(0, 2) });
    expect(result.effects['lockoutSeconds']).toMatchObject({ kind: 'none' });
  });

  it.each(['100,300', '100,200,300', '100..300:log'])('screens %s per whole range', (range) => {
    const factors = [parseVary(document, `clusters[large].nodes=${range}`), jitter];
    const effects = conducted({ factors, design: 'morris', points: 8 }).effects['outageSeconds']!;
    if (effects.kind !== 'elementary') throw new Error(effects.kind);
    const isLinear = !range.endsWith('log');
    expect(effects.factors[0]!.mean).toBeCloseTo(200, isLinear ? 6 : -2);
    expect(effects.factors[1]!.mean).toBeCloseTo(50, 2);
  });

  it('makes a point that comes again only once', () => {
    const twice = parseVary(document, 'clusters[large].nodes=100..102:3');
    const asked: Wanted[] = [];
    const result = conducted({ factors: [twice], design: 'latin-hypercube', points: 30, replications: 2 }, asked);
    expect(result.rows).toHaveLength(30);
    expect(asked).toHaveLength(6);
    expect(new Set(asked.map(({ document: one }: { document: ScenarioDocument }) => one)).size).toBe(3);
  });

  it('gives the real numbers when it is conducted here', () => {
    const [size] = [parseVary(document, 'clusters[large].nodes=20,40')];
    const short = { ...document, horizon: { start: '-1 min', end: '1 min' } };
    const options = { factors: [size], measures: ['peakApiServerMemoryBytes'] };
    const result = conduct(sweep(short, options));
    expect(conduct(sweep(short, options))).toEqual(result);
    const [small, large] = result.rows.map(({ values }) => values['peakApiServerMemoryBytes']![0]!);
    expect(large!).toBeGreaterThan(small!);
  });

  it('refuses what makes no sense before anything is run', () => {
    const refused = (options: Partial<SweepOptions>) => expect(() => conducted(options));
    refused({ factors: [] }).toThrow('design: at least one factor is needed, got 0');
    refused({ factors: [nodes, nodes] }).toThrow('design: factor "clusters[large].nodes" is there twice');
    refused({ replications: 0 }).toThrow('sweep: replications must be a whole number >= 1, got 0');
    refused({ measures: ['outageSecond'] }).toThrow(
      'sweep: unknown measure "outageSecond"; did you mean "outageSeconds"?',
    );
    refused({ measures: [] }).toThrow('sweep: expected at least one measure, got none');
    refused({ points: 5 }).toThrow('sweep: a grid has its counts in its factors, got 5 points');
    refused({ design: 'sobel' as 'sobol' }).toThrow('sweep: unknown design "sobel"; did you mean "sobol"?');
    refused({ level: 1 }).toThrow('sweep: level must be inside (0, 1), got 1');
  });

  it('refuses a point that is no valid document, and names it', () => {
    const request = parseVary(document, 'agent.timeout=1s..60s:2');
    const period = parseVary(document, 'horizon.end=1min..2min:2');
    const broken = { ...period, path: 'horizon.end', factor: { name: 'horizon.end', values: ['1 min', '-9 min'] } };
    expect(() => conducted({ factors: [request, broken] })).toThrow(/^point agent.timeout=1s, horizon.end=-9 min: /);
  });
});
