/** Writes pages and data files of an incident from the rows that are there. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFileName, dataText } from './data-file.ts';
import type { PlanSize, Studied } from './incident-plan.ts';
import { incidentPage } from './pages/incident-page.ts';
import { mitigationsPage } from './pages/mitigations-page.ts';
import { sensitivityPage } from './pages/sensitivity-page.ts';
import { byId, type TableResult } from './results.ts';

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
  const { id } = studied.incident;
  const isThere = (names: readonly string[]): boolean =>
    names.some((name) => byId(tables, name)?.variants.some(({ rows }) => rows.length > 0) === true);
  const pages: (readonly [string, string])[] = [];
  if (isThere(['bands', 'counterfactuals', 'threshold']))
    pages.push([`${id}.md`, incidentPage(studied, tables, others)]);
  if (isThere(['mitigations', 'recovery'])) pages.push([`${id}-mitigations.md`, mitigationsPage(studied, tables)]);
  if (isThere(['draws', 'draws-roll-back', 'one-at-a-time'])) {
    pages.push([`${id}-sensitivity.md`, sensitivityPage(studied, tables)]);
  }
  mkdirSync(join(folder, 'data'), { recursive: true });
  const written: string[] = [];
  for (const [name, text] of pages) {
    const file = join(folder, name);
    writeFileSync(file, `${text}\n${keptText(file)}`);
    written.push(file);
  }
  for (const table of tables) {
    if (!isThere([table.id])) continue;
    const file = join(folder, 'data', dataFileName(id, table.id));
    writeFileSync(file, dataText(id, size, table));
    written.push(file);
  }
  return written;
}

/** What was written by hand at the end of a page that is there already. */
function keptText(file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const start = text.indexOf(byHand);
  return start < 0 ? '' : `\n${text.slice(start)}`;
}
