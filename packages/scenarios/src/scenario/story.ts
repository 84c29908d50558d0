/** From notes, series and KPIs to what a person reads: timeline, comparison with published facts, causes. */
import type { Note } from '../operations/chronicle.ts';
import type { World } from './build.ts';
import { clockOf } from './clock.ts';
import { type Observation, saturation, type SiteWatch } from './observe.ts';
import type { ComparisonRow, FailedResource, FirstFailure, Kpis, RunResult, TimelineEntry } from './result.ts';
import type { Scenario } from './document.ts';
import { allCauses } from './why/all-causes.ts';

/** What shows in a window is told at its end, as monitoring would: after the events that made it. */
const MINUTE = 60;
/** Notes of one kind and cluster in the timeline, at most; the rest is counted. */
const REPEATS_SHOWN = 3;

/** The readable parts of a result. */
export function tellStory(
  scenario: Scenario,
  world: World,
  observation: Observation,
  kpis: Kpis,
  after: (instant: number) => number,
): Pick<RunResult, 'timeline' | 'comparison' | 'firstFailures' | 'causes'> {
  const clock = (t: number): string => clockOf(scenario.clock.zero, t);
  const entry = (t: number, kind: string, text: string, cluster?: string): TimelineEntry => ({
    t,
    clock: clock(t),
    kind,
    text,
    ...(cluster === undefined ? {} : { cluster }),
  });
  const timeline = [
    ...shownNotes(world.chronicle.notes).map((note) => entry(after(note.at), note.kind, note.text, note.cluster)),
    ...observation.sites.flatMap((watch) => siteEntries(watch, observation, after, kpis).map((one) => entry(...one))),
    ...userEntries(kpis).map((one) => entry(...one)),
    ...scenario.published.map((fact) => ({ ...entry(fact.at / 1_000_000, 'published', fact.text), published: true })),
  ].sort((a, b) => a.t - b.t);
  return {
    timeline,
    comparison: comparisonOf(scenario, kpis),
    firstFailures: observation.sites.map((watch) => firstFailureOf(watch, after)),
    causes: allCauses(world, after, clock),
  };
}

type Entry = readonly [t: number, kind: string, text: string, cluster?: string];

function shownNotes(notes: readonly Note[]): Note[] {
  const seen = new Map<string, number>();
  const shown: Note[] = [];
  for (const note of notes) {
    const key = `${note.kind} ${note.cluster ?? ''}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    const isFrequent = note.kind === 'memory-kill' || note.kind === 'liveness-kill' || note.kind === 'etcd-kill';
    if (!isFrequent || count < REPEATS_SHOWN) shown.push(note);
    else if (count === REPEATS_SHOWN) shown.push({ ...note, text: `${note.text}, and again and again` });
  }
  return shown;
}

function siteEntries(
  watch: SiteWatch,
  observation: Observation,
  after: (instant: number) => number,
  kpis: Kpis,
): Entry[] {
  const { columns, site } = watch;
  const entries: Entry[] = [];
  const add = (index: number, text: string): void => {
    if (index >= 0) entries.push([after(observation.windows[index]!) + MINUTE, 'saturation', text, site.id]);
  };
  add(
    columns.apiServerCpu.findIndex((cpu) => cpu > saturation),
    'API server cores saturated for a minute',
  );
  add(
    columns.apiRejections.findIndex((count) => count > 0),
    'first requests answered 429 in the last minute',
  );
  add(
    columns.apiSuccessShare.findIndex((share) => share < 0.5),
    'control plane down: most API requests of the last minute failed',
  );
  const recovered = kpis.byCluster[site.id]?.['lastClusterRecovered'] ?? null;
  if (recovered !== null)
    entries.push([recovered, 'recovery', 'cluster recovered: users and API well from here on', site.id]);
  return entries;
}

function userEntries(kpis: Kpis): Entry[] {
  const entries: Entry[] = [];
  const first = kpis['firstUserError'];
  const peak = kpis['peakImpact'];
  const share = kpis['peakErrorShare'];
  if (typeof first === 'number') entries.push([first + MINUTE, 'users', 'user errors above 0.1 % in the last minute']);
  if (typeof peak === 'number' && typeof share === 'number') {
    entries.push([
      peak + MINUTE,
      'users',
      `peak impact in the last minute: ${(share * 100).toFixed(0)} % of user requests fail`,
    ]);
  }
  return entries;
}

function comparisonOf(scenario: Scenario, kpis: Kpis): ComparisonRow[] {
  const rows: ComparisonRow[] = [];
  for (const fact of scenario.published) {
    if (fact.compareWith === undefined) continue;
    const value = kpis[fact.compareWith];
    const simulatedSeconds = typeof value === 'number' ? value : null;
    const publishedSeconds = fact.at / 1_000_000;
    rows.push({
      fact: fact.text,
      publishedSeconds,
      simulatedSeconds,
      differenceSeconds: simulatedSeconds === null ? null : simulatedSeconds - publishedSeconds,
    });
  }
  return rows;
}

function firstFailureOf(watch: SiteWatch, after: (instant: number) => number): FirstFailure {
  let resource: FailedResource = 'none';
  let at = Infinity;
  for (const [candidate, instant] of watch.firstFailure) {
    if (instant < at) {
      resource = candidate;
      at = instant;
    }
  }
  const nodes = watch.site.cluster.options.nodes;
  return { cluster: watch.site.id, nodes, resource, t: at === Infinity ? null : after(at) };
}
