/** From the series of two runs to the lines of a chart that lays one over the other. */
import type { RunResult } from '@brownout/scenarios';
import type { OverlayLine } from './overlay-chart.tsx';

/** A chart of the screen. */
export interface OverlayView {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly lines: readonly OverlayLine[];
}

/** Clusters that get a line at most: the largest. */
const mostClusters = 4;

/** The charts of a pair, on the time axis of the baseline. */
export function overlays(
  baseline: RunResult,
  branch: RunResult | undefined,
  clusters: readonly { readonly id: string; readonly nodes: number }[],
): OverlayView[] {
  const largest = [...clusters].sort((a, b) => b.nodes - a.nodes).slice(0, mostClusters);
  const perCluster = (column: string): OverlayLine[] =>
    largest.map(({ id }) => line(id, `${column}.${id}`, baseline, branch));
  const dashes = branch === undefined ? '' : '; dashed: the baseline';
  return [
    {
      id: 'users',
      title: 'User requests that fail',
      note: `of all products together${dashes}`,
      lines: [line('all', 'userErrorShare', baseline, branch)],
    },
    {
      id: 'api',
      title: 'API requests that succeed',
      note: `the largest clusters${dashes}`,
      lines: perCluster('apiSuccessShare'),
    },
    {
      id: 'memory',
      title: 'API server memory',
      note: `share of the limit, the fullest server${dashes}`,
      lines: perCluster('apiServerMemory'),
    },
  ];
}

function line(name: string, column: string, baseline: RunResult, branch: RunResult | undefined): OverlayLine {
  return {
    name,
    baseline: baseline.series.columns[column] ?? [],
    branch: branch === undefined ? undefined : aligned(baseline.series.t, branch, column),
  };
}

/** Values of a run at the windows of another; null where it has none. */
function aligned(t: readonly number[], { series }: RunResult, column: string): (number | null)[] {
  const values = series.columns[column] ?? [];
  const byTime = new Map(series.t.map((start, index) => [start, values[index] ?? null]));
  return t.map((start) => byTime.get(start) ?? null);
}
