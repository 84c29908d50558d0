/** M/M/c/K: as M/M/c, with a limit on how many may be inside; who comes when it is full is refused. */
import { birthDeath, expectation } from './birth-death.ts';
import { checkPositive, checkWhole } from './checks.ts';
import type { MmcOptions } from './mmc.ts';
import { quantileOfTail } from './tail-quantile.ts';

/** Rates per second. */
export interface MmckOptions extends MmcOptions {
  /** Places in service and waiting together: the K of the name, at least `servers`. */
  readonly capacity: number;
}

/** The steady state. Times in seconds, of arrivals that were admitted. */
export interface Mmck {
  /** Share of time of each number inside, 0 to K. */
  readonly probabilities: readonly number[];
  /** Share of arrivals refused. */
  readonly blocking: number;
  /** Admitted and so served, per second. */
  readonly throughput: number;
  readonly utilisation: number;
  /** Chance that one who is admitted waits. */
  readonly waitProbability: number;
  readonly meanWait: number;
  readonly meanStay: number;
  readonly meanWaiting: number;
  readonly meanInside: number;
  /** Chance that one who is admitted waits longer than so many seconds. */
  waitBeyond(seconds: number): number;
  /** The wait that a share of those admitted does not exceed. */
  quantileOfWait(share: number): number;
}

/** M/M/c/K in steady state, which it has under any load (D. Gross, C. Harris, 3rd ed., 2.4). */
export function mmck(options: MmckOptions): Mmck {
  const { arrivalRate, serviceRate, servers, capacity } = options;
  checkPositive('mmck', 'arrivalRate', arrivalRate);
  checkPositive('mmck', 'serviceRate', serviceRate);
  checkWhole('mmck', 'servers', servers, 1);
  checkWhole('mmck', 'capacity', capacity, servers);
  const probabilities = birthDeath(
    capacity + 1,
    () => arrivalRate,
    (n) => Math.min(n, servers) * serviceRate,
  );
  const blocking = probabilities[capacity]!;
  const throughput = arrivalRate * (1 - blocking);
  const meanInside = expectation(probabilities, (n) => n);
  const meanWaiting = expectation(probabilities, (n) => Math.max(0, n - servers));
  const waitBeyond = waitTail(probabilities, servers, serviceRate);
  return {
    probabilities,
    blocking,
    throughput,
    utilisation: throughput / serviceRate / servers,
    waitProbability: waitBeyond(0),
    meanWait: meanWaiting / throughput,
    meanStay: meanInside / throughput,
    meanWaiting,
    meanInside,
    waitBeyond,
    quantileOfWait: (share) => quantileOfTail('mmck', share, waitBeyond, capacity / serviceRate),
  };
}

/** M/M/1/K: the same with one server. */
export function mm1k(options: Omit<MmckOptions, 'servers'>): Mmck {
  return mmck({ ...options, servers: 1 });
}

/**
 * One who finds n >= c inside waits for n - c + 1 departures at rate c mu: longer than t when a Poisson number of mean
 * c mu t is at most n - c.
 */
function waitTail(probabilities: readonly number[], servers: number, serviceRate: number): (seconds: number) => number {
  const admitted = 1 - probabilities.at(-1)!;
  return (seconds) => {
    if (seconds < 0) return 1;
    const mean = servers * serviceRate * seconds;
    let sum = 0;
    let cumulated = 0;
    // Terms by their logarithm: exp(-mean) alone would underflow for long waits in long queues.
    let logTerm = -mean;
    for (let ahead = 0; ahead + servers < probabilities.length - 1; ahead++) {
      if (ahead > 0) logTerm += Math.log(mean / ahead);
      cumulated = mean === 0 ? 1 : Math.min(1, cumulated + Math.exp(logTerm));
      sum += probabilities[ahead + servers]! * cumulated;
    }
    return sum / admitted;
  };
}
