/** Writes pages and data files of an incident from the rows that are there. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedResults } from './committed.ts';
import { dataFileName, dataText } from './data-file.ts';
import { planFor, type PlanSize, type Studied } from './incident-plan.ts';
import { incidentPage } from './pages/incident-page.ts';
import { mitigationsPage } from './pages/mitigations-page.ts';
import { sensitivityPage } from './pages/sensitivity-page.ts';
import { smallerPage } from './pages/smaller-page.ts';
import { jobsOf } from './plan.ts';
import { byId, type TableResult } from './results.ts';
import { stemOf } from './smaller.ts';
import { wholeRunsOf } from './whole-runs.ts';

/** Everything below this line of a page is kept as it stands. */
const byHand = '<!-- Written by hand from here on: `pnpm validate` keeps it. -->';

/** Writes into the folder; returns the files it wrote. Tables without a single row leave theirs alone. */
export function writeAll(
  folder: string,
  studied: Studied,
  size: PlanSize,
  tables: readonly TableResult[],
  others: readonly Studied[],
): string[] {
  const written: string[] = [];
  mkdirSync(join(folder, 'data'), { recursive: true });
  for (const table of tables) {
    if (!isThere(tables, [table.id])) continue;
    const file = join(folder, 'data', dataFileName(stemOf(studied.incident.id, size), table.id));
    writeFileSync(file, dataText(studied.incident.id, size, table));
    written.push(file);
  }
  const pages = size.model === undefined ? pagesOf(studied, tables, others) : [];
  // It shows the whole as well: it is made from the data files of both, whichever of them was written.
  for (const [name, text] of [...pages, ...smallerPages(folder, studied)]) {
    const file = join(folder, name);
    writeFileSync(file, `${text}\n${keptText(file)}`);
    written.push(file);
  }
  return written;
}

type Page = readonly [name: string, text: string];

function pagesOf(studied: Studied, tables: readonly TableResult[], others: readonly Studied[]): Page[] {
  const { id } = studied.incident;
  const pages: Page[] = [];
  if (isThere(tables, ['bands', 'counterfactuals', 'threshold'])) {
    pages.push([`${id}.md`, incidentPage(studied, tables, others)]);
  }
  if (isThere(tables, ['mitigations', 'recovery'])) {
    pages.push([`${id}-mitigations.md`, mitigationsPage(studied, tables)]);
  }
  if (isThere(tables, ['draws', 'draws-roll-back', 'one-at-a-time'])) {
    pages.push([`${id}-sensitivity.md`, sensitivityPage(studied, tables)]);
  }
  return pages;
}

/** The page of the smaller model, from the data files that are there; none as long as it has no rows. */
export function smallerPages(folder: string, studied: Studied): Page[] {
  const { id } = studied.incident;
  const model = { model: 'smaller' } as const;
  const tables = committedResults(folder, id, model);
  if (tables.length === 0) return [];
  const today = documentsOfToday(studied);
  const whole = wholeRunsOf(folder, id, (hash) => today.has(hash));
  return [[`${stemOf(id, model)}.md`, smallerPage(studied, tables, whole)]];
}

/** Hashes of the whole documents of all variants, draws aside: of those no single one is shown. */
function documentsOfToday(studied: Studied): Set<string> {
  const size = { replications: 1, draws: 0, decisive: Object.keys(studied.study.priors) };
  return new Set(jobsOf(planFor(studied, size)).map(({ hash }) => hash));
}

function isThere(tables: readonly TableResult[], names: readonly string[]): boolean {
  return names.some((name) => byId(tables, name)?.variants.some(({ rows }) => rows.length > 0) === true);
}

/** What was written by hand at the end of a page that is there already. */
export function keptText(file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const start = text.indexOf(byHand);
  return start < 0 ? '' : `\n${text.slice(start)}`;
}
