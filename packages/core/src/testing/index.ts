/**
 * Second entry, `@brownout/core/testing`: helpers for tests of models, in any test framework. They throw plain errors and
 * import no framework; fast-check is handed in by the caller.
 */
export { createArbitraries, type Arbitraries } from './arbitraries.ts';
export { expectConserved } from './conservation.ts';
export { runTwice, type RunTwiceOptions, type TracedRun } from './run-twice.ts';
export { compareWithTheory, describeTheory, expectTheory, type TheoryCase, type TheoryResult } from './theory.ts';
