import { SimulationError } from './errors.ts';
import { Signal, type Awaitable, type SignalWaiter } from './signal.ts';
import { noEvent, type EventHandle, type EventType, type Simulation } from './simulation.ts';
import { forever, noTime, type Duration } from './time.ts';

/**
 * A process is a generator: it yields a duration to let time pass, or a wait to be resumed by signals. It runs between
 * events of the one calendar, so nothing happens behind its back and no promise is involved.
 *
 *   function* heartbeat(lease: Lease): Process {
 *     for (;;) { yield delay(seconds(10)); lease.renew(); }
 *   }
 */
export type Process = Generator<Duration | Wait, void, number>;

/** What a waiting process is resumed by. Made by `waitFor`, `waitForAny`, `waitForAll` and `suspended`. */
export interface Wait {
  readonly signals: readonly Awaitable[];
  readonly timeout: Duration;
  readonly needsAll: boolean;
}

/** The result of a wait whose timeout came first. */
export const timedOut = -1;

/** Yielded to sleep until somebody calls `wake()` on the process. */
export const suspended: Wait = { signals: [], timeout: forever, needsAll: false };

/** Yielded to let `duration` pass; the identity function, kept because `yield delay(seconds(3))` reads aloud. */
export function delay(duration: Duration): Duration {
  return duration;
}

/**
 * `yield* waitFor(signal, timeout)`: true when the signal fired, false when the timeout came first. When both happen at
 * one instant, what was scheduled first wins, as with any two events.
 */
export function* waitFor(signal: Awaitable, timeout: Duration = forever): Generator<Wait, boolean, number> {
  if (signal.isFired) return true;
  return (yield { signals: [signal], timeout, needsAll: false }) !== timedOut;
}

/** `yield* waitForAny(signals, timeout)`: the index of the first signal that fired, or `timedOut`. */
export function* waitForAny(
  signals: readonly Awaitable[],
  timeout: Duration = forever,
): Generator<Wait, number, number> {
  const already = signals.findIndex((signal) => signal.isFired);
  if (already >= 0) return already;
  return yield { signals, timeout, needsAll: false };
}

/** `yield* waitForAll(signals, timeout)`: true when all have fired, false when the timeout came first. */
export function* waitForAll(
  signals: readonly Awaitable[],
  timeout: Duration = forever,
): Generator<Wait, boolean, number> {
  const missing = [...new Set(signals)].filter((signal) => !signal.isFired);
  if (missing.length === 0) return true;
  return (yield { signals: missing, timeout, needsAll: true }) !== timedOut;
}

/** Starts a process at the current instant, after the event in progress. */
export function spawn(simulation: Simulation, name: string, body: Process): ProcessHandle {
  return new ProcessHandle(simulation, name, body);
}

/** The running processes of one simulation. All are resumed by one kind of event, whose argument is the place here. */
interface ProcessTable {
  readonly resume: EventType;
  readonly places: (ProcessHandle | undefined)[];
  readonly freePlaces: number[];
}

/** A running process: it can be woken, stopped and waited for. */
export class ProcessHandle implements SignalWaiter {
  static readonly #tables: WeakMap<Simulation, ProcessTable> = new WeakMap();

  readonly name: string;
  /** Fires when the process returns or is stopped. */
  readonly ended: Signal;
  readonly #simulation: Simulation;
  readonly #table: ProcessTable;
  readonly #resume: EventType;
  readonly #body: Process;
  /** Place in the table; -1 once the process is over. */
  #place: number;
  #wait: Wait | undefined;
  #missing = 0;
  /** The event that will resume the process, and what its `yield` will then evaluate to. Without an event and without
   *  a wait the process is executing. */
  #pending: EventHandle = noEvent;
  #result = 0;

