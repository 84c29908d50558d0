/**
 * A run that a real Prometheus has loaded: percentiles beside those that the run itself has taken from its requests one by
 * one, and the way back - what Prometheus says of its rates, imported and replayed. Needs `promtool` and `prometheus`; where
 * they are missing this is said, and the build machine installs them.
 */
import {
  incidents,
  loadDocument,
  runControlPlane,
  runScraped,
  type ControlPlaneDocument,
  type RunResult,
  type Scrape,
} from '@brownout/scenarios';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brownout } from '../../test/context.ts';
import { MetricsFile } from '../export/metrics-file.ts';
import { promtool, PrometheusServer } from './server.ts';

const isInstalled = ['promtool', 'prometheus'].every((program) => spawnSync(program, ['--version']).status === 0);
const title = isInstalled
  ? 'a run loaded by a real Prometheus'
  : 'a run loaded by a real Prometheus (skipped: promtool and prometheus are not installed)';

const document = incidents.find(({ id }) => id === 'openai-2024-12-04')!.document();
const duration = 'apiserver_request_duration_seconds';
const total = 'apiserver_request_total';

/** Answers so far of every verb and resource. */
function answersIn(scrapes: readonly Scrape[]): ReadonlyMap<string, number> {
  const answers = new Map<string, number>();
  for (const { definition, samples = [] } of scrapes.flatMap(({ families }) => families)) {
    if (definition.name !== total) continue;
    for (const { labels, value } of samples) {
      const key = `${labels['verb']!} ${labels['resource']!}`;
      answers.set(key, (answers.get(key) ?? 0) + value);
    }
  }
  return answers;
}

describe.skipIf(!isInstalled)(title, () => {
  let folder: string;
  let server: PrometheusServer;
  let result: RunResult;
  let epoch: number;
  let edges: readonly number[];
  const seen: { readonly t: number; readonly answers: ReadonlyMap<string, number> }[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'brownout-loaded-'));
    const match = { test: (name: string) => name === duration || name === total };
    const file = new MetricsFile({ zero: document.clock.zero, match });
    result = runScraped(document, {
      untilSeconds: 300,
      onScrape: (t, cluster, scrapes) => {
        file.add(t, cluster, scrapes);
        seen.push({ t, answers: answersIn(scrapes) });
        edges ??= scrapes.flatMap(({ families }) => families).find(({ definition }) => definition.name === duration)!
          .definition.buckets!;
      },
    });
    epoch = Date.parse(result.clock.zero) / 1000;
    file.finish(join(folder, 'metrics.om'));
    const data = join(folder, 'data');
    await promtool(['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'metrics.om'), data], 'test');
    server = await PrometheusServer.start(data, folder);
  }, 120_000);

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['p50', 0.5],
    ['p90', 0.9],
    ['p99', 0.99],
  ] as const)('histogram_quantile answers within one bucket of the %s of the run', async (name, share) => {
    const bucketOf = (seconds: number): number => [...edges, Infinity].findIndex((edge) => seconds <= edge);
    const own = result.series.columns[`apiLatency${name.toUpperCase()}.production`]!;
    const buckets = `${duration}_bucket{verb!~"LIST|WATCH|CONNECT", resource!="leases"}`;
    let compared = 0;
    for (const [index, start] of result.series.t.entries()) {
      const before = seen.find(({ t }) => t === start);
      if (before === undefined || own[index] === 0) continue;
      const grown = `sum by (le) (${buckets}) - sum by (le) (${buckets} offset 1m)`;
      const query = `histogram_quantile(${share}, ${grown})`;
      const at = epoch + start + 60;
      const [series] = await server.queryRange(query, at, at, 30);
      const answer = Number(series!.values[0]![1]);
      compared++;
      expect(Math.abs(bucketOf(answer) - bucketOf(own[index]!)), `${start} s: ${answer}, ${own[index]!}`).toBeLessThan(
        2,
      );
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('rates that Prometheus gives by query_range, imported and replayed, are those of the run', async () => {
    const [first, last] = [seen.find(({ t }) => t >= 0)!, seen.at(-1)!];
    const span = last.t - first.t;
    const question = new URLSearchParams({
      query: `sum by (verb, resource) (rate(${total}[2m]))`,
      start: String(epoch + first.t + 120),
      end: String(epoch + last.t),
      step: '30',
    });
    // As `curl` would save it.
    const answer = await (await fetch(`${server.url}/api/v1/query_range?${question.toString()}`)).text();
    writeFileSync(join(folder, 'rates.json'), answer);
    const { exitCode, stdout, stderr } = await brownout(['import', 'rates.json'], { folder });
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('imported-load.yaml');
    const text = readFileSync(join(folder, 'imported-load.yaml'), 'utf8');
    const load = (await loadDocument(text, 'imported-load.yaml')).data as ControlPlaneDocument;
    const { runs } = runControlPlane(load, { replications: 3 });
    const verbs = { create: 'POST', update: 'PUT', patch: 'PATCH', get: 'GET', list: 'LIST', delete: 'DELETE' };
    let compared = 0;
    for (const client of load.clients) {
      const { name, request } = client;
      if (request === undefined) continue;
      const key = `${verbs[request.verb]} ${request.resource ?? ''}`;
      const rate = ((last.answers.get(key) ?? 0) - (first.answers.get(key) ?? 0)) / span;
      const replayed = runs.map(({ phases: [phase] }) => {
        return phase!.clients.find((one) => one.name === name)!.completed / phase!.seconds;
      });
      const mean = replayed.reduce((sum, one) => sum + one, 0) / replayed.length;
      // 10 %, and what chance leaves of so few requests (3 sigma).
      const tolerance = Math.max(0.1, 3 / Math.sqrt(rate * 600 * runs.length), 3 / Math.sqrt(rate * span));
      expect(Math.abs(mean / rate - 1), `${key}: ${rate} a second, ${mean} replayed`).toBeLessThan(tolerance);
      if (tolerance === 0.1) compared++;
    }
    expect(compared).toBeGreaterThan(0);
    // Leases are renewed in batches here, and counted one by one: every 10 s and up to 4 % more, by 150 kubelets.
    const leases = (last.answers.get('PUT leases')! - first.answers.get('PUT leases')!) / span;
    expect(Math.abs(leases / (150 / 10.2) - 1)).toBeLessThan(0.1);
  });
});
