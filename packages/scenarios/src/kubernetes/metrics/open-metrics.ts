/**
 * Families as OpenMetrics 1.0 text with timestamps, which `promtool tsdb create-blocks-from openmetrics` loads. In that format
 * all samples of a family stand together: whoever writes many scrapes keeps the lines of each family apart until the end,
 * and closes the text with `endOfMetrics`.
 */
import { escapedText, formatNumber } from './exposition.ts';
import type { Labels, MetricDefinition, MetricFamily } from './metric.ts';

/** Ends a text. */
export const endOfMetrics = '# EOF\n';

/** Marks what was never measured on a real machine. */
export const simulatedLabels: Labels = { source: 'simulation' };

/** Type and meaning of a family, ahead of its samples. */
export function openMetricsHead(definition: MetricDefinition): string {
  const { name, type } = familyOf(definition);
  return `# HELP ${name} ${escapedText(definition.help).replaceAll('"', '\\"')}\n# TYPE ${name} ${type}\n`;
}

/** The samples of a family at an instant, `epochSeconds` after 1970; `target` is added to the labels of each. */
export function openMetricsSamples(family: MetricFamily, target: Labels, epochSeconds: number): string {
  const { name, buckets = [] } = family.definition;
  const when = timestamp(epochSeconds);
  let text = '';
  for (const { labels, value } of family.samples ?? []) {
    text += `${name}${labelText({ ...labels, ...target })} ${formatNumber(value)} ${when}\n`;
  }
  for (const { labels, cumulative, sum } of family.histograms ?? []) {
    const own = { ...labels, ...target };
    cumulative.forEach((count, index) => {
      const edge = buckets[index];
      const le = edge === undefined ? '+Inf' : formatNumber(edge);
      text += `${name}_bucket${labelText({ ...own, le })} ${formatNumber(count)} ${when}\n`;
    });
    text += `${name}_sum${labelText(own)} ${formatNumber(sum)} ${when}\n`;
    text += `${name}_count${labelText(own)} ${formatNumber(cumulative.at(-1) ?? 0)} ${when}\n`;
  }
  return text;
}

/** In OpenMetrics a counter's family is named without `_total`; a counter that upstream named otherwise has no type there. */
function familyOf({ name, type }: MetricDefinition): { readonly name: string; readonly type: string } {
  if (type !== 'counter') return { name, type };
  return name.endsWith('_total') ? { name: name.slice(0, -'_total'.length), type } : { name, type: 'unknown' };
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `${label}="${escapedText(text).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Whole milliseconds, which is all that Prometheus keeps. */
function timestamp(epochSeconds: number): string {
  return String(Math.round(epochSeconds * 1000) / 1000);
}
