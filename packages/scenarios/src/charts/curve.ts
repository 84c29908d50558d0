/** A measure over one number that was varied, with its intervals; and what a search for a tipping point saw. */
import type { TipResult } from '../experiment/tip.ts';
import { chart, colours, type ChartPart, type ChartSize, type ChartSpec } from './spec.ts';

/** One point of a curve; `null` = did not happen, or not known. */
export interface CurvePoint {
  readonly x: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** What a curve is of. */
export interface CurveOptions extends ChartSize {
  readonly title: string;
  /** What was varied, with its unit. */
  readonly x: string;
  /** What was measured, with its unit. */
  readonly y: string;
}

/** The points, joined; intervals where there are any. */
export function curveChart(points: readonly CurvePoint[], options: CurveOptions): ChartSpec {
  const known = points.filter((point) => point.value !== null).map((point) => ({ ...point }));
  const x: ChartPart = {
    field: 'x',
    type: 'quantitative',
    scale: { zero: false, nice: false, padding: 12 },
    axis: { title: options.x },
  };
  const y = (field: string): ChartPart => ({ field, type: 'quantitative', axis: { title: options.y } });
  return chart({
    title: { text: options.title },
    width: options.width ?? 480,
    height: options.height ?? 220,
    data: { values: known },
    layer: [
      {
        transform: [{ filter: 'datum.low !== null && datum.high !== null' }],
        mark: { type: 'rule', strokeWidth: 2, color: colours.faint },
        encoding: { x, y: y('low'), y2: { field: 'high' } },
      },
      { mark: { type: 'line', color: colours.published, strokeWidth: 1.5 }, encoding: { x, y: y('value') } },
      {
        mark: { type: 'point', filled: true, size: 60, color: colours.published, tooltip: true },
        encoding: { x, y: y('value') },
      },
    ],
  });
}

/** Every run of a search: where it was, what it measured and whether that is a yes; shaded is the interval that was found. */
export function tipChart({ runs, tip, title, when, path, measure: name }: TipResult, size: ChartSize = {}): ChartSpec {
  const values = runs.map(({ value, measure, isYes }) => ({
    x: value,
    measure: measure ?? (isYes ? 1 : 0),
    answer: isYes ? 'yes' : 'no',
  }));
  const x: ChartPart = {
    field: 'x',
    type: 'quantitative',
    scale: { zero: false, nice: false, padding: 12 },
    axis: { title: path },
  };
  const found = tip.low !== null && tip.high !== null ? [{ x: tip.low, until: tip.high }] : [];
  return chart({
    title: { text: title, subtitle: when },
    width: size.width ?? 480,
    height: size.height ?? 200,
    layer: [
      {
        data: { values: found },
        mark: { type: 'rect', color: colours.published, opacity: 0.2 },
        encoding: { x, x2: { field: 'until' } },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 60, opacity: 0.7, tooltip: true },
        encoding: {
          x,
          y: { field: 'measure', type: 'quantitative', axis: { title: name, tickCount: 5 } },
          color: {
            field: 'answer',
            type: 'nominal',
            title: null,
            scale: { domain: ['yes', 'no'], range: [colours.bad, colours.published] },
          },
          shape: {
            field: 'answer',
            type: 'nominal',
            title: null,
            scale: { domain: ['yes', 'no'], range: ['diamond', 'circle'] },
          },
        },
      },
    ],
  });
}
