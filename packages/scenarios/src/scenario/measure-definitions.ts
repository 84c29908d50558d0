/** The KPIs of a run by name: what each is called and what it measures. Their full definitions are in docs/kpis.md. */

/** What a KPI measures, and so how it is written and compared. */
export type MeasureKind = 'moment' | 'span' | 'share' | 'count' | 'bytes' | 'factor';

/** A KPI as reports show it. */
export interface MeasureDefinition {
  readonly name: string;
  readonly title: string;
  readonly kind: MeasureKind;
}

/** Every KPI of a run, in the order of the report. */
export const measureDefinitions: readonly MeasureDefinition[] = [
  { name: 'firstSaturation', title: 'first API server saturated', kind: 'moment' },
  { name: 'firstAlert', title: 'first alert', kind: 'moment' },
  { name: 'firstUserError', title: 'first user errors (0.1 % of requests)', kind: 'moment' },
  { name: 'peakImpact', title: 'peak of user errors', kind: 'moment' },
  { name: 'peakErrorShare', title: 'user errors at the peak', kind: 'share' },
  { name: 'outageSeconds', title: 'user errors above 1 %', kind: 'span' },
  { name: 'usersAffectedShare', title: 'user requests that failed, whole run', kind: 'share' },
  { name: 'lockoutSeconds', title: 'operators locked out, worst cluster', kind: 'span' },
  { name: 'clustersLost', title: 'clusters lost', kind: 'count' },
  { name: 'firstClusterRecovered', title: 'first cluster recovered', kind: 'moment' },
  { name: 'lastClusterRecovered', title: 'last cluster recovered', kind: 'moment' },
  { name: 'controlPlaneUnavailableSeconds', title: 'control plane down, worst cluster', kind: 'span' },
  { name: 'apiServerOomKills', title: 'API servers killed for memory', kind: 'count' },
  { name: 'peakApiServerMemoryBytes', title: 'largest API server memory', kind: 'bytes' },
  { name: 'workAmplification', title: 'API requests sent per request wanted', kind: 'factor' },
  { name: 'goodputShare', title: 'API requests answered in time', kind: 'share' },
  { name: 'wastedWorkShare', title: 'API server CPU spent in vain', kind: 'share' },
];

/** KPIs that a product has; a cluster has all but `firstAlert`. */
export const productMeasures: readonly string[] = [
  'firstUserError',
  'peakImpact',
  'peakErrorShare',
  'outageSeconds',
  'usersAffectedShare',
];
