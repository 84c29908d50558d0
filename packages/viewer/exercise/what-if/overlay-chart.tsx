/** One measure over time of baseline and branch, one over the other. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { lineColour } from '../../page/look.ts';
import { clockLabels, plotStyle, putPlot, steppedLine } from '../../page/plot.ts';
import { shareOf } from '../watch/time.ts';

/** One line of the branch, and the same of the baseline. */
export interface OverlayLine {
  readonly name: string;
  readonly branch: readonly (number | null)[] | undefined;
  readonly baseline: readonly (number | null)[];
}

interface OverlayProps {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** Starts of the windows, in seconds after the trigger. */
  readonly t: readonly number[];
  readonly zeroOfDay: number;
  readonly lines: readonly OverlayLine[];
  /** Whether the lines are of a smaller model: drawn fainter. */
  readonly isFirst: boolean;
  readonly isDark: boolean;
  readonly height: number;
}

/** The chart; shares from 0 to 1. */
export function OverlayChart(props: OverlayProps) {
  const { id, title, note, lines, isDark } = props;
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    return putPlot(host, (width) => optionsOf(props, width), dataOf(props)).remove;
  }, [props.t, props.lines, props.isFirst, props.isDark, props.height]);
  const summary = lines.map(({ name, baseline, branch }) => `${name}: ${peaks(baseline, branch)}`).join('; ');
  return (
    <section class="chart" data-chart={id} aria-label={`${title}. ${summary}`}>
      <h3>
        {title} <span class="note">{note}</span>
      </h3>
      <div class="plot" style={{ height: `${props.height}px` }} ref={place} />
      {lines.length > 1 && (
        <ul class="overlay-legend">
          {lines.map(({ name }, index) => (
            <li key={name}>
              <svg width="16" height="8" aria-hidden="true">
                <line x1="0" x2="16" y1="4" y2="4" stroke={lineColour(index, isDark)} stroke-width="2.5" />
              </svg>{' '}
              {name}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function peaks(baseline: readonly (number | null)[], branch: readonly (number | null)[] | undefined): string {
  const most = (values: readonly (number | null)[]): string =>
    shareOf(values.reduce<number>((peak, value) => Math.max(peak, value ?? 0), 0));
  return branch === undefined
    ? `baseline at most ${most(baseline)}`
    : `baseline at most ${most(baseline)}, branch at most ${most(branch)}`;
}

function dataOf({ t, zeroOfDay, lines }: OverlayProps): uPlot.AlignedData {
  return [
    t.map((start) => start + zeroOfDay),
    ...lines.map(({ baseline }) => [...baseline]),
    ...lines.map(({ branch, baseline }) => (branch === undefined ? baseline.map(() => null) : [...branch])),
  ];
}

function optionsOf({ t, zeroOfDay, lines, isFirst, isDark, height }: OverlayProps, width: number): uPlot.Options {
  const { ink, grid, axis } = plotStyle(11);
  const hasBranch = lines.some(({ branch }) => branch !== undefined);
  const stepped = steppedLine();
  const isAlone = lines.length === 1;
  const series = (index: number, isBaseline: boolean): uPlot.Series => ({
    stroke: isAlone && isBaseline && hasBranch ? ink : lineColour(index, isDark),
    width: isBaseline && hasBranch ? 1.25 : 2,
    alpha: (isBaseline && hasBranch ? 0.8 : 1) * (isFirst ? 0.75 : 1),
    ...(isBaseline && hasBranch ? { dash: [3, 3] } : {}),
    ...(isAlone && !isBaseline ? { fill: `${lineColour(index, isDark)}22` } : {}),
    ...stepped,
  });
  return {
    width,
    height,
    padding: [6, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: [0, 1] } },
    axes: [
      {
        ...axis,
        ticks: { stroke: grid, width: 1, size: 4 },
        size: 22,
        gap: 3,
        incrs: [60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400],
        space: 60,
        values: clockLabels,
      },
      {
        ...axis,
        size: 48,
        gap: 4,
        space: 30,
        values: (_plot, splits: (number | null)[]) => splits.map((split) => (split === null ? '' : shareOf(split))),
      },
    ],
    series: [{}, ...lines.map((_, index) => series(index, true)), ...lines.map((_, index) => series(index, false))],
    hooks: { drawClear: [(plot) => drawTrigger(plot, zeroOfDay, t, ink)] },
  };
}

/** Below the lines: the trigger. */
function drawTrigger(plot: uPlot, zeroOfDay: number, t: readonly number[], ink: string): void {
  if ((t[0] ?? 0) > 0) return;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = ink;
  ctx.fillRect(Math.round(plot.valToPos(zeroOfDay, 'x', true)), bbox.top, devicePixelRatio, bbox.height);
  ctx.restore();
}
