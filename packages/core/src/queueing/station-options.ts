import { checkCount } from './checks.ts';
import type { CoDelOptions } from './codel.ts';
import type { Discipline } from './discipline.ts';
import type { Duration, Instant } from '../time.ts';

/** Why a station refused a job: at the door, or when its turn had come and CoDel threw it out. */
export type StationRefusal = 'queue-full' | 'balked' | 'waited-too-long';

/** Anything that keeps a sample; a histogram of core fits. */
export interface Sampler {
  record(value: number): void;
}

/**
 * How a station is built and whom it tells. Handlers are called after its own state is settled, and may call it back.
 */
export interface StationOptions {
  /** Used in errors and as the name of its events. */
  readonly name: string;
  /** Jobs in service at once: a whole number >= 1, or Infinity. */
  readonly servers: number;
  /** Waiting places, not counting those in service: a whole number >= 0, or Infinity. */
  readonly queueLimit: number;
  /** Default: first come, first served. */
  readonly discipline?: Discipline;
  /** Asked when a job would have to wait behind `waiting` others; true = it does not join. */
  readonly balking?: (waiting: number, job: number) => boolean;
  /**
   * Throws out jobs whose turn has come while waiting stays too long; they are reported by `onRejected`. Default:
   * nobody is thrown out. Made for first come, first served; under another discipline it judges whoever is next.
   */
  readonly codel?: CoDelOptions;
  /** A server took the job; again after each interruption. */
  readonly onStarted?: (job: number) => void;
  /** The job is done and has left. When jobs wait, the next one has already started. */
  readonly onServed?: (job: number) => void;
  readonly onRejected?: (job: number, reason: StationRefusal) => void;
  /** The job's patience ended before its service began. */
  readonly onAbandoned?: (job: number) => void;
  /** A better-ranked job took its server; it waits again, without a limit to its patience. */
  readonly onPreempted?: (job: number) => void;
  /** Told the time from arrival to the first start of service, in microseconds, of every job that starts. */
  readonly waitingTimes?: Sampler;
  /** Told the time from arrival to the end of service, in microseconds, of every job that is served. */
  readonly timesInSystem?: Sampler;
}

/**
 * The books of a station from the start of the run up to `at`. Everything is cumulative: what happened in a window is
 * the difference of two books. arrived = served + rejected + balked + waitedTooLong + abandoned + cancelled + dropped +
 * inside, always.
 */
export interface StationBooks {
  readonly at: Instant;
  readonly arrived: number;
  readonly served: number;
  /** Refused because every waiting place was taken. */
  readonly rejected: number;
  readonly balked: number;
  /** Thrown out by CoDel when their turn had come; 0 without it. */
  readonly waitedTooLong: number;
  readonly abandoned: number;
  /** Withdrawn by the caller. */
  readonly cancelled: number;
  /** Thrown out by `clear`. */
  readonly dropped: number;
  readonly preempted: number;
  /** Waiting or in service at `at`. */
  readonly inside: number;
  /** Area under the number of busy servers, in server-microseconds. */
  readonly busyTime: number;
  /** Area under the number of servers there are, in server-microseconds. */
  readonly serverTime: number;
  /** Area under the number of waiting jobs, in job-microseconds. */
  readonly waitingTime: number;
}

/** Busy share of the servers between two books, 0 for a station that had none or infinitely many. */
export function utilisation(from: StationBooks, to: StationBooks): number {
  const offered = to.serverTime - from.serverTime;
  return offered > 0 && offered < Infinity ? (to.busyTime - from.busyTime) / offered : 0;
}

/** Time-weighted mean number of waiting jobs between two books; 0 for an empty window. */
export function meanWaiting(from: StationBooks, to: StationBooks): number {
  return to.at > from.at ? (to.waitingTime - from.waitingTime) / (to.at - from.at) : 0;
}

/** Time-weighted mean number of jobs inside between two books; 0 for an empty window. */
export function meanInside(from: StationBooks, to: StationBooks): number {
  return to.at > from.at ? meanWaiting(from, to) + (to.busyTime - from.busyTime) / (to.at - from.at) : 0;
}

/** Throws RangeError when a number of servers or places is not what the station can work with. */
export function checkStation(options: StationOptions): void {
  checkCount(`station "${options.name}"`, 'servers', options.servers, 1);
  checkCount(`station "${options.name}"`, 'queueLimit', options.queueLimit, 0);
}

/** Throws RangeError for a service time or patience no calendar can hold. */
export function badTime(name: string, job: number, serviceTime: Duration, patience: Duration): never {
  throw new RangeError(
    `station "${name}": job ${job} needs a service time of whole microseconds >= 0 and a patience >= 0, ` +
      `got ${serviceTime} and ${patience}`,
  );
}
