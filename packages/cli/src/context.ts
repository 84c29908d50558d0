import type { RunInBackground } from './background-run.ts';
import type { PoolOptions, RunPool } from './pool/pool.ts';

/**
 * What a command gets from the process it runs in. Tests hand in their own, so commands run in-process without touching a
 * terminal.
 */

/** A place to write text to. */
export interface Sink {
  write(text: string): void;
  /** True for a terminal that people look at. */
  readonly isTerminal: boolean;
  /** Its width in characters, if it is a terminal and knows it. */
  readonly columns: number | undefined;
}

/** Where people type, for commands that talk with them. */
export interface Keyboard {
  readonly input: NodeJS.ReadableStream;
  /** The terminal that shows what is typed; undefined where there is none. */
  readonly output: NodeJS.WritableStream | undefined;
  readonly isTerminal: boolean;
}

/** The surroundings of one invocation. */
export interface CommandContext {
  /** Results only. */
  readonly stdout: Sink;
  /** Messages and progress. */
  readonly stderr: Sink;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly folder: string;
  /** Absent where nobody types: a command that needs it says so. */
  readonly keyboard?: Keyboard;
  /** Runs a scenario away from this thread. */
  readonly run: RunInBackground;
  /** Makes threads for many runs. */
  readonly createPool: (options: PoolOptions) => Promise<RunPool>;
  /** Calls `listener` at an interrupt (Ctrl-C) until the returned function is called. A second one may end the process. */
  onInterrupt(listener: () => void): () => void;
  /** The same for a request to end in an orderly way (SIGTERM), as Kubernetes sends it before it kills. */
  onTerminate(listener: () => void): () => void;
}
