/**
 * Monitoring of all clusters: at every interval it scrapes each of them, and what alerts, gates and people know of a cluster
 * is what it last saw. A scrape that fails leaves no data, as Prometheus marks the series of such a target stale at once.
 *
 *   scrape --path: none | DNS | API--> cluster       reached: a snapshot of every metric asked for
 *                                                    not reached: no data until the next one that is
 */
import { type Duration, type EventType, seconds, type Simulation } from '@brownout/core';
import type { Site } from '../site.ts';
import { createReader, type ReaderContext } from './create-reader.ts';
import { metricCatalogue, type MetricReference } from './metric-catalogue.ts';
import { SampleLog } from './sample-log.ts';
import { createScrapePath, type ScrapePath, type SharedFate } from './scrape-path.ts';

/** How clusters are watched. */
export interface MonitoringOptions {
  readonly scrapeInterval: Duration;
  /** Default 10 s, and never longer than the interval (Prometheus: `scrape_timeout`). */
  readonly scrapeTimeout?: Duration;
  /** How long the last value stands after a scrape that failed; default not at all. */
  readonly staleness?: Duration;
  /** What of a cluster must work for it to be seen; default nothing. */
  readonly sharesFate?: SharedFate;
}

/** A metric that is watched: number to ask for its values by. */
export type WatchedMetric = number & { readonly brand: 'watched metric' };

interface Watched {
  readonly reference: MetricReference;
  readonly window: number;
  readonly logs: readonly SampleLog[];
}

/** See the head of this file. */
export class Monitoring {
  readonly sites: readonly Site[];
  readonly #simulation: Simulation;
  readonly #options: MonitoringOptions;
  readonly #context: ReaderContext;
  readonly #paths: readonly ScrapePath[];
  readonly #watched: Watched[] = [];
  readonly #isReached: Uint8Array;
  readonly #reachedAt: Float64Array;
  readonly #listeners: (() => void)[] = [];
  readonly #scrape: EventType;

  constructor(options: MonitoringOptions, sites: readonly Site[], context: ReaderContext) {
    const { simulation } = context;
    this.#simulation = simulation;
    this.#options = options;
    this.sites = sites;
    this.#context = context;
    const { scrapeInterval, scrapeTimeout = seconds(10), sharesFate = 'none' } = options;
    const path = { sharesFate, scrapeTimeout: Math.min(scrapeInterval, scrapeTimeout) as Duration };
    this.#paths = sites.map((site, index) =>
      createScrapePath(simulation, site, path, (isReached) => this.#reached(index, isReached)),
    );
    this.#isReached = new Uint8Array(sites.length).fill(1);
    this.#reachedAt = new Float64Array(sites.length);
    this.#scrape = simulation.event('scrape', () => this.#scrapeAll());
    this.#scrape.after(scrapeInterval);
  }

  /**
   * Asks for a metric of every cluster, counters over `window` (default: from one scrape to the next). With `onlyLooks` nothing
   * of the run depends on whether it was asked for.
   */
  watch(reference: MetricReference, window: Duration = 0 as Duration, onlyLooks = false): WatchedMetric {
    const { metric, product } = reference;
    const known = this.#watched.findIndex(
      (other) =>
        other.reference.metric === metric && other.reference.product === product && other.window === (window as number),
    );
    if (known >= 0) return known as WatchedMetric;
    const logs = this.sites.map((site, index) => {
      const log = new SampleLog(createReader(reference, site, index, { ...this.#context, onlyLooks }), window);
      log.take(this.#simulation.now);
      return log;
    });
    return (this.#watched.push({ reference, window, logs }) - 1) as WatchedMetric;
  }

  /** What is known of the metric in a cluster; NaN = no data. */
  value(watched: WatchedMetric, site: number): number {
    const { reference, logs } = this.#watched[watched]!;
    const isSeen = !metricCatalogue[reference.metric].isScrapedInCluster || this.#isSeen(site);
    return isSeen ? logs[site]!.value : NaN;
  }

  /** Whether dashboards show a cluster: its last scrape got through. */
  dashboardsWork(site: number): boolean {
    return this.#isReached[site] === 1;
  }

  /** Told after every round of scrapes; the answers of those that take time come later. */
  onScraped(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #isSeen(site: number): boolean {
    if (this.#isReached[site] === 1) return true;
    return this.#simulation.now - this.#reachedAt[site]! <= (this.#options.staleness ?? -1);
  }

  #scrapeAll(): void {
    this.#scrape.after(this.#options.scrapeInterval);
    const { now } = this.#simulation;
    for (const { reference, logs } of this.#watched) {
      if (!metricCatalogue[reference.metric].isScrapedInCluster) for (const log of logs) log.take(now);
    }
    for (const path of this.#paths) path.scrape();
    for (const listener of this.#listeners) listener();
  }

  #reached(site: number, isReached: boolean): void {
    this.#isReached[site] = isReached ? 1 : 0;
    if (!isReached) return;
    const { now } = this.#simulation;
    this.#reachedAt[site] = now;
    for (const { reference, logs } of this.#watched) {
      if (metricCatalogue[reference.metric].isScrapedInCluster) logs[site]!.take(now);
    }
  }
}
