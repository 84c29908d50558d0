/** What all charts over time share: the colours of the page on their axes, clocks, and a width that follows that of their place. */
import uPlot from 'uplot';
import { clockText } from './time.ts';

/** Colours of the page as they are now, and an axis in them. */
export interface PlotStyle {
  readonly ink: string;
  readonly grid: string;
  readonly axis: uPlot.Axis;
}

/** See above; the size of the font in pixels. */
export function plotStyle(fontSize: number): PlotStyle {
  const style = getComputedStyle(document.documentElement);
  const [ink, grid] = [style.getPropertyValue('--faint'), style.getPropertyValue('--grid')];
  const font = `${fontSize}px ${style.getPropertyValue('--font')}`;
  return { ink, grid, axis: { stroke: ink, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } } };
}

/** Labels of an axis that counts seconds of the day. */
export function clockLabels(_plot: uPlot, splits: readonly number[]): string[] {
  return splits.map((split) => clockText(split));
}

/** A line without points, each value of which holds until the next. */
export function steppedLine(): Pick<uPlot.Series, 'points' | 'paths'> {
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return { points: { show: false }, ...(paths === undefined ? {} : { paths }) };
}

/** A chart in its place. */
export interface PutPlot {
  readonly plot: uPlot;
  readonly remove: () => void;
}

/** Puts a chart into a place, as wide as that is from then on. `onResize` is called after the chart has followed. */
export function putPlot(
  host: HTMLElement,
  optionsOf: (width: number) => uPlot.Options,
  data: uPlot.AlignedData,
  onResize?: () => void,
): PutPlot {
  const options = optionsOf(host.clientWidth);
  const plot = new uPlot(options, data, host);
  const resized = new ResizeObserver(() => {
    plot.setSize({ width: host.clientWidth, height: options.height });
    onResize?.();
  });
  resized.observe(host);
  return {
    plot,
    remove: () => {
      resized.disconnect();
      plot.destroy();
    },
  };
}
