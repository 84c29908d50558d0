import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  compare,
  createPool,
  defineScenario,
  incidents,
  loadScenario,
  replay,
  RunsStopped,
  runScenario,
  sweep,
  type Run,
  type RunPool,
} from '../index.ts';

const id = 'openai-2024-12-04';
const until = '2 min';
const untilSeconds = 120;
const display = Symbol.for('Jupyter.display');

interface Displayed {
  [display](): Promise<Readonly<Record<string, string>>>;
}

/** One pool for the whole file: threads load the sources once. */
async function withPool<T>(use: (pool: RunPool) => Promise<T>): Promise<T> {
  const pool = createPool({ workers: 2 });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

describe('the library', () => {
  it('replays, compares and sweeps, and every result shows itself', { timeout: 120_000 }, () =>
    withPool(async (pool) => {
      const run: Run = await replay(id, { pool, until, seed: 3 });
      const here = runScenario(incidents.find((one) => one.id === id)!.document(), { seed: '3', untilSeconds });
      expect(run.result.digest).toBe(here.digest);
      expect(inspect(run)).toBe(run.text());
      expect(JSON.parse(JSON.stringify(run))).toMatchObject({ schema: 'brownout/result@1', seed: '3' });
      expect(run.rows('kpis').length).toBeGreaterThan(20);
      const bundle = await (run as unknown as Displayed)[display]();
      expect(bundle['text/html']).toMatch(/^<svg /);
      expect(bundle['text/plain']).toBe(run.text());
      expect(() => run.toVegaLite('cpu')).toThrow(/expected one of overview, .*saturation.*, got "cpu"/);

      const several = await replay(id, { pool, until, replications: 2 });
      expect(several.runs.map(({ seed }) => seed)).toEqual(['1', '2']);
      expect(several.kpis['outageSeconds']).toMatchObject({ n: 2 });
      expect(several.rows()).toHaveLength(2);

      const compared = await compare(id, { pool, until, replications: 2, variants: { gentle: 'traffic-shift' } });
      expect(compared.rows().map(({ variant }) => variant)).toEqual(['baseline', 'baseline', 'gentle', 'gentle']);
      expect(compared.toVegaLite()['title']).toEqual({ text: expect.stringContaining('outageSeconds') as string });

      const path = 'clusters[production].nodes';
      const swept = await sweep(id, { pool, until, vary: `${path}=100,200`, measures: ['outageSeconds'] });
      expect(swept.rows().map((row) => row[path])).toEqual([100, 200]);
      expect(await swept.toSVG()).toMatch(/^<svg /);
    }),
  );

  it('stops when told to, and says so', async () => {
    const signal = AbortSignal.abort();
    await expect(replay(id, { workers: 1, signal })).rejects.toThrow(RunsStopped);
  });
});

describe('scenarios', () => {
  it('are found, read and checked before anything runs', async () => {
    await expect(loadScenario('openai-2024-12-4')).rejects.toThrow(/did you mean "openai-2024-12-04"/);
    await expect(replay(id, { set: { 'rollout.waves': 'x' } })).rejects.toThrow(/rollout/);
    await expect(replay(id, { mitigate: 'traffic-shft' })).rejects.toThrow(/traffic-shift/);
    await expect(replay(id, { until: 'soon' })).rejects.toThrow('until: expected seconds or a time');
    await expect(replay(id, { replications: 0 })).rejects.toThrow('replications must be a whole number >= 1');
  });

  it('defined as data are completed by their template, and frozen', () => {
    const text = readFileSync(new URL('../../../../docs/guides/my-cluster.yaml', import.meta.url), 'utf8');
    const document = defineScenario(parse(text) as object);
    expect(document.clusters.map((cluster) => cluster.id)).toEqual(['staging', 'prod']);
    expect(document.horizon).toBeDefined();
    expect(Object.isFrozen(document)).toBe(true);
    expect(() => defineScenario({ version: 1, nodes: 5 })).toThrow();
  });
});
