/** `brownout worker` in a process of its own, and the lines it writes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { mainProgram } from './main-program.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Lines that somebody writes, and waits for what they say. */
export class Lines {
  readonly all: string[] = [];
  readonly #waiting: Set<() => void> = new Set();

  /** Adds a line. */
  readonly say = (line: string): void => {
    this.all.push(line);
    for (const look of [...this.#waiting]) look();
  };

  /** The first line, from number `from` on, that matches; resolves when it is there. */
  async seen(pattern: RegExp, from = 0): Promise<string> {
    return await new Promise((resolve) => {
      const look = (): void => {
        const found = this.all.slice(from).find((line) => pattern.test(line));
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** A worker that runs. */
export interface WorkerProcess {
  readonly lines: Lines;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Its exit code, when it ends; null after a signal that killed it. */
  readonly ended: Promise<number | null>;
}

/** Starts a worker of one job at a time and waits until it takes jobs. */
export async function startWorkerProcess(url: string, options: readonly string[] = []): Promise<WorkerProcess> {
  const child: ChildProcess = spawn(process.execPath, [mainProgram(), 'worker', '--concurrency', '1', ...options], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, BROWNOUT_REDIS: url },
  });
  const lines = new Lines();
  let rest = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    const parts = `${rest}${chunk.toString()}`.split('\n');
    rest = parts.pop()!;
    for (const line of parts) lines.say(line);
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const failed = ended.then((code) => {
    throw new Error(`the worker ended with code ${code}:\n${lines.all.join('\n')}`);
  });
  await Promise.race([lines.seen(/waiting for jobs/), failed]);
  failed.catch(() => undefined);
  return { lines, kill: (signal) => void child.kill(signal), ended };
}
