/** What one frame shows, read once for drawing and explaining: plain numbers in the units that people read. */

/** What an API server is doing. */
export type ServerState = 'absent' | 'up' | 'starting' | 'down' | 'draining';

/** One API server. Shares are of what it has, 0..1. */
export interface ServerPicture {
  readonly state: ServerState;
  readonly cpu: number;
  readonly cores: number;
  readonly memory: number;
  /** What the share of memory is of. */
  readonly memoryBytes: number;
  readonly seats: number;
  readonly seatLimit: number;
  readonly queued: number;
  readonly inFlight: number;
  /** Kills for memory since the frame before. */
  readonly kills: number;
  /** Kept aside for people who are locked out. */
  readonly isBreakGlass: boolean;
}

/** One member of etcd. */
export interface MemberPicture {
  readonly isUp: boolean;
  readonly isLeader: boolean;
  readonly cpu: number;
  readonly memory: number;
}

/** How names are resolved in a cluster. */
export interface NamesPicture {
  /** Records in the outermost tier that keeps any; 0 where only CoreDNS answers. */
  readonly records: number;
  /** Shares of these records, together 1. */
  readonly fresh: number;
  readonly stale: number;
  readonly failing: number;
  /** Share of lookups of one name that fail. */
  readonly failureShare: number;
  /** CoreDNS pods that know all names, and that there should be. */
  readonly podsReady: number;
  readonly pods: number;
}

/** Requests of one kind of clients to the API, per second since the frame before; kinds are in flow-kinds.ts. */
export interface FlowPicture {
  readonly attempts: number;
  readonly ok: number;
  readonly rejected: number;
  readonly timedOut: number;
  /** Ended in any other way: refused connections, resets, errors. */
  readonly failed: number;
  /** How many of the attempts repeat one that did not succeed. */
  readonly retries: number;
  /** Under way at this moment; a count, no rate. */
  readonly inside: number;
}

/** Nodes by state; each is counted in `all` and in every state that holds. */
export interface NodeCounts {
  readonly all: number;
  readonly withAgent: number;
  readonly late: number;
  readonly notReady: number;
  readonly staleNames: number;
  readonly failingNames: number;
  readonly gone: number;
}

/** One cluster. */
export interface ClusterPicture {
  readonly servers: readonly ServerPicture[];
  readonly members: readonly MemberPicture[];
  /** Share of the database's quota in use (NaN where that is not modelled), and whether etcd refuses writes for it. */
  readonly database: number;
  readonly hasAlarm: boolean;
  readonly names: NamesPicture;
  readonly flows: readonly FlowPicture[];
  /** One byte for each node, its bits as `NodeBits` says. */
  readonly nodes: Uint8Array;
  readonly counts: NodeCounts;
  /** Share of all user requests that come here, and whether the balancer steers away from it. */
  readonly traffic: number;
  readonly isAvoided: boolean;
  /** User requests a second, and the share of them that fails. */
  readonly requests: number;
  readonly failing: number;
  /** Share of API requests that succeed; NaN where none were made. */
  readonly apiSuccess: number;
  /** Agents that run, and nodes that are to have one. */
  readonly agents: number;
  readonly agentsWanted: number;
  /** Whether the network drops packets to the API servers. */
  readonly isBlocked: boolean;
  /** Whether monitoring sees it. */
  readonly isSeen: boolean;
}

/** Users of one product. */
export interface ProductPicture {
  readonly perSecond: number;
  /** Share that failed since the frame before. */
  readonly failing: number;
}

/** Everything at one time. */
export interface Picture {
  readonly t: number;
  readonly clusters: readonly ClusterPicture[];
  readonly products: readonly ProductPicture[];
}
