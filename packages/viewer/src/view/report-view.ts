/** What the report page shows, as plain data: every word is written here, the page only lays out and draws. */
import { clockText, reportContent, type ReportContent, type RunPhase, type RunResult } from '@brownout/scenarios';
import { chartViews, type ChartView } from './chart-view.ts';
import { stripView, type StripView } from './strip-view.ts';

/** A report as data for the page. */
export interface ReportView {
  readonly schema: 'brownout/report-view@1';
  readonly content: ReportContent;
  /** Time zone of all times of day, and what the trigger's is, in seconds after midnight. */
  readonly clock: { readonly zone: string; readonly zeroOfDay: number };
  readonly horizon: { readonly startSeconds: number; readonly endSeconds: number };
  /** Starts of the windows of all charts, in seconds after the trigger, and how long one is. */
  readonly t: readonly number[];
  readonly windowSeconds: number;
  readonly charts: readonly ChartView[];
  readonly strip: StripView;
  readonly phases: readonly RunPhase[];
  /** Outcomes for the tiles at the top. */
  readonly tiles: readonly TileView[];
  /** What the baseline is, when there is one. */
  readonly baseline?: string;
}

/** A number at the top of the page. */
export interface TileView {
  readonly title: string;
  readonly value: string;
  /** Small print beside the value; empty when there is none. */
  readonly detail: string;
  /** The same of the baseline; absent without one. */
  readonly baseline?: string;
}

/** KPIs that get a tile. */
const tileTitles: readonly (readonly [kpi: string, title: string])[] = [
  ['user errors above 1 %', 'user errors above 1 %'],
  ['user errors at the peak', 'errors at the peak'],
  ['user requests that failed, whole run', 'requests that failed'],
  ['clusters lost', 'clusters lost'],
  ['operators locked out, worst cluster', 'operators locked out'],
  ['last cluster recovered', 'last cluster recovered'],
];

/** The view of a run, beside that of a baseline where one is given. */
export function reportView(result: RunResult, baseline?: RunResult): ReportView {
  const content = reportContent(result, baseline);
  return {
    schema: 'brownout/report-view@1',
    content,
    clock: { zone: result.clock.zone, zeroOfDay: secondsOfDay(clockText(result, 0)) },
    horizon: result.horizon,
    t: result.series.t,
    windowSeconds: result.series.windowSeconds,
    charts: chartViews(result, baseline),
    strip: stripView(result),
    phases: content.phases,
    tiles: tiles(content, baseline !== undefined),
    ...(baseline === undefined ? {} : { baseline: baselineName(baseline) }),
  };
}

function tiles({ measures }: ReportContent, hasBaseline: boolean): TileView[] {
  return tileTitles.flatMap(([kpi, title]) => {
    const row = measures.rows.find(([name]) => name === kpi);
    if (row === undefined) return [];
    const [, first = '', second = ''] = row;
    const [text, baseline] = hasBaseline ? [second, first] : [first, undefined];
    const [, clock, after] = /^(\d\d:\d\d) \((.+)\)$/.exec(text) ?? [];
    const shown = clock === undefined ? { value: text, detail: '' } : { value: clock, detail: after ?? '' };
    return [{ title, ...shown, ...(baseline === undefined ? {} : { baseline: baseline.replace(/ \(.+\)$/, '') }) }];
  });
}

function baselineName({ mitigations, seed, digest }: RunResult): string {
  const changes = mitigations.map(({ title }) => title).join(', ');
  return `${changes === '' ? 'without mitigations' : changes}, seed ${seed}, digest ${digest}`;
}

function secondsOfDay(clock: string): number {
  const [hour = '0', minute = '0'] = clock.split(':');
  return Number(hour) * 3600 + Number(minute) * 60;
}
