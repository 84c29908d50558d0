/**
 * What an etcd cluster is made of, and whom it tells. Without `raft` and `storage` it is the plain model of
 * `plain-commits.ts`; with them every member has a disk, a place, a log, an election timer and a database file.
 */
import { type Duration, ms, seconds, type Stream } from '@brownout/core';
import type { ListMemory } from '../api-server/list-memory.ts';
import type { CpuFactory } from '../requests/cpu-factory.ts';

/** Size and speed of an etcd cluster. */
export interface EtcdOptions {
  readonly members: number;
  readonly coresPerMember: number;
  /** Makes the processor of a member, for cores that others use too; absent = cores of its own. */
  readonly createCpu?: CpuFactory;
  /** Bytes at which the kernel kills a member. */
  readonly memoryLimitBytes: number;
  /** When a range has the memory that it costs: all of it from the start, or as it works. Default at once. */
  readonly listMemory?: ListMemory;
  /** Time of one write-ahead-log fsync, drawn per commit (plain) or per member and batch (raft). */
  readonly fsync: { sample(stream: Stream): Duration };
  /** From the kill of a member until it serves again: restart, snapshot load, log replay. */
  readonly restart: Duration;
  /** Plain model only: from the loss of the leader to the next one; 1 to 2 election timeouts of 1 s. */
  readonly election: Duration;
  /** etcd gives a request up after 5 s + 2 election timeouts = 7 s (server/config/config.go, ReqTimeout). */
  readonly requestTimeout: Duration;
  /** Absent: one batch at a time, no heartbeats, elections that take `election`. */
  readonly raft?: Partial<RaftOptions>;
  /** Absent: the database has no size. Needs `raft`. */
  readonly storage?: Partial<StorageOptions>;
}

/** Timings of replication, elections and the clients of the members. */
export interface RaftOptions {
  /** Zone of each member; default all in zone 0. */
  readonly zones: readonly number[];
  /** Round trip between two members of one zone, and of two zones. */
  readonly sameZoneRoundTrip: Duration;
  readonly otherZoneRoundTrip: Duration;
  /** `--heartbeat-interval`. */
  readonly heartbeat: Duration;
  /** `--election-timeout` in heartbeats; raft draws 1 to 2 times as many (etcd-io/raft, resetRandomizedElectionTimeout). */
  readonly electionTicks: number;
  /** Shares of a write's CPU taken by the raft loop and by the apply thread; the rest is done by request handlers in parallel. */
  readonly loopShare: number;
  readonly applyShare: number;
  /**
   * How long one computing thread keeps its core before the next has its turn, when threads outnumber cores: whoever is
   * woken by a packet waits for one turn of everybody before it.
   */
  readonly turn: Duration;
  /** An unanswered ReadIndex is asked again after this long (server/etcdserver, readIndexRetryTime). */
  readonly readIndexRetry: Duration;
  /** The API server gives a read up after this long; until then its etcd client repeats what a leader change failed. */
  readonly readPatience: Duration;
  /** A client notices a silent member after keepalive time + timeout (kubernetes/apiserver, factory/etcd3.go: 30 s + 10 s). */
  readonly keepalive: Duration;
  /** Committed but not applied writes above which a member refuses proposals (server/etcdserver, maxGapBetweenApplyAndCommitIndex). */
  readonly applyGap: number;
  /** Entries a leader keeps for followers that are behind; beyond, it sends them a snapshot of the database. */
  readonly catchUpEntries: number;
  readonly catchUpEntriesPerSecond: number;
  readonly snapshotBytesPerSecond: number;
}

/** Size and limits of the database. */
export interface StorageOptions {
  /** `--quota-backend-bytes`; 0 stands for 2 GiB, less for no quota (server/storage/quota.go). */
  readonly quotaBytes: number;
  /** Live data, and superseded versions of it, in the file at the start. */
  readonly liveBytes: number;
  readonly historyBytes: number;
  /** What a stored version takes besides its value: key, revision, metadata, room left in pages. */
  readonly overheadBytes: number;
  /** The API servers' compaction: how often, and how much history it leaves (kubernetes/apiserver, etcd3/compact.go). */
  readonly compactionInterval: Duration;
  /** Speed of a defragmentation, by what is copied. */
  readonly defragBytesPerSecond: number;
}

/** Defaults of `EtcdOptions.raft`. Timings of etcd are documented; the others are assumed, as marked. */
export const raftDefaults: RaftOptions = {
  zones: [],
  // Assumed: one data centre, and two of one region.
  sameZoneRoundTrip: ms(0.3),
  otherZoneRoundTrip: ms(1),
  heartbeat: ms(100),
  electionTicks: 10,
  // Assumed: proposals are decoded and encoded by their own handlers; entering the log is the smallest part.
  loopShare: 0.1,
  applyShare: 0.2,
  // Measured: examples/real-apiserver/scheduler-latency.go; Go's thread that preempts looks every 10 ms after 10 ms.
  turn: ms(20),
  readIndexRetry: ms(500),
  readPatience: seconds(60),
  keepalive: seconds(40),
  applyGap: 5_000,
  catchUpEntries: 5_000,
  // Assumed.
  catchUpEntriesPerSecond: 10_000,
  snapshotBytesPerSecond: 100_000_000,
};

/** Defaults of `EtcdOptions.storage`. */
export const storageDefaults: StorageOptions = {
  quotaBytes: 0,
  liveBytes: 0,
  historyBytes: 0,
  // Assumed; etcd's own quota estimate charges 256 bytes a key for metadata (server/storage/quota.go, kvOverhead).
  overheadBytes: 256,
  compactionInterval: seconds(300),
  // Assumed.
  defragBytesPerSecond: 100_000_000,
};

/** How a request left etcd. */
export const EtcdOutcome = {
  ok: 0,
  /** No answer in time, no leader, or the connection to the member broke. The write may still have been made. */
  unavailable: 1,
  /** "mvcc: database space exceeded". */
  noSpace: 2,
  /** "etcdserver: too many requests". */
  tooManyRequests: 3,
} as const;

/** One of the values of `EtcdOutcome`. */
export type EtcdOutcome = (typeof EtcdOutcome)[keyof typeof EtcdOutcome];

/** Who watches requests on their way to etcd and back, to time them. Nothing depends on it. */
export interface EtcdRequestListener {
  /** An API server asks. */
  asked(request: number): void;
  /** It has an answer, or knows that none will come. */
  answered(request: number): void;
}

/** Told when a request leaves etcd. */
export interface EtcdClient {
  etcdAnswered(request: number, ok: boolean, outcome: EtcdOutcome): void;
}

/** What happened inside etcd, for the trace and the report. */
export interface EtcdObserver {
  etcdMemberKilled(member: number): void;
  etcdMemberBack(member: number): void;
  /** A member has won an election; `term` counts up. Raft only. */
  etcdLeaderElected?(member: number, term: number): void;
  /** The database of a member has reached its quota: puts are refused until somebody disarms the alarm. */
  etcdAlarmRaised?(member: number): void;
}

/**
 * Told of every committed write in the order of revisions; `request` is -1 when nobody waits for it any more, and
 * `subject` what the request was about. A member's watchers hear of it one way and one apply later.
 */
export type CommitListener = (request: number, revision: number, operation: number, subject: number) => void;

/** Takes samples of fsync durations in microseconds, by member: a hook for histograms. */
export type FsyncListener = (member: number, duration: number) => void;
