/**
 * Ground truth at one instant, as a picture needs it: plain data and typed arrays, which can be handed to another thread. What
 * is constant over a run - names, sizes, where the columns are - stands once, in the layout.
 */

/** What one API server is doing: a value of `ServerFrame.state`. */
export const ServerState = {
  /** Its machine is not in service, or lost: nobody would start it. */
  absent: 0,
  /** Killed or ended, waiting to be started again. */
  crashed: 1,
  /** A process that is not ready yet. */
  starting: 2,
  up: 3,
  /** It shuts down, and takes no new connections. */
  draining: 4,
} as const;

/** What a node is like: `byte & NodeBits.lease`, and so on. */
export const NodeBits = {
  /** Two bits: a value of `NodeLease`. */
  lease: 0b11,
  /** The agent's process runs. */
  agent: 0b100,
  /** Two bits, shifted by `namesShift`: a value of `NodeNames`. */
  names: 0b11000,
  namesShift: 3,
  /** The API says NotReady or Unknown, which may be old. */
  notReadyInApi: 0b100000,
  /** It carries the taint unreachable:NoExecute. */
  tainted: 0b1000000,
} as const;

/** The lease of a node. */
export const NodeLease = {
  /** There is no such machine any more. */
  gone: 0,
  fresh: 1,
  /** Older than one and a half intervals of renewal: at least one renewal is overdue. */
  late: 2,
  /** Older than the lease duration: what `nodesNotReady` counts. */
  expired: 3,
} as const;

/** What lookups of a client on the node meet in the outermost tier of name resolution. */
export const NodeNames = {
  fresh: 0,
  /** Some names are past their time, and answered all the same. */
  stale: 1,
  /** Some names cannot be resolved. */
  failing: 2,
  /** At least half of them cannot. */
  mostFailing: 3,
} as const;

/** Constant over a run: one cluster. */
export interface ClusterLayout {
  readonly id: string;
  readonly isStaging: boolean;
  /** Nodes at the beginning: length of `nodes` in each frame. */
  readonly nodes: number;
  /** API servers, machines kept for more included. */
  readonly servers: number;
  /** Index of the break-glass server; -1 without one. */
  readonly breakGlassServer: number;
  readonly etcdMembers: number;
  readonly coreDnsReplicas: number;
  /** Names of the priority levels (without priority and fairness of the two in-flight limits). */
  readonly levels: readonly string[];
  /** Names of the groups of clients, those of one name together; the last is `others`, who joined later. */
  readonly groups: readonly string[];
}

/** Constant over a run. */
export interface FrameLayout {
  readonly clusters: readonly ClusterLayout[];
  readonly products: readonly { readonly id: string; readonly title: string }[];
  /** Names of the alert rules, and whether they page. */
  readonly rules: readonly { readonly name: string; readonly severity: 'page' | 'ticket' }[];
  /** Length of the row of numbers of a frame, and of its column of nodes. */
  readonly numbers: number;
  readonly nodes: number;
  /** Bytes of one frame: four for a number, one for a node. A store keeps fewer where nodes did not change. */
  readonly bytesPerFrame: number;
}

/** API servers, one entry each. */
export interface ServerFrame {
  /** Values of `ServerState`. */
  readonly state: Float32Array;
  /** Share of its cores used since the frame before. */
  readonly cpu: Float32Array;
  /** Resident memory, as a share of its limit, and the limit in bytes. */
  readonly memory: Float32Array;
  readonly memoryLimit: Float32Array;
  readonly cores: Float32Array;
  /** Seats in use and seats there are, over all levels with a limit. */
  readonly seats: Float32Array;
  readonly seatLimit: Float32Array;
  readonly queued: Float32Array;
  /** Requests in execution. */
  readonly inFlight: Float32Array;
  /** Answers 429, and kills for memory, since the frame before. */
  readonly rejected: Float32Array;
  readonly kills: Float32Array;
}

