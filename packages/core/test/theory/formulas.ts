/**
 * What queueing theory says, each formula with its source. Rates are per second, times in seconds, probabilities 0..1.
 * Nothing here looks at a simulation. Formulas that users get as `@brownout/core/analytic` come from there, so the theory
 * page holds those against simulations; the rest is needed by tests only. Books: [K1] L. Kleinrock, Queueing Systems I (1975); [K2] II (1976);
 * [GH] D. Gross, C. Harris, Fundamentals of Queueing Theory (3rd ed., 1998); [HB] M. Harchol-Balter, Performance
 * Modeling and Design of Computer Systems (2013).
 */
import { birthDeath } from '../../src/analytic/birth-death.ts';
import { mg1 } from '../../src/analytic/mg1.ts';
import { mm1, mmc } from '../../src/analytic/mmc.ts';
import { mmck } from '../../src/analytic/mmck.ts';

/** M/M/1: mean wait before service ([K1] 3.2). */
export function mm1Wait(lambda: number, mu: number): number {
  return mm1({ arrivalRate: lambda, serviceRate: mu }).meanWait;
}

/** M/M/1 FIFO: the stay that a share `p` does not exceed; stays are exponential with rate mu - lambda ([K1] 5.6). */
export function mm1StayQuantile(lambda: number, mu: number, p: number): number {
  return mm1({ arrivalRate: lambda, serviceRate: mu }).quantileOfStay(p);
}

/** M/M/c: mean wait ([GH] 2.3). */
export function mmcWait(c: number, lambda: number, mu: number): number {
  return mmc({ arrivalRate: lambda, serviceRate: mu, servers: c }).meanWait;
}

/** M/G/1 FIFO: mean wait from the first two moments of service (Pollaczek-Khinchine; [K1] 5.6). */
export function pollaczekKhinchine(lambda: number, mean: number, secondMoment: number): number {
  return mg1({ arrivalRate: lambda, meanService: mean, secondMoment }).meanWait;
}

/** M/G/1 FIFO: second moment of the wait (Takacs recurrence; [K1] 5.7). */
export function mg1WaitSecondMoment(lambda: number, mean: number, secondMoment: number, thirdMoment: number): number {
  const wait = pollaczekKhinchine(lambda, mean, secondMoment);
  return 2 * wait * wait + (lambda * thirdMoment) / (3 * (1 - lambda * mean));
}

/** M/G/1 LIFO without interruption: second moment of the wait is that of FIFO over 1 - rho ([K2] 3.4; [HB] 29). */
export function lifoWaitSecondMoment(lambda: number, mean: number, secondMoment: number, thirdMoment: number): number {
  return mg1WaitSecondMoment(lambda, mean, secondMoment, thirdMoment) / (1 - lambda * mean);
}

/** M/M/1, shortest job first without interruption: mean wait (T. Phipps, Operations Research 4, 1956; [HB] 31). */
export function shortestFirstWait(lambda: number, mu: number): number {
  const residual = lambda / (mu * mu);
  const steps = 200_000;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const tail = 1 - (step + 0.5) / steps;
    const loadOfShorter = (lambda / mu) * (1 - tail * (1 - Math.log(tail)));
    sum += residual / (1 - loadOfShorter) ** 2;
  }
  return sum / steps;
}

/** One class of a priority queue; the first class is the most urgent. */
export interface PriorityClass {
  readonly lambda: number;
  readonly mean: number;
  readonly secondMoment: number;
}

/** M/G/1, non-preemptive priorities: mean wait of each class (A. Cobham, Operations Research 2, 1954; [K2] 3.2). */
export function cobhamWaits(classes: readonly PriorityClass[]): number[] {
  const residual = classes.reduce((sum, one) => sum + (one.lambda * one.secondMoment) / 2, 0);
  let above = 0;
  return classes.map((one) => {
    const upTo = above + one.lambda * one.mean;
    const wait = residual / ((1 - above) * (1 - upTo));
    above = upTo;
    return wait;
  });
}

/** M/G/1, preemptive resume priorities: mean time in system of each class ([K2] 3.4, eq. 3.39; [GH] 3.4). */
export function preemptiveStays(classes: readonly PriorityClass[]): number[] {
  let above = 0;
  let residual = 0;
  return classes.map((one) => {
    const upTo = above + one.lambda * one.mean;
    residual += (one.lambda * one.secondMoment) / 2;
    const stay = one.mean / (1 - above) + residual / ((1 - above) * (1 - upTo));
    above = upTo;
    return stay;
  });
}

/** M/G/1 processor sharing: mean time in system of a job of work `mean`, whatever the law of work ([K2] 4.4). */
export function sharingStay(lambda: number, mean: number): number {
  return mean / (1 - lambda * mean);
}

/**
 * M/M/1 discriminatory processor sharing, two classes of weights g: mean time in system of each class (G. Fayolle,
 * I. Mitrani, R. Iasnogorodski, "Sharing a processor among many job classes", JACM 27, 1980).
 */
export function discriminatoryStays(
  lambda: readonly [number, number],
  mu: readonly [number, number],
  g: readonly [number, number],
): [number, number] {
  const rho = [lambda[0] / mu[0], lambda[1] / mu[1]] as const;
  const free = 1 - rho[0] - rho[1];
  const scale = mu[0] * g[0] * (1 - rho[0]) + mu[1] * g[1] * (1 - rho[1]);
  return [
    (1 / (mu[0] * free)) * (1 + (mu[0] * rho[1] * (g[1] - g[0])) / scale),
    (1 / (mu[1] * free)) * (1 + (mu[1] * rho[0] * (g[0] - g[1])) / scale),
  ];
}

/** M/M/c/K: state probabilities, K = places in service and waiting together ([GH] 2.4). */
export function mmckStates(c: number, capacity: number, lambda: number, mu: number): readonly number[] {
  return mmck({ arrivalRate: lambda, serviceRate: mu, servers: c, capacity }).probabilities;
}

/** M/M/c with exponential patience of rate theta (Erlang A; C. Palm 1957, O. Garnett et al., MSOM 4, 2002). */
export function erlangAStates(c: number, lambda: number, mu: number, theta: number): number[] {
  return birthDeath(
    2000,
    () => lambda,
    (n) => Math.min(n, c) * mu + Math.max(0, n - c) * theta,
  );
}

/** Seats asked for at once and offered load (arrival rate times holding time) of one class of a loss system. */
export interface SeatClass {
  readonly seats: number;
  readonly load: number;
}

/**
 * Blocking of each class by the Kaufman-Roberts recursion (J. Kaufman, IEEE Trans. Comm. 29, 1981; J. Roberts 1981).
 */
export function kaufmanRoberts(limit: number, classes: readonly SeatClass[]): number[] {
  const weights = [1];
  for (let used = 1; used <= limit; used++) {
    const sum = classes.reduce((total, one) => total + one.load * one.seats * (weights[used - one.seats] ?? 0), 0);
    weights.push(sum / used);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return classes.map((one) => weights.slice(limit - one.seats + 1).reduce((sum, weight) => sum + weight, 0) / total);
}
