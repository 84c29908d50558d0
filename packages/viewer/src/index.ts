/** Public names of the package: what the report page shows, the page as text, and who hosts a drill. */
export { DrillHost, type DrillHostOptions, NotAllowedError } from './drill/drill-host.ts';
export {
  type ClusterTruth,
  type DrillAnswers,
  type DrillCall,
  type DrillNews,
  type FacilitatorCommand,
  type FacilitatorView,
  type Joined,
  type Lobby,
  type Pace,
  type ProductTruth,
  type Seat,
  type TruthNote,
} from './drill/drill-messages.ts';
export { readDrillCall } from './drill/read-drill-call.ts';
export { reportPage } from './page-text.ts';
export { type ChartView, type LineView } from './view/chart-view.ts';
export { reportView, type ReportView, type TileView } from './view/report-view.ts';
export { type MarkView, type StripView } from './view/strip-view.ts';
