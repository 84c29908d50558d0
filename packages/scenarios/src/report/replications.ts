/** KPIs over many runs of one scenario in a table: median, the interval of it, and how far the runs are apart. */
import type { Summary } from '@brownout/core';
import { measureDefinitions } from '../scenario/measure-definitions.ts';
import { measureValueText } from './measure-text.ts';
import { plainStyle, type Style } from './style.ts';
import { table, wrap } from './text.ts';

/** How the table is written. */
export interface ReplicationsTextOptions {
  /** Columns; default 100. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
  /** Seeds of the first and last run. */
  readonly seeds: readonly [string, string];
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
}

/** Narrower than this, each KPI takes two lines instead of a row of a table. */
const tableFrom = 90;

/** The KPIs of the whole - not of clusters and products - as text, ending in a line break. */
export function replicationsText(
  summaries: Readonly<Record<string, Summary>>,
  { width = 100, style = plainStyle, seeds, level = 0.95 }: ReplicationsTextOptions,
): string {
  const shown = measureDefinitions.filter(({ name }) => summaries[name] !== undefined);
  const { n, coverage } = summaries[shown[0]!.name]!;
  const rows = shown.map(({ name, title }) => {
    const one = summaries[name]!;
    const text = (value: number | null): string => measureValueText(name, value);
    return [
      title,
      text(one.median),
      one.lo === one.hi ? '' : `${text(one.lo)} to ${text(one.hi)}`,
      one.q05 === one.q95 ? '' : `${text(one.q05)} to ${text(one.q95)}`,
      one.censored === 0 ? '' : `${one.censored} of ${one.n}`,
    ];
  });
  const isShort = coverage < level;
  const remark =
    `Seeds ${seeds[0]} to ${seeds[1]}. Intervals are of the median and cover it with ` +
    `${Number((100 * (isShort ? coverage : level)).toFixed(1))} %${isShort ? ', which is all that so few runs can say' : ''}; ` +
    'what did not happen counts as later than anything that did, and recovery as 0 s where no cluster was lost.';
  const columns = [
    { title: 'KPI' },
    { title: 'median' },
    { title: 'interval' },
    { title: '5 % to 95 % of runs', isOptional: true },
    { title: 'did not happen' },
  ];
  const lines = [
    style.strong(`IN NUMBERS, OVER ${n} RUNS`),
    ...wrap(remark, width).map(style.faint),
    ...(width >= tableFrom ? table(columns, rows, width, style.faint) : rows.flatMap((row) => listed(row, width))),
  ];
  return `${lines.join('\n')}\n`;
}

function listed([title = '', median = '', interval = '', , missing = '']: readonly string[], width: number): string[] {
  const parts = [
    median,
    ...(interval === '' ? [] : [`(${interval})`]),
    ...(missing === '' ? [] : [`not in ${missing}`]),
  ];
  return [...wrap(title, width), ...wrap(parts.join(' '), width - 4).map((line) => `    ${line}`)];
}
