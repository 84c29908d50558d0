/** One measure over time, drawn by uPlot; its legend tells the values at the time cursor and turns lines on and off. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { ChartView } from '../src/view/chart-view.ts';
import type { ReportView } from '../src/view/report-view.ts';
import { lineColour } from './look.ts';
import { clockLabels, plotStyle, putPlot, steppedLine } from './plot.ts';
import { valueText, windowAt } from './time.ts';
import type { Watch } from './watch.ts';

/** Room left and right of every plot, so that all time axes line up, in pixels. */
export const margin = { left: 84, right: 14 } as const;

const height = 132;

/** Opacity of the lines of a baseline, and of lines beside one that is brought out. */
const baselineAlpha = 0.65;
const limitAlpha = 0.5;
const faintAlpha = 0.12;

interface TimeChartProps {
  readonly view: ReportView;
  readonly chart: ChartView;
  readonly watch: Watch;
  readonly isDark: boolean;
}

/** The chart with its heading and legend. */
export function TimeChart({ view, chart, watch, isDark }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const line = useRef<HTMLDivElement | null>(null);
  const latest = useRef(watch);
  latest.current = watch;
  const hasBaseline = watch.showsBaseline && chart.lines.some(({ baseline }) => baseline !== undefined);

  useLayoutEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const cursor = document.createElement('div');
    cursor.className = 'cursor-line';
    const { plot: made, remove } = putPlot(
      host,
      (width) => optionsOf(view, chart, width, isDark, latest),
      dataOf(view, chart),
      () => placeCursor(made, cursor, latest.current),
    );
    made.over.append(cursor);
    plot.current = made;
    line.current = cursor;
    return remove;
  }, [view, chart, isDark]);

  useLayoutEffect(() => {
    const made = plot.current;
    if (made === null) return;
    made.setScale('x', {
      min: watch.stretch.start + view.clock.zeroOfDay,
      max: watch.stretch.end + view.clock.zeroOfDay,
    });
  }, [view, chart, isDark, watch.stretch]);

  useLayoutEffect(() => {
    const made = plot.current;
    if (made === null) return;
    made.batch(() => {
      chart.lines.forEach(({ name }, index) => {
        made.setSeries(1 + index, { show: !watch.off.has(name) });
        made.setSeries(1 + chart.lines.length + index, { show: hasBaseline && !watch.off.has(name) });
        made.setSeries(1 + 2 * chart.lines.length + index, { show: !watch.off.has(name) });
      });
    });
  }, [chart, isDark, watch.off, hasBaseline]);

  useLayoutEffect(() => {
    if (plot.current !== null && line.current !== null) placeCursor(plot.current, line.current, watch);
  }, [view, chart, isDark, watch.cursor, watch.stretch]);

  const bringOut = (number: number | null): void => {
    const made = plot.current;
    if (made === null) return;
    made.series.forEach((series, index) => {
      if (index === 0) return;
      const line = (index - 1) % chart.lines.length;
      const full = [1, baselineAlpha, limitAlpha][Math.floor((index - 1) / chart.lines.length)] ?? 1;
      series.alpha = number === null || number === line ? full : faintAlpha;
    });
    made.redraw(false);
  };
  const summary = chart.lines
    .map((each) => `${each.name} from ${valueText(each.lowest, chart.unit)} to ${valueText(each.highest, chart.unit)}`)
    .join(', ');
  return (
    <section class="chart" data-chart={chart.id} aria-label={`${chart.title}: ${summary}`}>
      <h3>
        {chart.title} <span class="note">{chart.note}</span>
      </h3>
      <div class="plot" ref={place} />
      <Legend view={view} chart={chart} watch={watch} isDark={isDark} hasBaseline={hasBaseline} bringOut={bringOut} />
    </section>
  );
}

interface LegendProps extends TimeChartProps {
  readonly hasBaseline: boolean;
  /** Makes all lines faint but this one; null: none. */
  readonly bringOut: (number: number | null) => void;
}

