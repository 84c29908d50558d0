import type { Labels, MetricFamily } from './metric.ts';

/**
 * Families as text in the Prometheus exposition format 0.0.4, as `/metrics` answers it. Histograms are written with their
 * cumulative buckets, sum and count.
 */

/** The text of some families, in their order. Ends in a line break. */
export function expositionText(families: readonly MetricFamily[]): string {
  return families.map(familyText).join('');
}

function familyText(family: MetricFamily): string {
  const { name, help, type, buckets = [] } = family.definition;
  const lines = [`# HELP ${name} ${escapedText(help)}`, `# TYPE ${name} ${type}`];
  for (const { labels, value } of family.samples ?? []) lines.push(line(name, labels, value));
  for (const { labels, cumulative, sum } of family.histograms ?? []) {
    cumulative.forEach((count, index) => {
      const edge = buckets[index];
      lines.push(line(`${name}_bucket`, { ...labels, le: edge === undefined ? '+Inf' : formatNumber(edge) }, count));
    });
    lines.push(line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, cumulative.at(-1) ?? 0));
  }
  return `${lines.join('\n')}\n`;
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapedText(text).replaceAll('"', '\\"')}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${formatNumber(value)}`;
}

/** Backslashes and line breaks would end a line too early. */
export function escapedText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/**
 * As Go's client library writes numbers: the shortest form that reads back the same, with an exponent below 1e-04 and from
 * 1e+06 on. It matters in `le`, which is a text.
 */
export function formatNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const size = Number(exponent);
  if (Number.isNaN(value) || (size >= -4 && size < 6)) return String(value);
  return `${digits}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
}
