/**
 * The part of the results that is about one control plane: its pace with 7,500 nodes, idle and under the storm of the
 * incident, and how time and memory grow with the number of nodes. `control-plane.bench.ts` does one run in a process of
 * its own.
 */
import type { ProfileLine } from './profile.ts';
import { median, runProgram } from './runner.ts';

/** What one run of `control-plane.bench.ts` prints; seconds are CPU time of its one thread unless named otherwise. */
export interface ControlPlaneRun {
  /** `idle`, `batched`, `raft`, `complete`, `complete-batched` or `storm`. */
  readonly kind: string;
  readonly nodes: number;
  readonly simulatedSeconds: number;
  readonly buildSeconds: number;
  readonly runSeconds: number;
  readonly wallSeconds: number;
  /** Heap and typed arrays of the model, just built. */
  readonly modelBytes: number;
  readonly peakRssBytes: number;
  readonly events: number;
  readonly profile: readonly ProfileLine[];
}

const NODES = 7_500;
/** Simulated seconds per wall second that are asked for, idle. */
const ASKED = 1_000;
const growthNodes = [500, 1_000, 2_000, 5_000, 10_000, 20_000];
const kinds = ['idle', 'storm'] as const;
/** With every part that a document of profile 2024 turns on, heartbeats one by one and in batches. */
const completeKinds = ['complete', 'complete-batched'] as const;

/** Runs everything and returns its lines of Markdown; `say` is told what is under way. */
export function controlPlaneText(folder: string, isQuick: boolean, say: (text: string) => void): string[] {
  const simulated = { idle: isQuick ? 500 : 2_000, storm: isQuick ? 120 : 600 };
  const runs = isQuick ? 1 : 3;
  const middle = (kind: string, nodes: number): ControlPlaneRun => {
    say(`Control plane, ${kind}, ${nodes.toLocaleString('en')} nodes`);
    const span = String(kind === 'storm' ? simulated.storm : simulated.idle);
    const all = Array.from({ length: runs }, () => runOnce(folder, [kind, String(nodes), span]));
    const typical = median(all.map(({ runSeconds }) => runSeconds));
    return all.find(({ runSeconds }) => runSeconds === typical) ?? all[0]!;
  };
  const full = [...kinds, 'batched', 'raft', ...completeKinds].map((kind) => middle(kind, NODES));
  const growthKinds = [...kinds, ...completeKinds];
  const growth = growthKinds.map((kind) => growthNodes.map((nodes) => middle(kind, nodes)));
  const profiles = kinds.map(
    (kind) => runOnce(folder, [kind, String(NODES), String(simulated[kind]), 'profile']).profile,
  );
  return [
    'The machines of the largest cluster of the replay, measured unit costs, kubelets renewing leases every 10 s; in the storm every agent',
    "lists all pods each minute, as in the incident. Batched: idle with `aggregateLeases` (decision 0029). Raft: idle with etcd's option `raft` (decision 0023), one lease write each; idle, storm and batched commit plainly. Complete: every part that a document of profile 2024 turns on, heartbeats one by one or `aggregated`. Each run in a process of its own, after 30 s thrown away; middle of the runs.",
    '',
    ...runTable(full),
    '',
    `Idle with 7,500 nodes, at least ${whole(ASKED)} simulated seconds per wall second are asked for: with plain commits ${verdict(full[0]!)}; with \`raft\` ${verdict(full[3]!)}; with every part, heartbeats one by one ${verdict(full[4]!)}, in batches ${verdict(full[5]!)}.`,
    '',
    '### Growth with nodes',
    '',
    ...runTable(growth.flat()),
    '',
    ...growth.map((each, i) => growthSentence(growthKinds[i]!, each)),
    '',
    '### Where the time goes (7,500 nodes, self time, a second run of the same process)',
    '',
    ...profileTable(profiles),
  ];
}

/** The exponent b of time ~ nodes^b, by least squares over the logarithms. */
export function fittedExponent(runs: readonly { readonly nodes: number; readonly runSeconds: number }[]): number {
  const points = runs.map(({ nodes, runSeconds }) => ({ x: Math.log(nodes), y: Math.log(runSeconds) }));
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}

function runOnce(folder: string, words: readonly string[]): ControlPlaneRun {
  return JSON.parse(runProgram(folder, 'control-plane.bench.ts', words).at(-1) ?? '') as ControlPlaneRun;
}

function pace({ simulatedSeconds, runSeconds }: ControlPlaneRun): number {
  return simulatedSeconds / runSeconds;
}

function wallPace({ simulatedSeconds, wallSeconds }: ControlPlaneRun): number {
  return simulatedSeconds / wallSeconds;
}

function verdict(run: ControlPlaneRun): string {
  return `${whole(wallPace(run))}, ${wallPace(run) >= ASKED ? 'met' : '**missed**'}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function runTable(runs: readonly ControlPlaneRun[]): string[] {
  return [
    '| | nodes | simulated s per CPU s | per wall s | M events per CPU s | us per node and simulated s | building, s | model, bytes per node | peak RSS, MiB |',
    '|---|---|---|---|---|---|---|---|---|',
    ...runs.map((run) => {
      const cells = [
        run.kind,
        whole(run.nodes),
        whole(pace(run)),
        whole(wallPace(run)),
        (run.events / run.runSeconds / 1e6).toFixed(2),
        ((run.runSeconds * 1e6) / run.nodes / run.simulatedSeconds).toFixed(3),
        run.buildSeconds.toFixed(2),
        whole(run.modelBytes / run.nodes),
        (run.peakRssBytes / 2 ** 20).toFixed(0),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

function growthSentence(kind: string, runs: readonly ControlPlaneRun[]): string {
  const large = runs.filter(({ nodes }) => nodes >= 2_000);
  return `- ${kind}: time grows as nodes^${fittedExponent(runs).toFixed(2)} from 500 to 20,000 nodes, as nodes^${fittedExponent(large).toFixed(2)} from 2,000 on.`;
}

function profileTable(profiles: readonly (readonly ProfileLine[])[]): string[] {
  const cell = (line: ProfileLine | undefined): string =>
    line === undefined ? ' | ' : `${(line.share * 100).toFixed(1)} % | ${line.where}`;
  const rows = Math.max(...profiles.map((lines) => lines.length));
  return [
    '| idle | function | storm | function |',
    '|---|---|---|---|',
    ...Array.from({ length: rows }, (_, row) => `| ${profiles.map((lines) => cell(lines[row])).join(' | ')} |`),
  ];
}
