/** Long work in turns: between two of them a worker hears what the page says, such as that nobody wants the answer any more. */

/** Given to everything that takes long. */
export interface Turns {
  /** Whether the work was given up; looked at after each turn. */
  readonly isAborted: boolean;
  /** Lets everything waiting be heard; no slower than it has to be. */
  take(): Promise<void>;
}

/** How long a turn should be, in milliseconds: short enough to be given up at once, long enough to be no burden. */
export const turnMilliseconds = 40;

/** Turns of one task. */
export class TaskTurns implements Turns {
  /** Called with what the page tells a task under way. */
  hear: (message: unknown) => void = () => {};
  readonly #channel: MessageChannel = new MessageChannel();
  #go: (() => void) | undefined;
  #isAborted = false;
  #isHeld = false;
  /** Whether a turn is over that nobody has let go on yet. */
  #isStopped = false;

  constructor() {
    this.#channel.port1.onmessage = () => {
      if (this.#isHeld && !this.#isAborted) this.#isStopped = true;
      else this.#go?.();
    };
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  abort(): void {
    this.#isAborted = true;
    this.#letGo();
  }

  /** Nothing is done after the present turn, until it is let go on. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld) this.#letGo();
  }

  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#go = resolve;
      this.#channel.port2.postMessage(null);
    });
  }

  #letGo(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#go?.();
  }
}
