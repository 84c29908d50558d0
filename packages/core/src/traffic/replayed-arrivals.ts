import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import type { Instant } from '../time.ts';
import type { ArrivalSource } from './arrivals.ts';

/** Options of `ReplayedArrivals`. */
export interface ReplayedArrivalsOptions {
  readonly name: string;
  /** When arrivals come: instants of the run in rising order, equal ones allowed. */
  readonly instants: ArrayLike<Instant>;
  /** Called at each arrival with its place in `instants`. */
  readonly onArrival: (index: number) => void;
}

/** Recorded traffic: arrivals at given instants. Those that lie before `start`, or fall into a pause, are left out. */
export class ReplayedArrivals implements ArrivalSource {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #instants: ArrayLike<Instant>;
  readonly #onArrival: (index: number) => void;
  readonly #arrival: EventType;
  #next: EventHandle = noEvent;
  #isRunning = false;
  #count = 0;

  constructor(simulation: Simulation, options: ReplayedArrivalsOptions) {
    const { name, instants, onArrival } = options;
    for (let i = 0; i < instants.length; i++) {
      const earliest = i === 0 ? 0 : instants[i - 1]!;
      if (!(instants[i]! >= earliest && Number.isInteger(instants[i]))) {
        throw new RangeError(
          `arrivals "${name}": instants must be whole and rising, got ${instants[i]} us at place ${i}`,
        );
      }
    }
    this.name = name;
    this.#simulation = simulation;
    this.#instants = instants;
    this.#onArrival = onArrival;
    this.#arrival = simulation.event(`${name} arrival`, (index) => this.#arrive(index), 'arrival');
  }

  /** Arrivals so far. */
  get count(): number {
    return this.#count;
  }

  /** Whether it has been started and not stopped. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Begins with the first instant that has not passed. Starting a running source is a mistake and throws. */
  start(): void {
    if (this.#isRunning) throw new RangeError(`arrivals "${this.name}": start() while already running`);
    this.#isRunning = true;
    this.#plan(this.#firstFrom(this.#simulation.now));
  }

  /** Falls silent. Stopping a silent source does nothing. */
  stop(): void {
    this.#isRunning = false;
    this.#simulation.cancel(this.#next);
    this.#next = noEvent;
  }

  #arrive(index: number): void {
    this.#count++;
    this.#plan(index + 1);
    this.#onArrival(index);
  }

  #plan(index: number): void {
    this.#next = index < this.#instants.length ? this.#arrival.at(this.#instants[index]!, index) : noEvent;
  }

  #firstFrom(now: Instant): number {
    let low = 0;
    let high = this.#instants.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#instants[middle]! < now) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
