/** A run of which every process is scraped, as Prometheus would scrape the real ones. Scraping takes nothing from the run. */
import type { Simulation } from '@brownout/core';
import { attachMeters, collectCluster, collectOptionsOf, type CollectOptions } from '../kubernetes/metrics/collect.ts';
import type { Scrape } from '../kubernetes/metrics/metric.ts';
import type { World } from './build.ts';
import type { Scenario, ScenarioDocument } from './document.ts';
import { settingsOf } from './kubernetes-settings.ts';
import type { RunResult } from './result.ts';
import { runWatched, type RunScenarioOptions, type RunWatcher } from './run.ts';

/** How a run is scraped. */
export interface ScrapeOptions extends RunScenarioOptions {
  /** Between two scrapes of a process; default 30. */
  readonly scrapeSeconds?: number;
  /** Ids of the clusters that are scraped; default all. */
  readonly clusters?: readonly string[];
  /** Called at every scrape with what the processes of one cluster answered; those that are down do not. */
  readonly onScrape: (t: number, cluster: string, scrapes: readonly Scrape[]) => void;
}

/** Runs and scrapes. Throws RangeError for a cluster that the document does not have. */
export function runScraped(document: ScenarioDocument, options: ScrapeOptions): RunResult {
  const { scrapeSeconds = 30, clusters, onScrape, ...run } = options;
  return runWatched(document, run, new Scraper(scrapeSeconds, clusters, onScrape));
}

/** Reads the clusters of a run. */
class Scraper implements RunWatcher {
  readonly everySeconds: number;
  readonly #wanted: readonly string[] | undefined;
  readonly #onScrape: ScrapeOptions['onScrape'];
  readonly #read: (() => readonly [cluster: string, scrapes: readonly Scrape[]])[] = [];

  constructor(everySeconds: number, wanted: readonly string[] | undefined, onScrape: ScrapeOptions['onScrape']) {
    this.everySeconds = everySeconds;
    this.#wanted = wanted;
    this.#onScrape = onScrape;
  }

  begin(simulation: Simulation, { sites }: World, scenario: Scenario): void {
    const ids = sites.map(({ id }) => id);
    const unknown = this.#wanted?.find((id) => !ids.includes(id));
    if (unknown !== undefined) {
      throw new RangeError(`scrapes: expected clusters among ${ids.join(', ')}, got "${unknown}"`);
    }
    for (const { id, cluster } of sites) {
      if (this.#wanted?.includes(id) === false) continue;
      const { cores } = scenario.clusters.find((one) => one.id === id)!.apiServers;
      const settings = settingsOf(scenario.kubernetes, cores);
      const meters = attachMeters(simulation, cluster.controlPlane, settings.profile.release);
      const how: CollectOptions = collectOptionsOf(settings, meters);
      this.#read.push(() => [id, collectCluster(simulation, cluster, how)]);
    }
  }

  look(t: number): void {
    for (const read of this.#read) {
      const [cluster, scrapes] = read();
      this.#onScrape(t, cluster, scrapes);
    }
  }
}
