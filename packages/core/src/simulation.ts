import { Calendar } from './calendar.ts';
import { SimulationError } from './errors.ts';
import { Streams } from './random/stream.ts';
import type { Duration, Instant } from './time.ts';

declare const handleBrand: unique symbol;

/** Names one scheduled event. Stays valid as a value after the event ran: cancelling it then returns false. */
export type EventHandle = number & { readonly [handleBrand]: 'event' };

/** A handle that names no event. */
export const noEvent: EventHandle = -1 as EventHandle;

/**
 * Events at one instant run by priority, then in the order they were scheduled. Releases come first so that an arrival
 * at the instant of a departure finds the server free.
 */
export type Priority = 'release' | 'ordinary' | 'arrival';

/** What a run may use and which random numbers it sees. */
export interface SimulationOptions {
  /** Default 1. Numbers and strings that print alike are the same seed. */
  readonly seed?: number | string;
  /** Replication of the same seed, default 0: every replication has its own independent streams. */
  readonly replication?: number;
  /** Events a run may execute before it fails; default Infinity. */
  readonly eventLimit?: number;
  /** Events at one instant before the run fails as livelocked; default 1,000,000. */
  readonly eventsAtInstantLimit?: number;
}

/** How `runUntil` is watched and ended early. */
export interface RunOptions {
  /** Called every `progressEvery` events with the current instant. */
  readonly onProgress?: (now: Instant) => void;
  /** Default 262,144 events. */
  readonly progressEvery?: number;
  /** An AbortSignal or anything shaped like one; looked at every `progressEvery` events. */
  readonly abort?: { readonly aborted: boolean };
  /** Looked at after every event; true ends the run. Costs a call per event. */
  readonly stopWhen?: () => boolean;
}

/** Why a run ended. */
export type RunEnd = 'horizon' | 'empty' | 'stopped' | 'aborted';

/** A kind of event with one handler; made once, scheduled often, allocates nothing per event. */
export interface EventType {
  readonly name: string;
  /** Schedules the handler after `delay`; `argument` is a 32-bit integer handed to it. */
  after(delay: Duration, argument?: number): EventHandle;
  /** Schedules the handler at an instant that is not in the past. */
  at(instant: Instant, argument?: number): EventHandle;
}

type Handler = (argument: number) => void;

const SEQUENCE_RANGE = 2 ** 45;
const PRIORITY_RANK: Readonly<Record<Priority, number>> = { release: 0, ordinary: 1, arrival: 2 };
const CLOSURE_KIND = 0;

/** The clock: what happens next, and when. It knows nothing of queues, retries or pods. */
export class Simulation {
  readonly seed: string;
  readonly streams: Streams;
  readonly #calendar: Calendar = new Calendar();
  readonly #handlers: Handler[] = [];
  readonly #closures: ((() => void) | undefined)[] = [];
  readonly #freeClosures: number[] = [];
  readonly #eventLimit: number;
  readonly #eventsAtInstantLimit: number;
  #now = 0;
  #sequence = 0;
  #eventCount = 0;
  #eventsAtInstant = 0;
  #stopped = false;

  constructor(options: SimulationOptions = {}) {
    this.seed = String(options.seed ?? 1);
    this.streams = new Streams(this.seed, options.replication ?? 0);
    this.#eventLimit = options.eventLimit ?? Infinity;
    this.#eventsAtInstantLimit = options.eventsAtInstantLimit ?? 1_000_000;
    this.#handlers.push((index) => this.#runClosure(index));
  }

  /** The current instant. */
  get now(): Instant {
    return this.#now as Instant;
  }

  /** Events executed so far. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** Events scheduled and neither run nor cancelled. */
  get pendingCount(): number {
    return this.#calendar.size;
  }

