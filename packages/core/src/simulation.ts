/** The run loop: a clock that executes the events of a calendar in order, with limits and ways to watch and stop it. */
import { Calendar } from './calendar.ts';
import { SimulationError } from './errors.ts';
import { Streams } from './random/stream.ts';
import {
  LinedEventType,
  PlainEventType,
  type EventHandle,
  type EventType,
  type Priority,
  type TimeoutType,
} from './event-type.ts';
import type { Duration, Instant } from './time.ts';

export { noEvent, type EventHandle, type EventType, type Priority, type TimeoutType } from './event-type.ts';

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

type Handler = (argument: number) => void;

const CLOSURE_KIND = 0;

/** The clock: what happens next, and when. It knows nothing of queues or retries. */
export class Simulation {
  readonly seed: string;
  readonly replication: number;
  readonly streams: Streams;
  readonly #calendar: Calendar = new Calendar();
  readonly #handlers: Handler[] = [];
  readonly #names: string[] = [];
  readonly #closureTypes: Readonly<Record<Priority, EventType>>;
  readonly #closures: ((() => void) | undefined)[] = [];
  readonly #freeClosures: number[] = [];
  readonly #eventLimit: number;
  readonly #eventsAtInstantLimit: number;
  /** Number of the first event at the current instant. */
  #firstAtInstant = 1;
  /** The number of events run at which the loop looks up: a limit, progress, a stop condition or `stop()`. */
  #lookAt = 0;
  /** Events that never stood in the calendar. */
  #bookedCount = 0;
  #isStopped = false;
  #isRunning = false;

