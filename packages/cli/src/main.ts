#!/usr/bin/env node
/** The `brownout` command: connects a program to the process it runs in. */
import { runInWorker } from './background-run.ts';
import type { CommandContext, Sink } from './context.ts';
import { exitInterrupted, exitTerminated } from './exit-codes.ts';
import { runCommand } from './program.ts';

function sink(stream: NodeJS.WriteStream): Sink {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

/** A reader that has seen enough (`| head`) closes the pipe; that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

/** Calls `listener` at a signal; a second one ends the process. Returns what stops listening. */
function onSignal(signal: NodeJS.Signals, exitCode: number, listener: () => void): () => void {
  let count = 0;
  const hear = (): void => {
    count += 1;
    if (count > 1) process.exit(exitCode);
    listener();
  };
  process.on(signal, hear);
  return () => process.off(signal, hear);
}

const context: CommandContext = {
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  environment: process.env,
  folder: process.cwd(),
  keyboard: {
    input: process.stdin,
    output: process.stdout.isTTY ? process.stdout : undefined,
    isTerminal: process.stdin.isTTY && process.stdout.isTTY,
  },
  run: runInWorker,
  createPool: async (options) => (await import('./pool/pool.ts')).createPool(options),
  onInterrupt: (listener) => onSignal('SIGINT', exitInterrupted, listener),
  onTerminate: (listener) => onSignal('SIGTERM', exitTerminated, listener),
};

process.exitCode = await runCommand(process.argv.slice(2), context);
