/** mathjs in one file: the same module as the package's main entry, without the cost of resolving its many files. */
declare module 'mathjs/lib/browser/math.js' {
  const mathjs: typeof import('mathjs');
  export default mathjs;
}
