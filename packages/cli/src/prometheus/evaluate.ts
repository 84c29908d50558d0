/** The users' own alert rules on simulated metrics, evaluated by a real Prometheus. */
import { epochOf, runScraped, type RunResult, type ScenarioDocument } from '@brownout/scenarios';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { MetricsFile } from '../export/metrics-file.ts';
import { firingsOf, type Firing } from './alert-states.ts';
import {
  namesIn,
  readRules,
  recordingSteps,
  type AlertingRule,
  type RecordingRule,
  type RulesFile,
} from './rules-file.ts';
import { promtool, PrometheusServer } from './server.ts';

/** What is evaluated on what. */
export interface AlertsOptions {
  readonly document: ScenarioDocument;
  readonly seed: string;
  readonly untilSeconds?: number;
  /** The rule file, and what messages call it. */
  readonly rules: string;
  readonly rulesFile: string;
  /** Between two scrapes, default 30. */
  readonly scrapeSeconds?: number;
  /** Clusters that are scraped; default all. */
  readonly clusters?: readonly string[];
  readonly onProgress?: (simulatedSeconds: number, endSeconds: number) => void;
  /** Called when the run is over and its metrics are loaded. */
  readonly onLoaded?: (samples: number) => void;
}

/** What became of one rule. Times are seconds after the trigger. */
export interface AlertVerdict {
  readonly alert: string;
  readonly group: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly forSeconds: number;
  readonly firings: readonly Firing[];
  /** When it first fired after the trigger; `null` = it did not. */
  readonly firstFiring: number | null;
  /** How long before the first user error that was; negative = after it; `null` without one of both. */
  readonly leadSeconds: number | null;
  /** It fired before the trigger: on a quiet day. */
  readonly firedBefore: boolean;
  /** Metrics it asks for of which the run has no sample: such a rule says nothing here. */
  readonly missingMetrics: readonly string[];
}

/** The answer of `brownout alerts`. */
export interface AlertsResult {
  readonly schema: 'brownout/alerts@1';
  readonly scenario: string;
  readonly title: string;
  readonly documentHash: string;
  readonly engineVersion: string;
  readonly seed: string;
  readonly digest: string;
  readonly clock: RunResult['clock'];
  readonly scrapeSeconds: number;
  readonly firstUserError: number | null;
  readonly alerts: readonly AlertVerdict[];
}

