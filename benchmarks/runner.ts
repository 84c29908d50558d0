/** Runs contestants side by side, each run in a process of its own, and checks that they did the same. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Stretch } from './measure.ts';
import type { Contestant, Workload } from './suite.ts';

/** Rates in millions per CPU second by contestant and phase, one for each run; runs with one number were side by side. */
export type Rates = ReadonlyMap<string, readonly number[]>;

/** How thorough a run of the suite is. */
export interface Effort {
  readonly isQuick: boolean;
  /** Runs of every contestant, taken in turn. */
  readonly runs: number;
  /** Rounds within a run; the first is dropped. */
  readonly rounds: number;
}

/** The key of a contestant's phase in `Rates`. */
export function rateKey(contestant: string, phase: string): string {
  return `${contestant}: ${phase}`;
}

/** Runs a workload; contestants that cannot run (a baseline that was not compiled) are left out. */
export function runWorkload(workload: Workload, folder: string, effort: Effort, hasBaselines: boolean): Rates {
  const rates = new Map<string, number[]>();
  const contestants = workload.contestants.filter((each) => hasBaselines || each.program.endsWith('.ts'));
  for (let run = 0; run < effort.runs; run++) {
    let reference: readonly Stretch[] | undefined;
    for (const contestant of contestants) {
      const stretches = runOnce(contestant, folder, effort);
      reference ??= stretches;
      checkSame(workload, contestant, reference, stretches);
      for (const [phase, rate] of medianRates(stretches)) {
        const key = rateKey(contestant.name, phase);
        rates.set(key, [...(rates.get(key) ?? []), rate]);
      }
    }
  }
  return rates;
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs a TypeScript program of this folder on the packages' sources, or as built, and returns what it printed, line by line. */
export function runProgram(
  folder: string,
  program: string,
  words: readonly string[],
  packages: 'sources' | 'built' = 'sources',
): string[] {
  const conditions = packages === 'sources' ? ['--conditions=brownout-source'] : [];
  const [command, ...start] = program.endsWith('.ts')
    ? [process.execPath, ...conditions, '--import', 'tsx', join(folder, program)]
    : [join(folder, '.build', program)];
  const { status, stdout, stderr, error } = spawnSync(command!, [...start, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: exit ${status}\n${error?.message ?? stderr}`);
  return stdout.trim().split('\n');
}

function runOnce(contestant: Contestant, folder: string, effort: Effort): Stretch[] {
  const words = [
    ...(contestant.before ?? []),
    effort.rounds,
    ...(effort.isQuick ? contestant.quick : contestant.arguments),
  ];
  return runProgram(folder, contestant.program, words.map(String)).map((line) => JSON.parse(line) as Stretch);
}

function checkSame(
  workload: Workload,
  contestant: Contestant,
  reference: readonly Stretch[],
  stretches: readonly Stretch[],
): void {
  if (contestant.sameAs === 'nothing') return;
  stretches.forEach((stretch, i) => {
    const expected = reference[i]!;
    if (stretch.checksum === expected.checksum && stretch.count === expected.count) return;
    const got = `${stretch.count} ${stretch.checksum}`;
    throw new Error(
      `${workload.title}: ${contestant.name} ran through other events (${stretch.phase}): ` +
        `expected ${expected.count} ${expected.checksum}, got ${got}`,
    );
  });
}

/** The median over the rounds of a run but the first, phase by phase; what happens once is taken as it is. */
function medianRates(stretches: readonly Stretch[]): Map<string, number> {
  const byPhase = new Map<string, number[]>();
  for (const { phase, count, seconds } of stretches) {
    byPhase.set(phase, [...(byPhase.get(phase) ?? []), count / 1e6 / seconds]);
  }
  return new Map([...byPhase].map(([phase, rates]) => [phase, median(rates.length > 1 ? rates.slice(1) : rates)]));
}
