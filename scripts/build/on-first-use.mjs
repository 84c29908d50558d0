/**
 * In the build for Node: what is loaded when something of it is first used, at once and without a promise. Documents are read
 * with libraries that take longer to load than everything else together, and most of a package is what runs a simulation; who
 * does neither does not wait for them. late.mjs puts these calls where the imports were.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * @param {string} name of a package, as an import names it
 * @returns {any} stands for what the package exports, and for its default export
 */
export function onFirstUse(name) {
  /** @type {any} */
  let library;
  const loaded = () => (library ??= require(name));
  return new Proxy(function () {}, {
    get: (_target, key) => loaded()[key],
    apply: (_target, _self, values) => loaded()(...values),
  });
}

/** @type {any} */
let parts;

/** @returns {any} what the late part of this package exports, the file beside this one */
export function late() {
  return (parts ??= require('./late.js'));
}

/**
 * @param {string} name of a class of the late part
 * @returns {any} stands for the class where instances of it are made
 */
export function lateClass(name) {
  return new Proxy(function () {}, {
    get: (_target, key) => late()[name][key],
    construct: (_target, values) => new (late()[name])(...values),
  });
}
