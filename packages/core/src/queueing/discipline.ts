import { noTime, type Duration } from '../time.ts';

/**
 * Who is served next, as a value. A station has two mechanisms for its waiting line - one with two ends, one ranked -
 * and a discipline says which of them to use and by what rule.
 */
export type Discipline = EndsDiscipline | RankedDiscipline;

/** The oldest job is next; the newest once the line has held `threshold` jobs without a break for `after`. */
export interface EndsDiscipline {
  readonly name: string;
  readonly kind: 'ends';
  /** Jobs in the line; Infinity = always the oldest, 1 with no delay = always the newest. */
  readonly threshold: number;
  readonly after: Duration;
}

/** The job of the smallest rank is next; equal ranks in the order of arrival. */
export interface RankedDiscipline {
  readonly name: string;
  readonly kind: 'ranked';
  readonly rank: (priority: number, serviceTime: Duration) => number;
  readonly preemption: Preemption;
}

/**
 * What a better-ranked arrival does to a job in service: nothing, interrupt it and let it resume later where it
 * stopped, or interrupt it and let it repeat the same service time from its beginning.
 */
export type Preemption = 'none' | 'resume' | 'repeat';

/** First come, first served. */
export const fifo: Discipline = { name: 'fifo', kind: 'ends', threshold: Infinity, after: noTime };

/** Last come, first served, without interrupting the job in service. */
export const lifo: Discipline = { name: 'lifo', kind: 'ends', threshold: 1, after: noTime };

/** Smaller priority number first; a job in service is never interrupted. */
export const nonPreemptivePriority: Discipline = rankedBy('priority', byPriority, 'none');

/** Smaller priority number first; interrupts the worst-ranked job in service, which later resumes where it stopped. */
export const preemptivePriority: Discipline = rankedBy('preemptive priority', byPriority, 'resume');

/** Like `preemptivePriority`, but an interrupted job starts the same service time again from its beginning. */
export const repeatingPriority: Discipline = rankedBy('repeating priority', byPriority, 'repeat');

/** The waiting job with the shortest service time first; a job in service is never interrupted. */
export const shortestFirst: Discipline = rankedBy('shortest first', (_, serviceTime) => serviceTime, 'none');

/**
 * First in first out while the line is short, last in first out once it has held at least `threshold` jobs without a
 * break for `after` (default at once): in overload the newest caller is the one who is still there. Source: B. Maurer,
 * "Fail at Scale", ACM Queue 13(8), 2015; HHVM calls the threshold `ThreadJobLIFOSwitchThreshold`.
 */
export function adaptiveLifo(options: { readonly threshold: number; readonly after?: Duration }): Discipline {
  const { threshold, after = noTime } = options;
  if (!(threshold >= 1) || (threshold !== Infinity && !Number.isInteger(threshold))) {
    throw new RangeError(`adaptiveLifo: threshold must be a whole number of jobs >= 1, got ${threshold}`);
  }
  if (!(after >= 0)) throw new RangeError(`adaptiveLifo: after must be >= 0, got ${after}`);
  return { name: 'adaptive lifo', kind: 'ends', threshold, after };
}

/** A discipline of one's own: the smallest `rank` first. `rank` must return a number that is not NaN. */
export function rankedBy(name: string, rank: RankedDiscipline['rank'], preemption: Preemption): Discipline {
  return { name, kind: 'ranked', rank, preemption };
}

function byPriority(level: number): number {
  return level;
}
