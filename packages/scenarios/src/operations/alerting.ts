/**
 * Alert rules over what monitoring sees: each is evaluated at an interval, fires once it has held for long enough, and stops
 * when it does not hold any more, or some time after. A rule that pages wakes the operators; a ticket is only noted.
 */
import { type Duration, type Instant, Signal, type Simulation } from '@brownout/core';
import { type Chronicle, noCause } from './chronicle.ts';
import { isBeyond, type Limits } from './monitoring/condition.ts';
import type { MetricReference } from './monitoring/metric-catalogue.ts';
import type { Monitoring, WatchedMetric } from './monitoring/monitoring.ts';

/** How a rule looks at several clusters: at each on its own, or at one number made of all. */
export type Across = 'each' | 'max' | 'min' | 'mean' | 'sum';

/** One rule. */
export interface AlertRule extends MetricReference, Limits {
  readonly name: string;
  /** Default each cluster on its own. Clusters without data are left out of a number made of all. */
  readonly across?: Across | undefined;
  /** Time over which rates and shares are taken; default from one scrape to the next. */
  readonly window?: Duration | undefined;
  /** How long the condition must hold; default it fires at once. */
  readonly for?: Duration | undefined;
  /** How long it goes on firing after the condition has ended (Prometheus: `keep_firing_for`); default not at all. */
  readonly keepFiringFor?: Duration | undefined;
  /** Whether it wakes somebody; default page. */
  readonly severity?: 'page' | 'ticket' | undefined;
}

/** The rules, and how often they are looked at. */
export interface AlertingOptions {
  readonly rules: readonly AlertRule[];
  /** Default: right after each round of scrapes. */
  readonly evaluationInterval?: Duration | undefined;
  /** What wakes people for the first time in place of the rules; default the first of them that pages. */
  readonly detection?: Detection | undefined;
}

/** An alert from outside: of a monitoring system that is not modelled here. */
export interface Detection {
  /** Null = it never comes, and no alert wakes anybody. */
  readonly at: Instant | null;
  /** What it is called in the timeline. */
  readonly name: string;
}

/** The state of one rule: for each cluster, or in one cell for all of them. */
interface RuleState {
  readonly rule: AlertRule;
  readonly watched: WatchedMetric;
  /** When the condition began to hold, -1 = it does not; when it last held. */
  readonly since: Float64Array;
  readonly lastHeld: Float64Array;
  readonly isFiring: Uint8Array;
}

/** One rule as somebody reads it who looks at the alerts. */
export interface RuleReading {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  /** Whether there is one cell for each cluster, in their order; else one for all. */
  readonly isForEach: boolean;
  /** By cell: 1 while it fires, and since when its condition has held without a break (microseconds, -1 = it does not). */
  readonly isFiring: Readonly<Uint8Array>;
  readonly since: Readonly<Float64Array>;
}

/** The alert state of every cluster. */
export class Alerting {
  /** Fires with the first alert that pages; its value is the note. */
  readonly firstAlert: Signal<number> = new Signal('first alert');
  #nextAlert: Signal<number> | undefined;
  /** Whether rules that page wake people; not before an alert from outside has. */
  #wakes: boolean;
  readonly #simulation: Simulation;
  readonly #chronicle: Chronicle;
  readonly #monitoring: Monitoring;
  readonly #states: readonly RuleState[];