/** Priority levels, one entry each, over all API servers behind the balancer. */
export interface LevelFrame {
  readonly seats: Float32Array;
  /** 0 for an exempt level, which has no limit. */
  readonly limit: Float32Array;
  readonly queued: Float32Array;
}

/** etcd members, one entry each. */
export interface EtcdFrame {
  /** 1 while the member is up. */
  readonly up: Float32Array;
  readonly cpu: Float32Array;
  readonly memory: Float32Array;
  /** Number of the leader; -1 when there is none. */
  readonly leader: number;
  /** Largest database file, of the quota; NaN where the database is not modelled. */
  readonly dbShare: number;
  /** Whether the NOSPACE alarm is on. */
  readonly isAlarmed: boolean;
}

/** Name resolution. */
export interface DnsFrame {
  /** Records or cache entries of the outermost tier that keeps any; 0 where only CoreDNS answers. */
  readonly records: number;
  readonly fresh: number;
  readonly stale: number;
  readonly failing: number;
  /** Share of lookups of one name that fail. */
  readonly failureShare: number;
  /** CoreDNS replicas that know all names. */
  readonly coreDnsReady: number;
}

/** Groups of clients, one entry each, since the frame before. */
export interface ClientFrame {
  readonly attempts: Float32Array;
  readonly ok: Float32Array;
  /** Answered 429, 401 or 403, or refused. */
  readonly rejected: Float32Array;
  readonly timedOut: Float32Array;
  /** Reset, 5xx. */
  readonly failed: Float32Array;
  /** Attempts that repeat one that failed. */
  readonly retries: Float32Array;
  /** Attempts under way. */
  readonly inside: Float32Array;
}

/** One cluster at one instant. */
export interface ClusterFrame {
  readonly servers: ServerFrame;
  readonly levels: LevelFrame;
  readonly etcd: EtcdFrame;
  readonly dns: DnsFrame;
  readonly clients: ClientFrame;
  /** One byte a node: see `NodeBits`. */
  readonly nodes: Uint8Array;
  readonly nodeCount: number;
  readonly nodesNotReady: number;
  /** Agents whose process runs; nodes that are to have one; pods of them in the API. */
  readonly agentsRunning: number;
  readonly agentsWanted: number;
  readonly agentPods: number;
  /** Whether the change has reached the cluster, and whether it was taken back. */
  readonly isRolledOut: boolean;
  readonly isTakenBack: boolean;
  /** Share of all user traffic, and whether it is steered away. */
  readonly weight: number;
  readonly isAvoided: boolean;
  /** Whether the network drops packets to the API servers. */
  readonly isBlocked: boolean;
  /** Attempts of all clients that count for availability since the frame before: share that succeeded; NaN of none. */
  readonly apiSuccess: number;
  /** User requests since the frame before, and share of them that failed, by product. */
  readonly requests: Float32Array;
  readonly failureShare: Float32Array;
  /** By rule: 1 while it fires for the cluster; a rule over all clusters fires for each. */
  readonly alerts: Float32Array;
  /** Whether monitoring sees it. */
  readonly isSeen: boolean;
}

/** Everything at one instant. Arrays are views on the row of the frame: read them, or copy them. */
export interface Frame {
  /** Seconds after the trigger, and since the frame before (0 for the first). */
  readonly t: number;
  readonly span: number;
  readonly clusters: readonly ClusterFrame[];
  /** User requests a second over all clusters, and share of them that failed, by product. */
  readonly requestRate: Float32Array;
  readonly failureShare: Float32Array;
  /** What everything above is a view on: `layout.numbers` numbers, and one byte for each node of each cluster in turn. */
  readonly numbers: Float32Array;
  readonly nodeBytes: readonly Uint8Array[];
}

/** How frames are recorded. */
export interface FrameOptions {
  /**
   * Seconds from one frame to the next, counted from the beginning of the run; a multiple of 5, default 10. At multiples of
   * 5 s the run reads its books for its own series, so that a frame moves nothing in it.
   */
  readonly everySeconds?: number;
  /** Frames of a whole run at most: where the interval would give more, it is a longer one. Default 4,000. */
  readonly most?: number;
}
