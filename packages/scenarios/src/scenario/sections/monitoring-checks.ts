/** What no single value of alerts and gates shows: names from elsewhere in the document, and limits that say nothing. */
import { type MetricReference, metricCatalogue } from '../../operations/monitoring/metric-catalogue.ts';
import type { Scenario } from '../document.ts';
import { didYouMean } from '../nearest-name.ts';

/** A mistake, and where it is. */
export interface MonitoringProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Limited = MetricReference & { readonly above?: number | undefined; readonly below?: number | undefined };

/** Mistakes in the alert rules, the health gate and the update of a scenario. */
export function monitoringProblems(scenario: Scenario): MonitoringProblem[] {
  const { operators, rollout } = scenario;
  const products = scenario.users.products.map(({ id }) => id);
  return [
    ...(operators.alerts ?? []).flatMap((rule, index) => checkMetric(rule, ['operators', 'alerts', index], products)),
    ...(rollout?.health?.conditions ?? []).flatMap((condition, index) =>
      checkMetric(condition, ['rollout', 'health', 'conditions', index], products),
    ),
    ...checkTimes(scenario),
  ];
}

function checkMetric(rule: Limited, path: readonly (string | number)[], products: readonly string[]) {
  const { metric, product } = rule;
  const problems: MonitoringProblem[] = [];
  const report = (key: string, message: string): void => void problems.push({ path: [...path, key], message });
  if (product !== undefined && metric !== 'user_error_share') {
    report('product', `expected none beside ${metric}: only user_error_share has products`);
  } else if (product !== undefined && !products.includes(product)) {
    report(
      'product',
      `expected the id of a product (${products.join(', ')}), got "${product}"${didYouMean(product, products)}`,
    );
  }
  for (const key of ['above', 'below'] as const) {
    const limit = rule[key];
    if (limit === undefined || metricCatalogue[metric].unit !== 'share' || (limit >= 0 && limit <= 1)) continue;
    report(key, `expected a share from 0 to 1, as ${metric} is, got ${limit}`);
  }
  return problems;
}

function checkTimes({ operators, rollout, kubernetes }: Scenario): MonitoringProblem[] {
  const problems: MonitoringProblem[] = [];
  const { scrapeInterval } = operators.alert;
  const window = rollout?.health?.window;
  if (window !== undefined && window < scrapeInterval) {
    const message = `expected at least the scrape interval, ${scrapeInterval / 1_000_000} s, got ${window / 1_000_000} s`;
    problems.push({ path: ['rollout', 'health', 'window'], message });
  }
  if (rollout?.update !== undefined && kubernetes.profile === undefined) {
    const message = 'expected kubernetes.profile beside it: only the complete DaemonSet controller updates pods';
    problems.push({ path: ['rollout', 'update'], message });
  }
  return problems;
}
