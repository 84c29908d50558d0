/** What a workload uses to say what a round took: one JSON line each, as baselines/measure.hpp prints them. */
import { readFileSync } from 'node:fs';
import type { Instant, Simulation } from '@brownout/core';

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

/** Runs `action` and reports it; `count` is read before and after, `check` afterwards. */
export function measured(
  phase: string,
  finalTime: number,
  action: () => void,
  count: () => number,
  check: () => number,
): void {
  const before = count();
  const start = cpuSeconds();
  action();
  const seconds = cpuSeconds() - start;
  report(phase, count() - before, seconds, finalTime, check());
}

/** Runs a simulation on for as many rounds of `span` as asked, and reports each. */
export function measureRounds(
  simulation: Simulation,
  rounds: number,
  span: number,
  count: () => number,
  check: () => number,
): void {
  for (let round = 1; round <= rounds; round++) {
    const horizon = (round * span) as Instant;
    measured('main', horizon, () => simulation.runUntil(horizon), count, check);
  }
}

/** The numeric arguments of the program. */
export function numbers(): number[] {
  return process.argv.slice(2).map(Number);
}
