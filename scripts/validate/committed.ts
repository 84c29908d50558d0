/** Tables as they are committed: what pages show that put two kinds of runs side by side. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readData } from './data-file.ts';
import type { PlanSize } from './incident-plan.ts';
import type { TableResult } from './results.ts';
import { stemOf } from './smaller.ts';

/** The committed tables of an incident, of one model; empty when there are none. `folder` is that of the pages. */
export function committedResults(folder: string, incident: string, size: Pick<PlanSize, 'model'>): TableResult[] {
  const data = join(folder, 'data');
  const begin = `${stemOf(incident, size)}.`;
  const names = existsSync(data) ? readdirSync(data).filter((name) => name.startsWith(begin)) : [];
  return names.sort().map((name): TableResult => {
    const { table, title, engine, variants } = readData(readFileSync(join(data, name), 'utf8'), name);
    // Which sources made a committed row, and what they warned of, is not written down: it counts as made by others.
    const unasked = { engine, sources: '', warnings: [] };
    return {
      id: table,
      title,
      variants: variants.map(({ rows, ...variant }) => ({
        ...variant,
        rows: rows.map((row) => ({ ...row, ...unasked })),
      })),
    };
  });
}
