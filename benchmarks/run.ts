/**
 * `pnpm bench`: compiles the C++ baselines, runs every workload and writes results.md. `--quick` takes fewer and shorter
 * runs, prints the tables and writes no file; `--only word` runs the workloads whose id contains the word, and
 * `--only control-plane` the control planes, `--only many` threads and machines (after `pnpm build`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlPlaneText } from './control-planes.ts';
import { compileBaselines, describeMachine } from './machine.ts';
import { manyText } from './many.ts';
import { rateTable, ratioTable, type Measured } from './report.ts';
import { runProgram, runWorkload, type Effort } from './runner.ts';
import { workloads } from './suite.ts';

const folder = import.meta.dirname;
const isQuick = process.argv.includes('--quick');
const only = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '') : '';
const effort: Effort = isQuick ? { isQuick, runs: 2, rounds: 3 } : { isQuick, runs: 5, rounds: 4 };

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function memoryTable(): string[] {
  const events = isQuick ? 10_000_000 : 100_000_000;
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  const samples = runProgram(folder, 'memory.bench.ts', [String(events), '10']).map(
    (line) => JSON.parse(line) as { events: number; rss: number; heapUsed: number; arrayBuffers: number },
  );
  return [
    '| events | RSS, MiB | heap in use, MiB | typed arrays, MiB |',
    '|---|---|---|---|',
    ...samples.map(
      ({ events: count, rss, heapUsed, arrayBuffers }) =>
        `| ${count.toLocaleString('en')} | ${megabytes(rss)} | ${megabytes(heapUsed)} | ${megabytes(arrayBuffers)} |`,
    ),
  ];
}

interface ReplayRun {
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly peakRssBytes: number;
  readonly events: number;
  readonly profile: readonly { readonly share: number; readonly where: string }[];
}

function replayText(): string[] {
  const line = runProgram(folder, 'replay.bench.ts', isQuick ? ['--quick'] : []).at(-1) ?? '';
  const { simulatedSeconds, wallSeconds, peakRssBytes, events, profile } = JSON.parse(line) as ReplayRun;
  const pace = simulatedSeconds / wallSeconds;
  const asked = isQuick ? 'shortened; ' : 'asked for: at least 1,000 and under 1 GB; ';
  return [
    `Replay of 11 December 2024, largest cluster 7,500 nodes: ${simulatedSeconds.toLocaleString('en')} simulated seconds in ${wallSeconds.toFixed(1)} s,`,
    `${pace.toFixed(0)} simulated seconds per wall second, peak RSS ${(peakRssBytes / 2 ** 20).toFixed(0)} MiB`,
    `(${asked}${(events / wallSeconds / 1e6).toFixed(2)} M events per wall second).`,
    '',
    'Where the time goes (self time, sampled in a second run of the same process):',
    '',
    '| share | function |',
    '|---|---|',
    ...profile.map(({ share, where }) => `| ${(share * 100).toFixed(1)} % | ${where} |`),
  ];
}

const machine = describeMachine(folder);
const hasBaselines = compileBaselines(folder);
const measured: Measured[] = [];
for (const workload of workloads.filter(({ id }) => id.includes(only))) {
  say(workload.title);
  measured.push({ workload, rates: runWorkload(workload, folder, effort, hasBaselines) });
}
const isWhole = only === '';
const controlPlanes = 'control-plane'.includes(only) ? controlPlaneText(folder, isQuick, say) : [];
const many = 'many'.includes(only) ? manyText(folder, isQuick, say) : [];
if (isWhole) say('Memory, replay');
const text = [
  '# Benchmark results',
  '',
  `Written by \`pnpm bench\`. CPU time of one thread; ${effort.runs} runs of every contestant in turn, each in a process of its`,
  `own with ${effort.rounds} rounds of which the first is dropped. A ratio is the median over runs made side by side, with the lowest and`,
  'the highest. Contestants that are compared ran through the same events, which checksums prove. Rates belong to this',
  'machine; only the ratios say something about another.',
  '',
  ...machine,
  '',
  '## Ratios',
  '',
  ...ratioTable(measured),
  '',
  '## Rates',
  '',
  ...rateTable(measured),
  '',
  ...(controlPlanes.length > 0 ? ['## One control plane', '', ...controlPlanes, ''] : []),
  ...(many.length > 0 ? ['## Many cores, many machines', '', ...many, ''] : []),
  ...(isWhole ? ['## Memory over a long run', '', ...memoryTable(), '', '## Replay', '', ...replayText(), ''] : []),
];
if (isWhole && !isQuick) {
  writeFileSync(join(folder, 'results.md'), `${text.join('\n')}\n${readFileSync(join(folder, 'findings.md'), 'utf8')}`);
  say('written to benchmarks/results.md');
} else {
  process.stdout.write(`${text.join('\n')}\n`);
}
