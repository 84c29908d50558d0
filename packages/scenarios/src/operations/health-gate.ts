/**
 * A health gate on any metrics of the catalogue, as monitoring sees them. At the end of each window it looks at every cluster
 * that the rollout has touched, or at those of the latest wave: a limit that is passed, or a change against the time before
 * the rollout, counts as a failure, and so many in a row stop the rollout.
 */
import type { Duration } from '@brownout/core';
import { formatChange, formatValue, isBeyond } from './monitoring/condition.ts';
import type { MetricReference } from './monitoring/metric-catalogue.ts';
import type { Monitoring, WatchedMetric } from './monitoring/monitoring.ts';
import type { Site } from './site.ts';

/** One condition; whichever of its limits is passed makes it fail. */
export interface GateCondition extends MetricReference {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  /** More than this above, or below, the value before the rollout reached the cluster; for shares 0.1 means ten points. */
  readonly changeAbove?: number | undefined;
  readonly changeBelow?: number | undefined;
}

/** When a rollout stops by itself, and what it does then. */
export interface HealthGateOptions {
  readonly conditions: readonly GateCondition[];
  /** How often it looks, and over how much time rates and shares are taken. */
  readonly window: Duration;
  /** Failures in a row that stop the rollout; default 1. */
  readonly failures?: number | undefined;
  /** Clusters it looks at: all that have the change (default), or those of the latest wave. */
  readonly scope?: 'touched' | 'wave' | undefined;
  /** Data that is missing counts for nothing (default), keeps the next wave waiting, or counts as a failure. */
  readonly noData?: 'pass' | 'hold' | 'fail' | undefined;
  /** Takes the change back (default), or leaves it where it is. */
  readonly action?: 'rollback' | 'halt' | undefined;
}

/** What stopped the rollout. */
export interface GateFailure {
  readonly site: Site;
  readonly text: string;
}

interface WatchedCondition {
  readonly condition: GateCondition;
  readonly watched: WatchedMetric;
  /** By site: value before the change (NaN = none), and failures in a row. */
  readonly baseline: Float64Array;
  readonly failures: Uint32Array;
}

/** The state of a gate. */
export class HealthGate {
  readonly options: HealthGateOptions;
  readonly #monitoring: Monitoring;
  readonly #conditions: readonly WatchedCondition[];
  readonly #begun: Set<Site> = new Set();
  #wave: readonly Site[] = [];
  #isHolding = false;

  constructor(options: HealthGateOptions, monitoring: Monitoring) {
    this.options = options;
    this.#monitoring = monitoring;
    const count = monitoring.sites.length;
    this.#conditions = options.conditions.map((condition) => ({
      condition,
      watched: monitoring.watch(condition, options.window),
      baseline: new Float64Array(count).fill(NaN),
      failures: new Uint32Array(count),
    }));
  }

  /** Whether the next wave has to wait: the last look saw a failure, or no data where that matters. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  /** A wave begins: what its clusters look like before is remembered for those that it reaches first. */
  begin(sites: readonly Site[]): void {
    this.#wave = sites;
    for (const site of sites) {
      if (this.#begun.has(site)) continue;
      this.#begun.add(site);
      const index = this.#monitoring.sites.indexOf(site);
      for (const { watched, baseline } of this.#conditions) baseline[index] = this.#monitoring.value(watched, index);
    }
  }

  /** Looks at the clusters among these that it is to look at; what stops the rollout, or undefined. */
  check(touched: readonly Site[]): GateFailure | undefined {
    this.#isHolding = false;
    const sites = this.options.scope === 'wave' ? touched.filter((site) => this.#wave.includes(site)) : touched;
    for (const site of sites) {
      const text = this.#checkSite(this.#monitoring.sites.indexOf(site));
      if (text !== undefined) return { site, text };
    }
    return undefined;
  }

  #checkSite(index: number): string | undefined {
    for (const { condition, watched, baseline, failures } of this.#conditions) {
      const trouble = this.#troubleOf(condition, this.#monitoring.value(watched, index), baseline[index]!);
      failures[index] = trouble === undefined ? 0 : failures[index]! + 1;
      if (trouble === undefined) continue;
      this.#isHolding = true;
      if (failures[index]! >= (this.options.failures ?? 1)) return trouble;
    }
    return undefined;
  }

  #troubleOf(condition: GateCondition, value: number, before: number): string | undefined {
    const { metric, changeAbove, changeBelow } = condition;
    if (Number.isNaN(value)) return this.#missing(metric);
    if (isBeyond(condition, value)) return `${metric} at ${formatValue(condition, value)}`;
    if (changeAbove === undefined && changeBelow === undefined) return undefined;
    const change = value - before;
    if (Number.isNaN(change)) return this.#missing(`${metric} before the rollout`);
    if (!isBeyond({ above: changeAbove, below: changeBelow === undefined ? undefined : -changeBelow }, change)) {
      return undefined;
    }
    const amount = formatChange(condition, Math.abs(change));
    return `${metric} ${change > 0 ? 'up' : 'down'} by ${amount} to ${formatValue(condition, value)}`;
  }

  #missing(what: string): string | undefined {
    if (this.options.noData === 'hold') this.#isHolding = true;
    return this.options.noData === 'fail' ? `no data for ${what}` : undefined;
  }
}
