/** Every metric known here, by its upstream name. */
import { apiServerMetrics, processMetrics } from './api-server-metrics.ts';
import { clientMetrics, controllerMetrics, coreDnsMetrics, stateMetricsOfObjects } from './component-metrics.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { flowControlMetrics } from './flow-control-metrics.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import { definitionIn, type MetricDefinition } from './metric.ts';

/** All definitions, in reading order. */
export const metricCatalogue: readonly MetricDefinition[] = [
  ...apiServerMetrics,
  ...flowControlMetrics,
  ...processMetrics,
  ...etcdMetrics,
  ...clientMetrics,
  ...controllerMetrics,
  ...stateMetricsOfObjects,
  ...coreDnsMetrics,
];

const byName: ReadonlyMap<string, MetricDefinition> = new Map(metricCatalogue.map((metric) => [metric.name, metric]));

/** The metric called `name` as `release` exports it; undefined when it does not. Throws RangeError for unknown names. */
export function metricNamed(name: string, release: KubernetesRelease): MetricDefinition | undefined {
  const found = byName.get(name);
  if (found === undefined) throw new RangeError(`metrics: no metric "${name}" in the catalogue`);
  return definitionIn(found, release);
}
