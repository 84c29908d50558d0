/**
 * Random inputs for property tests of models. fast-check is handed in rather than imported, so that tests without
 * properties need not install it: `const arbitrary = createArbitraries(fc)`.
 */
import type fastCheck from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { KnownDistribution } from '../random/distributions/distribution.ts';
import { constant } from '../random/distributions/constant.ts';
import { exponential } from '../random/distributions/exponential.ts';
import { erlang, gamma } from '../random/distributions/gamma.ts';
import { hyperexponential } from '../random/distributions/hyperexponential.ts';
import { lognormal } from '../random/distributions/lognormal.ts';
import { boundedPareto } from '../random/distributions/pareto.ts';
import { uniform } from '../random/distributions/uniform.ts';
import { weibull } from '../random/distributions/weibull.ts';
import {
  adaptiveLifo,
  fifo,
  lifo,
  nonPreemptivePriority,
  preemptivePriority,
  repeatingPriority,
  shortestFirst,
  type Discipline,
} from '../queueing/discipline.ts';
import { us, type Duration, type Instant } from '../time.ts';

/** Arbitraries of this package's values; each shrinks towards the simplest one. */
export interface Arbitraries {
  /** A seed as `Simulation` takes it. */
  readonly seed: Arbitrary<string>;
  /** A duration from 0 up to the given longest (default one minute), small and equal ones included often. */
  duration(longest?: Duration): Arbitrary<Duration>;
  /** An instant from 0 up to the given last one (default one hour). */
  instant(last?: Instant): Arbitrary<Instant>;
  /** A non-negative distribution of any kind with about the given mean (default 1). */
  distribution(mean?: number): Arbitrary<KnownDistribution>;
  /** Who is served next; `discipline.name` says which it is. */
  readonly discipline: Arbitrary<Discipline>;
}

const MINUTE = 60_000_000 as Duration;
const HOUR = 3_600_000_000 as Instant;

/** Arbitraries made with the caller's fast-check. */
export function createArbitraries(fc: typeof fastCheck): Arbitraries {
  const shape = fc.double({ min: 0.2, max: 20, noNaN: true });
  return {
    seed: fc.nat({ max: 1_000_000 }).map(String),
    duration: (longest = MINUTE) => wholeUpTo(fc, longest).map(us),
    instant: (last = HOUR) => wholeUpTo(fc, last).map((time) => time as Instant),
    distribution: (mean = 1) =>
      fc.oneof(
        fc.constant(constant(mean)),
        fc.constant(exponential(mean)),
        fc.constant(uniform(0, 2 * mean)),
        fc.integer({ min: 1, max: 20 }).map((stages) => erlang({ stages, mean })),
        shape.map((each) => gamma({ shape: each, mean })),
        shape.map((each) => hyperexponential({ mean, squaredVariation: 1 + each })),
        shape.map((each) => lognormal({ mean, variation: each / 10 })),
        shape.map((each) => boundedPareto({ low: mean / 2, high: 100 * mean, shape: 1 + each })),
        shape.map((each) => weibull({ scale: mean, shape: 0.5 + each })),
      ),
    discipline: fc.oneof(
      fc.constantFrom(fifo, lifo, nonPreemptivePriority, preemptivePriority, repeatingPriority, shortestFirst),
      fc
        .tuple(fc.integer({ min: 1, max: 20 }), wholeUpTo(fc, 1_000_000))
        .map(([threshold, after]) => adaptiveLifo({ threshold, after: us(after) })),
    ),
  };
}

/** Whole numbers with many ties and small values, because equal instants are where order matters. */
function wholeUpTo(fc: typeof fastCheck, longest: number): Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: 0, max: Math.min(longest, 10) }),
    fc.integer({ min: 0, max: longest }),
    fc.integer({ min: 0, max: Math.floor(longest / 1_000) }).map((count) => count * 1_000),
  );
}
