/** What a workload uses to say what a round took: one JSON line each, as baselines/measure.hpp prints them. */
import { readFileSync } from 'node:fs';

/** One measured stretch of a round. */
export interface Stretch {
  /** `main` is what is compared; `fill` and `settle` come before it. */
  readonly phase: string;
  /** Events, or what the workload counts instead. */
  readonly count: number;
  /** CPU time of the one thread that ran it. */
  readonly seconds: number;
  /** Equal for programs that ran through the same events; empty when nothing is comparable. */
  readonly checksum: string;
}

/** CPU seconds of this thread where Linux tells, of the whole process elsewhere. */
export function cpuSeconds(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e9;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
}

/** Prints a stretch for `run.ts` to read. */
export function report(phase: string, count: number, seconds: number, finalTime: number, check: number): void {
  const checksum = `${finalTime}/${check}`;
  process.stdout.write(`${JSON.stringify({ phase, count, seconds, checksum } satisfies Stretch)}\n`);
}

/** Runs `action` and reports it; `outcome` is asked afterwards. */
export function measured(phase: string, action: () => void, outcome: () => readonly [count: number, finalTime: number, check: number]): void {
  const start = cpuSeconds();
  action();
  const seconds = cpuSeconds() - start;
  const [count, finalTime, check] = outcome();
  report(phase, count, seconds, finalTime, check);
}

/** The numeric arguments of the program. */
export function numbers(): number[] {
  return process.argv.slice(2).map(Number);
}
