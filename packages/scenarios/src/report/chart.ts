import type { RunResult } from '../scenario/result.ts';
import type { Paint, Style } from './style.ts';
import { clockText, shareText } from './words.ts';

/**
 * Small charts for a terminal: a few measures over time, one above the other on one time axis. Each character column shows
 * the worst window it covers, so a short peak is never averaged away.
 */

/** Rows of one chart; each shows eight levels. */
const chartRows = 3;
const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The peak counts as reached at this share of it, as in the definition of `peakImpact`. */
const nearlyPeak = 0.95;

/** Width of "100 % " before the first column. */
const axisWidth = 6;

/** A measure, and how it is read from the columns of the series: the worst of several in each window. */
interface Curve {
  readonly title: string;
  readonly isSource: (column: string) => boolean;
  /** From a column's value to the share that is drawn. */
  readonly share: (value: number) => number;
  /** From here up, columns are painted as bad. */
  readonly badFrom: number;
}

/** Columns of blocks, and the width of the report around them. */
interface ChartSize {
  readonly columns: number;
  readonly width: number;
}

const asIs = (value: number): number => value;

const curves: readonly Curve[] = [
  { title: 'API server CPU, busiest cluster', isSource: startsWith('apiServerCpu.'), share: asIs, badFrom: 0.95 },
  {
    title: 'API requests that fail, worst cluster',
    isSource: startsWith('apiSuccessShare.'),
    share: (value) => 1 - value,
    badFrom: 0.01,
  },
  { title: 'DNS names that fail, worst cluster', isSource: startsWith('dnsFailureShare.'), share: asIs, badFrom: 0.01 },
  {
    title: 'User requests that fail, all clusters',
    isSource: (column) => column === 'userErrorShare',
    share: asIs,
    badFrom: 0.01,
  },
];

function startsWith(prefix: string): (column: string) => boolean {
  return (column) => column.startsWith(prefix);
}

/** The charts, `width` characters wide. Empty when the result holds no such series. */
export function chartLines(result: RunResult, width: number, style: Style): string[] {
  const columns = Math.min(result.series.t.length, Math.max(20, width - axisWidth - 1));
  if (columns < 2) return [];
  const lines = curves.flatMap((curve) => curveLines(result, curve, { columns, width }, style));
  return lines.length === 0 ? [] : [...lines, ...axisLines(result, columns, style)];
}

function curveLines(result: RunResult, curve: Curve, size: ChartSize, style: Style): string[] {
  const sources = Object.entries(result.series.columns).filter(([column]) => curve.isSource(column));
  if (sources.length === 0) return [];
  const worst = result.series.t.map((_, index) =>
    Math.max(0, ...sources.map(([, values]) => curve.share(values[index] ?? 0))),
  );
  const peak = Math.max(...worst);
  const at = worst.findIndex((value) => value >= nearlyPeak * peak);
  const when = peak === 0 ? '' : `, reached ${clockText(result, result.series.t[at] ?? 0)}`;
  const shown = binned(worst, size.columns);
  const rows = Array.from({ length: chartRows }, (_, index) => {
    const row = chartRows - 1 - index;
    const label = (index === 0 ? '100 %' : row === 0 ? '0 %' : '').padStart(axisWidth - 1);
    return `${style.faint(`${label}│`)}${paintedRow(shown, row, curve, style.bad)}`;
  });
  const peakText = `peak ${shareText(peak)}${when}`;
  const isOneLine = curve.title.length + 2 + peakText.length <= size.width;
  const head = isOneLine
    ? [`${curve.title}: ${style.faint(peakText)}`]
    : [`${curve.title}:`, `      ${style.faint(peakText)}`];
  return [...head, ...rows];
}

/** One row of blocks; neighbours of one colour are painted together. */
function paintedRow(values: readonly number[], row: number, curve: Curve, bad: Paint): string {
  let text = '';
  let run = '';
  let isBadRun = false;
  const flush = (): void => {
    text += isBadRun ? bad(run) : run;
    run = '';
  };
  const end = values.findLastIndex((value) => blockAt(value, row) !== ' ') + 1;
  for (const value of values.slice(0, end)) {
    const isBad = value >= curve.badFrom;
    if (isBad !== isBadRun) flush();
    isBadRun = isBad;
    run += blockAt(value, row);
  }
  flush();
  return text;
}

/** The block for `value` in a row counted from the bottom. Anything above zero shows at least the lowest mark. */
function blockAt(value: number, row: number): string {
  const levels = Math.min(1, value) * chartRows * 8;
  const level = row === 0 && value > 0 ? Math.max(1, levels) : levels;
  return blocks[Math.max(0, Math.min(8, Math.round(level - row * 8)))] ?? ' ';
}

/** The largest value of each of `columns` equal parts. */
export function binned(values: readonly number[], columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
    return Math.max(...values.slice(from, to));
  });
}

/** Minutes between two ticks of the time axis; the first step that gives few enough ticks is taken. */
const tickSteps = [5, 10, 15, 30, 60, 120, 240, 480];
const mostTicks = 9;

/** The time axis: clock times at round minutes, and the trigger marked. */
function axisLines(result: RunResult, columns: number, style: Style): string[] {
  const { t, windowSeconds } = result.series;
  const timeAt = (column: number): number => t[Math.floor((column * t.length) / columns)] ?? 0;
  const minutes = (t.length * windowSeconds) / 60;
  const step = tickSteps.find((each) => minutes / each <= Math.min(mostTicks, columns / 8)) ?? 480;
  const stepAt = (column: number): number => Math.floor(minuteOfDay(result, timeAt(column)) / step);
  const trigger = t.findIndex((start) => start >= 0);
  const triggerColumn = trigger < 0 ? -1 : Math.floor((trigger * columns) / t.length);
  let ticks = '';
  let labels = '';
  for (let column = 0; column < columns; column += 1) {
    const isTick = column > 0 && stepAt(column) !== stepAt(column - 1) && column + 5 <= columns;
    ticks += column === triggerColumn ? '▲' : isTick ? '┴' : '─';
    if (isTick) labels = labels.padEnd(column) + roundClock(result, timeAt(column), step);
  }
  const pad = ' '.repeat(axisWidth - 1);
  const note = triggerColumn < 0 ? '' : `${pad} ▲ trigger, ${clockText(result, 0)} ${result.clock.zone}`;
  return [`${pad}└${ticks}`, `${pad} ${labels}`, note]
    .filter((line) => line.trim() !== '')
    .map((line) => style.faint(line));
}

function minuteOfDay(result: RunResult, seconds: number): number {
  const [hours = '0', minutes = '0'] = clockText(result, seconds).split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The round minute that a column stands for: the last multiple of the step. */
function roundClock(result: RunResult, seconds: number, step: number): string {
  return clockText(result, seconds - (minuteOfDay(result, seconds) % step) * 60);
}