  constructor(simulation: Simulation, chronicle: Chronicle, options: AlertingOptions, monitoring: Monitoring) {
    this.#simulation = simulation;
    this.#chronicle = chronicle;
    this.#monitoring = monitoring;
    this.#states = options.rules.map((rule) => {
      const cells = isForEach(rule) ? monitoring.sites.length : 1;
      return {
        rule,
        watched: monitoring.watch(rule, rule.window),
        since: new Float64Array(cells).fill(-1),
        lastHeld: new Float64Array(cells),
        isFiring: new Uint8Array(cells),
      };
    });
    const { evaluationInterval, detection } = options;
    this.#wakes = detection === undefined;
    if (detection !== undefined && detection.at !== null) {
      simulation.at(detection.at, () => this.#detect(detection.name));
    }
    if (evaluationInterval === undefined) {
      monitoring.onScraped(() => this.#evaluate());
    } else {
      const evaluation = simulation.event('rule evaluation', () => {
        evaluation.after(evaluationInterval);
        this.#evaluate();
      });
      evaluation.after(evaluationInterval);
    }
  }

  /** The rules in the order they were given, and where each fires now: read them, do not keep them. */
  get states(): readonly RuleReading[] {
    return this.#states.map(({ rule, isFiring, since }) => ({
      name: rule.name,
      severity: rule.severity ?? 'page',
      isForEach: isForEach(rule),
      isFiring,
      since,
    }));
  }

  /** Whether a rule that pages fires for a cluster; one over all clusters fires for each of them. */
  isFiring(site: number): boolean {
    return this.#states.some(
      ({ rule, isFiring }) => rule.severity !== 'ticket' && isFiring[isForEach(rule) ? site : 0] === 1,
    );
  }

  /** Fires with the next alert that pages and is not firing yet, with its note: what wakes people after a false alarm. */
  nextAlert(): Signal<number> {
    this.#nextAlert ??= new Signal('next alert');
    return this.#nextAlert;
  }

  /** Whether dashboards show a cluster now. Who looks for a cause in the dark needs longer. */
  dashboardsWork(site: number): boolean {
    return this.#monitoring.dashboardsWork(site);
  }

  #evaluate(): void {
    for (const state of this.#states) {
      if (isForEach(state.rule)) {
        for (let site = 0; site < this.#monitoring.sites.length; site++) {
          this.#update(state, site, this.#monitoring.value(state.watched, site));
        }
      } else {
        this.#update(state, 0, this.#aggregate(state));
      }
    }
  }

  #update(state: RuleState, cell: number, value: number): void {
    const { rule, since, lastHeld, isFiring } = state;
    const { now } = this.#simulation;
    if (!isBeyond(rule, value)) {
      since[cell] = -1;
      if (isFiring[cell] === 1 && now - lastHeld[cell]! >= (rule.keepFiringFor ?? 0)) isFiring[cell] = 0;
      return;
    }
    lastHeld[cell] = now;
    if (since[cell]! < 0) since[cell] = now;
    if (isFiring[cell] === 1 || now - since[cell]! < (rule.for ?? 0)) return;
    isFiring[cell] = 1;
    this.#fire(state, cell);
  }

  /** Put down to the latest trouble anywhere. */
  #detect(name: string): void {
    this.#wakes = true;
    const cause = this.#monitoring.sites.reduce((latest, { lastCause }) => Math.max(latest, lastCause), noCause);
    this.firstAlert.fire(this.#chronicle.note('alert', `alert: ${name}`, cause));
  }

  #fire(state: RuleState, cell: number): void {
    const { rule } = state;
    const isTicket = rule.severity === 'ticket' || !this.#wakes;
    const site = this.#monitoring.sites[isForEach(rule) ? cell : this.#worst(state)]!;
    const cluster = isForEach(rule) ? site.id : undefined;
    const kind = isTicket ? 'ticket' : 'alert';
    const note = this.#chronicle.note(kind, `${kind}: ${rule.name}`, site.lastCause, cluster);
    if (isTicket) return;
    if (!this.firstAlert.isFired) this.firstAlert.fire(note);
    this.#nextAlert?.fire(note);
    this.#nextAlert = undefined;
  }

  #aggregate({ rule, watched }: RuleState): number {
    const values = this.#monitoring.sites
      .map((_, site) => this.#monitoring.value(watched, site))
      .filter((value) => !Number.isNaN(value));
    if (values.length === 0) return NaN;
    if (rule.across === 'max') return Math.max(...values);
    if (rule.across === 'min') return Math.min(...values);
    const sum = values.reduce((total, value) => total + value, 0);
    return rule.across === 'mean' ? sum / values.length : sum;
  }

  /** The cluster that an alert over all of them is blamed on: the one furthest in the wrong direction. */
  #worst({ rule, watched }: RuleState): number {
    const sign = rule.above === undefined ? -1 : 1;
    let worst = 0;
    let highest = -Infinity;
    this.#monitoring.sites.forEach((_, site) => {
      const value = sign * this.#monitoring.value(watched, site);
      if (!(value > highest)) return;
      highest = value;
      worst = site;
    });
    return worst;
  }
}

function isForEach(rule: AlertRule): boolean {
  return rule.across === undefined || rule.across === 'each';
}
