/**
 * The experiments on a real API server, simulated: predictions with the range of single runs. Shows one experiment, or
 * writes the page of all of them.
 *
 *   run.ts e3                    one experiment, 20 replications
 *   run.ts --write               docs/validation/real-apiserver-predictions.md, some minutes
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ClientResult,
  type ControlPlaneDocument,
  type ControlPlaneResult,
  documentHash,
  loadDocument,
  type PhaseResult,
  runControlPlane,
  spreadOf,
} from '@brownout/scenarios';

const replications = 20;
const experiments = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8', 'e9', 'e10-500', 'e10-1000'];
const page = join(import.meta.dirname, '../../docs/validation/real-apiserver-predictions.md');
const MIB = 1_048_576;

type Measure = readonly [what: string, value: (phase: PhaseResult) => number | null];

async function read(name: string): Promise<ControlPlaneDocument> {
  const file = `${name}.yaml`;
  return (await loadDocument(readFileSync(join(import.meta.dirname, file), 'utf8'), file)).data as ControlPlaneDocument;
}

/** Measures of one kind of client. */
function measuresOf(name: string, title: string): Measure[] {
  const of =
    (value: (row: ClientResult) => number | null) =>
    (phase: PhaseResult): number | null =>
      value(phase.clients.find((one) => one.name === name)!);
  const other = (row: ClientResult): number =>
    Object.entries(row.rejected).reduce((sum, [why, n]) => sum + (why === 'too-many-requests' ? 0 : n), 0);
  return [
    [`${title} offered`, of((row) => row.offered)],
    [`${title} sent`, of((row) => row.sent)],
    [`${title} answered`, of((row) => row.completed)],
    [`${title} 429`, of((row) => row.rejected['too-many-requests'] ?? 0)],
    ...['queue-full', 'time-out', 'concurrency-limit', 'max-inflight'].map(
      (reason): Measure => [`${title} turned away: ${reason}`, of((row) => row.turnedAway[reason] ?? 0)],
    ),
    [`${title} other errors`, of(other)],
    [`${title} client timeouts`, of((row) => row.timedOut)],
    [`${title} goodput (1/s)`, of((row) => row.goodput)],
    [`${title} p50 (ms)`, of((row) => row.latency.p50)],
    [`${title} p90 (ms)`, of((row) => row.latency.p90)],
    [`${title} p99 (ms)`, of((row) => row.latency.p99)],
    [`${title} max (ms)`, of((row) => row.latency.max)],
  ];
}

const processMeasures: readonly Measure[] = [
  ['oldest lease (s)', (phase) => phase.leases?.oldestAgeSeconds ?? null],
  ['nodes stale for 20 s', (phase) => phase.leases?.staleFor20Seconds ?? null],
  ['nodes stale for 40 s', (phase) => phase.leases?.staleFor40Seconds ?? null],
  ['API server (cores)', (phase) => phase.apiServerCores],
  ['etcd (cores)', (phase) => phase.etcdCores],
  ['API server memory (MiB)', (phase) => phase.apiServerPeakBytes / MIB],
  ['etcd memory (MiB)', (phase) => phase.etcdPeakBytes / MIB],
];

const watchMeasures: readonly Measure[] = [
  ['streams ended', (phase) => phase.watchers[0]!.ended],
  ['watch requests', (phase) => phase.watchers[0]!.watches],
  ['410 answers', (phase) => phase.watchers[0]!.expired],
  ['LISTs of watchers', (phase) => phase.watchers[0]!.lists],
  ['streams open at the end', (phase) => phase.watchers[0]!.streaming],
];

function digits(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Median and the range of nine in ten runs. */
function cell(values: readonly (number | null)[]): string {
  const spread = spreadOf(values);
  if (spread === null) return '-';
  const range = `[${digits(spread.q05)}, ${digits(spread.q95)}]`;
  return spread.q05 === spread.q95 ? digits(spread.median) : `${digits(spread.median)} ${range}`;
}

/** How often each Retry-After was named in a run, on average. */
function retryAfter(phases: readonly PhaseResult[]): string {
  const counts = new Map<string, number>();
  for (const { clients } of phases) {
    for (const { retryAfter: named } of clients) {
      for (const [seconds, n] of Object.entries(named)) counts.set(seconds, (counts.get(seconds) ?? 0) + n);
    }
  }
  const shown = [...counts].sort(([a], [b]) => Number(a) - Number(b));
  const texts = shown.map(([seconds, n]) => `${seconds} s: ${digits(n / phases.length)}`);
  return texts.length === 0 ? '-' : texts.join(', ');
}

function tableOf(document: ControlPlaneDocument, { runs }: ControlPlaneResult): string {
  const names = runs[0]!.phases.map(({ name }) => name);
  const hasLists = document.clients.some(({ name }) => name === 'lists');
  const hasWatchers = document.clients.some(({ kind }) => kind === 'watchers');
  const measures = [
    ...(hasLists ? measuresOf('lists', 'LIST') : []),
    ...(hasWatchers ? watchMeasures : []),
    ...measuresOf('nodes', 'lease'),
    ...processMeasures,
  ];
  const of = (place: number): PhaseResult[] => runs.map((run) => run.phases[place]!);
  const rows = measures.map(([what, value]) => [what, ...names.map((_, place) => cell(of(place).map(value)))]);
  const shown = rows.filter(([what, ...cells]) => !what!.includes('turned away') || cells.some((one) => one !== '0'));
  shown.push(['Retry-After, mean count', ...names.map((_, place) => retryAfter(of(place)))]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(['', ...names]), line(['---', ...names.map(() => '---:')]), ...shown.map(line)].join('\n');
}

async function section(name: string): Promise<string> {
  const document = await read(name);
  const result = runControlPlane(document, { replications });
  const from = `\`${name}.yaml\` (${documentHash(document)}), ${replications} replications, seed 1`;
  return `## ${name.toUpperCase()}: ${document.title}\n\n${from}.\n\n${tableOf(document, result)}\n`;
}

const introduction = `# Predictions for a real API server under load

Written by \`examples/real-apiserver/run.ts --write\` before anybody here has seen what the real server did. Each cell is the
median of the runs and, in brackets, the range from the 5th to the 95th percentile of single runs: the experiments are single
runs, so that is where they should fall nine times in ten. Every run draws its CPU costs from 0.8 to 1.25 times the unit
costs, half of them below, for all requests alike. Everything counts in the phase in which it happens; latencies are of answered attempts; memory
is the highest so far. How far to trust this is in [the comparison](real-apiserver.md): latencies near saturation depend on
percents of the unit costs; counts, goodput, who is refused and whose leases grow old do not.

Not known and assumed: lengths of the phases of E7 to E9 (40 and 60 s), when new agents ask for the first time (evenly over
one period), what an API server needs to start (3 s), the encoding of the watchers of E10 (JSON with gzip); the memory of the
machine (none runs out of it here: where the table shows more than the machine has, the kernel kills instead). What an agent
has sent when it is removed is left to come to its end.
`;

const typed = process.argv.slice(2);
if (typed.includes('--write')) {
  const sections: string[] = [];
  for (const name of experiments) sections.push(await section(name));
  writeFileSync(page, [introduction, ...sections].join('\n'));
} else {
  for (const name of typed.length === 0 ? ['e3'] : typed) process.stdout.write(await section(name));
}
