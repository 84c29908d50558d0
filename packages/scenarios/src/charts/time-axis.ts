/** Time in charts: minutes after the trigger, labelled with the time of day. */
import { clockOf } from '../scenario/clock.ts';
import type { RunResult } from '../scenario/result.ts';
import type { ChartPart, Json } from './spec.ts';

/** The horizontal axis of everything that happens over time, the same for all charts of a run. */
export function timeAxis(result: Pick<RunResult, 'clock' | 'horizon'>, isLabelled = true): ChartPart {
  const [hour = '0', minute = '0'] = clockOf(result.clock.zero, 0).split(':');
  const { startSeconds, endSeconds } = result.horizon;
  return {
    field: 'minutes',
    type: 'quantitative',
    scale: { domain: [startSeconds / 60, endSeconds / 60], nice: false },
    axis: {
      title: isLabelled ? `time of day, ${result.clock.zone}` : null,
      values: ticks(result),
      // Vega reads 75 minutes after an hour as the quarter after the next.
      labelExpr: `timeFormat(datetime(2000, 0, 1, ${Number(hour)}, ${Number(minute)} + datum.value), '%H:%M')`,
      labels: isLabelled,
      grid: true,
    },
  };
}

/** Minutes between two ticks, by the length of what is shown: `[up to minutes, step]`. */
const tickSteps: readonly (readonly [minutes: number, step: number])[] = [
  [30, 5],
  [90, 10],
  [240, 30],
  [Infinity, 60],
];

/** Where ticks stand: at full steps of the clock. */
function ticks({ clock, horizon }: Pick<RunResult, 'clock' | 'horizon'>): Json {
  const [, minute = '0'] = clockOf(clock.zero, 0).split(':');
  const length = (horizon.endSeconds - horizon.startSeconds) / 60;
  const step = tickSteps.find(([minutes]) => length <= minutes)![1];
  const offset = (step - (Number(minute) % step)) % step;
  const first = Math.ceil((horizon.startSeconds / 60 - offset) / step) * step + offset;
  const places: number[] = [];
  for (let tick = first; tick <= horizon.endSeconds / 60; tick += step) places.push(tick);
  return places;
}

/** The vertical axis of times that requests take: logarithmic, labelled in units that people say. */
export const secondsAxis: ChartPart = {
  scale: { type: 'log', nice: true },
  axis: {
    title: null,
    values: [0.001, 0.01, 0.1, 1, 10, 60],
    labelExpr: "datum.value < 1 ? datum.value * 1000 + ' ms' : datum.value + ' s'",
  },
};

/** A line for each of some columns of the series, as rows of a long table; with or without the windows in which it is zero. */
export function rowsOf(
  { series }: Pick<RunResult, 'series'>,
  columns: readonly { readonly column: string; readonly line: string }[],
  which: 'all' | 'without zeros' = 'all',
): Json {
  return columns
    .flatMap(({ column, line }) =>
      (series.columns[column] ?? []).map((value, i) => ({
        minutes: Number((series.t[i]! / 60).toFixed(3)),
        line,
        value: Number(value.toPrecision(5)),
      })),
    )
    .filter(({ value }) => which === 'all' || value > 0);
}

/** The columns called `<name>.<line>`, with the line each of them draws. */
export function columnsOf(
  { series }: Pick<RunResult, 'series'>,
  name: string,
): { readonly column: string; readonly line: string }[] {
  return Object.keys(series.columns)
    .filter((column) => column.startsWith(`${name}.`))
    .map((column) => ({ column, line: column.slice(name.length + 1) }));
}
