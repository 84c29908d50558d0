/**
 * The resolver in an application's container, as /etc/resolv.conf sets it up: how many queries a lookup costs, and how long
 * it takes when servers do not answer. A name with fewer dots than `ndots` is first tried under every search domain, so a
 * name from outside the cluster costs a query for each of them before the one that can succeed.
 *
 *   "db"            -> db.<namespace>.svc.cluster.local                              1 name
 *   "db.other"      -> db.other.<namespace>.svc..., db.other.svc.cluster.local       2 names
 *   "example.com"   -> three search domains, then example.com itself                 4 names
 *   "example.com."  -> as it is                                                       1 name
 *
 * A server that is silent costs `timeout` for each attempt and ends the search; one that says SERVFAIL costs no time, and
 * the search goes on. Sources: resolv.conf(5); glibc resolv/res_query.c (__res_context_search) and res_send.c; pods get
 * ndots 5 and three domains (kubernetes.io, DNS for Services and Pods).
 */
import { type Duration, power, seconds } from '@brownout/core';

/** What resolv.conf says. */
export interface ResolverOptions {
  /** Names with fewer dots are searched before they are tried as they are; Kubernetes sets 5. */
  readonly ndots: number;
  /** Domains of the search list; 3 in a pod, and those of the host besides. */
  readonly searchDomains: number;
  /** How long one attempt waits; 5 s. */
  readonly timeout: Duration;
  /** Attempts of one query; 2. */
  readonly attempts: number;
  /** Queries for each name: 2 = A and AAAA, 1 = A only. */
  readonly families: number;
}

/** A pod's resolv.conf with glibc's defaults. */
export const podResolver: ResolverOptions = {
  ndots: 5,
  searchDomains: 3,
  timeout: seconds(5),
  attempts: 2,
  families: 2,
};

/** Throws when options make no sense. */
export function checkResolverOptions({ ndots, searchDomains, timeout, attempts, families }: ResolverOptions): void {
  const check = (what: string, value: number, least: number): void => {
    if (Number.isInteger(value) && value >= least) return;
    throw new RangeError(`resolver: ${what} must be a whole number >= ${least}, got ${value}`);
  };
  check('ndots', ndots, 0);
  check('searchDomains', searchDomains, 0);
  check('attempts', attempts, 1);
  check('families', families, 1);
  if (!(timeout > 0)) throw new RangeError(`resolver: timeout must be > 0, got ${timeout} us`);
}

/**
 * Queries of a lookup whose servers all answer. `dots` are those of the name as the application writes it, without one at
 * the end; `domain` is the place in the search list where it is found, from 0, or `asIs` for a name from outside.
 */
export function queriesPerLookup(options: ResolverOptions, dots: number, domain: number): number {
  const { ndots, searchDomains, families } = options;
  const isSearchedFirst = dots < ndots;
  if (domain === asIs) return families * (isSearchedFirst ? searchDomains + 1 : 1);
  return families * (Math.min(domain, searchDomains - 1) + (isSearchedFirst ? 1 : 2));
}

/** Place of a name that no search domain has. */
export const asIs: number = -1;

/** Attempts that a query makes on average when each fails by itself with `failing`, 0..1: 1 to `attempts`. */
export function attemptsPerQuery({ attempts }: ResolverOptions, failing: number): number {
  let sum = 0;
  for (let attempt = 0; attempt < attempts; attempt++) sum += power(failing, attempt);
  return sum;
}

/** Mean time that a lookup waits for servers that do not answer, when each attempt meets one with `silent`, 0..1. */
export function waitForSilence(options: ResolverOptions, silent: number): Duration {
  let wait = 0;
  for (let attempt = 1; attempt <= options.attempts; attempt++) wait += power(silent, attempt);
  return Math.round(wait * options.timeout) as Duration;
}
