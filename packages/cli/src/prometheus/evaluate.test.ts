/** Needs `promtool` and `prometheus`; where they are missing this is said, and the build machine installs them. */
import { incidents, runScraped, type Scrape } from '@brownout/scenarios';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MetricsFile } from '../export/metrics-file.ts';
import { evaluateAlerts } from './evaluate.ts';
import { promtool, PrometheusServer } from './server.ts';

const document = incidents.find(({ id }) => id === 'openai-2024-12-04')!.document();
const untilSeconds = 240;

const isInstalled = ['promtool', 'prometheus'].every((program) => spawnSync(program, ['--version']).status === 0);
const title = isInstalled
  ? 'with a real Prometheus'
  : 'with a real Prometheus (skipped: promtool and prometheus are not installed)';
const timeout = 120_000;

const duration = 'apiserver_request_duration_seconds';

/** Counts by bucket over all label sets: the run's own distribution. */
function countsIn(scrapes: readonly Scrape[]): { readonly edges: readonly number[]; readonly counts: number[] } {
  const families = scrapes.flatMap((one) => one.families).filter(({ definition }) => definition.name === duration);
  const edges = families[0]!.definition.buckets!;
  const counts = [...edges, Infinity].map((_, i) =>
    families.flatMap(({ histograms = [] }) => histograms).reduce((sum, { cumulative }) => sum + cumulative[i]!, 0),
  );
  return { edges, counts };
}

describe.skipIf(!isInstalled)(title, () => {
  it('histogram_quantile answers from the bucket in which the percentile of the run lies', { timeout }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'brownout-test-'));
    try {
      const file = new MetricsFile({ zero: document.clock.zero, match: { test: (name) => name === duration } });
      const seen: { at: number; counts: number[]; edges: readonly number[] }[] = [];
      const result = runScraped(document, {
        untilSeconds,
        onScrape: (t, cluster, scrapes) => {
          file.add(t, cluster, scrapes);
          seen.push({ at: t, ...countsIn(scrapes) });
        },
      });
      file.finish(join(folder, 'metrics.om'));
      await promtool(
        ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'metrics.om'), join(folder, 'data')],
        'test',
      );
      const server = await PrometheusServer.start(join(folder, 'data'), folder);
      try {
        const [first, last] = [seen[0]!, seen.at(-1)!];
        const now = Date.parse(result.clock.zero) / 1000 + last.at;
        const grown = last.counts.map((count, i) => count - first.counts[i]!);
        expect(grown.at(-1)).toBeGreaterThan(1000);
        for (const share of [0.5, 0.9, 0.99]) {
          const bucket = grown.findIndex((count) => count >= share * grown.at(-1)!);
          const range = `${Math.round(last.at - first.at) + 1}s`;
          const query = `histogram_quantile(${share}, sum by (le) (increase(${duration}_bucket[${range}])))`;
          const [series] = await server.queryRange(query, now, now, 30);
          const answer = Number(series!.values[0]![1]);
          expect(answer).toBeGreaterThanOrEqual(last.edges[bucket - 2] ?? 0);
          expect(answer).toBeLessThanOrEqual(last.edges[bucket + 1] ?? Infinity);
        }
      } finally {
        await server.stop();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('rules fire as they would in a cluster, also those on recorded series', { timeout }, async () => {
    const rules = `
groups:
  - name: a
    interval: 30s
    rules:
      - record: second
        expr: first * 2
      - record: first
        expr: count by (cluster) (up{job="kube-apiserver"} == 1)
      - alert: Recorded
        expr: second > 0
        for: 2m
      - alert: KubeletDown
        expr: absent(up{job="kubelet"} == 1)
        for: 5m
      - alert: Elsewhere
        expr: node_load1{job="node"} > 1
`;
    const result = await evaluateAlerts({ document, seed: '1', untilSeconds, rules, rulesFile: 'rules.yaml' });
    const verdicts = Object.fromEntries(result.alerts.map((one) => [one.alert, one]));
    const recorded = verdicts['Recorded']!;
    // It holds from the first scrape on, so it fires two minutes later, on a quiet day already.
    expect(recorded.firings).toHaveLength(1);
    expect(recorded.firings[0]!.labels).toEqual({ cluster: 'production' });
    expect(recorded.firings[0]!.firedAt - recorded.firings[0]!.since).toBe(120);
    expect([recorded.firedBefore, recorded.firstFiring]).toEqual([true, null]);
    expect(verdicts['KubeletDown']).toMatchObject({ firings: [], missingMetrics: [] });
    expect(verdicts['Elsewhere']).toMatchObject({ firings: [], missingMetrics: ['node_load1'] });
  });

  it('a rule that Prometheus refuses is told in its words, before anything is run', { timeout }, async () => {
    const rules = 'groups: [{name: a, rules: [{alert: A, expr: "sum(up"}]}]';
    await expect(evaluateAlerts({ document, seed: '1', rules, rulesFile: 'mine.yaml' })).rejects.toThrow(
      /mine\.yaml: promtool says:[\s\S]*unclosed left parenthesis/,
    );
  });
});
