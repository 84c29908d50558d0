/** The measures of a run, from its observation. Definitions: docs/kpis.md. Times are seconds after the trigger. */
import { Status } from '../kubernetes/requests/api-request.ts';
import type { Note } from '../operations/chronicle.ts';
import type { Site } from '../operations/site.ts';
import type { World } from './build.ts';
import { type Observation, saturation, type SiteWatch } from './observe.ts';
import type { Kpis, KpiValues } from './result.ts';

/** Share of user requests that must fail in a window for it to count as the first user error. */
const FIRST_ERROR = 0.001;
/** Share of user requests above which a window counts as outage. */
const OUTAGE = 0.01;
/** Windows of calm after which a cluster counts as recovered. */
const CALM_WINDOWS = 10;
/** Windows below half API success after which a cluster counts as lost. */
const LOST_WINDOWS = 5;

/** Converts an instant of the run to seconds after the trigger. */
export type SecondsAfterTrigger = (instant: number) => number;

/** All measures of one run. */
export function measure(world: World, observation: Observation, after: SecondsAfterTrigger): Kpis {
  const clusters = observation.sites.map((watch) => measureSite(watch, observation, world, after));
  const lost = clusters.filter((kpis) => kpis['clustersLost'] === 1);
  const recoveries = lost.map((kpis) => kpis['lastClusterRecovered'] ?? null);
  const overall: KpiValues = {
    firstSaturation: earliest(clusters, 'firstSaturation'),
    firstAlert: firstNote(world.chronicle.notes, 'alert', after),
    ...measureUsers(observation, '', after),
    lockoutSeconds: largest(clusters, 'lockoutSeconds'),
    clustersLost: lost.length,
    firstClusterRecovered: least(recoveries),
    lastClusterRecovered: recoveries.length === 0 || recoveries.includes(null) ? null : most(recoveries),
    controlPlaneUnavailableSeconds: largest(clusters, 'controlPlaneUnavailableSeconds'),
    apiServerOomKills: total(clusters, 'apiServerOomKills'),
    ...ratios(world.sites),
    peakApiServerMemoryBytes: largest(clusters, 'peakApiServerMemoryBytes'),
  };
  return {
    ...overall,
    byCluster: Object.fromEntries(observation.sites.map((watch, i) => [watch.site.id, clusters[i]!])),
    byProduct: Object.fromEntries(
      world.users.products.map((product) => [product.id, measureUsers(observation, product.id, after)]),
    ),
  };
}

function measureUsers(observation: Observation, product: string, after: SecondsAfterTrigger): KpiValues {
  const requests = observation.userRequests.get(product)!;
  const failures = observation.userFailures.get(product)!;
  const shares = failures.map((failed, i) => (requests[i] === 0 ? 0 : failed / requests[i]!));
  return userMeasures(shares, observation.windows, after, sum(failures) / Math.max(1, sum(requests)));
}

function userMeasures(
  shares: readonly number[],
  windows: readonly number[],
  after: SecondsAfterTrigger,
  affected: number,
): KpiValues {
  const peak = Math.max(0, ...shares);
  return {
    firstUserError: startOf(
      windows,
      shares.findIndex((share) => share >= FIRST_ERROR),
      after,
    ),
    peakImpact: startOf(windows, peak < FIRST_ERROR ? -1 : shares.findIndex((share) => share >= 0.95 * peak), after),
    peakErrorShare: peak,
    outageSeconds: shares.filter((share) => share > OUTAGE).length * 60,
    usersAffectedShare: affected,
  };
}

