/** A trainee's dashboards, alerts and runbook as text: what monitoring saw, gaps included. */
import type { BoardView, DrillView, PanelView } from '../drill/drill-view.ts';
import type { Style } from './style.ts';
import { hang, table, wrap } from './text.ts';

/** How wide, and in which colours. */
export interface DrillTextOptions {
  readonly width: number;
  readonly style: Style;
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** What a scrape that got nothing looks like: not like a zero. */
const gap = '·';
/** Narrower than this a line says nothing. */
const narrowest = 12;
/** Columns of one chart at most: half a minute each, that is an hour and a half. */
const widest = 60;

/** One board; every panel on one scale, its largest value the highest block. */
export function drillBoardText({ title, panels }: BoardView, { width, style }: DrillTextOptions): string[] {
  return [style.strong(title), ...panels.flatMap((panel) => panelText(panel, { width, style }))];
}

function panelText({ title, lines, unit }: PanelView, { width, style }: DrillTextOptions): string[] {
  const names = Math.max(...lines.map(({ cluster }) => cluster.length), 1);
  const lasts = Math.max(...lines.map(({ last }) => last.length), 1);
  const room = Math.min(widest, width - names - lasts - 6);
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const top = Math.max(unit === 'share' ? 1 : 0, ...values);
  const shown = lines.map(({ cluster, values: all, last }) => {
    const chart = room < narrowest ? '' : `  ${sparkline(all.slice(-room), top).padStart(room)}`;
    return `  ${cluster.padEnd(names)}${chart}  ${last === 'no data' ? style.warn(last.padStart(lasts)) : last.padStart(lasts)}`;
  });
  return ['', title, ...shown];
}

/** One block for each scrape; `top` is the highest. */
export function sparkline(values: readonly (number | null)[], top: number): string {
  return values
    .map((value) => {
      if (value === null) return gap;
      const level = top > 0 ? Math.round((value / top) * (levels.length - 1)) : 0;
      return levels[Math.min(levels.length - 1, Math.max(0, level))]!;
    })
    .join('');
}

/** Alerts that fire, and those that have stopped. */
export function drillAlertsText(
  { alerts }: Pick<DrillView, 'alerts'>,
  clockOf: (t: number) => string,
  { width, style }: DrillTextOptions,
): string[] {
  if (alerts.length === 0) return ['no alert has fired'];
  return table(
    [
      { title: 'since' },
      { title: 'until' },
      { title: 'id' },
      { title: 'cluster' },
      { title: 'taken by' },
      { title: 'alert' },
    ],
    alerts.map(({ id, name, cluster, since, until, acknowledgedBy }) => [
      clockOf(since),
      until === null ? { text: 'fires', paint: style.bad } : clockOf(until),
      id,
      cluster ?? 'all',
      acknowledgedBy ?? '',
      name,
    ]),
    width,
    style.faint,
  );
}

/** The runbook: ids for `/push`, and the lines that they stand for. */
export function drillRunbookText(
  { buttons }: Pick<DrillView, 'buttons'>,
  { width, style }: DrillTextOptions,
): string[] {
  if (buttons.length === 0) return ['the runbook has nothing that one of your roles could do'];
  return table(
    [{ title: 'button' }, { title: 'what' }, { title: 'the line that it enters' }],
    buttons.map(({ id, title, line }) => [id, title, line]),
    width,
    style.faint,
  );
}

/** What a trainee is told in the beginning. */
export function drillBriefingText(
  { briefing }: Pick<DrillView, 'briefing'>,
  { width, style }: DrillTextOptions,
): string[] {
  const { title, text, tasks, clusters } = briefing;
  const sizes = clusters.map(
    ({ id, nodes, role }) => `${id} (${nodes} nodes${role === 'production' ? '' : `, ${role}`})`,
  );
  return [
    style.strong(title),
    ...wrap(text, width),
    ...tasks.flatMap((task) => hang('- ', task, width)),
    ...hang('Clusters: ', sizes.join(', '), width),
  ];
}
