/** The short form of a health gate: cores of the API servers and failing requests, read from the clusters themselves. */
import type { Duration } from '@brownout/core';
import { errorShare } from './monitoring/error-share.ts';
import type { ApiCounts, Site } from './site.ts';

/** When a rollout stops by itself. */
export interface Gate {
  readonly apiServerCpuAbove: number;
  readonly apiErrorShareAbove: number;
  readonly window: Duration;
}

/** What is read of a cluster at the end of each window. */
export interface GateReading {
  readonly busy: readonly number[];
  readonly capacity: readonly number[];
  readonly api: ApiCounts;
}

/** Reads a cluster. */
export function readForGate(site: Site): GateReading {
  const servers = site.cluster.controlPlane.balanced;
  return {
    busy: servers.map((server) => server.busyTime),
    capacity: servers.map((server) => server.cpu.books().coreTime),
    api: site.apiCounts(),
  };
}

/** What is wrong between two readings; undefined when nothing is, or when there is only one. */
export function exceeded(gate: Gate, before: GateReading | undefined, now: GateReading): string | undefined {
  if (before === undefined) return undefined;
  const shares = now.busy.map(
    (busy, i) => (busy - (before.busy[i] ?? 0)) / (now.capacity[i]! - (before.capacity[i] ?? 0)),
  );
  const cpu = Math.max(...shares);
  if (cpu > gate.apiServerCpuAbove) return `API server CPU at ${(cpu * 100).toFixed(0)} %`;
  const errors = errorShare(before.api, now.api);
  if (errors > gate.apiErrorShareAbove) return `${(errors * 100).toFixed(0)} % of API requests fail`;
  return undefined;
}
