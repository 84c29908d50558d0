/** Which figures of a phase are compared, and with what. */
import type { ClientResult, PhaseResult } from '../../src/scenario/control-plane/result.ts';
import { spreadOf } from '../../src/scenario/control-plane/run.ts';
import { lightPhases } from './measured.ts';
import type { Comparison } from './page.ts';

/** Bytes in a MiB. */
export const MIB = 1_048_576;

function clientOf(phase: PhaseResult, name: string): ClientResult {
  return phase.clients.find((one) => one.name === name)!;
}

/** One figure of a phase: what it is, what was measured, and where a result has it. */
export type Measure = readonly [what: string, measured: number, value: (phase: PhaseResult) => number | null];

/** Measured figures beside the spread of simulated ones. */
export function compare(phases: readonly PhaseResult[], measures: readonly Measure[]): Comparison[] {
  return measures.map(([what, measured, value]) => ({ what, measured, simulated: spreadOf(phases.map(value))! }));
}

/** The lease renewals of a phase. */
export const lease = (phase: PhaseResult): ClientResult => clientOf(phase, 'nodes');
/** The LISTs of a phase. */
export const list = (phase: PhaseResult): ClientResult => clientOf(phase, 'lists');

/** Figures of E1's idle phase. */
export function idleMeasures(): readonly Measure[] {
  const { idle } = lightPhases;
  return [
    ['idle: leases sent', idle.leaseSent, (phase) => lease(phase).sent],
    ['idle: leases renewed', idle.leaseOk, (phase) => lease(phase).completed],
    ['idle: lease p50 (ms)', idle.leaseP50, (phase) => lease(phase).latency.p50],
    ['idle: lease p90 (ms)', idle.leaseP90, (phase) => lease(phase).latency.p90],
    ['idle: lease p99 (ms)', idle.leaseP99, (phase) => lease(phase).latency.p99],
    ['idle: oldest lease (s)', idle.oldestLease, (phase) => phase.leases!.oldestAgeSeconds],
    ['idle: API server (cores)', idle.apiServerCores, (phase) => phase.apiServerCores],
    ['idle: etcd (cores)', idle.etcdCores, (phase) => phase.etcdCores],
    ['idle: API server memory (MiB)', idle.peakMib, (phase) => phase.apiServerPeakBytes / MIB],
  ];
}

/** Figures of E1 at about capacity. */
export function loadMeasures(): readonly Measure[] {
  const load = lightPhases['x1.0'];
  return [
    ['x1.0: LISTs sent', load.listSent, (phase) => list(phase).sent],
    ['x1.0: LISTs answered', load.listOk, (phase) => list(phase).completed],
    ['x1.0: LIST p50 (ms)', load.listP50, (phase) => list(phase).latency.p50],
    ['x1.0: LIST p90 (ms)', load.listP90, (phase) => list(phase).latency.p90],
    ['x1.0: LIST p99 (ms)', load.listP99, (phase) => list(phase).latency.p99],
    ['x1.0: leases renewed', load.leaseOk, (phase) => lease(phase).completed],
    ['x1.0: lease p50 (ms)', load.leaseP50, (phase) => lease(phase).latency.p50],
    ['x1.0: lease p90 (ms)', load.leaseP90, (phase) => lease(phase).latency.p90],
    ['x1.0: lease p99 (ms)', load.leaseP99, (phase) => lease(phase).latency.p99],
    [
      'x1.0: lease p50 / LIST p50',
      load.leaseP50 / load.listP50,
      (phase) => lease(phase).latency.p50! / list(phase).latency.p50!,
    ],
    ['x1.0: oldest lease (s)', load.oldestLease, (phase) => phase.leases!.oldestAgeSeconds],
    ['x1.0: API server (cores)', load.apiServerCores, (phase) => phase.apiServerCores],
    ['x1.0: etcd (cores)', load.etcdCores, (phase) => phase.etcdCores],
    ['x1.0: API server memory (MiB)', load.peakMib, (phase) => phase.apiServerPeakBytes / MIB],
  ];
}
