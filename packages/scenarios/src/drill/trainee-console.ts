/** The console of one trainee: its scrollback, the context it has chosen, and the one command that may be under way. */
import type { ConsoleText, PlannedStep } from './console/command.ts';
import type { ConsoleLine, ConsoleView } from './drill-view.ts';

/** Entries kept; older ones scroll away. */
const MOST_LINES = 300;
/** Characters of one entry at most. */
const LONGEST_TEXT = 20_000;

/** What waits for answers. */
interface Running {
  readonly line: string;
  readonly since: number;
  /** Steps by the id of their action. */
  readonly waiting: Map<number, PlannedStep>;
  /** When it gives up on its own; Infinity = never. */
  readonly deadline: number;
  readonly impatience: string;
}

/** See the head of this file. */
export class TraineeConsole {
  context: string | null = null;
  readonly #lines: ConsoleLine[] = [];
  #running: Running | undefined;

  /** Whether a command has not come back yet. */
  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** The command that is under way. */
  get runningLine(): string | undefined {
    return this.#running?.line;
  }

  /** When the command gives up on its own, in seconds after the trigger; Infinity without one. */
  get deadline(): number {
    return this.#running?.deadline ?? Infinity;
  }

  /** A line as it was typed. */
  typed(t: number, line: string): void {
    this.#push({ t, kind: 'in', text: line });
  }

  /** Something printed. */
  print(t: number, { text, isError }: ConsoleText): void {
    if (text === '') return;
    const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}\n...` : text;
    this.#push({ t, kind: isError ? 'error' : 'out', text: shown });
  }

  /** A command begins to wait for its answers. */
  begin(t: number, line: string, patience: { readonly seconds?: number; readonly text?: string }): void {
    this.#running = {
      line,
      since: t,
      waiting: new Map(),
      deadline: t + (patience.seconds ?? Infinity),
      impatience: patience.text ?? '',
    };
  }

  /** The command that has begun waits for the answer of this action. */
  await(id: number, step: PlannedStep): void {
    this.#running!.waiting.set(id, step);
  }

  /** The step that an answer is for; undefined when nobody here waits for it. The last one ends the command. */
  answered(id: number): PlannedStep | undefined {
    const step = this.#running?.waiting.get(id);
    if (step === undefined) return undefined;
    this.#running!.waiting.delete(id);
    if (this.#running!.waiting.size === 0) this.#running = undefined;
    return step;
  }

  /** `--request-timeout` has passed. */
  giveUp(t: number): void {
    const { impatience } = this.#running!;
    this.#running = undefined;
    this.print(t, { text: impatience, isError: true });
  }

  /** ^C; false when nothing runs. What was asked for goes on without anybody waiting. */
  interrupt(t: number): boolean {
    if (this.#running === undefined) return false;
    this.#running = undefined;
    this.print(t, { text: '^C', isError: false });
    return true;
  }

  /** Empties the screen. */
  clear(): void {
    this.#lines.length = 0;
  }

  /** As a trainee sees it. */
  view(): ConsoleView {
    const running = this.#running;
    return {
      lines: [...this.#lines],
      running: running === undefined ? null : { line: running.line, since: running.since },
      context: this.context,
    };
  }

  #push(line: ConsoleLine): void {
    this.#lines.push(line);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
  }
}
