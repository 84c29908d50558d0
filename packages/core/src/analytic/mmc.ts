/** M/M/c: Poisson arrivals, exponential service, several servers, one queue without limit, first come first served. */
import { checkPositive, checkShare, checkStable, checkWhole } from './checks.ts';
import { erlangC } from './erlang.ts';
import { quantileOfTail } from './tail-quantile.ts';

/** Rates per second. */
export interface MmcOptions {
  readonly arrivalRate: number;
  /** Of one server. */
  readonly serviceRate: number;
  readonly servers: number;
}

/** The steady state. Times in seconds; a *wait* ends when service begins, a *stay* when it ends. */
export interface Mmc {
  /** Share of time a server is busy. */
  readonly utilisation: number;
  /** Chance that an arrival waits: Erlang C. */
  readonly waitProbability: number;
  readonly meanWait: number;
  readonly meanStay: number;
  /** Mean number waiting, and waiting or in service. */
  readonly meanWaiting: number;
  readonly meanInside: number;
  /** Chance of a wait longer than so many seconds. */
  waitBeyond(seconds: number): number;
  stayBeyond(seconds: number): number;
  /** The wait that a share of arrivals does not exceed. */
  quantileOfWait(share: number): number;
  quantileOfStay(share: number): number;
}

/**
 * M/M/c in steady state (L. Kleinrock, Queueing Systems I, 1975, 3.5; D. Gross, C. Harris, 3rd ed., 2.3). Throws RangeError
 * when it is unstable, that is when arrivals bring as much work as the servers can do, or more.
 */
export function mmc(options: MmcOptions): Mmc {
  const { arrivalRate, serviceRate, servers } = options;
  checkPositive('mmc', 'arrivalRate', arrivalRate);
  checkPositive('mmc', 'serviceRate', serviceRate);
  checkWhole('mmc', 'servers', servers, 1);
  const load = arrivalRate / serviceRate;
  checkStable('mmc', load, servers);
  const waitProbability = erlangC(servers, load);
  const slack = servers * serviceRate - arrivalRate;
  const meanWait = waitProbability / slack;
  const meanStay = meanWait + 1 / serviceRate;
  const stayBeyond = stayTail(waitProbability, slack, serviceRate);
  return {
    utilisation: load / servers,
    waitProbability,
    meanWait,
    meanStay,
    meanWaiting: arrivalRate * meanWait,
    meanInside: arrivalRate * meanStay,
    waitBeyond: (seconds) => (seconds < 0 ? 1 : waitProbability * Math.exp(-slack * seconds)),
    stayBeyond,
    quantileOfWait: (share) => {
      checkShare('mmc', 'share', share);
      return Math.max(0, Math.log(waitProbability / (1 - share)) / slack);
    },
    quantileOfStay: (share) => quantileOfTail('mmc', share, stayBeyond, meanStay),
  };
}

/** M/M/1: the same with one server. */
export function mm1(options: Omit<MmcOptions, 'servers'>): Mmc {
  return mmc({ ...options, servers: 1 });
}

/** Chance of a longer stay: a service alone, or a service after a wait whose excess is exponential with rate `slack`. */
function stayTail(waiting: number, slack: number, serviceRate: number): (seconds: number) => number {
  return (seconds) => {
    if (seconds <= 0) return 1;
    const service = Math.exp(-serviceRate * seconds);
    const gap = slack - serviceRate;
    // (exp(-mu t) - exp(-slack t)) / gap, also where the two rates are close: then it is t exp(-mu t).
    const between = gap === 0 ? seconds * service : (-service * Math.expm1(-gap * seconds)) / gap;
    return service + waiting * serviceRate * between;
  };
}

/** M/M/infinity: nobody waits, and the number inside is Poisson. */
export interface MmInfinity {
  /** Mean number inside; its variance is the same. */
  readonly meanInside: number;
  readonly meanStay: number;
  /** Share of time nobody is inside. */
  readonly emptyProbability: number;
  /** The number inside that is not exceeded in a share of time. */
  quantileOfInside(share: number): number;
}

/** M/M/infinity in steady state, also for any other law of service with this mean (Kleinrock, 3.4). Rates per second. */
export function mmInfinity(options: Omit<MmcOptions, 'servers'>): MmInfinity {
  const { arrivalRate, serviceRate } = options;
  checkPositive('mmInfinity', 'arrivalRate', arrivalRate);
  checkPositive('mmInfinity', 'serviceRate', serviceRate);
  const meanInside = arrivalRate / serviceRate;
  return {
    meanInside,
    meanStay: 1 / serviceRate,
    emptyProbability: Math.exp(-meanInside),
    quantileOfInside: (share) => {
      checkShare('mmInfinity', 'share', share);
      return poissonQuantile(meanInside, share);
    },
  };
}

/** Adds up from the mode, where terms are large, so that a mean of a million needs no term that underflows. */
function poissonQuantile(mean: number, share: number): number {
  const spread = Math.ceil(12 * Math.sqrt(mean) + 40);
  const first = Math.max(0, Math.floor(mean) - spread);
  const last = Math.floor(mean) + spread;
  const mode = Math.floor(mean) - first;
  const terms = new Float64Array(last - first + 1);
  terms[mode] = 1;
  for (let i = mode; i > 0; i--) terms[i - 1] = (terms[i]! * (first + i)) / mean;
  for (let i = mode; i < terms.length - 1; i++) terms[i + 1] = (terms[i]! * mean) / (first + i + 1);
  const wanted = share * terms.reduce((sum, term) => sum + term, 0);
  let sum = 0;
  for (let i = 0; i < terms.length; i++) {
    sum += terms[i]!;
    if (sum >= wanted) return first + i;
  }
  return last;
}
