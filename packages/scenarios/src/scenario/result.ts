/** What a run gives back: plain data, serialisable, the same for every view on it. */
import type { AppliedMitigation } from './mitigation.ts';
import type { SourcedEntry } from './provenance.ts';
import type { Loop } from './why/loop.ts';

/** Names and units of the measures of one run; times are seconds after the trigger, `null` = did not happen. */
export type KpiValues = Readonly<Record<string, number | null>>;

/** Measures of a run as a whole, per cluster and per product. */
export interface Kpis {
  readonly [name: string]: number | null | Readonly<Record<string, KpiValues>>;
  readonly byCluster: Readonly<Record<string, KpiValues>>;
  readonly byProduct: Readonly<Record<string, KpiValues>>;
}

/** One line of the timeline. */
export interface TimelineEntry {
  /** Seconds after the trigger. */
  readonly t: number;
  /** Time of day in the incident's zone, `15:12:30`. */
  readonly clock: string;
  readonly kind: string;
  readonly text: string;
  readonly cluster?: string;
  /** True for facts that the operator of the real system has published. */
  readonly published?: boolean;
}

/** One row per window, in columns. */
export interface Series {
  readonly windowSeconds: number;
  /** Start of each window, seconds after the trigger. */
  readonly t: readonly number[];
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly units: Readonly<Record<string, string>>;
}

/** A published fact beside the simulated time of the same thing. */
export interface ComparisonRow {
  readonly fact: string;
  readonly publishedSeconds: number;
  readonly simulatedSeconds: number | null;
  readonly differenceSeconds: number | null;
}

/** What a cluster ran out of first. */
export type FailedResource = 'none' | 'api-server-cpu' | 'api-server-memory' | 'seats' | 'etcd-cpu' | 'etcd-memory';

/** The first resource to fail in one cluster. */
export interface FirstFailure {
  readonly cluster: string;
  readonly nodes: number;
  readonly resource: FailedResource;
  readonly t: number | null;
}

/** One book of the conservation ledger at the end of the run. */
export interface BookRow {
  readonly book: string;
  readonly arrived: number;
  readonly served: number;
  readonly rejected: number;
  readonly abandoned: number;
  readonly timedOut: number;
  readonly lost: number;
  readonly inside: number;
}

/** One link of the chain from a failed user request back to the trigger, latest first. */
export interface CauseLink {
  readonly t: number;
  readonly clock: string;
  /** `users`, `dns`, `attempt`, `api-server`, `memory-kill`, `etcd`, `clients`; at the end `rollout`, `trigger` or `lost`. */
  readonly kind: string;
  readonly text: string;
  readonly cluster?: string;
  /** The mechanism that joins it to the link before; empty or absent for the first. */
  readonly because?: string;
}

/** The result of one replication. */
export interface RunResult {
  readonly schema: 'brownout/result@1';
  readonly scenario: string;
  readonly title: string;
  readonly documentHash: string;
  readonly engineVersion: string;
  readonly seed: string;
  readonly replications: 1;
  readonly digest: string;
  readonly clock: { readonly zero: string; readonly zone: string };
  readonly horizon: { readonly startSeconds: number; readonly endSeconds: number };
  readonly kpis: Kpis;
  readonly timeline: readonly TimelineEntry[];
  readonly series: Series;
  readonly comparison: readonly ComparisonRow[];
  readonly firstFailures: readonly FirstFailure[];
  readonly mitigations: readonly AppliedMitigation[];
  readonly assumptions: readonly SourcedEntry[];
  readonly causes: readonly CauseLink[];
  /** Feedback loops by cluster, those that were not seen included; absent in results of older engines. */
  readonly loops?: readonly Loop[];
  readonly warnings: readonly string[];
  readonly conservation: readonly BookRow[];
  readonly eventCount: number;
}