function measureSite(watch: SiteWatch, observation: Observation, world: World, after: SecondsAfterTrigger): KpiValues {
  const { columns, site } = watch;
  const { windows } = observation;
  const saturated = columns.apiServerCpu.findIndex(
    (cpu, i) => cpu > saturation || columns.apiRejections[i]! > 0 || columns.apiMemoryKills[i]! > 0,
  );
  const lostFrom = runStart(columns.apiSuccessShare, LOST_WINDOWS, (share) => share < 0.5);
  const recovered = lostFrom < 0 ? null : recoveryAfter(watch, windows, lostFrom, after);
  const lockOut = world.operators.lockOuts().find((one) => one.cluster === site.id);
  const unavailable = columns.apiSuccessShare.filter((share) => share < 0.5).length * 60;
  const servers = site.cluster.controlPlane.servers;
  return {
    firstSaturation: startOf(windows, saturated, after),
    ...userMeasures(columns.userErrorShare, windows, after, watch.userFailures / Math.max(1, watch.userRequests)),
    clustersLost: lostFrom < 0 ? 0 : 1,
    firstClusterRecovered: recovered,
    lastClusterRecovered: recovered,
    lockoutSeconds: lockOut === undefined || lockOut.firstFailure < 0 ? 0 : lockOutSeconds(lockOut, windows),
    controlPlaneUnavailableSeconds: unavailable,
    apiServerOomKills: servers.reduce((kills, server) => kills + server.memoryKills, 0),
    ...ratios([site]),
    peakApiServerMemoryBytes: Math.max(...servers.map((server) => server.peakMemoryBytes)),
  };
}

/** Lock-out that has not ended by the end of the run lasts to its end. */
function lockOutSeconds(lockOut: { firstFailure: number; firstSuccess: number }, windows: readonly number[]): number {
  const end = lockOut.firstSuccess < 0 ? (windows.at(-1) ?? 0) + 60_000_000 : lockOut.firstSuccess;
  return Math.round((end - lockOut.firstFailure) / 1_000_000);
}

/** Start of the first ten calm minutes after the cluster was lost for the last time. */
function recoveryAfter(
  watch: SiteWatch,
  windows: readonly number[],
  lostFrom: number,
  after: SecondsAfterTrigger,
): number | null {
  const isCalm = watch.columns.apiSuccessShare.map((share, i) => share > 0.99 && watch.failingUsers[i]! < OUTAGE);
  let lastBad = lostFrom;
  for (let i = lostFrom; i < isCalm.length; i++) if (watch.columns.apiSuccessShare[i]! < 0.5) lastBad = i;
  for (let i = lastBad; i + CALM_WINDOWS <= isCalm.length; i++) {
    if (isCalm.slice(i, i + CALM_WINDOWS).every(Boolean)) return after(windows[i]!);
  }
  return null;
}

/** Ratios over all attempts that clients sent and all CPU that API servers spent. */
function ratios(sites: readonly Site[]): KpiValues {
  let sent = 0;
  let first = 0;
  let ok = 0;
  let busy = 0;
  let wasted = 0;
  for (const { cluster } of sites) {
    for (const group of cluster.controlPlane.settledGroups()) {
      sent += group.sent;
      first += group.firstAttempts;
      ok += group.ended[Status.ok]!;
    }
    for (const server of cluster.controlPlane.servers) {
      busy += server.busyTime;
      wasted += server.wastedCpu;
    }
  }
  return {
    workAmplification: first === 0 ? null : sent / first,
    goodputShare: sent === 0 ? null : ok / sent,
    wastedWorkShare: busy === 0 ? null : wasted / busy,
  };
}

/** Index of the first run of `length` values that all hold, -1 when there is none. */
export function runStart(values: readonly number[], length: number, holds: (value: number) => boolean): number {
  let run = 0;
  for (let i = 0; i < values.length; i++) {
    run = holds(values[i]!) ? run + 1 : 0;
    if (run === length) return i - length + 1;
  }
  return -1;
}

function firstNote(notes: readonly Note[], kind: Note['kind'], after: SecondsAfterTrigger): number | null {
  const note = notes.find((one) => one.kind === kind);
  return note === undefined ? null : after(note.at);
}

function startOf(windows: readonly number[], index: number, after: SecondsAfterTrigger): number | null {
  return index < 0 ? null : after(windows[index]!);
}

function earliest(clusters: readonly KpiValues[], name: string): number | null {
  return least(clusters.map((kpis) => kpis[name] ?? null));
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function most(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function largest(clusters: readonly KpiValues[], name: string): number | null {
  return most(clusters.map((kpis) => kpis[name] ?? null));
}

function total(clusters: readonly KpiValues[], name: string): number {
  return sum(clusters.map((kpis) => kpis[name] ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
