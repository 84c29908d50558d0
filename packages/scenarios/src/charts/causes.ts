/** The chain of causes as steps: from the trigger at the top down to the first request of a user that failed. */
import { clockOf } from '../scenario/clock.ts';
import type { RunResult } from '../scenario/result.ts';
import { chart, colours, type ChartPart, type ChartSize, type ChartSpec, type Json } from './spec.ts';

/** What of a run the chart shows. */
export type ChartedCauses = Pick<RunResult, 'causes' | 'clock'>;

/** The chart; one step for each link, from the first cause to the last effect. Without causes it has no steps. */
export function causesChart(result: ChartedCauses, size: ChartSize = {}): ChartSpec {
  return chart(causesPart(result, size));
}

/** The chain, to stand alone or below other panels. */
export function causesPart({ causes, clock }: ChartedCauses, size: ChartSize): ChartPart {
  // The links come latest first, and each tells how it follows from the one after it.
  const rows: Json = [...causes].reverse().map((link, i) => ({
    step: i + 1,
    minutes: Number((link.t / 60).toFixed(3)),
    clock: link.clock,
    what: `${i + 1}. ${link.text}`,
    where: link.cluster ?? '',
    because: link.because ?? '',
  }));
  const [hour = '0', minute = '0'] = clockOf(clock.zero, 0).split(':');
  const time = `timeFormat(datetime(2000, 0, 1, ${Number(hour)}, ${Number(minute)}, datum.value * 60), '%H:%M:%S')`;
  const x: ChartPart = {
    field: 'minutes',
    type: 'quantitative',
    scale: { nice: true, zero: false },
    axis: { title: `time of day, ${clock.zone}`, labelExpr: time, tickCount: 5 },
  };
  const y: ChartPart = {
    field: 'what',
    type: 'nominal',
    sort: { field: 'step' },
    axis: { title: null, labelLimit: 760, ticks: false, domain: false, grid: true },
  };
  return {
    title: { text: 'Why the first user request failed', subtitle: 'each step follows from the one above it' },
    width: size.width ?? 320,
    height: Math.max(60, causes.length * 24),
    data: { values: rows },
    layer: [
      {
        mark: { type: 'line', color: colours.faint },
        encoding: { x, y, order: { field: 'step', type: 'quantitative' } },
      },
      {
        mark: { type: 'point', filled: true, size: 60, color: colours.bad },
        encoding: {
          x,
          y,
          tooltip: [
            { field: 'clock', title: 'at' },
            { field: 'where', title: 'cluster' },
            { field: 'because', title: 'because' },
          ],
        },
      },
    ],
  };
}
