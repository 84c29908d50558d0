/**
 * Paths into plain data: how they are written in messages and how one step is taken. Inherited properties never count, so a
 * key such as "constructor" leads nowhere.
 */

/** Keys and list indexes from the root of a document to a value. */
export type Path = readonly (string | number)[];

/** `clusters[0].nodes`: the way a path is written everywhere. */
export function formatPath(path: Path): string {
  return path.reduce<string>(joinPath, '');
}

/** A written path with one more step. */
export function joinPath(parent: string, step: string | number): string {
  if (typeof step === 'number') return `${parent}[${step}]`;
  return parent === '' ? step : `${parent}.${step}`;
}

/** The value one step below `data`, undefined where there is none. */
export function childOf(data: unknown, step: string | number): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, step)) return undefined;
  return (data as Readonly<Record<string | number, unknown>>)[step];
}

/** The value at the end of a path, undefined where there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(childOf, data);
}
