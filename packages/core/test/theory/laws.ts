/** Laws of service and of gaps used by the theory tests: core's distributions, with moments worked out by hand here. */
import { constant } from '../../src/random/distributions/constant.ts';
import type { Distribution } from '../../src/random/distributions/distribution.ts';
import { exponential } from '../../src/random/distributions/exponential.ts';
import { hyperexponential } from '../../src/random/distributions/hyperexponential.ts';
import { uniform } from '../../src/random/distributions/uniform.ts';
import { durations } from '../../src/random/durations.ts';
import type { Stream } from '../../src/random/stream.ts';
import type { Duration } from '../../src/time.ts';

/** A way to draw times and what theory needs to know about it; moments in seconds. */
export interface Law {
  readonly name: string;
  readonly mean: number;
  readonly secondMoment: number;
  readonly thirdMoment: number;
  readonly draw: (stream: Stream) => Duration;
}

export function exponentialLaw(mean: number): Law {
  return law('exponential', exponential(mean), mean, 2 * mean ** 2, 6 * mean ** 3);
}

export function deterministicLaw(mean: number): Law {
  return law('deterministic', constant(mean), mean, mean ** 2, mean ** 3);
}

/** Uniform on 0..2*mean: squared coefficient of variation 1/3. */
export function uniformLaw(mean: number): Law {
  return law('uniform', uniform(0, 2 * mean), mean, (4 / 3) * mean ** 2, 2 * mean ** 3);
}

/** Four in five jobs have half the mean, the fifth three times it: squared coefficient of variation 3. */
export function hyperexponentialLaw(mean: number): Law {
  const short = mean / 2;
  const long = 3 * mean;
  const mix = hyperexponential({
    branches: [
      { weight: 0.8, mean: short },
      { weight: 0.2, mean: long },
    ],
  });
  const moment = (power: number): number => 0.8 * short ** power + 0.2 * long ** power;
  return law('hyperexponential', mix, mean, 2 * moment(2), 6 * moment(3));
}

function law(name: string, distribution: Distribution, mean: number, secondMoment: number, thirdMoment: number): Law {
  const times = durations(distribution, 'seconds');
  return { name, mean, secondMoment, thirdMoment, draw: (stream) => times.sample(stream) };
}