  /** Makes a kind of event. Handlers are looked up by number, so a run with many events makes few kinds. */
  event(name: string, handler: Handler, priority: Priority = 'ordinary'): EventType {
    const kind = this.#handlers.push(handler) - 1;
    const rank = PRIORITY_RANK[priority] * SEQUENCE_RANGE;
    return {
      name,
      after: (delay, argument = 0) => this.#schedule(this.#now + delay, rank, kind, argument),
      at: (instant, argument = 0) => this.#schedule(instant, rank, kind, argument),
    };
  }

  /** Runs `action` once after `delay`. Allocates a closure: for stories, not for hot paths. */
  after(delay: Duration, action: () => void, priority: Priority = 'ordinary'): EventHandle {
    return this.at((this.#now + delay) as Instant, action, priority);
  }

  /** Runs `action` once at `instant`. */
  at(instant: Instant, action: () => void, priority: Priority = 'ordinary'): EventHandle {
    const index = this.#freeClosures.pop() ?? this.#closures.length;
    this.#closures[index] = action;
    return this.#schedule(instant, PRIORITY_RANK[priority] * SEQUENCE_RANGE, CLOSURE_KIND, index);
  }

  /** Cancels a pending event. False when it already ran, was cancelled, or never existed. */
  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const slot = this.#calendar.find(handle);
    if (slot < 0) return false;
    if (this.#calendar.kindOf(slot) === CLOSURE_KIND) this.#releaseClosure(this.#calendar.argumentOf(slot));
    this.#calendar.remove(slot);
    return true;
  }

  /** Whether the event has neither run nor been cancelled. */
  isPending(handle: EventHandle): boolean {
    return handle >= 0 && this.#calendar.find(handle) >= 0;
  }

  /** Ends the current `runUntil` after the event in progress. */
  stop(): void {
    this.#stopped = true;
  }

  /** Executes the next event; false when none is pending. */
  step(): boolean {
    if (!this.#calendar.pop()) return false;
    const time = this.#calendar.poppedTime;
    if (time !== this.#now) {
      this.#now = time;
      this.#eventsAtInstant = 0;
    }
    if (++this.#eventsAtInstant > this.#eventsAtInstantLimit) this.#fail(`more than ${this.#eventsAtInstantLimit} events at one instant`);
    if (++this.#eventCount > this.#eventLimit) this.#fail(`event limit of ${this.#eventLimit} reached`);
    this.#handlers[this.#calendar.poppedKind]!(this.#calendar.poppedArgument);
    return true;
  }

  /** Executes every event up to and including `horizon`, then sets the clock to it unless the run ended early. */
  runUntil(horizon: Instant, options: RunOptions = {}): RunEnd {
    const every = options.progressEvery ?? 262_144;
    let untilProgress = every;
    this.#stopped = false;
    while (this.#calendar.peekTime() <= horizon) {
      this.step();
      if (this.#stopped || options.stopWhen?.() === true) return 'stopped';
      if (--untilProgress === 0) {
        untilProgress = every;
        options.onProgress?.(this.now);
        if (options.abort?.aborted === true) return 'aborted';
      }
    }
    const end: RunEnd = this.#calendar.size === 0 ? 'empty' : 'horizon';
    if (horizon !== Infinity) this.#now = horizon;
    return end;
  }

  #schedule(time: number, rank: number, kind: number, argument: number): EventHandle {
    if (!(time >= this.#now) || time !== Math.floor(time) || time > Number.MAX_SAFE_INTEGER) this.#badTime(time);
    return this.#calendar.push(time, rank + this.#sequence++, kind, argument) as EventHandle;
  }

  #runClosure(index: number): void {
    const action = this.#closures[index]!;
    this.#releaseClosure(index);
    action();
  }

  #releaseClosure(index: number): void {
    this.#closures[index] = undefined;
    this.#freeClosures.push(index);
  }

  #badTime(time: number): never {
    throw new RangeError(
      `schedule: expected a whole number of microseconds not before now (${this.#now}), got ${time}; durations come from us(), ms(), seconds()`,
    );
  }

  #fail(message: string): never {
    throw new SimulationError(message, {
      timeSeconds: this.#now / 1_000_000,
      eventCount: this.#eventCount,
      seed: this.seed,
    });
  }
}
