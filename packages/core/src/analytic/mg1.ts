/** M/G/1: Poisson arrivals, one server, first come first served, any law of service by its moments. */
import { checkPositive, checkStable } from './checks.ts';

/** Rate per second, moments in seconds, seconds squared and seconds cubed. */
export interface Mg1Options {
  readonly arrivalRate: number;
  readonly meanService: number;
  /** Mean of the square of the service time; at least the square of the mean. */
  readonly secondMoment: number;
  /** Mean of the cube; only the deviation of the wait needs it. */
  readonly thirdMoment?: number;
}

/** The steady state. Times in seconds. */
export interface Mg1 {
  readonly utilisation: number;
  readonly meanWait: number;
  readonly meanStay: number;
  readonly meanWaiting: number;
  readonly meanInside: number;
  /** Standard deviation of the wait; undefined without a third moment. */
  readonly waitDeviation: number | undefined;
}

/**
 * The formulas of F. Pollaczek and A. Khinchine for the mean, and L. Takacs' recurrence for the second moment of the wait
 * (L. Kleinrock, Queueing Systems I, 1975, 5.6 and 5.7). Throws RangeError when it is unstable.
 */
export function mg1(options: Mg1Options): Mg1 {
  const { arrivalRate, meanService, secondMoment, thirdMoment } = options;
  checkPositive('mg1', 'arrivalRate', arrivalRate);
  checkPositive('mg1', 'meanService', meanService);
  const least = meanService * meanService;
  if (!(Number.isFinite(secondMoment) && secondMoment >= least * (1 - 1e-12))) {
    throw new RangeError(`mg1: secondMoment must be at least the square of the mean, ${least}, got ${secondMoment}`);
  }
  const utilisation = arrivalRate * meanService;
  checkStable('mg1', utilisation, 1);
  const meanWait = (arrivalRate * secondMoment) / (2 * (1 - utilisation));
  const meanStay = meanWait + meanService;
  let waitDeviation: number | undefined;
  if (thirdMoment !== undefined) {
    checkPositive('mg1', 'thirdMoment', thirdMoment);
    const second = 2 * meanWait * meanWait + (arrivalRate * thirdMoment) / (3 * (1 - utilisation));
    waitDeviation = Math.sqrt(second - meanWait * meanWait);
  }
  return {
    utilisation,
    meanWait,
    meanStay,
    meanWaiting: arrivalRate * meanWait,
    meanInside: arrivalRate * meanStay,
    waitDeviation,
  };
}
