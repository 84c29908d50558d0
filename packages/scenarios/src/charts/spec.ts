/**
 * Charts as Vega-Lite specifications: plain data that notebooks, pages and `vega` draw, with the numbers inside them. Colours
 * are told apart by people who see fewer of them (Okabe and Ito, Color Universal Design, 2008), and never carry a meaning
 * alone: lines are labelled in a legend, marks differ in shape.
 */

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A Vega-Lite specification of its own: schema, data and marks. */
export interface ChartSpec {
  readonly $schema: 'https://vega.github.io/schema/vega-lite/v6.json';
  readonly [key: string]: Json;
}

/** Part of a chart, without schema and configuration. */
export type ChartPart = Readonly<Record<string, Json>>;

/** Colours of charts by role. */
export const colours = {
  ink: '#1f2933',
  faint: '#7b8794',
  grid: '#e4e7eb',
  bad: '#d55e00',
  published: '#0072b2',
} as const;

/** Colours of lines in charts, in the order of the legend. */
export const lineColours: readonly string[] = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#6b5b95',
  '#4d4d4d',
];

/** Look shared by all charts; a page may merge its own over it. */
const look: ChartPart = {
  background: '#ffffff',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  title: { anchor: 'start', fontSize: 13, fontWeight: 600, color: colours.ink, subtitleColor: colours.faint },
  axis: {
    labelColor: colours.ink,
    titleColor: colours.faint,
    titleFontWeight: 'normal',
    gridColor: colours.grid,
    domainColor: colours.faint,
    tickColor: colours.faint,
  },
  legend: { labelColor: colours.ink, titleColor: colours.faint, titleFontWeight: 'normal', orient: 'right' },
  range: { category: [...lineColours] },
};

/** How large a chart is drawn, in pixels. */
export interface ChartSize {
  /** Of the plot without its axes, default 640. */
  readonly width?: number;
  /** Of one panel, default 120. */
  readonly height?: number;
}

/** A part made into a chart that stands alone. */
export function chart(part: ChartPart): ChartSpec {
  return { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', config: look, ...part };
}
