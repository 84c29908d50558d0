/**
 * A server whose clients time out and try again: queue and *orbit*, the requests that wait for their next attempt. The
 * smallest model that has two lives under one load - a short queue, or a full one kept full by its retries - and tells how
 * long it stays in each.
 *
 *     arrivals lambda ----+----------> [ queue, q < places ] --min(q, threads) mu--> served
 *                         |                 ^
 *      with a timeout     v                 | retries: o r / ((r + 1) T)
 *      (alpha p(q))   [ orbit, o < orbit places ] --o / ((r + 1) T)--> given up
 *
 * It is the model of the tool metafor (R. Majumdar et al., "Formal Analysis of Metastable Failures in Software Systems",
 * arXiv 2510.03551; generator read in the file metafor/ctmc_model/single_server/ctmc.py of mpi-sws-rse/metafor, commit
 * 36ffcd2), with what it assumes:
 * - p(q), the chance that the last of q requests times out, is bounded by P. Chebyshev's inequality on q service times of
 *   rate min(q, threads) mu; 1 where the bound says nothing. It is too pessimistic, so thresholds come out lower than in an
 *   exact model: use it for their order, and the simulation for their place.
 * - a request that will time out is put into the orbit when it arrives, and stays in the queue as well: it is served in
 *   vain. Only a share alpha of those is counted (their calibration, 0.25); attempts from the orbit that will time out again
 *   stay in it.
 * - a full queue refuses arrivals, and takes retries out of the orbit for good.
 */
import { checkPositive, checkShare, checkWhole } from './checks.ts';
import { MarkovChain } from './markov-chain.ts';

/** Rates per second, times in seconds. */
export interface RetryOrbitOptions {
  readonly arrivalRate: number;
  readonly serviceRate: number;
  /** Served at once, default 1. */
  readonly threads?: number;
  /** After which a client tries again. */
  readonly timeoutSeconds: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Numbers of queued requests, and of waiting retries, that are told apart: both count from 0 to one less. */
  readonly queuePlaces: number;
  readonly orbitPlaces: number;
  /** Share of late arrivals that is counted into the orbit, default 0.25 as in the published tool. */
  readonly alpha?: number;
}

/** One state. */
export interface RetryOrbitState {
  readonly queue: number;
  readonly orbit: number;
}

/** What the chain says. Times in seconds. */
export interface RetryOrbit {
  readonly chain: MarkovChain<RetryOrbitState>;
  readonly meanQueue: number;
  readonly meanOrbit: number;
  /** Share of time with more than so many in the queue. */
  queueAbove(queue: number): number;
  /** Expected time from a full queue without retries waiting to one of at most `queue` (default 1): the recovery. */
  recoverySeconds(queue?: number): number;
  /** Expected time from an empty system to a queue of at least so many: how long the good life lasts. */
  escapeSeconds(queue: number): number;
  /** 1 / spectral gap; long beside the timeout where both lives are likely. */
  relaxationSeconds(): number;
}

/** Builds the chain, queue places times orbit places states, and answers from it. */
export function retryOrbit(options: RetryOrbitOptions): RetryOrbit {
  check(options);
  const full = options.queuePlaces - 1;
  const chain = new MarkovChain<RetryOrbitState>({
    initial: { queue: 0, orbit: 0 },
    key: ({ queue, orbit }) => `${queue}/${orbit}`,
    moves: movesOf(options),
    stateLimit: options.queuePlaces * options.orbitPlaces,
  });
  return {
    chain,
    meanQueue: chain.expectation(({ queue }) => queue),
    meanOrbit: chain.expectation(({ orbit }) => orbit),
    queueAbove: (most) => chain.probability(({ queue }) => queue > most),
    recoverySeconds: (drained = 1) =>
      chain.hittingTimes(({ queue }) => queue <= drained)[chain.indexOf({ queue: full, orbit: 0 })]!,
    escapeSeconds: (least) => chain.hittingTimes(({ queue }) => queue >= least)[chain.indexOf({ queue: 0, orbit: 0 })]!,
    relaxationSeconds: () => chain.relaxation().seconds,
  };
}

/** Chance that the last of `queue` requests is late: Chebyshev on a sum of as many exponential times. */
export function timeoutBound(queue: number, timeoutSeconds: number, rate: number): number {
  if (queue === 0) return 0;
  const mean = queue / rate;
  const deviation = Math.sqrt(queue) / rate;
  const slack = timeoutSeconds - mean;
  return slack > deviation ? (deviation / slack) * (deviation / slack) : 1;
}

type Move = readonly [RetryOrbitState, number];

function movesOf(options: RetryOrbitOptions): (state: RetryOrbitState) => Move[] {
  const { arrivalRate, serviceRate, threads = 1, timeoutSeconds, retries, alpha = 0.25 } = options;
  const full = options.queuePlaces - 1;
  const mostOrbit = options.orbitPlaces - 1;
  const retryRate = retries / ((retries + 1) * timeoutSeconds);
  const dropRate = 1 / ((retries + 1) * timeoutSeconds);
  return ({ queue, orbit }) => {
    const moves: Move[] = [];
    const to = (moreQueue: number, moreOrbit: number, rate: number): void => {
      moves.push([{ queue: queue + moreQueue, orbit: orbit + moreOrbit }, rate]);
    };
    if (queue > 0) to(-1, 0, Math.min(queue, threads) * serviceRate);
    if (queue === full) {
      if (orbit > 0) to(0, -1, orbit * (dropRate + retryRate));
      return moves;
    }
    const late = timeoutBound(queue, timeoutSeconds, Math.min(Math.max(queue, 1), threads) * serviceRate);
    to(1, 0, arrivalRate + orbit * retryRate * late);
    if (orbit < mostOrbit) to(1, 1, alpha * arrivalRate * late);
    if (orbit > 0) {
      to(1, -1, orbit * retryRate * (1 - late));
      to(0, -1, orbit * dropRate);
    }
    return moves;
  };
}

function check(options: RetryOrbitOptions): void {
  const { arrivalRate, serviceRate, threads = 1, timeoutSeconds, retries, queuePlaces, orbitPlaces, alpha } = options;
  checkPositive('retry orbit', 'arrivalRate', arrivalRate);
  checkPositive('retry orbit', 'serviceRate', serviceRate);
  checkWhole('retry orbit', 'threads', threads, 1);
  checkPositive('retry orbit', 'timeoutSeconds', timeoutSeconds);
  checkWhole('retry orbit', 'retries', retries, 0);
  checkWhole('retry orbit', 'queuePlaces', queuePlaces, 2);
  checkWhole('retry orbit', 'orbitPlaces', orbitPlaces, 1);
  if (alpha !== undefined && alpha !== 1) checkShare('retry orbit', 'alpha', alpha);
}
