/** How many of each kind there are: bars made of parts. */
import { chart, type ChartSize, type ChartSpec } from './spec.ts';

/** One thing that is counted: the bar it belongs to, and the part of the bar. */
export interface SharesRow {
  readonly label: string;
  readonly part: string;
}

/** What the bars are of. */
export interface SharesOptions extends ChartSize {
  readonly title: string;
  readonly axis: string;
}

/** A bar for each label, made of its parts; bars and parts in the order in which they first come. */
export function sharesChart(rows: readonly SharesRow[], options: SharesOptions): ChartSpec {
  const labels = [...new Set(rows.map(({ label }) => label))];
  const parts = [...new Set(rows.map(({ part }) => part))];
  const values = labels.flatMap((label) =>
    parts.map((part, order) => ({
      label,
      part,
      order,
      count: rows.filter((row) => row.label === label && row.part === part).length,
    })),
  );
  return chart({
    title: { text: options.title },
    width: options.width ?? 480,
    height: options.height ?? Math.max(60, labels.length * 30),
    data: { values },
    mark: { type: 'bar', tooltip: true },
    encoding: {
      y: { field: 'label', type: 'nominal', sort: labels, axis: { title: null, ticks: false, domain: false } },
      x: { field: 'count', type: 'quantitative', axis: { title: options.axis } },
      color: { field: 'part', type: 'nominal', title: null, sort: parts },
      order: { field: 'order', type: 'quantitative' },
    },
  });
}
