/**
 * Deadlines: instants up to which somebody waits. A timeout is a duration and belongs to one hop; a deadline is an
 * instant and can be handed on, which is why sub-requests inherit deadlines and not timeouts (gRPC, "Deadlines"; SRE
 * Book, "Addressing Cascading Failures": 30 s at A, 7 s used, so 23 s for B, 4 s used, so 19 s for C).
 *
 * The timer only tells the caller. What the server still does for a caller that has gone is the model's decision: it
 * can look at `table.deadlineOf(attempt)`, `table.remaining` or `table.isWanted` before it goes on.
 *
 * At equal instants the deadline comes before the answer: its events are of the first priority and were scheduled when
 * the attempt was sent. An answer at the very instant of the deadline is late.
 */
import type { EventHandle, EventType, Simulation, TimeoutType } from '../simulation.ts';
import { forever, plus, type Duration, type Instant } from '../time.ts';

/** An instant that never comes: the deadline of a request that has none. */
export const noDeadline: Instant = forever as number as Instant;

/** The deadline of somebody who waits for `timeout` from `now` on; `forever` gives `noDeadline`. */
export function deadlineAfter(now: Instant, timeout: Duration): Instant {
  return timeout === forever ? noDeadline : plus(now, timeout);
}

/** The earlier of two deadlines: how a deadline propagates. */
export function earlier(one: Instant, other: Instant): Instant {
  return one < other ? one : other;
}

/**
 * Tells when deadlines have passed. Most timers of one caller run for one constant delay and are cancelled; those are
 * kept in the clock's ring for constant delays, all others in the ordinary calendar.
 */
export class DeadlineTimer {
  readonly #simulation: Simulation;
  readonly #usual: Duration;
  readonly #inLine: TimeoutType | undefined;
  readonly #alone: EventType;

  /** `usual` is the delay most timers run for; `forever` when there is none. */
  constructor(simulation: Simulation, name: string, usual: Duration, onPassed: (argument: number) => void) {
    this.#simulation = simulation;
    this.#usual = usual;
    this.#inLine = usual === forever ? undefined : simulation.timeout(name, usual, onPassed, 'release');
    this.#alone = simulation.event(name, onPassed, 'release');
  }

  /** Calls `onPassed(argument)` at `deadline` unless the handle is cancelled. */
  startUntil(deadline: Instant, argument: number): EventHandle {
    if (this.#inLine !== undefined && deadline - this.#simulation.now === this.#usual)
      return this.#inLine.start(argument);
    return this.#alone.at(deadline, argument);
  }
}
