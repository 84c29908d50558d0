/**
 * SIGTERM to an API server (apiserver `pkg/server/genericapiserver.go`): /readyz turns red at once while everything goes on
 * being served; after `--shutdown-delay-duration` nothing new is taken; what is inside may finish within the request
 * timeout; then the process exits. Two ways to treat late arrivals: by default the listener is closed and HTTP/2
 * connections get GOAWAY, so clients dial again and the balancer sends them elsewhere; with `--shutdown-send-retry-after`
 * they are answered 429, Retry-After 5, connection close, until everything is drained. Watches end one after another over
 * `--shutdown-watch-termination-grace-period`, so that their clients do not come back all at once; which of them is next is
 * arbitrary upstream, and the order of the watch cache here.
 *
 *   serving --SIGTERM--> announced --delay--> closing --drained, watches ended, or time over--> exit
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  noEvent,
  noTime,
  seconds,
  type Simulation,
} from '@brownout/core';

/** Flags of a graceful shutdown. */
export interface ShutdownOptions {
  /** `--shutdown-delay-duration`, default 0. */
  readonly delay?: Duration;
  /** `--shutdown-send-retry-after`, default false. */
  readonly sendRetryAfter?: boolean;
  /** `--shutdown-watch-termination-grace-period`, default 0: watches are cut at the exit; else ended one by one first. */
  readonly watchGrace?: Duration;
  /** The kubelet's `terminationGracePeriodSeconds`: SIGKILL after so long; default none, 30 s for static pods. */
  readonly terminationGrace?: Duration;
}

/** What a shutdown does to its process. */
export interface ShutdownSteps {
  /** /readyz is red from now on. */
  announce(): void;
  /** Nothing new is taken; late arrivals are answered 429 with this Retry-After, or -1 = not at all. */
  close(retryAfterSeconds: number): void;
  /** Ends one open watch; false when there is none. Absent = watches are a number that is waited for. */
  endWatch?(): boolean;
  /** Calls back once nothing is inside any more. */
  whenEmpty(then: () => void): void;
  exit(): void;
}

/** Seconds that late arrivals are told to wait (apiserver `pkg/server/filters/with_retry_after.go`). */
const LATE_RETRY_AFTER = 5;
/** Watches ended per second at the least (`genericapiserver.go`). */
const LEAST_WATCH_PACE = 200;

/** The shutdown of one process. */
export class GracefulShutdown {
  readonly #simulation: Simulation;
  readonly #options: ShutdownOptions;
  readonly #requestTimeout: Duration;
  readonly #steps: ShutdownSteps;
  readonly #closes: EventType;
  readonly #isOver: EventType;
  readonly #watchesEnded: EventType;
  readonly #endsOne: EventType;
  #stage: 'serving' | 'announced' | 'closing' = 'serving';
  #watches = 0;
  /** Watches ended one by one so far, and time from one to the next. */
  #ended = 0;
  #gap = 0;
  #hasGrace = false;
  #isEmpty = false;
  #haveWatchesEnded = false;
  #closing: EventHandle = noEvent;
  #over: EventHandle = noEvent;
  #ending: EventHandle = noEvent;

  constructor(
    simulation: Simulation,
    name: string,
    options: ShutdownOptions & { readonly requestTimeout: Duration },
    steps: ShutdownSteps,
  ) {
    this.#simulation = simulation;
    this.#options = options;
    this.#requestTimeout = options.requestTimeout;
    this.#steps = steps;
    this.#closes = simulation.event(`${name} closes`, () => this.#close());
    this.#watchesEnded = simulation.event(`${name} watches ended`, () => this.#watchesHaveEnded());
    this.#endsOne = simulation.event(`${name} ends a watch`, () => this.#endOne());
    this.#isOver = simulation.event(`${name} exits`, () => this.#steps.exit());
  }

  /** Whether /readyz answers no. */
  get isUnderWay(): boolean {
    return this.#stage !== 'serving';
  }

  /** Whether new connections are refused and old ones told to go away. */
  get hasStoppedListening(): boolean {
    return this.#stage === 'closing' && this.#options.sendRetryAfter !== true;
  }

  /** SIGTERM; `watches` are open on it. Does nothing the second time. SIGKILL follows after `grace`, if that is given. */
  begin(watches: number, grace?: Duration): void {
    if (this.isUnderWay) return;
    const { delay = noTime, terminationGrace = grace } = this.#options;
    this.#stage = 'announced';
    this.#watches = watches;
    this.#steps.announce();
    if (terminationGrace !== undefined) this.#over = this.#isOver.after(terminationGrace);
    this.#hasGrace = terminationGrace !== undefined;
    this.#closing = this.#closes.after(delay);
  }

  /** The process is gone. */
  forget(): void {
    for (const event of [this.#closing, this.#over, this.#ending]) this.#simulation.cancel(event);
    this.#stage = 'serving';
    this.#isEmpty = false;
    this.#haveWatchesEnded = false;
  }

  #close(): void {
    const { sendRetryAfter = false, watchGrace = noTime } = this.#options;
    this.#stage = 'closing';
    this.#steps.close(sendRetryAfter ? LATE_RETRY_AFTER : -1);
    const pace = watchGrace === noTime ? Infinity : Math.max(LEAST_WATCH_PACE, (this.#watches * SECOND) / watchGrace);
    this.#gap = SECOND / pace;
    this.#ended = 0;
    if (this.#gap > 0 && this.#steps.endWatch !== undefined) this.#endOneLater();
    else this.#ending = this.#watchesEnded.after(Math.round((this.#watches * SECOND) / pace) as Duration);
    if (!this.#hasGrace) this.#over = this.#isOver.after(this.#requestTimeout);
    this.#steps.whenEmpty(() => {
      this.#isEmpty = true;
      this.#exitIfDone();
    });
  }

  /** The next of them, at an even pace that whole microseconds do not shift. */
  #endOneLater(): void {
    const gap = Math.round((this.#ended + 1) * this.#gap) - Math.round(this.#ended * this.#gap);
    this.#ending = this.#endsOne.after(gap as Duration);
  }

  /** Those that end by themselves meanwhile, or are opened late, make it shorter or longer; the grace bounds it. */
  #endOne(): void {
    if (this.#watches === 0 || this.#steps.endWatch?.() !== true) {
      this.#watchesHaveEnded();
      return;
    }
    this.#ended++;
    if (this.#ended < this.#watches) this.#endOneLater();
    else this.#watchesHaveEnded();
  }

  #watchesHaveEnded(): void {
    this.#haveWatchesEnded = true;
    this.#exitIfDone();
  }

  /** Never inside a step of a request: the exit is an event of its own. */
  #exitIfDone(): void {
    if (!this.#isEmpty || !this.#haveWatchesEnded) return;
    this.#simulation.cancel(this.#over);
    this.#over = this.#isOver.after(noTime);
  }
}

const SECOND = seconds(1);