function Legend({ view, chart, watch, isDark, hasBaseline, bringOut }: LegendProps) {
  const index = windowAt(view, watch.cursor);
  const names = chart.lines.map(({ name }) => name);
  return (
    <ul class="legend">
      {chart.lines.map((each, number) => (
        <li key={each.name}>
          <button
            type="button"
            aria-pressed={!watch.off.has(each.name)}
            title={`${each.name}: highest ${valueText(each.highest, chart.unit)}, at ${each.highestAt}. Click: on or off. With Shift: only this one.`}
            onFocus={() => bringOut(number)}
            onBlur={() => bringOut(null)}
            onMouseEnter={() => bringOut(number)}
            onMouseLeave={() => bringOut(null)}
            onClick={(event) => (event.shiftKey ? watch.only(each.name, names) : watch.toggle(each.name))}
          >
            <svg class="sample" width="22" height="8" aria-hidden="true">
              <line x1="0" x2="22" y1="4" y2="4" stroke={lineColour(number, isDark)} stroke-width="2.5" />
            </svg>
            <span class="name">{each.name}</span>
            <span class="value">
              {valueText(each.values[index], chart.unit)}
              {each.limit !== undefined && ` of ${valueText(each.limit[index], chart.unit)}`}
            </span>
            {hasBaseline && each.baseline !== undefined && (
              <span class="before">{valueText(each.baseline[index], chart.unit)}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function placeCursor(plot: uPlot, line: HTMLElement, { cursor, stretch }: Watch): void {
  const isVisible = cursor >= stretch.start && cursor <= stretch.end;
  line.hidden = !isVisible;
  const share = (cursor - stretch.start) / (stretch.end - stretch.start);
  line.style.transform = `translateX(${(share * plot.over.clientWidth).toFixed(1)}px)`;
}

/** Lines, then those of the baseline, then limits. On a logarithmic scale nothing has the place of zero. */
function dataOf({ t, clock }: ReportView, { lines, unit }: ChartView): uPlot.AlignedData {
  const drawn = (values: readonly (number | null)[] | undefined): (number | null)[] =>
    values === undefined
      ? t.map(() => null)
      : values.map((value) => (unit === 'seconds' && value === 0 ? null : value));
  return [
    t.map((start) => start + clock.zeroOfDay),
    ...lines.map(({ values }) => drawn(values)),
    ...lines.map(({ baseline }) => drawn(baseline)),
    ...lines.map(({ limit }) => drawn(limit)),
  ];
}

function optionsOf(
  view: ReportView,
  chart: ChartView,
  width: number,
  isDark: boolean,
  latest: { readonly current: Watch },
): uPlot.Options {
  const zero = view.clock.zeroOfDay;
  const style = getComputedStyle(document.documentElement);
  const { grid, axis } = plotStyle(11);
  const stepped = steppedLine();
  const series = (index: number, alpha: number): uPlot.Series => ({
    stroke: lineColour(index, isDark),
    width: alpha < 1 ? 1 : 1.75,
    alpha,
    ...(alpha === baselineAlpha ? { dash: [2, 3] } : {}),
    ...stepped,
  });
  return {
    width,
    height,
    padding: [6, margin.right, 0, 0],
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: {
      // As asked for by `setScale`: a fixed range would never zoom.
      x: { time: false, range: (_plot, low, high) => [low, high] },
      y:
        chart.unit === 'seconds'
          ? { distr: 3, range: (_plot, low, high) => decades(low, high) }
          : { range: (_plot, _low, high) => [0, chart.unit === 'share' ? 1 : niceTop(high)] },
    },
    axes: [
      {
        ...axis,
        ticks: { stroke: grid, width: 1, size: 4 },
        size: 22,
        gap: 3,
        incrs: [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400],
        space: 60,
        values: clockLabels,
      },
      {
        ...axis,
        size: margin.left,
        gap: 6,
        space: 34,
        // On a logarithmic scale only powers of ten have a label.
        values: (_plot, splits: (number | null)[]) =>
          splits.map((split) => (split === null ? '' : valueText(split, chart.unit))),
      },
    ],
    series: [
      {},
      ...chart.lines.map((_, index) => series(index, 1)),
      ...chart.lines.map((_, index) => series(index, baselineAlpha)),
      ...chart.lines.map((_, index) => series(index, limitAlpha)),
    ],
    hooks: {
      setCursor: [
        (plot) => {
          const { idx, event } = plot.cursor;
          const at = idx === null || idx === undefined ? undefined : view.t[idx];
          if (event !== undefined && event !== null && at !== undefined) latest.current.setCursor(at);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: wide } = plot.select;
          if (wide < 4) return;
          latest.current.zoomTo({
            start: plot.posToVal(left, 'x') - zero,
            end: plot.posToVal(left + wide, 'x') - zero,
          });
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        },
      ],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => latest.current.showAll())],
      drawClear: [(plot) => drawMarks(plot, view, style)],
    },
  };
}

/** Below the lines: the time of the outage in a shade, the trigger as a line. */
function drawMarks(plot: uPlot, view: ReportView, style: CSSStyleDeclaration): void {
  const { ctx, bbox } = plot;
  const x = (seconds: number): number => plot.valToPos(seconds + view.clock.zeroOfDay, 'x', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const bad = view.phases.filter(({ id }) => id === 'outage' || id === 'recovering');
  const [first, last] = [bad[0], bad.at(-1)];
  if (first !== undefined && last !== undefined) {
    ctx.fillStyle = style.getPropertyValue('--shade');
    ctx.fillRect(x(first.start), bbox.top, x(last.end) - x(first.start), bbox.height);
  }
  ctx.fillStyle = style.getPropertyValue('--faint');
  ctx.fillRect(Math.round(x(0)), bbox.top, devicePixelRatio, bbox.height);
  ctx.restore();
}

/** From the power of ten at or below the lowest value to the one at or above the highest. */
function decades(low: number | null, high: number | null): [number, number] {
  const [bottom, top] = [Math.floor(Math.log10(low ?? 0.001)), Math.ceil(Math.log10(high ?? 1))];
  return [10 ** bottom, 10 ** Math.max(top, bottom + 1)];
}

/** The next of 1, 2, 5, 10, ... that holds the highest value. */
function niceTop(high: number): number {
  if (!(high > 0)) return 1;
  let scale = 1;
  while (scale * 10 <= high) scale *= 10;
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * scale >= high) ?? 10) * scale;
}
