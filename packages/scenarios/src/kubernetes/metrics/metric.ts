/**
 * Metrics as data: what upstream exports (a definition: name, labels, buckets, source) and what was read at an instant (a
 * family: samples). Families are plain values; exposition.ts writes them as text.
 */
import { isSince, type KubernetesRelease } from '../profiles/release.ts';

/** Prometheus types that occur. */
export type MetricType = 'counter' | 'gauge' | 'histogram';

/** What a release changed about a metric. */
export interface MetricChange {
  readonly since: KubernetesRelease;
  readonly labels?: readonly string[];
  readonly buckets?: readonly number[];
}

/** One metric as upstream registers it. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: MetricType;
  /** In our own words; unit as in the name. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper edges without +Inf; histograms only. */
  readonly buckets?: readonly number[];
  readonly change?: MetricChange;
  /** First release that exports it; absent = all known here. */
  readonly since?: KubernetesRelease;
  /** Repository and file where it is registered. */
  readonly source: string;
  /** Whether a collector of this model fills it. One that is not filled is listed because dashboards and alerts use it. */
  readonly isFilled: boolean;
  /** Where what is filled differs from the real thing. */
  readonly simplification?: string;
}

/** A definition as one release has it; undefined when it does not export the metric. */
export function definitionIn(definition: MetricDefinition, release: KubernetesRelease): MetricDefinition | undefined {
  const { change, since } = definition;
  if (since !== undefined && !isSince(release, since)) return undefined;
  if (change === undefined || !isSince(release, change.since)) return definition;
  const { labels = definition.labels, buckets = definition.buckets } = change;
  return { ...definition, labels, ...(buckets === undefined ? {} : { buckets }) };
}

/** Label values by label name. */
export type Labels = Readonly<Record<string, string>>;

/** One number of a counter or gauge. */
export interface NumberSample {
  readonly labels: Labels;
  readonly value: number;
}

/** One histogram. */
export interface HistogramSample {
  readonly labels: Labels;
  /** Observations at most as large as each edge, then all: one more than there are edges. */
  readonly cumulative: readonly number[];
  readonly sum: number;
}

/** Everything read of one metric at an instant. */
export type MetricFamily =
  | { readonly definition: MetricDefinition; readonly samples: readonly NumberSample[]; readonly histograms?: never }
  | {
      readonly definition: MetricDefinition;
      readonly histograms: readonly HistogramSample[];
      readonly samples?: never;
    };

/** What one process answers when it is scraped. */
export interface Scrape {
  /** Prometheus' job and instance. */
  readonly job: string;
  readonly instance: string;
  readonly families: readonly MetricFamily[];
}

/** `count` edges, each `factor` times the one before. */
export function exponentialBuckets(first: number, factor: number, count: number): readonly number[] {
  const edges: number[] = [];
  for (let edge = first; edges.length < count; edge *= factor) edges.push(edge);
  return edges;
}
