/** The queries that one CoreDNS process works on: what each asks for, and how long answers took. */
import type { Simulation } from '@brownout/core';
import { BucketHistogram } from '../metrics/histogram.ts';
import { exponentialBuckets } from '../metrics/metric.ts';

/** Upper edges in which CoreDNS times queries, in seconds (coredns/coredns plugin/metrics/vars/vars.go). */
export const coreDnsBuckets: readonly number[] = exponentialBuckets(0.00025, 2, 16);

/** See above; by job of the process's cores. */
export class QueriesOnCores {
  /** Seconds from a query to its answer. */
  readonly times: BucketHistogram = new BucketHistogram(coreDnsBuckets);
  readonly #simulation: Simulation;
  readonly #nameOf: number[] = [];
  readonly #askedAt: number[] = [];

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** A query for a name comes in. */
  begin(job: number, name: number): void {
    this.#nameOf[job] = name;
    this.#askedAt[job] = this.#simulation.now;
  }

  /** It is answered; returns the name. */
  end(job: number): number {
    this.times.observe((this.#simulation.now - this.#askedAt[job]!) / 1_000_000);
    return this.#nameOf[job]!;
  }
}
