/**
 * Who is inside an API server at an instant, by client group. Walks its list of requests, so it is asked for only when
 * something has gone wrong: when the process dies, or when somebody wants to know why it does not answer.
 */
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import { Phase } from '../../kubernetes/requests/api-request.ts';
import { PATH_CACHE } from '../../kubernetes/requests/operation.ts';
import type { ConnectionHistory } from './connection-history.ts';

/** Requests that came from clients of a server that had died. */
export interface Moved {
  /** Number of that death. */
  readonly death: number;
  requests: number;
  bytes: number;
}

/** The requests of one client group inside a server. */
export interface GroupInside {
  readonly group: number;
  readonly name: string;
  /** Name of the operation most of them ask for: the one met first. */
  readonly operation: string;
  /** True when its clients fill a store again whose watch has broken. */
  readonly isRelist: boolean;
  requests: number;
  /** On the cores, or waiting for a turn on them. */
  onCores: number;
  /** Waiting for a seat. */
  queued: number;
  /** Waiting for etcd. */
  atEtcd: number;
  bytes: number;
  /** Those whose connection had replaced one that a death broke, by death. */
  readonly moved: Map<number, Moved>;
}

/** All of them. */
export interface Inside {
  readonly groups: readonly GroupInside[];
  readonly requests: number;
  readonly onCores: number;
  readonly queued: number;
  readonly atEtcd: number;
  readonly bytes: number;
}

/** What is needed to say who is who. */
export interface InsideParts {
  readonly controlPlane: ControlPlane;
  readonly connections: ConnectionHistory;
  /** Name of the group of agents, which may list again and again without watching. */
  readonly agents: string;
}

/** Looks into a server. */
export function lookInside(parts: InsideParts, server: number): Inside {
  const rows: number[] = [];
  parts.controlPlane.servers[server]!.pipeline.inside.forEach((request) => rows.push(request));
  return sortOut(parts, rows);
}

/** Sorts requests by client group, the group with most on the cores first. */
export function sortOut(parts: InsideParts, rows: readonly number[]): Inside {
  const { requests } = parts.controlPlane;
  const groups = new Map<number, GroupInside>();
  for (const row of rows) {
    if (requests.client[row]! < 0) continue;
    const number = requests.group[row]!;
    const group = groups.get(number) ?? emptyGroup(parts, number, requests.operation[row]!);
    groups.set(number, group);
    const phase = requests.phase[row]!;
    const bytes = requests.heldBytes[row]!;
    group.requests++;
    if (phase === Phase.computing || phase === Phase.connecting || phase === Phase.rejecting) group.onCores++;
    else if (phase === Phase.queued) group.queued++;
    else if (phase === Phase.reading || phase === Phase.writing) group.atEtcd++;
    group.bytes += bytes;
    const death = parts.connections.movedBy(number, requests.client[row]!);
    if (death >= 0) {
      const moved = group.moved.get(death) ?? { death, requests: 0, bytes: 0 };
      group.moved.set(death, moved);
      moved.requests++;
      moved.bytes += bytes;
    }
  }
  const sorted = [...groups.values()].sort((a, b) => b.onCores - a.onCores || b.requests - a.requests);
  const total = (value: (group: GroupInside) => number): number => sorted.reduce((sum, one) => sum + value(one), 0);
  return {
    groups: sorted,
    requests: total((one) => one.requests),
    onCores: total((one) => one.onCores),
    queued: total((one) => one.queued),
    atEtcd: total((one) => one.atEtcd),
    bytes: total((one) => one.bytes),
  };
}

/**
 * Whether requests fill a store whose watch has broken: clients that watch ask for many objects only then. Groups that
 * list without ever watching - agents that poll - are not among them.
 */
export function isRelist({ controlPlane, agents }: InsideParts, group: number, operation: number): boolean {
  const { groups, operations } = controlPlane;
  const { isList } = operations.definition(operation);
  if (!isList && operations.path[operation] !== PATH_CACHE) return false;
  const own = groups[group]!;
  return own.name !== agents || groups.some((other) => other.isLongRunning && other.server === own.server);
}

function emptyGroup(parts: InsideParts, group: number, operation: number): GroupInside {
  const { controlPlane } = parts;
  return {
    group,
    name: controlPlane.groups[group]!.name,
    operation: controlPlane.operations.definition(operation).name,
    isRelist: isRelist(parts, group, operation),
    requests: 0,
    onCores: 0,
    queued: 0,
    atEtcd: 0,
    bytes: 0,
    moved: new Map(),
  };
}
