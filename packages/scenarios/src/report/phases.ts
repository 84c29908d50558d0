import type { RunResult } from '../scenario/result.ts';

/** The phases of an outage, from its measures: what a reader divides the time into. */

/** One phase; from its start to the start of the next. */
export interface RunPhase {
  readonly id: 'before' | 'hidden' | 'strained' | 'outage' | 'recovering' | 'after';
  readonly title: string;
  /** Seconds after the trigger. */
  readonly start: number;
  readonly end: number;
}

const titles: Readonly<Record<RunPhase['id'], string>> = {
  before: 'nothing to see yet',
  hidden: 'saturated, users notice nothing',
  strained: 'saturated, users notice little',
  outage: 'users see errors',
  recovering: 'recovering, cluster by cluster',
  after: 'well again',
};

/**
 * The phases of a run from its start to its end, without gaps: a saturated API server that users do not feel yet, users who
 * see errors, clusters that come back, all well. Phases that did not happen are left out; a quiet day is one phase.
 */
export function runPhases({ kpis, horizon }: Pick<RunResult, 'kpis' | 'horizon'>): RunPhase[] {
  const at = (name: string): number | undefined => {
    const value = kpis[name];
    return typeof value === 'number' ? value : undefined;
  };
  const [saturation, error, first, last] = [
    at('firstSaturation'),
    at('firstUserError'),
    at('firstClusterRecovered'),
    at('lastClusterRecovered'),
  ];
  const isUnrecovered = last === undefined && (at('clustersLost') ?? 0) > 0;
  const starts: [RunPhase['id'], number | undefined][] = [
    ['before', horizon.startSeconds],
    [error === undefined ? 'strained' : 'hidden', saturation],
    ['outage', error],
    ['recovering', last === undefined && !isUnrecovered ? undefined : first],
    ['after', last],
  ];
  const phases: RunPhase[] = [];
  for (const [id, start] of starts) {
    const before = phases.at(-1);
    if (start === undefined || start > horizon.endSeconds || (before !== undefined && start < before.start)) continue;
    if (before !== undefined) phases[phases.length - 1] = { ...before, end: start };
    phases.push({ id, title: titles[id], start, end: horizon.endSeconds });
  }
  return phases.filter(({ start, end }) => end > start);
}
