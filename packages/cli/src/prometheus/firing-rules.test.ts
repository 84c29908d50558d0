/**
 * Rules of the kind that clusters have, on a day on which everything they watch is in trouble, each argued beforehand; and what
 * they say fed to the operators of a next run. Needs `promtool` and `prometheus`; where they are missing this is said, and the
 * build machine installs them.
 */
import { completeDocument, scenarioTemplates, type RunResult, type ScenarioDocument } from '@brownout/scenarios';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { brownout, temporaryFolder } from '../../test/context.ts';
import { firstPage } from './detection.ts';
import type { AlertsResult, AlertVerdict } from './evaluate.ts';
import { evaluateAlerts } from './evaluate.ts';

const isInstalled = ['promtool', 'prometheus'].every((program) => spawnSync(program, ['--version']).status === 0);
const title = isInstalled ? 'alert rules' : 'alert rules (skipped: promtool and prometheus are not installed)';
const timeout = 60_000;

/**
 * Disks of etcd hardly move from the second minute on, so nothing can be written; CoreDNS is started anew meanwhile and finds no
 * API; and at the end somebody takes all nodes away.
 */
const bad = {
  template: 'telemetry-rollout',
  horizon: { start: '-5 min', end: '30 min' },
  kubernetes: { profile: '1.31' },
  clusters: [{ id: 'prod', nodes: 20, podsPerNode: 5, apiServers: { replicas: 2, cores: 4, memory: '16 GiB' } }],
  rollout: null,
  dns: {
    registry: null,
    lookups: { perNode: '2/s', externalShare: '10 %' },
    mechanisms: { coreDnsRestarts: [{ at: '3 min', replicas: 2 }] },
  },
  faults: [{ kind: 'etcd-slow-disk', at: '1 min', until: '20 min', factor: 5000 }],
  operators: {
    crew: 1,
    detection: { at: '8 min', by: 'a person' },
    paging: '1 min',
    diagnosis: '1 min',
    playbook: { steps: [{ action: 'scale-cluster-down', share: '100 %', time: '1 min', crew: 0 }] },
  },
};

/** Those of the examples, and some that mixins have. */
const rules = `${readFileSync(fileURLToPath(new URL('../../../../examples/prometheus/rules.yaml', import.meta.url)), 'utf8')}
  - name: from mixins
    interval: 30s
    rules:
      - alert: etcdHighFsyncDurations
        expr: |
          histogram_quantile(0.99, sum by (cluster, instance, le) (
            rate(etcd_disk_wal_fsync_duration_seconds_bucket{job=~".*etcd.*"}[5m]))) > 1
        for: 5m
        labels: { severity: critical }
      - alert: KubeNodeNotReady
        expr: sum by (cluster) (kube_node_status_condition{condition="Ready", status="true"} == bool 0) > 0
        for: 2m
        labels: { severity: warning }
`;

describe.skipIf(!isInstalled)(title, () => {
  let document: ScenarioDocument;
  let verdicts: Readonly<Record<string, AlertVerdict>>;

  beforeAll(async () => {
    document = completeDocument(bad as never, scenarioTemplates) as ScenarioDocument;
    const result = await evaluateAlerts({ document, seed: '1', rules, rulesFile: 'rules.yaml' });
    verdicts = Object.fromEntries(result.alerts.map((one) => [one.alert, one]));
  }, timeout);

  it('none fires on the quiet minutes before, and all but one ask for metrics that are there', () => {
    for (const { firedBefore, alert } of Object.values(verdicts)) expect([alert, firedBefore]).toEqual([alert, false]);
    // Nobody is turned away for want of a seat here, and a counter that has not counted is not shown.
    const missing = Object.values(verdicts).filter(({ missingMetrics }) => missingMetrics.length > 0);
    expect(missing.map(({ alert }) => alert)).toEqual(['KubeAPITerminatedRequests']);
  });

  it('the budget burns as soon as writes have failed for two minutes', () => {
    const { firings, firstFiring } = verdicts['KubeAPIErrorBudgetBurn']!;
    expect(firings[0]!.labels).toEqual({ cluster: 'prod' });
    expect(firstFiring!).toBeGreaterThanOrEqual(60 + 120);
    // Every rate is over five minutes, of which the first three were good.
    expect(firstFiring!).toBeLessThan(6 * 60);
  });

  it('etcd says that its fsyncs are slow, for each member, five minutes after they became so', () => {
    const { firings, firstFiring } = verdicts['etcdHighFsyncDurations']!;
    expect(new Set(firings.map(({ labels }) => labels['instance'])).size).toBe(3);
    expect(firstFiring!).toBeGreaterThanOrEqual(60 + 300);
    expect(firstFiring!).toBeLessThan(12 * 60);
  });

  it('CoreDNS fails once it has been started without an API, and nodes are not heard of', () => {
    expect(verdicts['CoreDNSErrorsHigh']!.firstFiring!).toBeGreaterThanOrEqual(3 * 60 + 120);
    expect(verdicts['KubeNodeNotReady']!.firstFiring!).toBeGreaterThanOrEqual(60 + 40 + 120);
  });

  it('kubelets that nobody hears are not down; they are when the last node has gone', () => {
    // Paged at 8 min, a minute until people are there, one until they know, one to do it; then a quarter of an hour of silence.
    const { firings } = verdicts['KubeletDown']!;
    expect(firings).toHaveLength(1);
    expect(firings[0]!.since).toBeGreaterThanOrEqual(11 * 60);
    expect(firings[0]!.firedAt - firings[0]!.since).toBe(900);
  });

  it('--feed writes when people would have been woken, and a next run wakes them then', { timeout }, async () => {
    const folder = temporaryFolder();
    const { detection: _, ...operators } = bad.operators;
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ ...bad, operators }));
    writeFileSync(join(folder, 'rules.yaml'), rules);
    const fed = ['alerts', 'mine.json', '--rules', 'rules.yaml', '--until', '10min', '--feed', 'feed.txt', '--json'];
    const { exitCode, stdout, stderr } = await brownout(fed, { folder });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('feed.txt: for a run with --set @feed.txt')]);
    const { alerts } = JSON.parse(stdout) as AlertsResult;
    const first = firstPage({ alerts })!;
    expect(readFileSync(join(folder, 'feed.txt'), 'utf8')).toContain(`"by":"${first.alert}"`);
    const replay = ['replay', 'mine.json', '--until', '10min', '--set', '@feed.txt', '--json'];
    const run = JSON.parse((await brownout(replay, { folder })).stdout) as RunResult;
    expect(run.kpis['firstAlert']).toBe(first.firstFiring);
    expect(run.timeline).toContainEqual(
      expect.objectContaining({ t: first.firstFiring, kind: 'alert', text: `alert: ${first.alert}` }),
    );
    // The rule of the document itself would have woken them at another time.
    const own = JSON.parse((await brownout([...replay.slice(0, 4), '--json'], { folder })).stdout) as typeof run;
    expect(own.kpis['firstAlert']).not.toBe(first.firstFiring);
  });
});
