/** Runs of the whole that stand beside those of the smaller model: committed tables, and single runs made for its own page. */
import { comparedIncident, readRows } from '../reduced-model/rows.ts';
import { committedResults } from './committed.ts';
import { byId } from './results.ts';
import type { RunRow } from './row.ts';

/** One of them. */
export type WholeRun = Pick<RunRow, 'seed' | 'hash' | 'measures'>;

/** The runs of a variant of a table, by seed; none when none was made yet. */
export type WholeRuns = (table: string, variant: string) => readonly WholeRun[];

/** Tables that begin with the incident as it was: the same document, so the same runs. */
const withBaseline: readonly string[] = ['bands', 'counterfactuals', 'mitigations'];

/**
 * The runs of the whole that are committed; `folder` is that of the pages. Those of documents that are not `isOfToday`, by
 * hash, are left out: until they are made again they would stand beside runs of another day.
 */
export function wholeRunsOf(folder: string, incident: string, isOfToday: (hash: string) => boolean): WholeRuns {
  const tables = committedResults(folder, incident, {});
  const single = incident === comparedIncident ? singleRuns() : new Map<string, WholeRun[]>();
  return (table, variant) => {
    const places = withBaseline.includes(table) && variant === 'as-it-was' ? withBaseline : [table];
    const runs = new Map<string, WholeRun>();
    for (const place of places) {
      for (const row of byId(byId(tables, place)?.variants ?? [], variant)?.rows ?? []) runs.set(row.seed, row);
    }
    for (const row of table === 'mitigations' ? (single.get(variant) ?? []) : []) {
      if (!runs.has(row.seed)) runs.set(row.seed, row);
    }
    return [...runs.values()].filter(({ hash }) => isOfToday(hash)).sort((a, b) => Number(a.seed) - Number(b.seed));
  };
}

/** Made for docs/validation/reduced-model.md, by the id of the mitigation. */
function singleRuns(): Map<string, WholeRun[]> {
  const runs = new Map<string, WholeRun[]>();
  for (const { variant, model, seed, hash, lost, measures } of readRows()) {
    if (model !== 'whole') continue;
    const clusters = Object.fromEntries(lost.map((id) => [`${id}/clustersLost`, 1]));
    runs.set(variant, [...(runs.get(variant) ?? []), { seed, hash, measures: { ...measures, ...clusters } }]);
  }
  return runs;
}
