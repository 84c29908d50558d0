/**
 * Monitoring of the control planes: scraped at an interval, one rule evaluated at each scrape, firing once it has held
 * for long enough. What operators know of a cluster is what this last saw.
 */
import { type Duration, type EventType, Signal, type Simulation } from '@brownout/core';
import { type Chronicle } from './chronicle.ts';
import type { ApiCounts, Site } from './site.ts';

/** The rule: API error share above a limit for some time. */
export interface AlertOptions {
  readonly scrapeInterval: Duration;
  readonly apiErrorShareAbove: number;
  /** How long the condition must hold. */
  readonly for: Duration;
}

/** The alert state of every site. */
export class Alerting {
  /** Fires with the first alert; its value is the note. */
  readonly firstAlert: Signal<number> = new Signal('first alert');
  readonly #simulation: Simulation;
  readonly #chronicle: Chronicle;
  readonly #options: AlertOptions;
  readonly #sites: readonly Site[];
  readonly #before: ApiCounts[];
  readonly #since: Float64Array;
  readonly #isFiring: Uint8Array;
  readonly #scrape: EventType;

  constructor(simulation: Simulation, chronicle: Chronicle, options: AlertOptions, sites: readonly Site[]) {
    this.#simulation = simulation;
    this.#chronicle = chronicle;
    this.#options = options;
    this.#sites = sites;
    this.#before = sites.map((site) => site.apiCounts());
    this.#since = new Float64Array(sites.length).fill(-1);
    this.#isFiring = new Uint8Array(sites.length);
    this.#scrape = simulation.event('scrape', () => this.#evaluate());
    this.#scrape.after(options.scrapeInterval);
  }

  /** Whether the alert of a site fires. */
  isFiring(site: number): boolean {
    return this.#isFiring[site] === 1;
  }

  #evaluate(): void {
    this.#scrape.after(this.#options.scrapeInterval);
    for (let site = 0; site < this.#sites.length; site++) {
      const now = this.#sites[site]!.apiCounts();
      const isBad = errorShare(this.#before[site]!, now) > this.#options.apiErrorShareAbove;
      this.#before[site] = now;
      this.#update(site, isBad);
    }
  }

  #update(index: number, isBad: boolean): void {
    if (!isBad) {
      this.#since[index] = -1;
      this.#isFiring[index] = 0;
      return;
    }
    const now = this.#simulation.now;
    if (this.#since[index]! < 0) this.#since[index] = now;
    if (this.#isFiring[index] === 1 || now - this.#since[index]! < this.#options.for) return;
    this.#isFiring[index] = 1;
    const site = this.#sites[index]!;
    const note = this.#chronicle.note('alert', 'alert: API requests fail', site.lastCause, site.id);
    if (!this.firstAlert.isFired) this.firstAlert.fire(note);
  }
}

/** Share of attempts that failed between two readings; attempts that only wait count as failing when none has ended. */
export function errorShare(before: ApiCounts, now: ApiCounts): number {
  const ended = now.ended - before.ended;
  if (ended > 0) return (ended - (now.ok - before.ok)) / ended;
  return now.waiting > 0 ? 1 : 0;
}
