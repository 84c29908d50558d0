/**
 * The kubelet's liveness probe of one CoreDNS process: it asks /health, which is answered when a core gets to it, and ends
 * the process after so many answers in a row that came too late.
 */
import { type Duration, type EventHandle, noEvent, type Processor, type Simulation } from '@brownout/core';
import type { CoreDnsLivenessOptions } from './core-dns-options.ts';
import type { CoreDnsTimers } from './core-dns-parts.ts';

/** Job of the probe on the cores; query q is job q + 1. */
export const PROBE = 0;

/** What the probe works with. */
export interface CoreDnsLivenessParts {
  readonly process: number;
  readonly timers: CoreDnsTimers;
  readonly cpu: Processor;
  /** CPU of answering it, taken to be that of a query. */
  readonly work: Duration;
  readonly onFailed: () => void;
}

/** The probe of one process. */
export class CoreDnsLiveness {
  readonly #simulation: Simulation;
  readonly #options: CoreDnsLivenessOptions;
  readonly #parts: CoreDnsLivenessParts;
  #next: EventHandle = noEvent;
  #late: EventHandle = noEvent;
  #failures = 0;

  constructor(simulation: Simulation, options: CoreDnsLivenessOptions, parts: CoreDnsLivenessParts) {
    this.#simulation = simulation;
    this.#options = options;
    this.#parts = parts;
  }

  /** The container was started. */
  start(): void {
    this.#failures = 0;
    this.#next = this.#parts.timers.probe.after(this.#options.initialDelay, this.#parts.process);
  }

  /** The container is gone. */
  stop(): void {
    this.#simulation.cancel(this.#next);
    this.#simulation.cancel(this.#late);
  }

  /** The kubelet asks. */
  ask(): void {
    const { timers, process, cpu, work } = this.#parts;
    this.#next = timers.probe.after(this.#options.period, process);
    this.#late = timers.probeLate.after(this.#options.timeout, process);
    cpu.arrive(PROBE, work);
  }

  /** It was answered in time. */
  answered(): void {
    this.#simulation.cancel(this.#late);
    this.#failures = 0;
  }

  /** It was not. */
  late(): void {
    this.#parts.cpu.withdraw(PROBE);
    this.#failures++;
    if (this.#failures >= this.#options.failureThreshold) this.#parts.onFailed();
  }
}
