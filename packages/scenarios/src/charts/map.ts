/** Maps over two factors: a measure as shades, or phases as letters and colours. */
import { chart, lineColours, type ChartPart, type ChartSize, type ChartSpec, type Json } from './spec.ts';

/** One cell: where it is, and what was measured there; `null` = did not happen. */
export interface MapCell {
  readonly x: number | string;
  readonly y: number | string;
  readonly value: number | null;
}

/** One cell of a phase diagram. */
export interface PhaseCell {
  readonly x: number | string;
  readonly y: number | string;
  readonly phase: 'stable' | 'vulnerable' | 'metastable';
}

/** What a map is of. */
export interface MapOptions extends ChartSize {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** What is measured, with its unit; for heat maps. */
  readonly value?: string;
}

/** A heat map. Cells in which the measure did not happen stay white and say so. */
export function heatMapChart(cells: readonly MapCell[], options: MapOptions): ChartSpec {
  const values: Json = cells.map(({ x, y, value }) => ({ x, y, value }));
  return chart({
    ...frame(cells, options),
    data: { values },
    layer: [
      {
        mark: { type: 'rect', tooltip: true },
        encoding: {
          color: {
            field: 'value',
            type: 'quantitative',
            title: options.value ?? 'value',
            scale: { scheme: 'viridis' },
          },
        },
      },
      {
        transform: [{ filter: 'datum.value === null' }],
        mark: { type: 'text', text: 'never', fontSize: 10 },
      },
    ],
  });
}

const phases: readonly PhaseCell['phase'][] = ['stable', 'vulnerable', 'metastable'];

/** A phase diagram: every cell carries the first letter of its phase as well as its colour. */
export function phaseChart(cells: readonly PhaseCell[], options: MapOptions): ChartSpec {
  const values: Json = cells.map(({ x, y, phase }) => ({ x, y, phase, letter: phase[0]!.toUpperCase() }));
  const range = [lineColours[5]!, lineColours[4]!, lineColours[1]!];
  return chart({
    ...frame(cells, options),
    data: { values },
    layer: [
      {
        mark: { type: 'rect', tooltip: true },
        encoding: { color: { field: 'phase', type: 'nominal', title: 'phase', scale: { domain: [...phases], range } } },
      },
      { mark: { type: 'text', fontSize: 10 }, encoding: { text: { field: 'letter' } } },
    ],
  });
}

/** Axes of both maps; the order of a list is kept, numbers grow to the right and upwards. */
function frame(cells: readonly Pick<MapCell, 'x' | 'y'>[], options: MapOptions): ChartPart {
  const axis = (field: 'x' | 'y', title: string): ChartPart => {
    const all = [...new Set(cells.map((cell) => cell[field]))];
    const isNumeric = all.every((value) => typeof value === 'number');
    const sorted = isNumeric ? [...all].sort((a, b) => Number(a) - Number(b)) : all;
    return {
      field,
      type: 'ordinal',
      sort: field === 'y' ? [...sorted].reverse() : sorted,
      axis: { title, labelAngle: 0 },
    };
  };
  const encoding = { x: axis('x', options.x), y: axis('y', options.y) };
  return { title: { text: options.title }, width: options.width ?? 420, height: options.height ?? 300, encoding };
}
