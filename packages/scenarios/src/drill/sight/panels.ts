/**
 * What monitoring saw, scrape by scrape: one column for each metric and cluster. Taken down after every round of scrapes, as
 * alert rules see it at that moment; a scrape that failed leaves no data, and nobody goes back to fill the gap.
 */
import { formatValue } from '../../operations/monitoring/condition.ts';
import { metricCatalogue, type MetricReference } from '../../operations/monitoring/metric-catalogue.ts';
import type { Monitoring, WatchedMetric } from '../../operations/monitoring/monitoring.ts';
import type { BoardDefinition, PanelDefinition } from '../boards.ts';
import type { BoardView, PanelView } from '../drill-view.ts';

/** One metric, by cluster and scrape. */
interface Column {
  readonly reference: MetricReference;
  readonly watched: WatchedMetric;
  /** By cluster: every scrape as it is shown, four digits of it; `null` = no data. */
  readonly shown: readonly (number | null)[][];
  /** By cluster: the last scrape; NaN = no data. */
  readonly last: Float64Array;
  readonly lastSeen: Float64Array;
}

/** Points of one line that a view carries at most: older ones are thinned out by leaving every second away. */
const MOST_POINTS = 240;

/** See the head of this file. */
export class Panels {
  /** Times of the scrapes, in seconds after the trigger. */
  readonly t: number[] = [];
  readonly #monitoring: Monitoring;
  readonly #now: () => number;
  readonly #columns: Column[] = [];

  /** Must be made before the first event: what is watched later begins later. `besides` are on no board. */
  constructor(
    monitoring: Monitoring,
    boards: readonly BoardDefinition[],
    besides: readonly MetricReference[],
    now: () => number,
  ) {
    this.#monitoring = monitoring;
    this.#now = now;
    for (const { panels } of boards) for (const one of panels) this.#add(one);
    for (const one of besides) this.#add(one);
    monitoring.onScraped(() => this.#scraped());
  }

  /** The last value of a metric in a cluster; NaN = no data. */
  last(reference: MetricReference, cluster: number): number {
    const column = this.#columns.find((one) => isSame(one.reference, reference));
    return column?.last[cluster] ?? NaN;
  }

  /** Whether the last scrape of a cluster brought anything of this metric, and when one last did; `null` = never. */
  lastSeen(reference: MetricReference, cluster: number): number | null {
    const column = this.#columns.find((one) => isSame(one.reference, reference));
    return numberOrNull(column?.lastSeen[cluster] ?? NaN);
  }

  /** Boards as they look now, back to `sinceSeconds`. */
  view(boards: readonly BoardDefinition[], sinceSeconds: number): BoardView[] {
    const first = firstAt(this.t, sinceSeconds);
    const step = Math.max(1, Math.ceil((this.t.length - first) / MOST_POINTS));
    const places: number[] = [];
    // Counted from the latest backwards, so that it is always there.
    for (let i = this.t.length - 1; i >= first; i -= step) places.push(i);
    places.reverse();
    const t = places.map((place) => this.t[place]!);
    return boards.map(({ id, title, panels }) => ({
      id,
      title,
      panels: panels.map((one) => this.#panel(one, places, t)),
    }));
  }

  #panel(definition: PanelDefinition, places: readonly number[], t: readonly number[]): PanelView {
    const column = this.#columns.find(({ reference }) => isSame(reference, definition))!;
    const { unit, meaning } = metricCatalogue[definition.metric];
    return {
      metric: definition.metric,
      ...(definition.product === undefined ? {} : { product: definition.product }),
      title: definition.title,
      meaning,
      unit,
      t,
      lines: this.#monitoring.sites.map(({ id }, cluster) => {
        const shown = column.shown[cluster]!;
        return {
          cluster: id,
          values: places.map((place) => shown[place]!),
          last: formatValue(definition, column.last[cluster]!),
          lastSeen: numberOrNull(column.lastSeen[cluster]!),
        };
      }),
    };
  }

  #add(reference: MetricReference): void {
    if (this.#columns.some((one) => isSame(one.reference, reference))) return;
    const { sites } = this.#monitoring;
    this.#columns.push({
      reference,
      watched: this.#monitoring.watch(reference),
      shown: sites.map(() => []),
      last: new Float64Array(sites.length).fill(NaN),
      lastSeen: new Float64Array(sites.length).fill(NaN),
    });
  }

  #scraped(): void {
    const now = this.#now();
    this.t.push(now);
    for (const { watched, shown, last, lastSeen } of this.#columns) {
      shown.forEach((line, cluster) => {
        const value = this.#monitoring.value(watched, cluster);
        // Rounded once, and not at every look of every trainee.
        line.push(numberOrNull(Number(value.toPrecision(4))));
        last[cluster] = value;
        if (!Number.isNaN(value)) lastSeen[cluster] = now;
      });
    }
  }
}

function isSame(one: MetricReference, other: MetricReference): boolean {
  return one.metric === other.metric && one.product === other.product;
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function firstAt(times: readonly number[], t: number): number {
  let first = times.length;
  while (first > 0 && times[first - 1]! >= t) first--;
  return first;
}