/** Runs the scenario, loads its metrics and evaluates the rules. Needs `promtool` and `prometheus` in PATH. */
export async function evaluateAlerts(options: AlertsOptions): Promise<AlertsResult> {
  const folder = mkdtempSync(join(tmpdir(), 'brownout-alerts-'));
  try {
    const rules = readRules(options.rules, options.rulesFile);
    const copy = join(folder, 'rules.yml');
    writeFileSync(copy, stringify({ groups: groupsOf(rules) }));
    // Before the run: a rule that Prometheus refuses is found in a second, not after minutes.
    await promtool(['check', 'rules', copy], options.rulesFile);
    const run = runIntoFile(options, rules, join(folder, 'metrics.om'));
    const data = join(folder, 'data');
    await promtool(
      ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'metrics.om'), data],
      'metrics of the run',
    );
    rmSync(join(folder, 'metrics.om'));
    options.onLoaded?.(run.samples);
    const alerts = await withRecords(rules.records, { folder, data, ...run.range }, async (server) => {
      const verdicts: AlertVerdict[] = [];
      for (const rule of rules.alerts) verdicts.push(await verdictOf(rule, server, run));
      return verdicts;
    });
    const { scenario, title, documentHash, engineVersion, seed, digest, clock } = run.result;
    const identity = { scenario, title, documentHash, engineVersion, seed, digest, clock };
    const { scrapeSeconds = 30 } = options;
    return { schema: 'brownout/alerts@1', ...identity, scrapeSeconds, firstUserError: run.firstUserError, alerts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface ScrapedRun {
  readonly result: RunResult;
  readonly samples: number;
  readonly firstUserError: number | null;
  /** Epoch seconds of the trigger. */
  readonly epoch: number;
  readonly range: { readonly start: number; readonly end: number };
  /** Names of metrics that have samples. */
  readonly names: ReadonlySet<string>;
}

function runIntoFile(options: AlertsOptions, rules: RulesFile, path: string): ScrapedRun {
  const { document, seed, untilSeconds, clusters, onProgress, scrapeSeconds = 30 } = options;
  const asked = new Set([...rules.alerts, ...rules.records].flatMap(({ expr }) => namesIn(expr)).map(familyName));
  const file = new MetricsFile({
    zero: String(document.clock.zero),
    match: { test: (name) => asked.has(familyName(name)) },
  });
  let result: RunResult;
  try {
    result = runScraped(document, {
      seed,
      scrapeSeconds,
      onScrape: (t, cluster, scrapes) => file.add(t, cluster, scrapes),
      ...(untilSeconds === undefined ? {} : { untilSeconds }),
      ...(clusters === undefined ? {} : { clusters }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } catch (error) {
    file.discard();
    throw error;
  }
  const samples = file.sampleCount;
  const names = new Set(file.names.map(familyName));
  file.finish(path);
  const epoch = epochOf(result.clock.zero);
  const { startSeconds, endSeconds } = result.horizon;
  const first = result.kpis['firstUserError'];
  return {
    result,
    samples,
    names,
    epoch,
    firstUserError: typeof first === 'number' ? first : null,
    range: { start: epoch + startSeconds + scrapeSeconds, end: epoch + endSeconds },
  };
}

/** Histograms are asked for by the names of their parts. */
function familyName(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, '');
}

/** Answers of recording rules become blocks as well, step by step; the server is started anew over each. */
async function withRecords<T>(
  records: readonly RecordingRule[],
  surroundings: { readonly folder: string; readonly data: string; readonly start: number; readonly end: number },
  ask: (server: PrometheusServer) => Promise<T>,
): Promise<T> {
  const { folder, data, start, end } = surroundings;
  let server = await PrometheusServer.start(data, folder);
  try {
    for (const step of recordingSteps(records)) {
      const file = join(folder, 'records.yml');
      const groups = step.map(({ record, expr, labels, intervalSeconds }, index) => ({
        name: `${index}`,
        interval: `${intervalSeconds}s`,
        rules: [{ record, expr, labels }],
      }));
      writeFileSync(file, stringify({ groups }));
      const range = [`--start=${Math.floor(start)}`, `--end=${Math.ceil(end)}`];
      const place = [`--url=${server.url}`, `--output-dir=${data}`];
      await promtool(['tsdb', 'create-blocks-from', 'rules', ...place, ...range, file], 'recording rules');
      await server.stop();
      server = await PrometheusServer.start(data, folder);
    }
    return await ask(server);
  } finally {
    await server.stop();
  }
}

async function verdictOf(rule: AlertingRule, server: PrometheusServer, run: ScrapedRun): Promise<AlertVerdict> {
  const { alert, group, labels, expr, forSeconds, keepFiringSeconds, intervalSeconds } = rule;
  const { start, end } = run.range;
  const answers = await server.queryRange(expr, start, end, intervalSeconds);
  const series = answers.map(({ metric, values }) => ({
    labels: Object.fromEntries(Object.entries(metric).filter(([name]) => name !== '__name__')),
    times: values.map(([time]) => time),
  }));
  const timing = { forSeconds, keepFiringSeconds, start, end, stepSeconds: intervalSeconds };
  const after = (time: number): number => Math.round((time - run.epoch) * 1000) / 1000;
  const firings = firingsOf(series, timing).map((one) => ({
    labels: one.labels,
    since: after(one.since),
    firedAt: after(one.firedAt),
    resolvedAt: one.resolvedAt === null ? null : after(one.resolvedAt),
  }));
  const firstFiring = firings.find(({ firedAt }) => firedAt >= 0)?.firedAt ?? null;
  const isBoth = firstFiring !== null && run.firstUserError !== null;
  return {
    alert,
    group,
    labels,
    forSeconds,
    firings,
    firstFiring,
    leadSeconds: isBoth ? run.firstUserError! - firstFiring! : null,
    firedBefore: firings.some(({ firedAt }) => firedAt < 0),
    missingMetrics: missingOf(rule, run.names),
  };
}

/** Names that stand before a selector or a range, are no keyword and no recorded series, and have no sample. */
function missingOf({ expr }: AlertingRule, names: ReadonlySet<string>): string[] {
  const selectors = [...expr.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?=[{[])/g)].map(([, name]) => name!);
  const functions = /^(by|on|without|ignoring|group_left|group_right|offset|bool)$/;
  return [...new Set(selectors)].filter(
    (name) => !functions.test(name) && !name.includes(':') && !names.has(familyName(name)),
  );
}

function groupsOf({ alerts, records }: RulesFile): object[] {
  const rules = [
    ...records.map(({ record, expr, labels }) => ({ record, expr, labels })),
    ...alerts.map(({ alert, expr, labels, forSeconds }) => ({ alert, expr, labels, for: `${forSeconds}s` })),
  ];
  return [{ name: 'all', rules }];
}
