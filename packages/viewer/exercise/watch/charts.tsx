/** The charts below the picture: on the time of the run, with the time cursor of the picture in all of them. */
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { lineColour } from '../../page/look.ts';
import { clockLabels, plotStyle, putPlot, steppedLine } from '../../page/plot.ts';
import type { RunInfo } from '../engine/protocol.ts';
import type { Run } from '../engine/run.ts';
import { useExercise } from '../exercise-context.ts';
import type { Player } from '../player.ts';
import { TimeLine } from '../time-line.ts';
import { useFrame } from '../use-frame.ts';
import { type Chart, ChartColumns, chartsOf } from './chart-lines.ts';
import { rateOf, shareOf } from './time.ts';

const height = 92;
/** Charts that grow are drawn again so often, in milliseconds, one after the other. */
const redrawMilliseconds = 3000;
/** Frames that are read at one beat at most: a computed run is read in a second or two, and no beat is long. */
const mostFramesPerBeat = 12;

interface ChartsProps {
  readonly run: Run;
  readonly info: RunInfo;
  readonly isDark: boolean;
}

/** All charts. Frames are read a few at each beat, and one chart is drawn again at a time. */
export function Charts({ run, info, isDark }: ChartsProps) {
  const { beat } = useExercise();
  const charts = useMemo(() => chartsOf(info), [info]);
  const columns = useMemo(() => new ChartColumns(charts, info.clock.zeroOfDay), [run, charts]);
  const redraw = useMemo<((() => void) | undefined)[]>(() => [], [charts]);
  useLayoutEffect(() => {
    const drawn = charts.map(() => 0);
    let next = 0;
    const stopReading = beat.add(() => {
      if (run.frames !== undefined) columns.catchUp(run.frames, mostFramesPerBeat);
    });
    const everyMilliseconds = redrawMilliseconds / charts.length;
    let before = -Infinity;
    const stopDrawing = beat.nowAndThen(everyMilliseconds, () => {
      // While time rests everybody is asked at every beat, and a run that is computed grows at each of them.
      const now = performance.now();
      if (now - before < everyMilliseconds) return false;
      before = now;
      next = (next + 1) % charts.length;
      if (drawn[next] === columns.count) return false;
      drawn[next] = columns.count;
      redraw[next]?.();
      return true;
    });
    return () => {
      stopReading();
      stopDrawing();
    };
  }, [run, charts, columns, redraw, beat]);
  return (
    <div class="charts">
      {charts.map((chart, index) => (
        <TimeChart key={chart.id} {...{ run, info, isDark, chart, index, columns, redraw }} />
      ))}
    </div>
  );
}

interface TimeChartProps extends ChartsProps {
  readonly chart: Chart;
  readonly index: number;
  readonly columns: ChartColumns;
  /** Where the chart puts how it is drawn again. */
  readonly redraw: ((() => void) | undefined)[];
}

function TimeChart({ run, info, chart, index, columns, redraw, isDark }: TimeChartProps) {
  const { player, beat } = useExercise();
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const { plot, remove } = putPlot(
      host,
      (width) => optionsOf(info, chart, width, isDark, player),
      columns.dataOf(index),
      () => {
        inner = plot.over.clientWidth;
      },
    );
    redraw[index] = () => plot.setData(columns.dataOf(index));
    const element = document.createElement('div');
    element.className = 'cursor-line';
    plot.over.append(element);
    const line = new TimeLine(element);
    let inner = plot.over.clientWidth;
    const stop = beat.add(() => {
      line.moveTo(((player.time.value - info.startSeconds) / (info.endSeconds - info.startSeconds)) * inner);
    });
    return () => {
      stop();
      redraw[index] = undefined;
      remove();
    };
  }, [info, chart, columns, isDark]);
  return (
    <section class="chart" data-chart={chart.id}>
      <ChartHead run={run} chart={chart} isDark={isDark} />
      <div class="plot" ref={place} />
    </section>
  );
}

/** The title, and the highest line at the time cursor. */
function ChartHead({ run, chart, isDark }: { readonly run: Run; readonly chart: Chart; readonly isDark: boolean }) {
  const frame = useFrame(run);
  const values = chart.lines.map(({ read }) => (frame === undefined ? null : read(frame)));
  const text = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : chart.unit === 'share' ? shareOf(value) : rateOf(value);
  const highest = values.reduce<number>(
    (best, value, index) => ((value ?? -1) > (values[best] ?? -1) ? index : best),
    0,
  );
  const all = chart.lines.map(({ name }, index) => `${name} ${text(values[index])}`).join('\n');
  return (
    <h3 title={all}>
      {chart.title}{' '}
      <span class="note">
        <span style={{ color: lineColour(highest, isDark) }}>■</span> {chart.lines[highest]?.name}{' '}
        <b>{text(values[highest])}</b>
      </span>
    </h3>
  );
}

function optionsOf(info: RunInfo, chart: Chart, width: number, isDark: boolean, player: Player): uPlot.Options {
  const zero = info.clock.zeroOfDay;
  const { axis } = plotStyle(10);
  const stepped = steppedLine();
  return {
    width,
    height,
    padding: [6, 6, 0, 0],
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
    scales: {
      x: { time: false, range: () => [info.startSeconds + zero, info.endSeconds + zero] },
      y: { range: (_plot, _low, high) => [0, chart.unit === 'share' ? 1 : Math.max(1, high)] },
    },
    axes: [
      {
        ...axis,
        size: 17,
        gap: 2,
        incrs: [60, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200],
        space: 52,
        values: clockLabels,
      },
      {
        ...axis,
        size: 40,
        gap: 3,
        space: 28,
        values: (_plot, splits) => splits.map((split) => (chart.unit === 'share' ? shareOf(split) : rateOf(split))),
      },
    ],
    series: [
      {},
      ...chart.lines.map((_, index) => ({
        stroke: lineColour(index, isDark),
        width: 1.5,
        ...stepped,
      })),
    ],
    hooks: { ready: [(plot) => scrubBy(plot, player, zero)] },
  };
}

/** Pressing in a chart, or dragging over it, goes to that time. */
function scrubBy(plot: uPlot, player: Player, zero: number): void {
  const goTo = (event: PointerEvent): void => player.seek(plot.posToVal(event.offsetX, 'x') - zero);
  plot.over.addEventListener('pointerdown', (event) => {
    plot.over.setPointerCapture(event.pointerId);
    goTo(event);
  });
  plot.over.addEventListener('pointermove', (event) => {
    if (event.buttons === 1) goTo(event);
  });
}
