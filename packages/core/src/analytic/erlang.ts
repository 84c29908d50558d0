/**
 * A. K. Erlang's formulas (1917), for any number of servers: by the recursion of Erlang B, whose terms stay between 0 and 1,
 * so that ten thousand servers cost ten thousand multiplications and no factorial. *Load* is the arrival rate times the mean
 * service time: the mean number of servers that would be busy if nobody waited.
 */
import { normalTails } from '../random/normal-tails.ts';
import { checkNotNegative, checkPositive, checkShare, checkStable, checkWhole } from './checks.ts';

/** Erlang B: share of arrivals refused by `servers` servers when nobody waits (D. Gross, C. Harris, 3rd ed., 2.5). */
export function erlangB(servers: number, load: number): number {
  checkWhole('erlangB', 'servers', servers, 0);
  checkNotNegative('erlangB', 'load', load);
  let blocking = 1;
  for (let count = 1; count <= servers; count++) blocking = nextBlocking(blocking, count, load);
  return blocking;
}

/** Erlang C: chance that an arrival at M/M/c has to wait (the same, 2.3, through Erlang B). */
export function erlangC(servers: number, load: number): number {
  checkWhole('erlangC', 'servers', servers, 1);
  checkNotNegative('erlangC', 'load', load);
  checkStable('erlangC', load, servers);
  return waitingChance(erlangB(servers, load), servers, load);
}

function nextBlocking(blocking: number, servers: number, load: number): number {
  return (load * blocking) / (servers + load * blocking);
}

function waitingChance(blocking: number, servers: number, load: number): number {
  return blocking / (1 - (load / servers) * (1 - blocking));
}

/** What must hold. Exactly one of them. */
export type StaffingTarget =
  /** At most this share of arrivals waits. */
  | { readonly waitProbability: number }
  /** Mean wait of at most so many seconds. */
  | { readonly meanWait: number }
  /** At least the share of arrivals waits no longer than so many seconds. */
  | { readonly waitWithin: { readonly seconds: number; readonly share: number } }
  /** At most this share of arrivals is refused, where nobody waits. */
  | { readonly blocking: number };

/** How many servers a target takes. */
export interface Staffing {
  /** The smallest number that meets it, exactly. */
  readonly servers: number;
  readonly utilisation: number;
  /** Servers above the load, in square roots of the load: the quality of service, which a larger system keeps. */
  readonly beta: number;
  /** What the square-root rule says; only for a target of `waitProbability`. */
  readonly squareRootServers?: number;
}

/** Most servers tried. */
const mostServers = 10_000_000;

/**
 * The smallest number of servers that meets a target under Poisson arrivals and exponential service (rates per second). For
 * a chance to wait, beside it the square-root rule of S. Halfin and W. Whitt (Operations Research 29, 1981): load plus beta
 * times its root, where the chance is 1 / (1 + beta Phi(beta) / phi(beta)).
 */
export function staffing(options: {
  readonly arrivalRate: number;
  readonly serviceRate: number;
  readonly target: StaffingTarget;
}): Staffing {
  const { arrivalRate, serviceRate, target } = options;
  checkPositive('staffing', 'arrivalRate', arrivalRate);
  checkPositive('staffing', 'serviceRate', serviceRate);
  checkTarget(target);
  const load = arrivalRate / serviceRate;
  let blocking = 1;
  for (let servers = 1; servers <= mostServers; servers++) {
    blocking = nextBlocking(blocking, servers, load);
    if (!isMet(target, { blocking, servers, load, serviceRate })) continue;
    const head = { servers, utilisation: load / servers, beta: (servers - load) / Math.sqrt(load) };
    if (!('waitProbability' in target)) return head;
    const rule = load + halfinWhittBeta(target.waitProbability) * Math.sqrt(load);
    return { ...head, squareRootServers: Math.ceil(rule) };
  }
  throw new RangeError(`staffing: expected a load that ${mostServers} servers can carry, got ${load}`);
}

function isMet(
  target: StaffingTarget,
  at: { readonly blocking: number; readonly servers: number; readonly load: number; readonly serviceRate: number },
): boolean {
  const { blocking, servers, load, serviceRate } = at;
  if ('blocking' in target) return blocking <= target.blocking;
  if (load >= servers) return false;
  const waiting = waitingChance(blocking, servers, load);
  const slack = (servers - load) * serviceRate;
  if ('waitProbability' in target) return waiting <= target.waitProbability;
  if ('meanWait' in target) return waiting / slack <= target.meanWait;
  const { seconds, share } = target.waitWithin;
  return waiting * Math.exp(-slack * seconds) <= 1 - share;
}

function checkTarget(target: StaffingTarget): void {
  if (Object.keys(target).length !== 1) {
    throw new RangeError(`staffing: expected one target, got ${Object.keys(target).join(', ') || 'none'}`);
  }
  if ('meanWait' in target) return checkPositive('staffing', 'target.meanWait', target.meanWait);
  if ('waitWithin' in target) {
    checkNotNegative('staffing', 'target.waitWithin.seconds', target.waitWithin.seconds);
    return checkShare('staffing', 'target.waitWithin.share', target.waitWithin.share);
  }
  const [name, value] = Object.entries(target)[0] as [string, number];
  checkShare('staffing', `target.${name}`, value);
}

/** The beta of a chance to wait, by halving: the chance falls from 1 at beta 0. */
function halfinWhittBeta(chance: number): number {
  let low = 0;
  let high = 40;
  for (let step = 0; step < 100; step++) {
    const beta = (low + high) / 2;
    const density = Math.exp(-(beta * beta) / 2) / Math.sqrt(2 * Math.PI);
    if (1 / (1 + (beta * normalTails(beta).lower) / density) > chance) low = beta;
    else high = beta;
  }
  return high;
}
