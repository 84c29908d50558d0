import type { Patch } from 'immer';
import { childOf, formatPath, valueAt, type Path } from './data-path.ts';
import { isSourced, textOf } from './provenance.ts';

/**
 * What a change does to a document, in words: immer's patches as lines such as `rollout.waves[1].bake: (absent) -> "30 min"`.
 * List items that have an id are called by it, and equal changes to several items of one list share a line.
 */

/** One changed place. */
interface Change {
  readonly path: Path;
  readonly text: string;
}

/** A value longer than this is taken apart, one line per part. */
const longestValue = 72;

/** Readable lines for patches that were made from `before`, in document order as far as immer gives it. */
export function differenceLines(before: unknown, patches: readonly Patch[]): string[] {
  const changes = patches.flatMap((patch) => {
    const old = valueAt(before, patch.path);
    return patch.op === 'remove' ? changesOf(patch.path, old, undefined) : changesOf(patch.path, old, patch.value);
  });
  return grouped(before, changes);
}

function changesOf(path: Path, before: unknown, after: unknown): Change[] {
  if (path.at(-1) === 'length') return [];
  const [old, now] = [bare(before), bare(after)];
  if (isParted(old) && isParted(now) && Array.isArray(old) === Array.isArray(now)) return partChanges(path, old, now);
  const [oldText, nowText] = [shown(old), shown(now)];
  if (oldText === nowText) return [];
  const isNew = old === undefined || old === null;
  if (isNew && isParted(now) && nowText.length > longestValue) return partChanges(path, undefined, now);
  return [{ path, text: `${clipped(oldText)} -> ${clipped(nowText)}` }];
}

function partChanges(path: Path, before: object | undefined, after: object): Change[] {
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const step = Array.isArray(after) ? Number(key) : key;
    return changesOf([...path, step], childOf(before, step), childOf(after, step));
  });
}

/** Joins changes that differ only in the first list index of their path. */
function grouped(before: unknown, changes: readonly Change[]): string[] {
  const groups = new Map<string, { readonly change: Change; readonly items: number[] }>();
  for (const change of changes) {
    const at = change.path.findIndex((step) => typeof step === 'number');
    const pattern = JSON.stringify([change.path.map((step, index) => (index === at ? '*' : step)), change.text]);
    const group = groups.get(pattern) ?? { change, items: [] };
    const item = change.path[at];
    if (typeof item === 'number') group.items.push(item);
    groups.set(pattern, group);
  }
  return [...groups.values()].map(({ change, items }) => `${groupPath(before, change.path, items)}: ${change.text}`);
}

function groupPath(before: unknown, path: Path, indexes: readonly number[]): string {
  const at = path.findIndex((step) => typeof step === 'number');
  if (at < 0) return formatPath(path);
  const list = path.slice(0, at);
  const items = [...indexes].sort((a, b) => a - b).map((index) => itemName(before, [...list, index]));
  const all = valueAt(before, list);
  const isEvery = Array.isArray(all) && all.length > 3 && items.length === all.length;
  const named = items.length <= 3 ? items.join(', ') : `${items.slice(0, 2).join(', ')} and ${items.length - 2} more`;
  const rest = namedPath(valueAt(before, path.slice(0, at + 1)), path.slice(at + 1));
  const head = `${formatPath(list)}[${isEvery ? '*' : named}]`;
  return rest === '' || rest.startsWith('[') ? `${head}${rest}` : `${head}.${rest}`;
}

/** A path with ids instead of indexes where the items have them. */
function namedPath(data: unknown, path: Path): string {
  let text = '';
  for (const [index, step] of path.entries()) {
    if (typeof step === 'number') text += `[${itemName(data, path.slice(0, index + 1))}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

function itemName(data: unknown, path: Path): string {
  const id = childOf(valueAt(data, path), 'id');
  return typeof id === 'string' ? id : String(path.at(-1));
}

function isParted(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function bare(value: unknown): unknown {
  return isSourced(value) ? value.value : value;
}

function shown(value: unknown): string {
  if (value === undefined) return '(absent)';
  return typeof value === 'string' ? JSON.stringify(value) : textOf(value);
}

function clipped(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue - 3)}...` : text;
}
