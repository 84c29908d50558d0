import { noEvent, type EventHandle, type EventType, type Simulation } from './simulation.ts';
import { Signal, type Awaitable, type SignalWaiter } from './signal.ts';
import { forever, type Duration } from './time.ts';

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

/** `yield* waitFor(signal, timeout)`: true when the signal fired, false when the timeout came first. */
export function* waitFor(signal: Awaitable, timeout: Duration = forever): Generator<Wait, boolean, number> {
  if (signal.isFired) return true;
  return (yield { signals: [signal], timeout, needsAll: false }) !== timedOut;
}

/** `yield* waitForAny(signals, timeout)`: the index of the first signal that fired, or `timedOut`. */
export function* waitForAny(signals: readonly Awaitable[], timeout: Duration = forever): Generator<Wait, number, number> {
  const already = signals.findIndex((signal) => signal.isFired);
  if (already >= 0) return already;
  return yield { signals, timeout, needsAll: false };
}

/** `yield* waitForAll(signals, timeout)`: true when all have fired, false when the timeout came first. */
export function* waitForAll(signals: readonly Awaitable[], timeout: Duration = forever): Generator<Wait, boolean, number> {
  const missing = signals.filter((signal) => !signal.isFired);
  if (missing.length === 0) return true;
  return (yield { signals: missing, timeout, needsAll: true }) !== timedOut;
}

/** Starts a process at the current instant, after the event in progress. */
export function spawn(simulation: Simulation, name: string, body: Process): ProcessHandle {
  return new ProcessHandle(simulation, name, body);
}

/** A running process: it can be woken, stopped and waited for. */
export class ProcessHandle implements SignalWaiter {
  readonly name: string;
  /** Fires when the process returns or is stopped. */
  readonly ended: Signal;
  readonly #simulation: Simulation;
  readonly #body: Process;
  readonly #resume: EventType;
  #wait: Wait | undefined;
  #missing = 0;
  #pending: EventHandle = noEvent;

  constructor(simulation: Simulation, name: string, body: Process) {
    this.name = name;
    this.ended = new Signal(`${name} ended`);
    this.#simulation = simulation;
    this.#body = body;
    this.#resume = simulation.event(name, (result) => this.#advance(result));
    this.#pending = this.#resume.after(0 as Duration, 0);
  }

  /** Resumes a process that yielded `suspended`, at the current instant. False when it is not suspended. */
  wake(): boolean {
    if (this.#wait !== suspended) return false;
    this.#finishWait(0);
    return true;
  }

  /** Ends the process where it stands; its `finally` blocks run. False when it has already ended. */
  stop(): boolean {
    if (this.ended.isFired) return false;
    this.#simulation.cancel(this.#pending);
    this.#leaveWait();
    this.#body.return();
    this.ended.fire();
    return true;
  }

  /** Part of the contract with `Signal`; not for users. */
  signalFired(place: number): void {
    if (this.#wait?.needsAll === true && --this.#missing > 0) return;
    this.#finishWait(place);
  }

  #advance(result: number): void {
    this.#pending = noEvent;
    if (this.#wait !== undefined) this.#leaveWait();
    const next = this.#body.next(result);
    if (next.done === true) this.ended.fire();
    else if (typeof next.value === 'number') this.#pending = this.#resume.after(next.value, 0);
    else this.#enterWait(next.value);
  }

  #enterWait(wait: Wait): void {
    this.#wait = wait;
    this.#missing = wait.signals.length;
    for (let i = 0; i < wait.signals.length; i++) wait.signals[i]!.addWaiter(this, i);
    if (wait.timeout !== forever) this.#pending = this.#resume.after(wait.timeout, timedOut);
  }

  #leaveWait(): void {
    if (this.#wait !== undefined) for (const signal of this.#wait.signals) signal.removeWaiter(this);
    this.#wait = undefined;
  }

  #finishWait(result: number): void {
    this.#simulation.cancel(this.#pending);
    this.#leaveWait();
    this.#pending = this.#resume.after(0 as Duration, result);
  }
}
