/** What an application sees when it looks names up in a cluster: the share of lookups that fail now. */
export interface NameService {
  /** Probability that a user request that needs `lookups` names meets one that cannot be resolved, 0..1. */
  failureShare(lookups: number): number;
}

/** Bookkeeping every DNS part reports for series and KPIs. */
export interface NameServiceCounts {
  /** Records the tier holds, fresh or not. */
  readonly records: number;
  /** Records that would be answered with a failure now. */
  readonly failing: number;
}
