import type { FailedResource, RunResult } from '../scenario/result.ts';
import type { Style } from './style.ts';
import { table, type Cell, type Table } from './text.ts';
import { clockText, countText, shareText, spanText } from './words.ts';

/** What happened to each cluster and to each product: tables, clusters by size. */

const resourceNames: Readonly<Record<FailedResource, string>> = {
  none: 'nothing',
  'api-server-cpu': 'API CPU',
  'api-server-memory': 'API memory',
  seats: 'API seats',
  'etcd-cpu': 'etcd CPU',
  'etcd-memory': 'etcd memory',
};

/** Clusters from small to large, in lines. */
export function clusterLines(result: RunResult, width: number, style: Style): string[] {
  const { columns, rows } = clusterTable(result, style);
  return rows.length === 0 ? [] : table(columns, rows, width, style.faint);
}

/** Clusters from small to large: what each ran out of first, how long it was down, when it was well again. */
export function clusterTable(result: RunResult, style: Style): Table {
  const bySize = [...result.firstFailures].sort((a, b) => a.nodes - b.nodes);
  const rows = bySize.map(({ cluster, nodes, resource, t }): (Cell | string)[] => {
    const kpis = result.kpis.byCluster[cluster] ?? {};
    const value = (name: string): number => kpis[name] ?? 0;
    const recovered = kpis['lastClusterRecovered'];
    const wasLost = value('clustersLost') > 0;
    const back = !wasLost
      ? ''
      : recovered === null || recovered === undefined
        ? 'not yet'
        : clockText(result, recovered);
    return [
      cluster,
      countText(nodes),
      {
        text: t === null ? resourceNames[resource] : `${resourceNames[resource]}, ${clockText(result, t)}`,
        paint: wasLost ? style.bad : undefined,
      },
      orNothing(value('controlPlaneUnavailableSeconds'), spanText),
      orNothing(value('lockoutSeconds'), spanText),
      orNothing(value('peakErrorShare'), shareText),
      back,
    ];
  });
  const columns = [
    { title: 'cluster' },
    { title: 'nodes', align: 'right' as const },
    { title: 'ran out of first' },
    { title: 'API down' },
    { title: 'locked out', isOptional: true },
    { title: 'errors', isOptional: true },
    { title: 'well again' },
  ];
  return { columns, rows };
}

/** Products, in lines. */
export function productLines(result: RunResult, width: number, style: Style): string[] {
  const { columns, rows } = productTable(result);
  return rows.length === 0 ? [] : table(columns, rows, width, style.faint);
}

/** Products: when users first saw errors, how bad it got, for how long. */
export function productTable(result: RunResult): Table {
  const rows = Object.entries(result.kpis.byProduct).map(([product, kpis]): string[] => {
    const first = kpis['firstUserError'];
    const value = (name: string): number => kpis[name] ?? 0;
    return [
      product,
      typeof first === 'number' ? clockText(result, first) : 'never',
      orNothing(value('peakErrorShare'), shareText),
      orNothing(value('outageSeconds'), spanText),
      orNothing(value('usersAffectedShare'), shareText),
    ];
  });
  const columns = ['product', 'first errors', 'at the peak', 'errors above 1 %', 'requests failed'].map(
    (title, index) => ({
      title,
      isOptional: index > 2,
    }),
  );
  return { columns, rows };
}

function orNothing(value: number, format: (value: number) => string): string {
  return value === 0 ? '-' : format(value);
}
