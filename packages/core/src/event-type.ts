import type { Calendar } from './calendar.ts';
import type { Duration, Instant } from './time.ts';

/** The kinds of events a simulation makes: the door to the calendar, where delays and arguments are checked. */
declare const handleBrand: unique symbol;

/** Names one scheduled event. Stays valid as a value after the event ran: cancelling it then returns false. */
export type EventHandle = number & { readonly [handleBrand]: 'event' };

/** A handle that names no event. No whole number, so that a field which begins with it holds doubles, as handles come to be. */
export const noEvent: EventHandle = -0.5 as EventHandle;

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

/** What `Simulation.event` makes. */
export class PlainEventType implements EventType {
  readonly name: string;
  readonly #calendar: Calendar;
  readonly #kind: number = 0;
  readonly #rank: number = 0;

  constructor(calendar: Calendar, name: string, kind: number, priority: Priority) {
    this.name = name;
    this.#calendar = calendar;
    this.#kind = kind;
    this.#rank = rankOf(priority);
  }

  after(delay: Duration, argument = 0): EventHandle {
    const calendar = this.#calendar;
    if (!(delay >= 0 && calendar.now + delay <= Number.MAX_SAFE_INTEGER) || delay !== Math.floor(delay)) {
      badTime(this.name, calendar.now + delay, calendar.now);
    }
    if (argument !== (argument | 0)) badArgument(this.name, argument);
    return calendar.handleOf(calendar.pushAfter(delay, this.#rank, this.#kind, argument)) as EventHandle;
  }

  at(instant: Instant, argument = 0): EventHandle {
    return this.after((instant - this.#calendar.now) as Duration, argument);
  }
}

/** What `Simulation.timeout` makes. */
export class LinedEventType implements TimeoutType {
  readonly name: string;
  readonly delay: Duration;
  readonly #calendar: Calendar;
  readonly #line: number = 0;
  readonly #rank: number = 0;

  constructor(calendar: Calendar, name: string, kind: number, delay: Duration, priority: Priority) {
    if (!Number.isSafeInteger(delay) || delay < 0) {
      throw new RangeError(`timeout "${name}": delay must be a whole number of microseconds >= 0, got ${delay}`);
    }
    this.name = name;
    this.delay = delay;
    this.#calendar = calendar;
    this.#line = calendar.addLine(kind);
    this.#rank = rankOf(priority);
  }

  start(argument = 0): EventHandle {
    const calendar = this.#calendar;
    if (calendar.now + this.delay > Number.MAX_SAFE_INTEGER)
      badTime(this.name, calendar.now + this.delay, calendar.now);
    if (argument !== (argument | 0)) badArgument(this.name, argument);
    return calendar.handleOf(calendar.pushToLine(this.#line, this.delay, this.#rank, argument)) as EventHandle;
  }
}

/** The place of a priority among events at one instant. */
export function rankOf(priority: Priority): number {
  return PRIORITIES.indexOf(priority);
}

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
