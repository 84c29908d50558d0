import { grownFloat64, grownInt32, grownUint8 } from '../queueing/columns.ts';
import type { DurationDistribution } from '../random/durations.ts';
import type { Stream } from '../random/stream.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from '../simulation.ts';
import { noTime, type Duration } from '../time.ts';
import { asDistribution } from './fixed-duration.ts';

/**
 * Closed-loop traffic: clients that ask, wait for the answer, think, and ask again. Overload slows them down, which is
 * why a closed loop never shows the queue an open one would.
 *
 *   add -> (start jitter) -> ask -> waiting -> answered() -> thinking -> ask -> ...
 *
 * Each client draws its think times from its own numbered stream: a change in one client's answers leaves the luck of
 * all others as it was.
 */
export interface ClosedLoopOptions {
  readonly name: string;
  /** Clients at the start; more can be added and removed later. */
  readonly clients: number;
  /** From an answer to the next question. */
  readonly thinkTime: Duration | DurationDistribution;
  /** From being added to the first question; default 0, which makes all of them ask at once. */
  readonly startDelay?: Duration | DurationDistribution;
  /** Questions each client asks, default Infinity; it then leaves. */
  readonly roundLimit?: number;
  /** A client asks: the model calls `answered(client)` once when it has its answer, good or bad. */
  readonly onAsk: (client: number) => void;
}

const ABSENT = 0;
const THINKING = 1;
const WAITING = 2;
/** Told to stop while an answer is due: it leaves when the answer comes. */
const LEAVING = 3;

/** A population of clients, numbered from 0. */
export class ClosedLoop {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #thinkTime: DurationDistribution;
  readonly #startDelay: DurationDistribution;
  readonly #roundLimit: number;
  readonly #onAsk: (client: number) => void;
  readonly #ask: EventType;
  readonly #thinkStreams: Stream[] = [];
  #state: Uint8Array;
  #next: Float64Array;
  #rounds: Int32Array;
  #size = 0;
  #thinking = 0;
  #waiting = 0;
  #asked = 0;
  #answered = 0;

  constructor(simulation: Simulation, options: ClosedLoopOptions) {
    const { name, clients, thinkTime, startDelay = noTime, roundLimit = Infinity, onAsk } = options;
    if (!(roundLimit >= 1)) throw new RangeError(`closed loop "${name}": roundLimit must be >= 1, got ${roundLimit}`);
    this.name = name;
    this.#simulation = simulation;
    this.#thinkTime = asDistribution(`closed loop "${name}": thinkTime`, thinkTime);
    this.#startDelay = asDistribution(`closed loop "${name}": startDelay`, startDelay);
    this.#roundLimit = roundLimit;
    this.#onAsk = onAsk;
    this.#state = new Uint8Array(16);
    this.#next = new Float64Array(16);
    this.#rounds = new Int32Array(16);
    this.#ask = simulation.event(`${name} asks`, (client) => this.#asks(client), 'arrival');
    this.add(clients);
  }

  /** Clients ever added; their numbers are below this. */
  get size(): number {
    return this.#size;
  }

  /** Clients that think (or wait for their first question). */
  get thinking(): number {
    return this.#thinking;
  }

  /** Clients whose answer is due, those told to stop included. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Questions asked; always `answers + waiting`. */
  get questions(): number {
    return this.#asked;
  }

  /** Answers received. */
  get answers(): number {
    return this.#answered;
  }

  /** Questions asked by one client. */
  questionsOf(client: number): number {
    return this.#rounds[client]!;
  }

  /** Adds `count` clients now and returns the number of the first. Numbers are never used twice. */
  add(count: number): number {
    if (!(Number.isInteger(count) && count >= 0)) {
      throw new RangeError(`closed loop "${this.name}": clients must be a whole number >= 0, got ${count}`);
    }
    const first = this.#size;
    this.#makeRoom(first + count);
    this.#size += count;
    for (let client = first; client < this.#size; client++) {
      this.#thinkStreams.push(this.#simulation.streams.get(`${this.name}/think`, client));
      const wait = this.#startDelay.sample(this.#simulation.streams.get(`${this.name}/start`, client));
      this.#thinkFor(client, wait);
    }
    return first;
  }

  /** The client asks no more: at once if it thinks, after its answer if it waits. False when it has left already. */
  remove(client: number): boolean {
    this.#check(client);
    const state = this.#state[client]!;
    if (state === ABSENT || state === LEAVING) return false;
    if (state === WAITING) {
      this.#state[client] = LEAVING;
      return true;
    }
    this.#simulation.cancel(this.#next[client]! as EventHandle);
    this.#thinking--;
    this.#state[client] = ABSENT;
    return true;
  }

  /** The client has its answer. Throws when it was not waiting for one: an answer given twice is a bug in the model. */
  answered(client: number): void {
    this.#check(client);
    const state = this.#state[client]!;
    if (state !== WAITING && state !== LEAVING) {
      throw new RangeError(`closed loop "${this.name}": client ${client} was answered without having asked`);
    }
    this.#waiting--;
    this.#answered++;
    if (state === LEAVING || this.#rounds[client]! >= this.#roundLimit) this.#state[client] = ABSENT;
    else this.#thinkFor(client, this.#thinkTime.sample(this.#thinkStreams[client]!));
  }

  #asks(client: number): void {
    this.#thinking--;
    this.#waiting++;
    this.#asked++;
    this.#rounds[client]!++;
    this.#state[client] = WAITING;
    this.#onAsk(client);
  }

  #thinkFor(client: number, wait: Duration): void {
    this.#state[client] = THINKING;
    this.#thinking++;
    this.#next[client] = this.#ask.after(wait, client);
  }

  #check(client: number): void {
    if (!(client >= 0 && client < this.#size && Number.isInteger(client))) {
      throw new RangeError(`closed loop "${this.name}": client must be in 0..${this.#size - 1}, got ${client}`);
    }
  }

  #makeRoom(size: number): void {
    let places = this.#state.length;
    while (places < size) places *= 2;
    if (places === this.#state.length) return;
    this.#state = grownUint8(this.#state, places);
    this.#next = grownFloat64(this.#next, places, noEvent);
    this.#rounds = grownInt32(this.#rounds, places, 0);
  }
}
