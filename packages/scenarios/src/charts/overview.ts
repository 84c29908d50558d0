/** The first look at a run: timeline, users, names and control plane one above the other on one time axis. */
import { hasPanel, panelPart, panels, type ChartedRun } from './over-time.ts';
import { chart, type ChartSize, type ChartSpec } from './spec.ts';
import { timelinePart, type ChartedTimeline } from './timeline.ts';

/** Panels of the overview, from the users down to the cause. */
const shown = ['user-errors', 'dns', 'api-success', 'saturation', 'memory'];

/** The overview; panels that the run has nothing for are left out. */
export function overviewChart(result: ChartedRun & ChartedTimeline, size: ChartSize = {}): ChartSpec {
  const parts = panels.filter((panel) => shown.includes(panel.id) && hasPanel(result, panel));
  return chart({
    title: { text: result.title, anchor: 'start', fontSize: 15 },
    spacing: 14,
    vconcat: [
      timelinePart(result, size, parts.length === 0),
      ...parts.map((panel, i) => panelPart(result, panel, size, i === parts.length - 1)),
    ],
    // Clusters and products have colours of their own.
    resolve: { scale: { color: 'independent', shape: 'independent', strokeDash: 'independent' } },
  });
}
