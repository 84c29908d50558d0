/** What is wrong with a metric: above a limit, below one, or not there. No data is neither above nor below anything. */
import { metricCatalogue, type MetricReference, type MetricUnit } from './metric-catalogue.ts';

/** One or more of these; any of them is enough. Limits in the unit of the metric. */
export interface Limits {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  /** Whether it is wrong when there is no data; default ignore. */
  readonly noData?: 'fire' | 'ignore' | undefined;
}

/** Whether a value is beyond its limits; NaN = no data. */
export function isBeyond({ above, below, noData }: Limits, value: number): boolean {
  if (Number.isNaN(value)) return noData === 'fire';
  return (above !== undefined && value > above) || (below !== undefined && value < below);
}

/** A value for people: "62 %", "1.2 s", "41.3 GB". */
export function formatValue({ metric }: MetricReference, value: number): string {
  return Number.isNaN(value) ? 'no data' : formatters[metricCatalogue[metric].unit](value);
}

/** A change of a value for people: "18 points" for a share. */
export function formatChange(reference: MetricReference, change: number): string {
  const { unit } = metricCatalogue[reference.metric];
  return unit === 'share' ? `${short(change * 100)} points` : formatValue(reference, change);
}

const formatters: Readonly<Record<MetricUnit, (value: number) => string>> = {
  share: (value) => `${short(value * 100)} %`,
  seconds: (value) => `${short(value)} s`,
  bytes: (value) => `${short(value / 1e9)} GB`,
  'per second': (value) => `${short(value)}/s`,
  cores: (value) => `${short(value)} cores`,
  count: short,
};

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
