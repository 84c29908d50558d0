/** The section of results.md about many cores and many machines: the pool beside processes, a Redis beside the pool. */
import { summary, verdict } from './report.ts';
import { median, runProgram } from './runner.ts';

interface PoolRounds {
  readonly replications: number;
  readonly seconds: readonly { readonly pool: number; readonly processes: number }[];
  readonly share: readonly number[];
}

interface MachineRounds {
  readonly workers: number;
  readonly jobsPerRound: number;
  readonly jobSeconds: number;
  readonly rounds: readonly { readonly pool: number; readonly redis: number }[];
}

/** Measures both on the built packages, which must be there, and says so beside what was asked for. */
export function manyText(folder: string, isQuick: boolean, say: (text: string) => void): string[] {
  const quick = isQuick ? ['--quick'] : [];
  say('Threads beside processes');
  const pool = read<PoolRounds>(folder, 'pool.bench.ts', [isQuick ? '2' : '5', ...quick]);
  say('Workers at a Redis beside threads');
  const machines = read<MachineRounds>(folder, 'machines.bench.ts', quick);
  const ratios = machines.rounds.map(({ pool: local, redis }) => redis / local);
  const share = median(pool.share);
  const overhead = median(ratios) - 1;
  return [
    `Of the built packages, on two cores; wall time, since that is what a user waits for, so these say little on a busy machine.`,
    '',
    '| what | median (spread) | asked for | |',
    '|---|---|---|---|',
    `| two threads of the pool, share of what two processes reach | ${summary(pool.share)} | >= 0.90 | ${verdict(share >= 0.9)} |`,
    `| two workers at a Redis, time over that of two threads | ${summary(ratios)} | <= 1.10 | ${verdict(overhead <= 0.1)} |`,
    '',
    `The first: ${pool.replications} replications of a mid-size scenario, starts of threads and processes included, ${pool.seconds.length} rounds in turn:`,
    `threads ${summary(pool.seconds.map((one) => one.pool))} s, processes ${summary(pool.seconds.map((one) => one.processes))} s.`,
    `The second: rounds of ${machines.jobsPerRound} jobs of ${machines.jobSeconds.toFixed(1)} s each, ${machines.rounds.length} in turn, after both had warmed up: threads`,
    `${summary(machines.rounds.map((one) => one.pool))} s, workers ${summary(machines.rounds.map((one) => one.redis))} s.`,
  ];
}

function read<T>(folder: string, program: string, words: readonly string[]): T {
  return JSON.parse(runProgram(folder, program, words, 'built').at(-1) ?? '') as T;
}
