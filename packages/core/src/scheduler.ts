import { Calendar } from './calendar.ts';
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

/** A kind of event with one handler; made once, scheduled often, allocates nothing per event. */
export interface EventType {
  readonly name: string;
  /** Schedules the handler after `delay`; `argument` is a 32-bit integer handed to it, default 0. */
  after(delay: Duration, argument?: number): EventHandle;
  /** Schedules the handler at an instant that is not in the past. */
  at(instant: Instant, argument?: number): EventHandle;
}

/** A kind of event that always comes after the same delay: timeouts, leases, propagation times. */
export interface TimeoutType {
  readonly name: string;
  readonly delay: Duration;
  /** Schedules the handler after the delay; costs the same however many are pending, and so does cancelling it. */
  start(argument?: number): EventHandle;
}

/** The door to the calendar: where the clock stands, the sequence that orders equal times, and the checks. */
export class Scheduler {
  readonly calendar: Calendar = new Calendar();
  /** The current instant, moved by the run loop only. */
  now = 0;
  #sequence = 0;

  schedule(time: number, rank: number, kind: number, argument: number, name: string): EventHandle {
    if (!(time >= this.now && time <= Number.MAX_SAFE_INTEGER) || time !== Math.floor(time)) badTime(name, time, this.now);
    if (argument !== (argument | 0)) badArgument(name, argument);
    return this.calendar.push(time, rank + this.#sequence++, kind, argument) as EventHandle;
  }

  scheduleInLine(line: number, time: number, rank: number, argument: number, name: string): EventHandle {
    if (time > Number.MAX_SAFE_INTEGER) badTime(name, time, this.now);
    if (argument !== (argument | 0)) badArgument(name, argument);
    return this.calendar.pushToLine(line, time, rank + this.#sequence++, argument) as EventHandle;
  }
}

/** What `Simulation.event` makes. */
export class PlainEventType implements EventType {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #kind: number;
  readonly #rank: number;

  constructor(scheduler: Scheduler, name: string, kind: number, priority: Priority) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#kind = kind;
    this.#rank = rankOf(priority);
  }

  after(delay: Duration, argument = 0): EventHandle {
    const scheduler = this.#scheduler;
    return scheduler.schedule(scheduler.now + delay, this.#rank, this.#kind, argument, this.name);
  }

  at(instant: Instant, argument = 0): EventHandle {
    return this.#scheduler.schedule(instant, this.#rank, this.#kind, argument, this.name);
  }
}

/** What `Simulation.timeout` makes. */
export class LinedEventType implements TimeoutType {
  readonly name: string;
  readonly delay: Duration;
  readonly #scheduler: Scheduler;
  readonly #line: number;
  readonly #rank: number;

  constructor(scheduler: Scheduler, name: string, kind: number, delay: Duration, priority: Priority) {
    if (!Number.isSafeInteger(delay) || delay < 0) {
      throw new RangeError(`timeout "${name}": delay must be a whole number of microseconds >= 0, got ${delay}`);
    }
    this.name = name;
    this.delay = delay;
    this.#scheduler = scheduler;
    this.#line = scheduler.calendar.addLine(kind);
    this.#rank = rankOf(priority);
  }

  start(argument = 0): EventHandle {
    const scheduler = this.#scheduler;
    return scheduler.scheduleInLine(this.#line, scheduler.now + this.delay, this.#rank, argument, this.name);
  }
}

/** Priorities and sequence share one number; 2^45 events are a year of running at a million a second. */
export function rankOf(priority: Priority): number {
  return PRIORITIES.indexOf(priority) * SEQUENCE_RANGE;
}

/** 2^45. */
const SEQUENCE_RANGE = 35_184_372_088_832;

const PRIORITIES: readonly Priority[] = ['release', 'ordinary', 'arrival'];

function badTime(name: string, time: number, now: number): never {
  throw new RangeError(
    `event "${name}": expected a whole number of microseconds not before now (${now}), got ${time}; ` +
      'durations come from us(), ms(), seconds()',
  );
}

function badArgument(name: string, argument: number): never {
  throw new RangeError(`event "${name}": argument must be a 32-bit integer, got ${argument}`);
}
