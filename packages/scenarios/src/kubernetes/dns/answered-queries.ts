/** Queries that a CoreDNS process has answered, by code; upstream counts a query when it is answered. */
import { Answer } from './core-dns-answers.ts';

/** What comes as a rate, and how it is answered now. */
export interface BookedQueries {
  /** How many; parts of a query count. */
  readonly queries: number;
  /** Share of them that are for names of the cluster's zone. */
  readonly inZone: number;
  /** Share of those names that do not exist. */
  readonly denied: number;
  /** Share of queries in the zone that are answered with SERVFAIL. */
  readonly failing: number;
}

/** See the head of this file. */
export class AnsweredQueries {
  NOERROR = 0;
  NXDOMAIN = 0;
  SERVFAIL = 0;

  /** One query has its answer: a record's value or one of `Answer`. */
  count(answer: number): void {
    this[answer >= 0 ? 'NOERROR' : answer === Answer.denied ? 'NXDOMAIN' : 'SERVFAIL']++;
  }

  /** Counts queries that are not simulated one by one. */
  book({ queries, inZone, denied, failing }: BookedQueries): void {
    const failed = queries * inZone * failing;
    const refused = (queries * inZone - failed) * denied;
    this.SERVFAIL += failed;
    this.NXDOMAIN += refused;
    this.NOERROR += queries - failed - refused;
  }

  /** Its process has ended. */
  clear(): void {
    this.NOERROR = 0;
    this.NXDOMAIN = 0;
    this.SERVFAIL = 0;
  }
}
