/** Replications of a control plane alone under declared load: its phases as measures by name. */
import type { ControlPlaneDocument } from '../scenario/control-plane/document.ts';
import type { ClientResult, ControlPlaneRun, PhaseResult } from '../scenario/control-plane/result.ts';
import { runControlPlane } from '../scenario/control-plane/run.ts';
import { documentHash } from '../scenario/hash.ts';
import type { MeasureValues, Replication, RunHooks, Wanted } from './replication.ts';

/** Makes a wanted run of a document of kind `control-plane`. Throws RangeError for an end before that of its phases. */
export function makeControlPlaneReplication(wanted: Wanted, hooks: RunHooks): Replication | undefined {
  const { seed, untilSeconds } = wanted;
  if (untilSeconds !== undefined) {
    throw new RangeError('replication: a control plane under declared load ends with its phases, not at a time');
  }
  const {
    documentHash: hash,
    engineVersion,
    runs,
  } = runControlPlane(wanted.document as unknown as ControlPlaneDocument, {
    seed,
    ...(hooks.abort === undefined ? {} : { abort: hooks.abort }),
    ...(hooks.onProgress === undefined ? {} : { onTime: hooks.onProgress }),
  });
  const run = runs[0];
  if (run === undefined) return undefined;
  const { eventCount: events } = run;
  const measures = controlPlaneMeasures(run);
  return { hash, engine: engineVersion, seed, until: null, digest: documentHash(run), events, measures };
}

/**
 * The measures of a run, phase by phase: `byPhase.<phase>.apiServerCores`, `byPhase.<phase>.byClient.<client>.goodput` and so
 * on; `byPhase.<phase>.oldestLeaseSeconds` where the document has leases. Times are in seconds; a latency without a single
 * answer is `null`. Over all phases: `apiServerKills`, `apiServerPeakBytes`, `etcdPeakBytes`, and `goodputShare`, answers among
 * the requests that clients wanted to make.
 */
export function controlPlaneMeasures({ phases }: Pick<ControlPlaneRun, 'phases'>): MeasureValues {
  const sum = (of: (phase: PhaseResult) => number): number => phases.reduce((total, phase) => total + of(phase), 0);
  const offered = sum(({ clients }) => clients.reduce((total, one) => total + one.offered, 0));
  const completed = sum(({ clients }) => clients.reduce((total, one) => total + one.completed, 0));
  const measures: Record<string, number | null> = {
    apiServerKills: sum(({ apiServerKills }) => apiServerKills),
    apiServerPeakBytes: Math.max(...phases.map(({ apiServerPeakBytes }) => apiServerPeakBytes)),
    etcdPeakBytes: Math.max(...phases.map(({ etcdPeakBytes }) => etcdPeakBytes)),
    goodputShare: offered === 0 ? null : completed / offered,
  };
  for (const phase of phases) addPhase(measures, phase);
  return measures;
}

function addPhase(measures: Record<string, number | null>, phase: PhaseResult): void {
  const prefix = `byPhase.${phase.name}`;
  for (const name of phaseMeasures) measures[`${prefix}.${name}`] = phase[name];
  if (phase.leases !== null) {
    measures[`${prefix}.oldestLeaseSeconds`] = phase.leases.oldestAgeSeconds;
    measures[`${prefix}.leasesStaleFor20Seconds`] = phase.leases.staleFor20Seconds;
    measures[`${prefix}.leasesStaleFor40Seconds`] = phase.leases.staleFor40Seconds;
  }
  for (const client of phase.clients) {
    for (const [name, value] of Object.entries(clientMeasures(client))) {
      measures[`${prefix}.byClient.${client.name}.${name}`] = value;
    }
  }
}

const phaseMeasures = ['apiServerCores', 'etcdCores', 'apiServerPeakBytes', 'etcdPeakBytes', 'apiServerKills'] as const;

function clientMeasures(client: ClientResult): MeasureValues {
  const total = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { offered, sent, completed, goodput, timedOut, waiting, latency } = client;
  const inSeconds = (milliseconds: number | null): number | null =>
    milliseconds === null ? null : milliseconds / 1000;
  return {
    offered,
    sent,
    completed,
    goodput,
    rejected: total(client.rejected),
    turnedAway: total(client.turnedAway),
    timedOut,
    waiting,
    latencyP50: inSeconds(latency.p50),
    latencyP90: inSeconds(latency.p90),
    latencyP99: inSeconds(latency.p99),
    latencyMax: inSeconds(latency.max),
  };
}
