/** The reference page of the metrics that alerts and gates read, written from their catalogue. */
import { metricCatalogue, metricNames } from '../metric-catalogue.ts';

/** The whole page. */
export function alertMetricsPage(): string {
  return `${[
    '# Metrics of alerts and health gates',
    '',
    'What `operators.alerts` and `rollout.health` of a scenario document may name: one number for each cluster. Where a real part',
    'exports the number as it stands, the metric has its name; the others are what a recording rule makes of the series on the',
    'right. *Edge*: measured where users come in, and seen when monitoring has lost the cluster. This page is written from',
    '`packages/scenarios/src/operations/monitoring/metric-catalogue.ts` by a test.',
    '',
    '| metric | unit | what it is | made from | edge |',
    '| --- | --- | --- | --- | --- |',
    ...metricNames.map((name) => {
      const { unit, meaning, from, isScrapedInCluster } = metricCatalogue[name];
      const series = from.map((one) => (/^[a-z_]+(\{.*\})?$/.test(one) ? `\`${one.replaceAll('|', '\\|')}\`` : one));
      return `| \`${name}\` | ${unit} | ${meaning} | ${series.join(' ')} | ${isScrapedInCluster ? '' : 'yes'} |`;
    }),
    '',
  ].join('\n')}`;
}
