/** The result of a control plane under declared load as plain text: a table of clients and one of processes. */
import { sourcesOf } from '../provenance.ts';
import type { ControlPlaneDocument, ControlPlaneScenario } from './document.ts';
import type { ClientResult, ControlPlaneResult, PhaseResult } from './result.ts';
import { spreadOf } from './run.ts';

type Cell = string;

/** One column: its heading, and its value in one replication. */
type Column<T> = readonly [heading: string, value: (row: T) => number | null];

const clientColumns: readonly Column<ClientResult>[] = [
  ['offered', (row) => row.offered],
  ['sent', (row) => row.sent],
  ['ok', (row) => row.completed],
  ['ok/s', (row) => row.goodput],
  ['429', (row) => row.rejected['too-many-requests'] ?? 0],
  [
    'other',
    (row) => Object.values(row.rejected).reduce((sum, n) => sum + n, -(row.rejected['too-many-requests'] ?? 0)),
  ],
  ['timed out', (row) => row.timedOut],
  ['p50 ms', (row) => row.latency.p50],
  ['p90 ms', (row) => row.latency.p90],
  ['p99 ms', (row) => row.latency.p99],
];

const MIB = 1_048_576;

const phaseColumns: readonly Column<PhaseResult>[] = [
  ['API cores', (row) => row.apiServerCores],
  ['etcd cores', (row) => row.etcdCores],
  ['API MiB', (row) => row.apiServerPeakBytes / MIB],
  ['etcd MiB', (row) => row.etcdPeakBytes / MIB],
  ['OOM kills', (row) => row.apiServerKills],
  ['lease age s', (row) => row.leases?.oldestAgeSeconds ?? null],
  ['stale 20 s', (row) => row.leases?.staleFor20Seconds ?? null],
  ['stale 40 s', (row) => row.leases?.staleFor40Seconds ?? null],
];

/** Both tables; several replications are shown by their medians. */
export function controlPlaneTable(result: ControlPlaneResult): string {
  const { runs, title, seed, replications } = result;
  const phases = runs[0]?.phases ?? [];
  const what = replications === 1 ? 'one run' : `median of ${replications} replications`;
  const clients = phases.flatMap((phase, place) =>
    phase.clients.map((client, index) => [
      phase.name,
      client.name,
      ...cells(
        clientColumns,
        runs.map((run) => run.phases[place]!.clients[index]!),
      ),
    ]),
  );
  const processes = phases.map((phase, place) => [
    phase.name,
    `${phase.seconds} s`,
    ...cells(
      phaseColumns,
      runs.map((run) => run.phases[place]!),
    ),
  ]);
  const watchers = phases.flatMap((phase, place) =>
    phase.watchers.map((watched, index) => {
      const all = runs.map((run) => run.phases[place]!.watchers[index]!);
      const median = (value: (row: (typeof all)[number]) => number): Cell => shown(spreadOf(all.map(value))!.median);
      return [
        phase.name,
        watched.name,
        median((row) => row.ended),
        median((row) => row.watches),
        median((row) => row.expired),
        median((row) => row.lists),
        median((row) => row.streaming),
      ];
    }),
  );
  const parts = [
    `${title}\n${what}, seed ${seed}`,
    aligned([['phase', 'clients', ...clientColumns.map(([heading]) => heading)], ...clients]),
    aligned([['phase', 'lasts', ...phaseColumns.map(([heading]) => heading)], ...processes]),
  ];
  const headings = ['phase', 'watchers', 'streams ended', 'watches', '410', 'lists', 'open at end'];
  if (watchers.length > 0) parts.push(aligned([headings, ...watchers]));
  return `${parts.join('\n\n')}\n`;
}

function cells<T>(columns: readonly Column<T>[], rows: readonly T[]): Cell[] {
  return columns.map(([, value]) => {
    const spread = spreadOf(rows.map(value));
    return spread === null ? '-' : shown(spread.median);
  });
}

/** A valid document in a few lines, for `brownout validate`. Ends in a line break. */
export function controlPlaneSummary(document: ControlPlaneDocument, scenario: ControlPlaneScenario): string {
  const { apiServers, etcd, clients, phases } = scenario;
  const seconds = phases.reduce((sum, { lasts }) => sum + lasts / 1_000_000, 0);
  const sourced = sourcesOf(document).length;
  const count = (amount: number, what: string): string => `${amount} ${what}${amount === 1 ? '' : 's'}`;
  return [
    `${scenario.id}: ${scenario.title}`,
    `${count(apiServers.replicas, 'API server')} of ${count(apiServers.cores, 'core')}, ${count(etcd.members, 'etcd member')}; ` +
      `${count(clients.length, 'kind')} of clients, ${count(phases.length, 'phase')}, ${seconds} s`,
    `sources: ${sourced === 0 ? 'none stated, so everything counts as assumed' : `${count(sourced, 'value')} with a source`}`,
    '',
  ].join('\n');
}

/** Three digits; whole numbers whole. */
export function shown(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** Words to the left, numbers to the right. */
function aligned(rows: readonly (readonly Cell[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
