/** Public names of the package: what the report page shows, and the page as text. */
export { reportPage } from './page-text.ts';
export { type ChartView, type LineView } from './view/chart-view.ts';
export { reportView, type ReportView, type TileView } from './view/report-view.ts';
export { type MarkView, type StripView } from './view/strip-view.ts';
