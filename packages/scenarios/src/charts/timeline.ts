/** The timeline as a strip: a lane for each kind of thing that happened, published facts above what was simulated. */
import type { RunResult, TimelineEntry } from '../scenario/result.ts';
import { chart, colours, type ChartPart, type ChartSize, type ChartSpec, type Json } from './spec.ts';
import { runPhases, type RunPhase } from '../report/phases.ts';
import { timeAxis } from './time-axis.ts';

/** What of a run the strip shows. */
export type ChartedTimeline = Pick<RunResult, 'clock' | 'horizon' | 'timeline' | 'title' | 'kpis'>;

/** Lanes from top to bottom, with the kinds of entries that go into each. */
export const timelineLanes: readonly (readonly [lane: string, kinds: readonly string[]])[] = [
  ['published', ['published']],
  ['rollout', ['rollout', 'fault', 'configuration']],
  ['control plane', ['saturation', 'memory-kill', 'etcd', 'node']],
  ['names', ['dns']],
  ['users', ['users']],
  ['alerts', ['alert']],
  ['people', ['operators', 'action']],
  ['locked out', ['lock-out']],
  ['recovery', ['recovery']],
];

/** The strip as a chart of its own. */
export function timelineChart(result: ChartedTimeline, size: ChartSize = {}): ChartSpec {
  return chart(timelinePart(result, size));
}

/** The strip, to stand alone or above other panels. */
export function timelinePart(result: ChartedTimeline, size: ChartSize, isLast = true): ChartPart {
  const { startSeconds, endSeconds } = result.horizon;
  const entries = result.timeline
    .filter(({ t }) => t >= startSeconds && t <= endSeconds)
    .map((entry) => ({ ...entry, lane: laneOf(entry) }));
  const used = [...timelineLanes.map(([lane]) => lane), 'other'].filter((lane) =>
    entries.some((one) => one.lane === lane),
  );
  const rows: Json = entries.map((entry) => ({
    minutes: Number((entry.t / 60).toFixed(3)),
    lane: entry.lane,
    clock: entry.clock,
    what: entry.text,
    where: entry.cluster ?? '',
    source: entry.published === true ? 'published' : 'simulated',
  }));
  return {
    title,
    width: size.width ?? 640,
    height: Math.max(60, used.length * 22),
    layer: [
      ...phaseParts(result, size.width ?? 640, isLast),
      outagePart(result, isLast),
      {
        data: { values: rows },
        mark: { type: 'point', filled: true, size: 55, opacity: 0.85 },
        encoding: {
          x: timeAxis(result, isLast),
          y: {
            field: 'lane',
            type: 'nominal',
            sort: used,
            axis: { title: null, grid: true, ticks: false, domain: false },
          },
          color: {
            field: 'source',
            type: 'nominal',
            title: null,
            scale: { domain: ['published', 'simulated'], range: [colours.published, colours.ink] },
          },
          shape: {
            field: 'source',
            type: 'nominal',
            title: null,
            scale: { domain: ['published', 'simulated'], range: ['diamond', 'circle'] },
          },
          tooltip: [
            { field: 'clock', title: 'at' },
            { field: 'what', title: 'what' },
            { field: 'where', title: 'cluster' },
            { field: 'source', title: 'source' },
          ],
        },
      },
    ],
  };
}

/** Height of the band of phases above the lanes, in pixels. */
const phaseHeight = 16;
const title: ChartPart = {
  text: 'What happened, when',
  subtitle: 'phases above; shaded from the first user error to the last recovery',
  offset: phaseHeight + 8,
};
const phaseColours: Readonly<Record<RunPhase['id'], string>> = {
  before: colours.grid,
  hidden: '#f5d9a8',
  strained: '#f5d9a8',
  outage: '#f2b48c',
  recovering: '#bcd9ea',
  after: '#c9e5d5',
};

/** The phases as a band above the lanes; a phase that is too short for its name shows it to the mouse only. */
function phaseParts(result: ChartedTimeline, width: number, isLast: boolean): ChartPart[] {
  const { startSeconds, endSeconds } = result.horizon;
  const x = timeAxis(result, isLast);
  // A layer for each: a colour that is no encoding has no part in the legend.
  return runPhases(result).flatMap(({ id, title, start, end }): ChartPart[] => {
    const fits = ((end - start) / (endSeconds - startSeconds)) * width > title.length * 5 + 8;
    const values: Json = [
      { minutes: start / 60, until: end / 60, phase: title, ...(fits ? { label: title } : { label: '' }) },
    ];
    return [
      {
        data: { values },
        mark: { type: 'rect', color: phaseColours[id], stroke: '#ffffff' },
        encoding: {
          x,
          x2: { field: 'until' },
          y: { value: -phaseHeight - 2 },
          y2: { value: -2 },
          tooltip: [{ field: 'phase', title: 'phase' }],
        },
      },
      {
        data: { values },
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 4, fontSize: 10, color: colours.ink },
        encoding: { x, y: { value: -phaseHeight / 2 - 2 }, text: { field: 'label', type: 'nominal' } },
      },
    ];
  });
}

/** From the first user error to the last recovery; nothing when users saw nothing. */
function outagePart(result: ChartedTimeline, isLast: boolean): ChartPart {
  const { firstUserError, lastClusterRecovered, outageSeconds } = result.kpis;
  const hasOutage = typeof firstUserError === 'number' && typeof outageSeconds === 'number' && outageSeconds > 0;
  const end = typeof lastClusterRecovered === 'number' ? lastClusterRecovered : result.horizon.endSeconds;
  const values: Json = hasOutage ? [{ minutes: firstUserError / 60, until: end / 60 }] : [];
  return {
    data: { values },
    mark: { type: 'rect', color: colours.bad, opacity: 0.1 },
    encoding: { x: timeAxis(result, isLast), x2: { field: 'until' } },
  };
}

/** The lane of an entry; kinds that are not known go into `other`. */
export function laneOf({ kind }: Pick<TimelineEntry, 'kind'>): string {
  return timelineLanes.find(([, kinds]) => kinds.includes(kind))?.[0] ?? 'other';
}
