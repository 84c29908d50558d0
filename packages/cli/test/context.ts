/** Surroundings for commands in tests: texts instead of streams, a folder of their own, runs on the test's own thread. */
import { runScenario, type RunResult } from '@brownout/scenarios';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunInBackground } from '../src/background-run.ts';
import type { CommandContext, Keyboard, Sink } from '../src/context.ts';
import { runCommand } from '../src/program.ts';
import { poolHere } from './here.ts';

/** What a test may choose. */
export interface TestOptions {
  readonly run?: RunInBackground;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Receives the function that an interrupt would call. */
  readonly onInterrupt?: (listener: () => void) => void;
  /** Called after each run of a study, with the function that an interrupt would call. */
  readonly onMade?: (interrupt: () => void) => void;
  /** Seeds whose runs break down. */
  readonly breaking?: readonly string[];
  /** Where somebody types; default nobody does. */
  readonly keyboard?: Keyboard;
}

/** What an invocation left behind. */
export interface Invocation {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly folder: string;
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'brownout-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs on this thread, when the command has finished asking. */
export const runHere: RunInBackground = ({ document, origin, seed, untilSeconds, applied }, onProgress) => {
  let aborted = false;
  const start = async (): Promise<RunResult> => {
    await Promise.resolve();
    return runScenario(document, {
      origin,
      seed,
      applied,
      onProgress,
      abort: {
        get aborted() {
          return aborted;
        },
      },
      ...(untilSeconds === undefined ? {} : { untilSeconds }),
    });
  };
  return { result: start(), abort: () => (aborted = true) };
};

/** Runs `brownout <args>` in this process. */
export async function brownout(args: readonly string[], options: TestOptions = {}): Promise<Invocation> {
  const folder = options.folder ?? temporaryFolder();
  const { breaking = [] } = options;
  let interrupt: () => void = () => undefined;
  const texts = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr'): Sink => ({
    write: (text) => void (texts[name] += text),
    isTerminal: options.isTerminal ?? false,
    columns: options.columns,
  });
  const context: CommandContext = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    environment: options.environment ?? {},
    folder,
    ...(options.keyboard === undefined ? {} : { keyboard: options.keyboard }),
    run: options.run ?? runHere,
    createPool: () => Promise.resolve(poolHere({ breaking, onMade: () => options.onMade?.(interrupt) })),
    onInterrupt: (listener) => {
      interrupt = listener;
      options.onInterrupt?.(listener);
      return () => undefined;
    },
    onTerminate: () => () => undefined,
  };
  const exitCode = await runCommand(args, context);
  return { exitCode, ...texts, folder };
}