  constructor(simulation: Simulation, name: string, body: Process) {
    this.name = name;
    this.ended = new Signal(`${name} ended`);
    this.#simulation = simulation;
    this.#table = ProcessHandle.#tableOf(simulation);
    this.#resume = this.#table.resume;
    this.#body = body;
    this.#place = this.#table.freePlaces.pop() ?? this.#table.places.length;
    this.#table.places[this.#place] = this;
    this.#pending = this.#resume.after(noTime, this.#place);
  }

  /** Resumes a process that yielded `suspended`, at the current instant. False when it is not suspended. */
  wake(): boolean {
    if (this.#wait !== suspended) return false;
    this.#finishWait(0);
    return true;
  }

  /**
   * Ends the process where it stands; its `finally` blocks run, and must not yield. False when it has already ended. A
   * process cannot stop itself: it returns.
   */
  stop(): boolean {
    if (this.#place < 0) return false;
    const isExecuting = this.#pending === noEvent && this.#wait === undefined;
    if (isExecuting) throw new RangeError(`process "${this.name}": cannot stop itself; return from its body instead`);
    this.#simulation.cancel(this.#pending);
    this.#pending = noEvent;
    this.#leaveWait();
    const last = this.#body.return();
    if (last.done !== true)
      throw new SimulationError(`process "${this.name}": yielded in a finally block while being stopped`);
    this.#leaveTable();
    this.ended.fire();
    return true;
  }

  /** Part of the contract with `Signal`; not for users. */
  signalFired(place: number): void {
    if (this.#wait?.needsAll === true && --this.#missing > 0) return;
    this.#finishWait(place);
  }

  static #tableOf(simulation: Simulation): ProcessTable {
    const known = ProcessHandle.#tables.get(simulation);
    if (known !== undefined) return known;
    const places: (ProcessHandle | undefined)[] = [];
    const resume = simulation.event('process', (place) => places[place]!.#advance());
    const table: ProcessTable = { resume, places, freePlaces: [] };
    ProcessHandle.#tables.set(simulation, table);
    return table;
  }

  #advance(): void {
    this.#pending = noEvent;
    if (this.#wait !== undefined) this.#leaveWait();
    let next: IteratorResult<Duration | Wait, void>;
    try {
      next = this.#body.next(this.#result);
    } catch (error) {
      this.#leaveTable();
      throw error;
    }
    if (next.done === true) {
      this.#leaveTable();
      this.ended.fire();
    } else if (typeof next.value === 'number') {
      this.#result = 0;
      this.#pending = this.#resumeAfter(next.value, 'delay');
    } else {
      this.#enterWait(next.value);
    }
  }

  #enterWait(wait: Wait): void {
    if (!Array.isArray(wait?.signals)) {
      throw new TypeError(
        `process "${this.name}": expected yield delay(...), yield suspended or yield* waitFor...(...), got ${String(wait)}`,
      );
    }
    this.#wait = wait;
    this.#missing = wait.signals.length;
    for (let i = 0; i < wait.signals.length; i++) wait.signals[i]!.addWaiter(this, i);
    this.#result = timedOut;
    if (wait.timeout !== forever) this.#pending = this.#resumeAfter(wait.timeout, 'timeout');
  }

  #leaveWait(): void {
    if (this.#wait !== undefined) for (const signal of this.#wait.signals) signal.removeWaiter(this);
    this.#wait = undefined;
  }

  #finishWait(result: number): void {
    this.#simulation.cancel(this.#pending);
    this.#leaveWait();
    this.#result = result;
    this.#pending = this.#resume.after(noTime, this.#place);
  }

  #resumeAfter(duration: Duration, what: string): EventHandle {
    if (!(duration >= 0 && duration < Infinity) || duration !== Math.floor(duration)) {
      throw new RangeError(
        `process "${this.name}": ${what} must be a whole number of microseconds >= 0, got ${duration}`,
      );
    }
    return this.#resume.after(duration, this.#place);
  }

  #leaveTable(): void {
    this.#table.places[this.#place] = undefined;
    this.#table.freePlaces.push(this.#place);
    this.#place = -1;
  }
}
