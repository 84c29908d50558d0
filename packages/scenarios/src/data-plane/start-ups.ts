/**
 * Downloads that starting instances need, through one limit that they share. A download that does not finish within its time
 * begins again, and what had come is wasted. When n start together and n * bytes / limit exceeds that time, nobody finishes:
 * every one of them gets the same share, and loses it.
 */
import {
  createProcessor,
  type Duration,
  type EventHandle,
  Fifo,
  noEvent,
  type Processor,
  seconds,
  type Simulation,
  SimulationError,
  type TimeoutType,
} from '@brownout/core';
import type { DownloadOptions } from './options.ts';

/** What has become of downloads so far; `begun` = `done` + `timedOut` + `dropped` + `inside`. */
export interface DownloadBooks {
  readonly begun: number;
  readonly done: number;
  readonly timedOut: number;
  /** Their instance went away. */
  readonly dropped: number;
  readonly inside: number;
  /** Instances that wait for a place. */
  readonly waiting: number;
  /** Bytes that came, and those of them that were thrown away. */
  readonly bytes: number;
  readonly wastedBytes: number;
}

/** The downloads of a cluster. */
export class StartUps {
  readonly #name: string;
  readonly #simulation: Simulation;
  readonly #options: DownloadOptions;
  readonly #onDone: (instance: number) => void;
  readonly #pipe: Processor;
  readonly #timeout: TimeoutType;
  readonly #timeoutEvent: Float64Array;
  /** Bytes of the download that an instance has under way. */
  readonly #bytes: Float64Array;
  readonly #waiting: Fifo = new Fifo();
  readonly #isWaiting: Uint8Array;
  #limit: number;
  #isWarm = false;
  #begun = 0;
  #done = 0;
  #timedOut = 0;
  #dropped = 0;
  #received = 0;
  #wasted = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: DownloadOptions,
    instances: number,
    onDone: (instance: number) => void,
  ) {
    this.#name = name;
    this.#simulation = simulation;
    this.#options = options;
    this.#onDone = onDone;
    this.#limit = options.concurrent;
    // A core is what one download can use, and a second of work what it gets through in a second of that.
    this.#pipe = createProcessor(simulation, {
      name: `${name} downloads`,
      cores: options.bytesPerSecond / options.bytesPerSecondEach,
      onServed: (instance) => this.#served(instance),
    });
    this.#timeout = simulation.timeout(`${name} download times out`, options.timeout, (instance) =>
      this.#late(instance),
    );
    this.#timeoutEvent = new Float64Array(instances).fill(noEvent);
    this.#bytes = new Float64Array(instances);
    this.#isWaiting = new Uint8Array(instances);
  }

  /** An instance needs its download. */
  enter(instance: number): void {
    this.#waiting.push(instance);
    this.#isWaiting[instance] = 1;
    this.#admit();
  }

  /** The instance is gone; nothing happens when it has no download. */
  drop(instance: number): void {
    if (this.#isWaiting[instance] === 1) {
      this.#isWaiting[instance] = 0;
      for (let left = this.#waiting.size; left > 0; left--) {
        const other = this.#waiting.shift();
        if (other !== instance) this.#waiting.push(other);
      }
      return;
    }
    if (!this.#pipe.has(instance)) return;
    this.#dropped++;
    this.#stop(instance);
    this.#admit();
  }

  /** At most so many at once from now on, or as few as before; those under way go on. */
  setLimit(limit: number): void {
    this.#limit = Math.min(this.#limit, limit);
    this.#admit();
  }

  /** What downloads fetch from now on is near by, except for a share. */
  warm(): void {
    this.#isWarm = true;
  }

  /** The books up to now. */
  books(): DownloadBooks {
    return {
      begun: this.#begun,
      done: this.#done,
      timedOut: this.#timedOut,
      dropped: this.#dropped,
      inside: this.#pipe.inside,
      waiting: this.#waiting.size,
      bytes: this.#received,
      wastedBytes: this.#wasted,
    };
  }

  /** Throws unless every download begun is accounted for. */
  checkBooks(): void {
    const { begun, done, timedOut, dropped, inside } = this.books();
    if (begun === done + timedOut + dropped + inside) return;
    throw new SimulationError(
      `downloads "${this.#name}": ${begun} begun, expected ${done} done + ${timedOut} timed out + ${dropped} dropped + ${inside} inside`,
    );
  }

  #admit(): void {
    while (this.#waiting.size > 0 && this.#pipe.inside < this.#limit) {
      const instance = this.#waiting.shift();
      this.#isWaiting[instance] = 0;
      this.#begun++;
      const { bytes, warmShare, bytesPerSecondEach } = this.#options;
      this.#bytes[instance] = this.#isWarm ? bytes * warmShare : bytes;
      this.#timeoutEvent[instance] = this.#timeout.start(instance);
      const work = Math.ceil((this.#bytes[instance]! / bytesPerSecondEach) * seconds(1)) as Duration;
      this.#pipe.arrive(instance, work);
    }
  }

  #served(instance: number): void {
    this.#simulation.cancel(this.#timeoutEvent[instance]! as EventHandle);
    this.#timeoutEvent[instance] = noEvent;
    this.#done++;
    this.#received += this.#bytes[instance]!;
    this.#onDone(instance);
    this.#admit();
  }

  #late(instance: number): void {
    this.#timeoutEvent[instance] = noEvent;
    this.#timedOut++;
    this.#stop(instance);
    this.enter(instance);
  }

  /** Ends a download whose bytes are of no use. */
  #stop(instance: number): void {
    const came = (this.#pipe.attained(instance) / seconds(1)) * this.#options.bytesPerSecondEach;
    this.#received += came;
    this.#wasted += came;
    this.#pipe.withdraw(instance);
    this.#simulation.cancel(this.#timeoutEvent[instance]! as EventHandle);
    this.#timeoutEvent[instance] = noEvent;
  }
}
