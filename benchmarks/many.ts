/** The section of results.md about many cores and many machines: the pool beside processes, a Redis beside the pool. */
import { runProgram, median } from './runner.ts';

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
    `| two threads of the pool, share of what two processes reach | ${spread(pool.share)} | >= 0.90 | ${verdict(share >= 0.9)} |`,
    `| two workers at a Redis, time over that of two threads | ${spread(ratios)} | <= 1.10 | ${verdict(overhead <= 0.1)} |`,
    '',
    `The first: ${pool.replications} replications of a mid-size scenario, starts of threads and processes included, ${pool.seconds.length} rounds in turn:`,
    `threads ${spread(pool.seconds.map((one) => one.pool))} s, processes ${spread(pool.seconds.map((one) => one.processes))} s.`,
    `The second: rounds of ${machines.jobsPerRound} jobs of ${machines.jobSeconds.toFixed(1)} s each, ${machines.rounds.length} in turn, after both had warmed up: threads`,
    `${spread(machines.rounds.map((one) => one.pool))} s, workers ${spread(machines.rounds.map((one) => one.redis))} s.`,
  ];
}

function read<T>(folder: string, program: string, words: readonly string[]): T {
  return JSON.parse(runProgram(folder, program, words, 'built').at(-1) ?? '') as T;
}

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} - ${Math.max(...values).toFixed(2)})`;
}

function verdict(isMet: boolean): string {
  return isMet ? 'met' : '**missed**';
}
