/**
 * In the build for Node: a library that is loaded when something of it is first used, at once and without a promise. Documents
 * are read with zod and mathjs, which take longer to load than everything else together; who reads none does not wait for them.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * @param {string} name of a package, as an import names it
 * @returns {object} stands for what the package exports
 */
export function onFirstUse(name) {
  /** @type {Record<PropertyKey, unknown> | undefined} */
  let library;
  return new Proxy(Object.create(null), { get: (_target, key) => (library ??= require(name))[key] });
}