  constructor(options: SimulationOptions = {}) {
    this.seed = String(options.seed ?? 1);
    this.replication = options.replication ?? 0;
    this.streams = new Streams(this.seed, this.replication);
    this.#eventLimit = positive('eventLimit', options.eventLimit ?? Infinity);
    this.#eventsAtInstantLimit = positive('eventsAtInstantLimit', options.eventsAtInstantLimit ?? 1_000_000);
    this.#addKind('closure', (index) => this.#runClosure(index));
    const typeOf = (priority: Priority): EventType =>
      new PlainEventType(this.#calendar, 'closure', CLOSURE_KIND, priority);
    this.#closureTypes = { release: typeOf('release'), ordinary: typeOf('ordinary'), arrival: typeOf('arrival') };
  }

  /** The current instant. */
  get now(): Instant {
    return this.#calendar.now as Instant;
  }

  /** Events executed so far, and those that components worked through by themselves. */
  get eventCount(): number {
    return this.#calendar.takenCount + this.#bookedCount;
  }

  /** Events scheduled and neither run nor cancelled. */
  get pendingCount(): number {
    return this.#calendar.size;
  }

  /**
   * Counts events that a component has worked through without the calendar, because nobody could tell the difference.
   * They count in `eventCount` and not towards `eventLimit`.
   */
  bookEvents(count: number): void {
    this.#bookedCount += count;
  }

  /** Makes a kind of event. Handlers are looked up by number, so a run with many events makes few kinds. */
  event(name: string, handler: Handler, priority: Priority = 'ordinary'): EventType {
    return new PlainEventType(this.#calendar, name, this.#addKind(name, handler), priority);
  }

  /**
   * Makes a kind of event that always comes after the same delay. Only the earliest of them stands in the calendar, so
   * starting and cancelling one costs the same whether ten or a million are pending.
   */
  timeout(name: string, delay: Duration, handler: Handler, priority: Priority = 'ordinary'): TimeoutType {
    return new LinedEventType(this.#calendar, name, this.#addKind(name, handler), delay, priority);
  }

  /** Runs `action` once after `delay`. Allocates a closure: for stories, not for hot paths. */
  after(delay: Duration, action: () => void, priority: Priority = 'ordinary'): EventHandle {
    return this.at((this.#calendar.now + delay) as Instant, action, priority);
  }

  /** Runs `action` once at `instant`. */
  at(instant: Instant, action: () => void, priority: Priority = 'ordinary'): EventHandle {
    const index = this.#freeClosures.at(-1) ?? this.#closures.length;
    const handle = this.#closureTypes[priority].at(instant, index);
    this.#freeClosures.pop();
    this.#closures[index] = action;
    return handle;
  }

  /** Cancels a pending event. False when it already ran, was cancelled, or never existed. */
  cancel(handle: EventHandle): boolean {
    const calendar = this.#calendar;
    const slot = calendar.find(handle);
    if (slot < 0) return false;
    if (calendar.remove(slot) === CLOSURE_KIND) this.#releaseClosure(calendar.argumentOf(slot));
    return true;
  }

  /** Whether the event has neither run nor been cancelled. */
  isPending(handle: EventHandle): boolean {
    return this.#calendar.find(handle) >= 0;
  }

  /** Ends the current `runUntil` after the event in progress. */
  stop(): void {
    this.#isStopped = true;
    this.#lookAt = 0;
  }

  /** Executes the next event; false when none is pending. */
  step(): boolean {
    this.#begin('step');
    try {
      return this.#run(Infinity, { stopWhen: always }, Infinity) === 'stopped';
    } catch (error) {
      throw this.#located(error);
    } finally {
      this.#isRunning = false;
    }
  }

  /** Executes every event up to and including `horizon`, then sets the clock to it unless the run ended early. */
  runUntil(horizon: Instant, options: RunOptions = {}): RunEnd {
    const now = this.#calendar.now;
    if (!(horizon >= now) || (horizon !== Infinity && horizon !== Math.floor(horizon))) {
      throw new RangeError(`runUntil: expected a whole number of microseconds not before now (${now}), got ${horizon}`);
    }
    const progressEvery = positive('runUntil: progressEvery', options.progressEvery ?? 262_144);
    this.#begin('runUntil');
    try {
      const end = this.#run(horizon, options, progressEvery);
      if (end !== undefined) return end;
    } catch (error) {
      throw this.#located(error);
    } finally {
      this.#isRunning = false;
    }
    if (horizon !== Infinity && horizon !== this.#calendar.now) {
      this.#calendar.now = horizon;
      this.#firstAtInstant = this.#calendar.takenCount + 1;
    }
    return this.#calendar.size === 0 ? 'empty' : 'horizon';
  }

  #run(horizon: number, options: RunOptions, progressEvery: number): RunEnd | undefined {
    const calendar = this.#calendar;
    const handlers = this.#handlers;
    const lookEvery = options.stopWhen === undefined ? progressEvery : 1;
    let progressAt = calendar.takenCount + progressEvery;
    this.#isStopped = false;
    this.#lookAt = Math.min(calendar.takenCount + lookEvery, this.#eventLimit);
    for (;;) {
      if (calendar.takenCount >= this.#eventLimit) {
        if (calendar.take(horizon) < 0) return undefined;
        this.#failAtLimit();
      }
      while (calendar.takenCount < this.#lookAt) {
        const before = calendar.now;
        const kind = calendar.take(horizon);
        if (kind < 0) return undefined;
        if (calendar.now !== before) this.#firstAtInstant = calendar.takenCount;
        else if (calendar.takenCount - this.#firstAtInstant >= this.#eventsAtInstantLimit) this.#failAsLivelocked(kind);
        const handler = handlers[kind]!;
        handler(calendar.takenArgument);
      }
      if (this.#isStopped || options.stopWhen?.() === true) return 'stopped';
      if (calendar.takenCount >= progressAt) {
        progressAt = calendar.takenCount + progressEvery;
        options.onProgress?.(this.now);
        if (options.abort?.aborted === true) return 'aborted';
        if (this.#isStopped) return 'stopped';
      }
      this.#lookAt = Math.min(calendar.takenCount + lookEvery, progressAt, this.#eventLimit);
    }
  }

  #begin(what: string): void {
    if (this.#isRunning)
      throw new RangeError(`${what}: the simulation is already running; a handler cannot run it again`);
    this.#isRunning = true;
  }

  #addKind(name: string, handler: Handler): number {
    this.#names.push(name);
    return this.#handlers.push(handler) - 1;
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

  #failAsLivelocked(kind: number): never {
    this.#calendar.takenCount--;
    const limit = this.#eventsAtInstantLimit;
    throw new SimulationError(`more than ${limit} events at one instant, the next is "${this.#names[kind]}"`);
  }

  #failAtLimit(): never {
    this.#calendar.takenCount--;
    throw new SimulationError(`event limit of ${this.#eventLimit} reached`);
  }

  /** A broken invariant learns when it was broken; whatever else a handler throws passes through as it is. */
  #located(error: unknown): unknown {
    if (error instanceof SimulationError) {
      error.locate({
        timeSeconds: this.#calendar.now / 1_000_000,
        eventCount: this.#calendar.takenCount,
        seed: this.seed,
        replication: this.replication,
      });
    }
    return error;
  }
}

function always(): boolean {
  return true;
}

function positive(name: string, value: number): number {
  if (!(value > 0)) throw new RangeError(`${name} must be > 0, got ${value}`);
  return value;
}
