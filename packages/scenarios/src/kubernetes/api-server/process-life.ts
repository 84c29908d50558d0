/**
 * The life of one API server process as the kubelet of its machine sees it: it runs, dies, waits out its back-off, is
 * started, does what it must before it may serve, and is ready.
 *
 *   ready --died--> waiting to restart --back-off--> starting --start time--> start-up work --done--> ready
 */
import { type Duration, type EventHandle, type EventType, noEvent, type Simulation } from '@brownout/core';
import { CrashBackoff, type CrashBackoffOptions } from './crash-backoff.ts';

/** What a new process does before it is ready, such as filling its watch cache. */
export interface StartUpWork {
  /** The process runs its first instruction; `ProcessLife.becomeReady` follows when the work is done. */
  begin(): void;
  /** The process died; nobody waits for the work any more. Also called when none is under way. */
  giveUp(): void;
}

/** Timings of one process. */
export interface ProcessLifeOptions extends CrashBackoffOptions {
  /** From exec to the first instruction that serves: image present, flags parsed, hooks run. */
  readonly startTime: Duration;
}

type State = 'ready' | 'starting' | 'waiting-to-restart';

/** State and restarts of one process; it is ready when made. */
export class ProcessLife {
  /** Counts the lives of the process: a connection made in an earlier life is broken. */
  number = 1;
  readonly #simulation: Simulation;
  readonly #startTime: Duration;
  readonly #backoff: CrashBackoff;
  readonly #work: StartUpWork;
  readonly #onReady: () => void;
  readonly #restart: EventType;
  readonly #started: EventType;
  #restartEvent: EventHandle = noEvent;
  #state: State = 'ready';

  constructor(
    simulation: Simulation,
    name: string,
    options: ProcessLifeOptions,
    parts: { readonly work: StartUpWork; readonly onReady: () => void },
  ) {
    this.#simulation = simulation;
    this.#startTime = options.startTime;
    this.#backoff = new CrashBackoff(options);
    this.#work = parts.work;
    this.#onReady = parts.onReady;
    this.#restart = simulation.event(`${name} restart`, () => this.#start());
    this.#started = simulation.event(`${name} started`, (life) => this.#begin(life));
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Whether there is no process at all at the moment. */
  get isGone(): boolean {
    return this.#state === 'waiting-to-restart';
  }

  /** The process died; the kubelet starts it again after its back-off. */
  died(): void {
    this.number++;
    this.#state = 'waiting-to-restart';
    this.#work.giveUp();
    this.#restartEvent = this.#restart.after(this.#backoff.died(this.#simulation.now));
  }

  /** It is on a new machine now: earlier deaths are forgotten, and a dead process is started at once. */
  moveToNewMachine(): void {
    this.#backoff.forget();
    if (this.#simulation.cancel(this.#restartEvent)) this.#start();
  }

  /** Its start-up work is done. */
  becomeReady(): void {
    this.#state = 'ready';
    this.#onReady();
  }

  #start(): void {
    this.#state = 'starting';
    this.#backoff.started(this.#simulation.now);
    this.#started.after(this.#startTime, this.number);
  }

  #begin(life: number): void {
    if (life === this.number) this.#work.begin();
  }
}
