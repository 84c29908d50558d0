/** The reference page of metrics, written from the catalogue. */
import { metricCatalogue } from '../catalogue.ts';
import { formatNumber } from '../exposition.ts';
import type { MetricDefinition } from '../metric.ts';

/** The whole page. */
export function metricsPage(): string {
  return `${[
    '# Metrics',
    '',
    'Metrics of Kubernetes under their real names, labels and buckets, as `collectCluster` reads them from a running model. This',
    'page is written from the catalogue in `packages/scenarios/src/kubernetes/metrics` by a test; another one holds the catalogue',
    'against two scrapes of a real kube-apiserver 1.31.',
    '',
    '## Filled by the model',
    '',
    ...table(metricCatalogue.filter((metric) => metric.isFilled)),
    '',
    '## Known, and not filled',
    '',
    'Dashboards and alerts use these; the model has nothing to say about them yet, so no scrape shows them.',
    '',
    ...table(metricCatalogue.filter((metric) => !metric.isFilled)),
    '',
  ].join('\n')}`;
}

function table(metrics: readonly MetricDefinition[]): readonly string[] {
  return [
    '| metric | type | labels | what it is | differs in | source |',
    '| --- | --- | --- | --- | --- | --- |',
    ...metrics.map(
      (metric) =>
        `| \`${metric.name}\`${metric.since === undefined ? '' : ` (since ${metric.since})`} | ${metric.type} | ${labels(metric)} | ${metric.help}${buckets(metric)} | ${metric.simplification ?? ''} | ${metric.source} |`,
    ),
  ];
}

function labels({ labels: names, change }: MetricDefinition): string {
  const list = (all: readonly string[]): string => all.map((name) => `\`${name}\``).join(' ');
  return change?.labels === undefined ? list(names) : `${list(names)}; since ${change.since} ${list(change.labels)}`;
}

function buckets({ buckets: edges, change }: MetricDefinition): string {
  if (edges === undefined) return '';
  const changed = change?.buckets === undefined ? '' : `; since ${change.since} ${change.buckets.join(' ')}`;
  return ` Buckets ${edges.map(formatNumber).join(' ')}${changed}.`;
}
