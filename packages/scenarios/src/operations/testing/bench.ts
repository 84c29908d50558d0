/** A workbench for tests of operations: sites with small clusters, a chronicle, and sites that only pretend. */
import { type Duration, minutes, type Simulation, Trace } from '@brownout/core';
import { type ClusterBenchOptions, clusterOptions } from '../../kubernetes/testing/bench.ts';
import { Alerting } from '../alerting.ts';
import { Chronicle, noCause } from '../chronicle.ts';
import type { ReaderContext } from '../monitoring/create-reader.ts';
import { Monitoring, type MonitoringOptions } from '../monitoring/monitoring.ts';
import { type ApiCounts, Site } from '../site.ts';

/** A chronicle whose trace keeps everything. */
export function createChronicle(simulation: Simulation): Chronicle {
  return new Chronicle(simulation, new Trace(simulation, { keep: 'all' }));
}

/** A site with a small cluster; traffic 1. */
export function createSite(
  simulation: Simulation,
  chronicle: Chronicle,
  id: string,
  options: ClusterBenchOptions = {},
): Site {
  return new Site(simulation, chronicle, clusterOptions(id, options), { isStaging: false, traffic: 1 });
}

/** Monitoring of these sites; there are no users unless given. */
export function createMonitoring(
  simulation: Simulation,
  options: MonitoringOptions,
  sites: readonly Site[],
  users: ReaderContext['users'] = { products: [], requests: new Float64Array(0), failures: new Float64Array(0) },
): Monitoring {
  return new Monitoring(options, sites, { simulation, release: '1.30', users });
}

/** Monitoring with the one rule on failing API requests. */
export function createAlerting(
  simulation: Simulation,
  chronicle: Chronicle,
  rule: { readonly scrapeInterval: Duration; readonly apiErrorShareAbove: number; readonly for: Duration },
  sites: readonly Site[],
): Alerting {
  const metric = 'apiserver_request_error_ratio';
  const rules = [{ name: 'API requests fail', metric, above: rule.apiErrorShareAbove, for: rule.for }] as const;
  return new Alerting(simulation, chronicle, { rules }, createMonitoring(simulation, rule, sites));
}

/** What was noted, as `minutes kind cluster: text`, minutes to one decimal. */
export function notesOf(chronicle: Chronicle): string[] {
  return chronicle.notes.map(
    ({ at, kind, cluster, text }) =>
      `${(at / minutes(1)).toFixed(1)} ${kind}${cluster === undefined ? '' : ` ${cluster}`}: ${text}`,
  );
}

/** A site without a cluster: its counts and the share of names that fail are whatever the test says. */
export class PretendedSite {
  readonly id: string;
  readonly traffic: number;
  lastCause: number = noCause;
  counts: ApiCounts = { ok: 0, ended: 0, waiting: 0 };
  nameFailure = 0;

  constructor(id: string, traffic = 1) {
    this.id = id;
    this.traffic = traffic;
  }

  /** As a `Site`, for parts that look no further than this. */
  get asSite(): Site {
    const cluster = { nameFailureShare: () => this.nameFailure };
    return Object.assign(Object.create(Site.prototype), {
      id: this.id,
      traffic: this.traffic,
      lastCause: this.lastCause,
      cluster,
      apiCounts: () => this.counts,
    }) as Site;
  }

  /** So many more attempts end, so many of them well. */
  add(ended: number, ok: number, waiting = 0): void {
    this.counts = { ok: this.counts.ok + ok, ended: this.counts.ended + ended, waiting };
  }
}
