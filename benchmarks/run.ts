/**
 * `pnpm bench`: compiles the C++ baselines, runs every workload and writes results.md, each section when it is measured.
 * `--quick` takes fewer and shorter runs, prints the tables and writes no file; `--only word` measures one section: `engine`,
 * `many` and `import` (after `pnpm build`), `replay`, `control-plane` or `memory`; or the workloads of the engine whose id contains the
 * word, which are printed.
 */
import { controlPlaneText } from './control-planes.ts';
import { compileBaselines, describeMachine } from './machine.ts';
import { importText } from './import.ts';
import { manyText } from './many.ts';
import { rateTable, ratioTable, type Measured } from './report.ts';
import { pageOf, type SectionTitle, writeSections } from './results-page.ts';
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

const head = [
  '# Benchmark results',
  '',
  `Written by \`pnpm bench\`, section by section. Ratios and rates are of CPU time of one thread: several runs of every contestant`,
  'in turn, each in a process of its own with rounds of which the first is dropped. A ratio is the median over runs made side by',
  'side, with the lowest and the highest. Contestants that are compared ran through the same events, which checksums prove. Rates',
  'belong to the machine that is named above them; only the ratios say something about another.',
];
const found: Record<string, readonly string[]> = {};

/** Keeps a section: in the page at once, so that what comes later cannot lose it, or to be printed. */
function keep(title: SectionTitle, lines: readonly string[]): void {
  const whole = [...describeMachine(folder), '', ...lines];
  found[title] = whole;
  if (!isQuick) writeSections(folder, head, { [title]: whole });
}

/** Whether a section is asked for by its word. */
function isWanted(word: string): boolean {
  return word.includes(only);
}

const chosen = workloads.filter(({ id }) => isWanted(id));
// Some workloads alone make no section: their ratios would stand for all.
const isEngineWhole = chosen.length === workloads.length || only === 'engine';
const measured: Measured[] = [];
if (chosen.length > 0 || only === 'engine') {
  const hasBaselines = compileBaselines(folder);
  for (const workload of only === 'engine' ? workloads : chosen) {
    say(workload.title);
    measured.push({ workload, rates: runWorkload(workload, folder, effort, hasBaselines) });
  }
  if (isEngineWhole) {
    keep('Ratios', ratioTable(measured));
    keep('Rates', rateTable(measured));
  } else {
    process.stdout.write(`${[...ratioTable(measured), '', ...rateTable(measured)].join('\n')}\n`);
  }
}
if (isWanted('many')) keep('Many cores, many machines', manyText(folder, isQuick, say));
if (isWanted('import')) {
  say('Import');
  keep('Import', importText(folder));
}
if (isWanted('replay')) {
  say('Replay');
  keep('Replay', replayText());
}
if (isWanted('control-plane')) keep('One control plane', controlPlaneText(folder, isQuick, say));
if (isWanted('memory')) {
  say('Memory');
  keep('Memory over a long run', memoryTable());
}
if (isQuick) process.stdout.write(pageOf([], found));
else if (Object.keys(found).length > 0) say(`written to benchmarks/results.md: ${Object.keys(found).join(', ')}`);
