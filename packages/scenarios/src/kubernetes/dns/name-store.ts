/** What an application sees when it looks names up in a cluster: the share of lookups that fail now. */
export interface NameService {
  /** Probability that a user request that needs `lookups` names meets one that cannot be resolved, 0..1; default 1. */
  failureShare(lookups?: number): number;
  /** Probability from 0 to 1 that a lookup of `name` by a client on node `node` fails now. */
  failureProbability(node: number, name: number): number;
}

/** Servers that a cache asks: what becomes of one query to them now, by name. */
export interface NameSource {
  /** Probability from 0 to 1 that a server says SERVFAIL: it answers, and cannot tell. */
  servfailChance(name: number): number;
  /** Probability from 0 to 1 that nobody answers: refused, dropped or unreachable. */
  silenceChance(name: number): number;
}

/** The DNS servers of a cluster themselves, and what the cluster tells them about the way to the API. */
export interface ClusterNameServers extends NameService {
  readonly replicas: number;
  /** Replicas that have filled their informers since they last started. */
  readonly syncedReplicas: number;
  /** Connections to API servers are gone. */
  connectionsBroke(): void;
  /** The way to the API servers is cut. */
  pathBlocked(): void;
  /** And open again. */
  pathOpened(): void;
}

/** Bookkeeping every DNS part reports for series and KPIs. */
export interface NameServiceCounts {
  /** Records the tier holds, fresh or not. */
  readonly records: number;
  /** Records that would be answered with a failure now. */
  readonly failing: number;
}
