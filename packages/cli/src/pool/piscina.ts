/** Threads that wait for tasks: the only file that knows the library which keeps them. */
import { createRequire } from 'node:module';
import type * as piscina from 'piscina';
import { bundledProgram } from '../source-programs.ts';

const require = createRequire(import.meta.url);

/** A program that answers tasks, started several times over. */
export interface Threads<Task, Answer> {
  /** Has one thread answer; tasks wait while all are busy. Rejects when the thread dies over it. */
  answer(task: Task): Promise<Answer>;
  /** Ends all threads. */
  close(): Promise<void>;
}

/** How threads are started. */
export interface ThreadOptions {
  /** The source of the program: a module that exports the function `answer`. Its built form ends in .js in place of .ts. */
  readonly program: URL;
  /** At most so many; they start when first needed and then stay. */
  readonly count: number;
  /** Largest heap of one thread in megabytes; one that needs more dies with the task it was at. */
  readonly heapMegabytes: number;
}

/** Starts no thread yet, but sees to it that they can be. */
export function threadsOf<Task, Answer>({ program, count, heapMegabytes }: ThreadOptions): Threads<Task, Answer> {
  const isSource = import.meta.url.endsWith('.ts');
  // Loaded by whoever makes runs, not by everybody who imports the package.
  const { Piscina } = require('piscina') as typeof piscina;
  const pool = new Piscina<Task, Answer>({
    filename: (isSource ? bundledProgram(program) : new URL(program.href.replace(/\.ts$/, '.js'))).href,
    name: 'answer',
    minThreads: 0,
    maxThreads: count,
    idleTimeout: Infinity,
    // A thread's young generation is small by default, and runs make much that is soon garbage.
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 96 },
    recordTiming: false,
    // A loader that a thread inherits from a user's script makes it start several seconds later, and none is needed.
    execArgv: [],
  });
  // A thread that cannot even start takes no task with it: whoever waits would wait forever.
  const waiting = new Set<(reason: unknown) => void>();
  let broken: { readonly error: unknown } | undefined;
  pool.on('error', (error: unknown) => {
    broken = { error };
    for (const reject of waiting) reject(error);
  });
  const answer = async (task: Task): Promise<Answer> => {
    if (broken !== undefined) throw broken.error;
    let reject: (reason: unknown) => void = () => undefined;
    const failure = new Promise<never>((_, no) => (reject = no));
    waiting.add(reject);
    try {
      return await Promise.race([pool.run(task), failure]);
    } finally {
      waiting.delete(reject);
    }
  };
  return { answer, close: () => pool.destroy() };
}
