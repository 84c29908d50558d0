/** What a picture of a run names: the published facts, and the moments of the simulated outage. */
import { clockText, namesText } from '../../packages/scenarios/src/report/words.ts';
import type { RunResult, TimelineEntry } from '../../packages/scenarios/src/scenario/result.ts';

/** A moment with its label; `t` in seconds after the trigger. Without a label it is only marked. */
export interface Moment {
  readonly t: number;
  readonly label?: string;
}

/** Rollouts that follow each other within this many seconds are one wave. */
const rolloutGap = 180;

/** The published facts, earliest first. */
export function publishedMoments(result: RunResult): Moment[] {
  return result.timeline.filter((entry) => entry.published === true).map(({ t, text }) => moment(result, t, text));
}

/** The simulated moments, earliest first: rollout, alert, first user error, lock-out, gate, peak, recovery. */
export function simulatedMoments(result: RunResult): Moment[] {
  const moments = rolloutMoments(result);
  const add = (t: unknown, label: string): void => {
    if (typeof t === 'number') moments.push(moment(result, t, label));
  };
  const { firstAlert, firstUserError, peakImpact } = result.kpis;
  add(firstUserError, 'first user errors');
  add(firstAlert, 'first alert');
  const lockOuts = result.timeline.filter((entry) => entry.kind === 'lock-out');
  add(lockOuts[0]?.t, `operators locked out: ${clusterNames(lockOuts)}`);
  const gate = result.timeline.find(({ kind, text }) => kind === 'action' && text.includes('stops the rollout'));
  if (gate !== undefined) add(gate.t, gate.text);
  add(peakImpact, 'peak impact reached');
  moments.push(...recoveryMoments(result));
  return moments.sort((a, b) => a.t - b.t);
}

/** Published and simulated time of the same thing, where both exist. */
export function comparedMoments(result: RunResult): (readonly [published: number, simulated: number])[] {
  return result.comparison.flatMap(({ publishedSeconds, simulatedSeconds }) =>
    simulatedSeconds === null ? [] : [[publishedSeconds, simulatedSeconds] as const],
  );
}

/** All rollouts are marked; the first wave and the one with the most nodes are named. */
function rolloutMoments(result: RunResult): Moment[] {
  const rollouts = result.timeline.filter(({ kind }) => kind === 'rollout');
  const waves: TimelineEntry[][] = [];
  rollouts.forEach((entry, index) => {
    const before = rollouts[index - 1];
    if (before !== undefined && entry.t - before.t < rolloutGap) waves.at(-1)!.push(entry);
    else waves.push([entry]);
  });
  const nodesOf = new Map(result.firstFailures.map(({ cluster, nodes }) => [cluster, nodes]));
  const sizes = waves.map((wave) => wave.reduce((sum, { cluster = '' }) => sum + (nodesOf.get(cluster) ?? 0), 0));
  const largest = sizes.indexOf(Math.max(...sizes));
  return waves.flatMap((wave, index) =>
    wave.map(({ t }, place) => {
      if (place > 0 || (index !== 0 && index !== largest)) return { t };
      return moment(result, t, `rollout ${index === 0 ? 'begins with' : 'reaches'} ${clusterNames(wave)}`);
    }),
  );
}

function recoveryMoments(result: RunResult): Moment[] {
  const { clustersLost, firstClusterRecovered: first, lastClusterRecovered: last } = result.kpis;
  if (typeof clustersLost !== 'number' || clustersLost === 0) return [];
  const moments: Moment[] = [];
  const isOne = clustersLost === 1;
  if (typeof first === 'number' && first !== last) moments.push(moment(result, first, 'first cluster recovered'));
  if (typeof last === 'number') {
    moments.push(moment(result, last, isOne ? 'the lost cluster recovered' : 'last cluster recovered'));
  } else {
    const recovered = Object.values(result.kpis.byCluster).filter(
      (kpis) => typeof kpis['lastClusterRecovered'] === 'number',
    ).length;
    const label = `${clustersLost - recovered} of ${clustersLost} lost clusters not recovered`;
    moments.push(moment(result, result.horizon.endSeconds, label));
  }
  return moments;
}

function clusterNames(entries: readonly TimelineEntry[]): string {
  return namesText([...new Set(entries.flatMap(({ cluster }) => (cluster === undefined ? [] : [cluster])))]);
}

function moment(result: RunResult, t: number, label: string): Moment {
  return { t, label: `${clockText(result, t)} ${label}` };
}
