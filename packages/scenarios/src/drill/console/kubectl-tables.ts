/** Columns of `kubectl get`, type by type, made of what an API server answered. */
import type { ApiRow } from '../../live/answer.ts';
import type { ReadResource } from '../../operations/playbook/console-reads.ts';
import { ageText, kubectlTable } from './table.ts';

type Column = readonly [title: string, cell: (row: ApiRow) => string];

const name: Column = ['NAME', (row) => text(row['name'])];
const namespace: Column = ['NAMESPACE', (row) => text(row['namespace'])];
const column = (title: string, key: string): Column => [title, (row) => text(row[key])];
const age = (title: string, key: string): Column => [title, (row) => ageText(Number(row[key] ?? 0))];

const columns: Readonly<Record<ReadResource, readonly Column[]>> = {
  nodes: [
    name,
    ['STATUS', (row) => (row['ready'] === 'True' ? 'Ready' : 'NotReady')],
    column('TAINTS', 'taints'),
    age('HEARTBEAT', 'heartbeatAge'),
  ],
  pods: [namespace, name, ['READY', (row) => readyOf(row)], column('STATUS', 'status'), column('NODE', 'node')],
  daemonsets: [namespace, name, column('DESIRED', 'desired'), column('CURRENT', 'current'), column('READY', 'ready')],
  deployments: [namespace, name, ['READY', (row) => `${text(row['ready'])}/${text(row['replicas'])}`]],
  endpointslices: [namespace, name, column('ENDPOINTS', 'endpoints')],
  leases: [namespace, name, age('RENEWED', 'renewedAgo')],
  events: [
    age('LAST SEEN', 'age'),
    column('TYPE', 'type'),
    column('REASON', 'reason'),
    namespace,
    ['MESSAGE', (row) => eventText(text(row['message']))],
  ],
  prioritylevelconfigurations: [name, column('SEATS', 'nominalSeats'), column('QUEUES', 'queues')],
  flowschemas: [name, column('PRIORITYLEVEL', 'priorityLevel')],
};

/** The table of some objects. */
export function getTable(resource: ReadResource, rows: readonly ApiRow[]): string {
  const shown = columns[resource];
  return kubectlTable(
    shown.map(([title]) => title),
    rows.map((row) => shown.map(([, cell]) => cell(row))),
  );
}

/** `kubectl describe` of one object: the same, from top to bottom. */
export function describeText(resource: ReadResource, row: ApiRow): string {
  const shown = columns[resource];
  const width = Math.max(...shown.map(([title]) => title.length)) + 3;
  return shown
    .map(([title, cell]) => `${`${title.charAt(0)}${title.slice(1).toLowerCase()}:`.padEnd(width)}${cell(row)}`)
    .join('\n');
}

/** The kernel that kills a process knows how large it was, and not whom it served. */
export function eventText(message: string): string {
  return message.replace(/ while serving .*$/, '');
}

function readyOf(row: ApiRow): string {
  if (typeof row['count'] === 'number') {
    const notReady = Number(row['notReady'] ?? 0);
    return `${Math.round(row['count'] - notReady)}/${Math.round(row['count'])}`;
  }
  const isReady = row['isReady'] ?? row['status'] === 'Running';
  return isReady === true ? '1/1' : '0/1';
}

function text(cell: ApiRow[string] | undefined): string {
  return cell === null || cell === undefined ? '<none>' : String(cell);
}
