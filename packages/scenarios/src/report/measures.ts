import { formatBytes } from '../scenario/format.ts';
import { isRecovery } from '../experiment/replication.ts';
import { type MeasureDefinition, measureDefinitions } from '../scenario/measure-definitions.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Style } from './style.ts';
import { table, type Table } from './text.ts';
import { countText, differenceText, momentText, shareText, spanText } from './words.ts';

/** The KPIs of a run by name, with their unit, in words; beside those of another run if there is one. */

/** Narrower than this, two runs are compared in two lines per KPI instead of a table. */
const comparedInTableFrom = 100;

/** A table of plain texts. */
interface MeasureTable extends Table {
  readonly rows: readonly (readonly string[])[];
}

/** KPIs in a table; with `baseline`, both runs and what changed. KPIs the result does not have are left out. */
export function measureLines(
  result: RunResult,
  baseline: RunResult | undefined,
  width: number,
  style: Style,
): string[] {
  const { columns, rows } = measureTable(result, baseline);
  if (baseline === undefined || width >= comparedInTableFrom) return table(columns, rows, width, style.faint);
  return rows.flatMap(([title = '', before = '', now = '', change = '']) => [
    title,
    before === now ? `    ${now}` : `    ${before} -> ${now}${change === '' ? '' : `, ${change}`}`,
  ]);
}

/** KPIs with their values; with `baseline`, the values of both runs and what changed. */
export function measureTable(result: RunResult, baseline?: RunResult): MeasureTable {
  const shown = measureDefinitions.filter(({ name }) => name in result.kpis);
  if (baseline === undefined) {
    const rows = shown.map((definition) => [definition.title, measureText(result, definition)]);
    return { columns: [{ title: 'KPI' }, { title: 'value' }], rows };
  }
  const columns = ['KPI', 'baseline', 'this run', 'change'].map((title) => ({ title }));
  const rows = shown.map((definition) => [
    definition.title,
    measureText(baseline, definition),
    measureText(result, definition),
    changeText(result, baseline, definition),
  ]);
  return { columns, rows };
}

/** A KPI with its unit: "15:12 (+21 min)", "73 %", "never". */
export function measureText(result: RunResult, { name, kind }: MeasureDefinition): string {
  const value = valueOf(result, name);
  if (value === undefined && isRecovery(name) && valueOf(result, 'clustersLost') === 0) return 'none was lost';
  if (value === undefined) return kind === 'moment' ? 'never' : 'none';
  switch (kind) {
    case 'moment':
      return momentText(result, value);
    case 'span':
      return spanText(value);
    case 'share':
      return shareText(value);
    case 'count':
      return countText(value);
    case 'bytes':
      return formatBytes(value);
    case 'factor':
      return String(Number(value.toPrecision(3)));
  }
}

function changeText(result: RunResult, baseline: RunResult, { name, kind }: MeasureDefinition): string {
  const [now, before] = [valueOf(result, name), valueOf(baseline, name)];
  if (now === undefined && before === undefined) return '';
  if (now === undefined) return 'no longer happens';
  if (before === undefined) return 'happens now';
  if (now === before) return 'the same';
  if (kind === 'moment') return differenceText(now - before);
  const direction = now > before ? 'more' : 'less';
  const size = Math.abs(now - before);
  if (kind === 'span') return `${spanText(size)} ${direction}`;
  if (kind === 'share') return `${shareText(size).replace(' %', ' points')} ${direction}`;
  if (kind === 'bytes') return `${formatBytes(size)} ${direction}`;
  return kind === 'count' ? `${countText(size)} ${direction}` : `${Number(size.toPrecision(3))} ${direction}`;
}

function valueOf(result: RunResult, name: string): number | undefined {
  const value = result.kpis[name];
  return typeof value === 'number' ? value : undefined;
}
