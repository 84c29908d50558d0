/** The effect as a threshold in cluster size, printed as a curve. */
import { medianInterval, shareInterval } from '@brownout/core';
import type { Studied } from '../incident-plan.ts';
import { byId, resourcesText, type TableResult, valuesOf, type VariantResult } from '../results.ts';
import { sizes } from '../tables/threshold.ts';
import { plain } from '../tables/variations.ts';
import { asMinutes, asPercent, bar, medianText, runsText, table } from './markdown.ts';

/** Text and table; '' when nothing of it was run. */
export function thresholdSection({ incident }: Studied, tables: readonly TableResult[]): string {
  const variants = byId(tables, 'threshold')?.variants ?? [];
  if (variants.every(({ rows }) => rows.length === 0)) return '';
  const largest = [...incident.document().clusters].sort((a, b) => Number(plain(b.nodes)) - Number(plain(a.nodes)))[0]!;
  const curve = (kind: string, title: string): string =>
    [
      `### ${title}`,
      table(
        headings,
        sizes.flatMap((nodes) => row(nodes, byId(variants, `n${nodes}-${kind}`))),
      ),
    ].join('\n\n');
  return [
    '## One cluster alone, by size',
    'One cluster of so many nodes, the same agent, an hour and a half. The load of a LIST that every node sends grows with the square of the cluster, so the effect is a threshold: a staging cluster sees next to nothing.',
    curve('class', "On the machines of the incident's smallest cluster that is as large"),
    curve('largest', `On the machines of ${largest.id}, whatever the size`),
  ].join('\n\n');
}

const headings = [
  'Nodes',
  'Runs',
  'Lost',
  'Curve',
  '95 %',
  'First resource to fail',
  'Saturated from (min)',
  'CPU rise (points)',
  'Users failing at the peak (%)',
];

function row(nodes: number, variant: VariantResult | undefined): string[][] {
  if (variant === undefined || variant.rows.length === 0) return [];
  const lost = variant.rows.filter(({ measures }) => measures['clustersLost'] === 1).length;
  const { share, low, high } = shareInterval(lost, variant.rows.length);
  const of = (measure: string): ReturnType<typeof medianInterval> => medianInterval(valuesOf(variant, measure));
  return [
    [
      String(nodes),
      runsText(variant),
      `${lost} of ${variant.rows.length}`,
      bar(share),
      `${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)} %`,
      resourcesText(variant, 'alone'),
      medianText(of('firstSaturation'), asMinutes),
      medianText(of('alone/cpuRise'), asPercent),
      medianText(of('peakErrorShare'), asPercent),
    ],
  ];
}
