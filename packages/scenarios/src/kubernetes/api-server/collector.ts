/**
 * CPU that garbage collection takes from requests: while the collector marks, a share of the cores is its own. Without
 * options it takes nothing, because measured costs of requests contain it.
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  noEvent,
  type SharedProcessor,
  seconds,
  type Simulation,
} from '@brownout/core';

/** Go marks with a quarter of the cores (`gcBackgroundUtilization` in `runtime/mgcpacer.go`). */
export interface CollectorOptions {
  /** Live bytes that one core marks in a second; depends on the objects, so there is no default. */
  readonly bytesPerCoreSecond: number;
  /** Share of the cores that marks; default 0.25. */
  readonly share?: number;
}

const SECOND = seconds(1);

/** The collector of one process. */
export class Collector {
  readonly #simulation: Simulation;
  readonly #cpu: SharedProcessor;
  readonly #options: CollectorOptions | undefined;
  readonly #done: EventType;
  #cores: number;
  #marking: EventHandle = noEvent;
  #busyTime = 0;

  constructor(simulation: Simulation, name: string, cpu: SharedProcessor, options: CollectorOptions | undefined) {
    this.#simulation = simulation;
    this.#cpu = cpu;
    this.#options = options;
    this.#cores = cpu.cores;
    this.#done = simulation.event(`${name} collected`, () => this.#finish());
  }

  /** Core-microseconds taken so far by collections, those begun included. */
  get busyTime(): number {
    return this.#busyTime;
  }

  /** A collection marks so many bytes. One that is still going on covers it. */
  mark(liveBytes: number): void {
    if (this.#options === undefined || this.#marking !== noEvent) return;
    const { bytesPerCoreSecond, share = 0.25 } = this.#options;
    const work = (liveBytes / bytesPerCoreSecond) * SECOND;
    this.#busyTime += work;
    this.#cpu.setCores(this.#cores * (1 - share));
    this.#marking = this.#done.after(Math.ceil(work / (share * this.#cores)) as Duration);
  }

  /** The machine has other cores from now on. */
  setCores(cores: number): void {
    this.#cores = cores;
    const share = this.#marking === noEvent ? 0 : (this.#options?.share ?? 0.25);
    this.#cpu.setCores(cores * (1 - share));
  }

  /** The process is gone. */
  clear(): void {
    if (this.#marking === noEvent) return;
    this.#simulation.cancel(this.#marking);
    this.#finish();
  }

  #finish(): void {
    this.#marking = noEvent;
    this.#cpu.setCores(this.#cores);
  }
}
