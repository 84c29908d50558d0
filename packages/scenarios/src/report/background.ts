import type { RunResult } from '../scenario/result.ts';
import type { AppliedMitigation } from '../scenario/mitigation.ts';
import { textOf, type SourcedEntry } from '../scenario/provenance.ts';
import type { Style } from './style.ts';
import { hang, wrap } from './text.ts';
import { countText } from './words.ts';

/** What stands behind a result: what was changed, what was assumed, what to be careful about. */

/** Each mitigation with its parameters and the lines of what it changed in the document. */
export function mitigationLines(mitigations: readonly AppliedMitigation[], width: number, style: Style): string[] {
  return mitigations.flatMap(({ id, title, parameters, difference }) => {
    const values = Object.entries(parameters).map(([name, value]) => `${name}=${textOf(value)}`);
    const head = `${style.strong(title)} ${style.faint(`(${[id, ...values].join(', ')})`)}`;
    const lines = difference.length === 0 ? ['changes nothing in this scenario'] : difference;
    const paint = difference.length === 0 ? style.warn : undefined;
    return [head, ...lines.flatMap((line) => hang('  ', line, width, paint))];
  });
}

/** Parameters that nobody measured or published; one assumption made for several list items is one entry. */
export function assumptionLines(assumptions: readonly SourcedEntry[], width: number, style: Style): string[] {
  const groups = new Map<
    string,
    { readonly entry: SourcedEntry; readonly paths: string[]; readonly texts: Set<string> }
  >();
  for (const entry of assumptions.filter(({ source }) => source === 'assumed')) {
    const key = JSON.stringify([general(entry.path), entry.note]);
    const group = groups.get(key) ?? { entry, paths: [], texts: new Set() };
    group.paths.push(entry.path);
    group.texts.add(entry.text);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ entry, paths, texts }) => {
    const path = paths.length === 1 ? entry.path : general(entry.path);
    const head = `${path} = ${[...texts].join(', ')}`;
    const note = ` · ${entry.note}`;
    if (head.length + note.length <= width) return [`${head}${style.faint(note)}`];
    return [...wrap(head, width), ...hang('    ', entry.note, width, style.faint)];
  });
}

/** How many values of the document have which source. */
export function sourceSummary(assumptions: readonly SourcedEntry[]): string {
  const counts = (['measured', 'documented', 'derived', 'assumed'] as const).map((source) => {
    const count = assumptions.filter((entry) => entry.source === source).length;
    return count === 0 ? '' : `${count} ${source}`;
  });
  return counts.filter((text) => text !== '').join(', ');
}

/** Warnings, and one of our own if the books of the run do not balance. */
export function warningLines(result: RunResult, width: number, style: Style): string[] {
  const unbalanced = result.conservation.filter(
    (row) => row.arrived !== row.served + row.rejected + row.abandoned + row.timedOut + row.lost + row.inside,
  );
  const books = unbalanced.map(({ book }) => `the book "${book}" does not balance: this result cannot be trusted`);
  return [...books, ...result.warnings].flatMap((warning) => hang('! ', warning, width, style.warn));
}

/** One line on how the result can be had again. */
export function identityLine(result: RunResult): string {
  const requests = result.conservation.reduce((sum, { arrived }) => sum + arrived, 0);
  return (
    `seed ${result.seed} · engine ${result.engineVersion} · document ${result.documentHash} · digest ${result.digest} · ` +
    `${countText(result.eventCount)} events, ${countText(requests)} API requests accounted for`
  );
}

/** `clusters[3].memory` -> `clusters[*].memory` */
function general(path: string): string {
  return path.replace(/\[\d+\]/g, '[*]');
}
