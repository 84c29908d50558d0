/**
 * Values that are made when they are first asked for. The rules of documents are: importing the package makes no schema and,
 * in the build for Node, does not load the library they are made with (docs/decisions/0054-what-an-import-loads.md).
 */

/** A function that makes the value at its first call and hands out the same one ever after. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
