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

/** What was assumed, in lines. */
export function assumptionLines(assumptions: readonly SourcedEntry[], width: number, style: Style): string[] {
  return groupSources(assumptions.filter(({ source }) => source === 'assumed')).flatMap(({ path, text, note }) => {
    const head = `${path} = ${text}`;
    const remark = ` · ${note}`;
    if (head.length + remark.length <= width) return [`${head}${style.faint(remark)}`];
    return [...wrap(head, width), ...hang('    ', note, width, style.faint)];
  });
}

/** Values with their sources; one choice made for several list items is one entry, `clusters[*].memory`. */
export function groupSources(entries: readonly SourcedEntry[]): SourcedEntry[] {
  const groups = new Map<
    string,
    { readonly entry: SourcedEntry; readonly paths: string[]; readonly texts: Set<string> }
  >();
  for (const entry of entries) {
    const key = JSON.stringify([general(entry.path), entry.note, entry.source]);
    const group = groups.get(key) ?? { entry, paths: [], texts: new Set() };
    group.paths.push(entry.path);
    group.texts.add(entry.text);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ entry, paths, texts }) => ({
    ...entry,
    path: paths.length === 1 ? entry.path : general(entry.path),
    text: [...texts].join(', '),
  }));
}

/** How many values of the document have which source. */
export function sourceSummary(assumptions: readonly SourcedEntry[]): string {
  const counts = (['measured', 'documented', 'derived', 'assumed'] as const).map((source) => {
    const count = assumptions.filter((entry) => entry.source === source).length;
    return count === 0 ? '' : `${count} ${source}`;
  });
  return counts.filter((text) => text !== '').join(', ');
}

/** Warnings, in lines. */
export function warningLines(result: RunResult, width: number, style: Style): string[] {
  return warningsOf(result).flatMap((warning) => hang('! ', warning, width, style.warn));
}

/** Warnings of a run, and one of our own if its books do not balance. */
export function warningsOf(result: RunResult): string[] {
  const unbalanced = result.conservation.filter(
    (row) => row.arrived !== row.served + row.rejected + row.abandoned + row.timedOut + row.lost + row.inside,
  );
  const books = unbalanced.map(({ book }) => `the book "${book}" does not balance: this result cannot be trusted`);
  return [...books, ...result.warnings];
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
