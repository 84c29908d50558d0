/** One panel of a dashboard: the last hour of scrapes. Where there is no data there is no line, and the ground is grey. */
import type { PanelView } from '@brownout/scenarios';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { lineColour } from '../../page/look.ts';
import { clockLabels, plotStyle, putPlot } from '../../page/plot.ts';
import { valueOf } from './wording.ts';

/** Seconds that a panel reaches back. */
const span = 3600;
const height = 96;

interface PanelChartProps {
  readonly panel: PanelView;
  readonly zero: number;
  readonly now: number;
  readonly isDark: boolean;
}

/** The chart; it is made once, and given the scrapes as they come. */
export function PanelChart({ panel, zero, now, isDark }: PanelChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef({ panel, now });
  latest.current = { panel, now };
  useLayoutEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const { plot: made, remove } = putPlot(
      host,
      (width) => optionsOf(zero, isDark, width, latest),
      dataOf(latest.current.panel, zero),
    );
    plot.current = made;
    return () => {
      remove();
      plot.current = undefined;
    };
  }, [zero, isDark, panel.lines.length]);
  useLayoutEffect(() => {
    plot.current?.setData(dataOf(panel, zero));
  }, [panel, zero]);
  return <div class="panel-plot" ref={place} />;
}

type Latest = { readonly current: { readonly panel: PanelView; readonly now: number } };

function dataOf({ t, lines }: PanelView, zero: number): uPlot.AlignedData {
  return [t.map((at) => at + zero), ...lines.map(({ values }) => [...values])];
}

function optionsOf(zero: number, isDark: boolean, width: number, latest: Latest): uPlot.Options {
  const { axis } = plotStyle(10);
  const dark = getComputedStyle(document.documentElement).getPropertyValue('--no-data');
  const { unit, lines } = latest.current.panel;
  const least = unit === 'share' ? 0.05 : unit === 'seconds' ? 0.1 : 1;
  return {
    width,
    height,
    padding: [6, 14, 0, 0],
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
    scales: {
      x: {
        time: false,
        range: () => [
          Math.max(latest.current.panel.t[0] ?? 0, latest.current.now - span) + zero,
          latest.current.now + zero,
        ],
      },
      y: { range: (_plot, _low, high) => [0, Math.max(least, (high ?? 0) * 1.05)] },
    },
    axes: [
      {
        ...axis,
        size: 16,
        gap: 2,
        space: 48,
        incrs: [60, 300, 600, 1200, 1800, 3600],
        values: clockLabels,
      },
      { ...axis, size: 44, gap: 3, space: 26, values: (_plot, splits) => splits.map((split) => valueOf(split, unit)) },
    ],
    series: [
      {},
      ...lines.map((_, index) => ({
        stroke: lineColour(index, isDark),
        width: 1.5,
        spanGaps: false,
        points: { show: false },
      })),
    ],
    hooks: { drawClear: [(plot) => shadeGaps(plot, latest.current.panel, zero, dark)] },
  };
}

/** Where not one cluster answered the scrape. */
function shadeGaps(plot: uPlot, { t, lines }: PanelView, zero: number, colour: string): void {
  const { ctx, bbox } = plot;
  const x = (at: number): number =>
    Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(at + zero, 'x', true)));
  ctx.save();
  ctx.fillStyle = colour;
  t.forEach((at, index) => {
    if (lines.some(({ values }) => values[index] !== null)) return;
    const [from, to] = [x(t[index - 1] ?? at), x(t[index + 1] ?? at + 30)];
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
  });
  ctx.restore();
}
