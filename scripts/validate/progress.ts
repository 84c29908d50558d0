/** How far the work is: one line, rewritten in place on a terminal and repeated now and then elsewhere. */

/** Where lines go. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly write: (text: string) => void;
}

/** Elsewhere than on a terminal a line comes at most this often, in milliseconds. */
const quietly = 30_000;

/** Counts runs and says when they will be done. */
export class Progress {
  readonly #screen: Screen;
  readonly #total: number;
  readonly #threads: number;
  readonly #now: () => number;
  readonly #began: number;
  #shown = -Infinity;
  #done = 0;
  #runSeconds = 0;

  /** `total` runs on so many threads; `now` gives milliseconds. */
  constructor(
    screen: Screen,
    work: { readonly total: number; readonly threads: number },
    now: () => number = () => performance.now(),
  ) {
    this.#screen = screen;
    this.#total = work.total;
    this.#threads = work.threads;
    this.#now = now;
    this.#began = now();
  }

  /** A run is made. */
  finished(what: string, seconds: number): void {
    this.#done += 1;
    this.#runSeconds += seconds;
    const now = this.#now();
    const isLast = this.#done === this.#total;
    if (!this.#screen.isTerminal && !isLast && now - this.#shown < quietly) return;
    this.#shown = now;
    const left = ((this.#total - this.#done) * this.#runSeconds) / this.#done / this.#threads;
    const end = isLast ? `all done in ${spanText((now - this.#began) / 1000)}` : `about ${spanText(left)} left`;
    const line = `[${this.#done}/${this.#total}] ${what}: ${seconds.toFixed(1)} s; ${end}`;
    this.#screen.write(this.#screen.isTerminal ? `\r${line}\u001b[K${isLast ? '\n' : ''}` : `${line}\n`);
  }

  /** Something else is to be said: on a line of its own. */
  say(text: string): void {
    this.#screen.write(this.#screen.isTerminal ? `\r\u001b[K${text}\n` : `${text}\n`);
  }
}

/** `45 s`, `12 min`, `3 h 5 min`. */
export function spanText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
