/**
 * The life of one API server process as the kubelet of its machine sees it: it runs, dies, waits out its back-off, is
 * started, does what it must before it may serve, and is ready.
 *
 *   ready --died--> waiting to restart --back-off--> starting --start time--> start-up work --done--> ready
 *     \----lost---> absent (its machine is gone) --------return----^
 */
import { type Duration, type EventHandle, type EventType, noEvent, type Simulation, type Stream } from '@brownout/core';
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

type State = 'ready' | 'starting' | 'waiting-to-restart' | 'absent';

/** State and restarts of one process; it is ready when made. */
export class ProcessLife {
  /** Counts the lives of the process: a connection made in an earlier life is broken. */
  number = 1;
  readonly #simulation: Simulation;
  readonly #startTime: Duration;
  readonly #backoff: CrashBackoff;
  readonly #looks: Stream;
  readonly #work: StartUpWork;
  readonly #onReady: () => void;
  readonly #restart: EventType;
  readonly #started: EventType;
  #restartEvent: EventHandle = noEvent;
  #startedEvent: EventHandle = noEvent;
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
    this.#looks = simulation.streams.get(`${name}/kubelet-sync`);
    this.#work = parts.work;
    this.#onReady = parts.onReady;
    this.#restart = simulation.event(`${name} restart`, () => this.#start());
    this.#started = simulation.event(`${name} started`, () => this.#work.begin());
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Whether there is a process that has not become ready yet. */
  get isStarting(): boolean {
    return this.#state === 'starting';
  }

  /** Whether there is no process at all at the moment. */
  get isGone(): boolean {
    return this.#state === 'waiting-to-restart' || this.#state === 'absent';
  }

  /** Whether its machine is gone, and with it whoever would start it again. */
  get isAbsent(): boolean {
    return this.#state === 'absent';
  }

  /** The process died; the kubelet starts it again after its back-off. */
  died(): void {
    this.stopped(this.#backoff.diedUnnoticed(this.#simulation.now, this.#looks));
  }

  /** The process ended as it was told to; it is started again after `wait`, and no back-off remembers it. */
  stopped(wait: Duration): void {
    this.connectionsBroke();
    this.#state = 'waiting-to-restart';
    this.#simulation.cancel(this.#startedEvent);
    this.#work.giveUp();
    this.#restartEvent = this.#restart.after(wait);
  }

  /** Its machine is gone. Nobody is told: connections are dead, but look alive until somebody notices. */
  lost(): void {
    this.#simulation.cancel(this.#restartEvent);
    this.#state = 'absent';
    this.#work.giveUp();
    this.#simulation.cancel(this.#startedEvent);
  }

  /** Its machine is back and starts it. */
  returned(): void {
    this.#backoff.forget();
    this.#start();
  }

  /** Clients find their connections broken. */
  connectionsBroke(): void {
    this.number++;
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
    this.#startedEvent = this.#started.after(this.#startTime);
  }
}
