import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { captureFolder } from '../../test/captures.ts';
import {
  calibrateFiles,
  Chart,
  compare,
  createPool,
  defineScenario,
  importFiles,
  incidents,
  loadScenario,
  replay,
  RunsStopped,
  runScenario,
  sweep,
  Table,
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

/** The picture inside the image that HTML begins with. */
function pictureIn(html: string): string {
  const [, data = ''] = /^<img alt="[^"]+" src="data:image\/svg\+xml;base64,([^"]+)">/.exec(html) ?? [];
  return Buffer.from(data, 'base64').toString('utf8');
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
      expect(pictureIn(bundle['text/html']!)).toMatch(/^<svg /);
      expect(bundle['text/html']).toContain('user errors at the peak');
      expect(bundle['text/plain']).toBe(run.text());
      expect(() => run.toVegaLite('cpu')).toThrow(/expected one of overview, .*saturation.*, got "cpu"/);

      const beside = (await replay(id, { pool, until, seed: 3, mitigate: 'traffic-shift' })).beside(run);
      expect(beside.rows().find(({ measure }) => measure === 'outageSeconds')).toMatchObject({
        baseline: run.kpis['outageSeconds'],
      });
      expect(beside.text()).toMatch(/^KPI +baseline +this run +change\n/);
      expect(JSON.stringify(beside.toVegaLite('user-errors'))).toContain('"run":"traffic-shift"');

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
      expect(() => swept.toVegaLite('cpu')).toThrow('expected one of outageSeconds, got "cpu"');
    }),
  );

  it('stops when told to, and says so', async () => {
    const signal = AbortSignal.abort();
    await expect(replay(id, { workers: 1, signal })).rejects.toThrow(RunsStopped);
  });
});

describe('things that show themselves', () => {
  it('are charts of your own', async () => {
    const values = [{ x: 1 }, { x: 2 }];
    const chart = new Chart({ title: 'a & "b"', data: { values }, mark: 'point', encoding: { x: { field: 'x' } } });
    expect(inspect(chart)).toBe('a & "b"');
    const { 'text/html': html } = await (chart as unknown as Displayed)[display]();
    expect(html).toMatch(/^<img alt="a &amp; &quot;b&quot;" src=/);
    expect(pictureIn(html!)).toContain('mark-symbol');
  });

  it('are tables, with what they hold escaped', async () => {
    const table = new Table([
      { name: '<b>', count: 10, share: 0.123_456 },
      { name: 'none', count: null, share: 1e-7 },
    ]);
    expect(inspect(table)).toBe('name  count   share\n<b>      10  0.1235\nnone      -    1e-7');
    const { 'text/html': html } = await (table as unknown as Displayed)[display]();
    expect(html).toContain('<td style="text-align: left">&lt;b&gt;</td><td style="text-align: right">10</td>');
    expect(new Table([], ['a']).text()).toBe('a');
  });
});

describe('files of a cluster', () => {
  const scrapes = ['metrics-before.txt.gz', 'metrics-after.txt.gz'].map((name) => `${captureFolder}${name}`);

  it('give costs with intervals, and say what they do not tell', async () => {
    const costs = await calibrateFiles(scrapes);
    expect(costs.rows().find(({ request }) => request === 'LIST pods')).toMatchObject({ count: 162, cpuMs: null });
    expect(costs.text()).toMatch(/Could not be determined:\n {2}POST leases: duration: /);
    expect(JSON.stringify(costs.toVegaLite())).toContain('"label":"PUT leases"');
    await expect(calibrateFiles([`${captureFolder}nodes.json.gz`])).rejects.toThrow('expected a scrape of /metrics');
  });

  it('give a scenario that can be run, and rows that say where each number comes from', async () => {
    const lists = ['nodes', 'pods', 'daemonsets'].map((name) => `${captureFolder}${name}.json.gz`);
    const cluster = await importFiles([...lists, ...scrapes], { triggerDaemonSet: 'agent' });
    expect(cluster.scenario!.clusters).toHaveLength(1);
    const rows = cluster.rows();
    expect(rows.find(({ path }) => path === 'clusters[0].nodes')).toMatchObject({ value: '20', source: 'measured' });
    expect(rows.some(({ source }) => source === 'assumed')).toBe(true);
    expect(cluster.text()).toMatch(/^\d+ numbers come from 5 files, \d+ are assumed\n/);
    expect(await cluster.toSVG()).toContain('Where the numbers come from');
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
