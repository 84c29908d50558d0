/** What is done about user traffic and about what serves it. */
import { delay, type Duration, minutes, type Process, type Simulation } from '@brownout/core';
import type { ClusterCase } from './cluster-case.ts';
import type { Effect, Scene, TrafficLevers } from './scene.ts';

/** Once a minute somebody looks at every cluster. */
const LOOK_INTERVAL: Duration = minutes(1);

/** Traffic of one cluster goes elsewhere, or comes back. */
export function* moveTraffic({ target, traffic, note }: Scene, to: 'away' | 'back'): Effect {
  if (target.site.traffic === 0 || traffic.isAvoided(target.index) === (to === 'away')) return true;
  traffic.steer(target.index, to === 'away');
  note('action', `traffic steered ${to}`);
  return true;
}

/** What starting instances need is put where they get it without the shared limit; false where nothing downloads. */
export function* warmCaches({ target, traffic, note }: Scene): Effect {
  if (traffic.warmCaches === undefined) return false;
  traffic.warmCaches(target.index);
  note('action', 'caches of start-up dependencies warmed');
  return true;
}

/** At most so many instances download at once; false where nothing downloads. */
export function* limitStartUps({ target, traffic, note }: Scene, limit: number): Effect {
  if (traffic.limitStartUps === undefined) return false;
  traffic.limitStartUps(target.index, limit);
  note('action', `start-ups limited to ${limit} at a time`);
  return true;
}

/**
 * From now on traffic leaves clusters whose users see errors, and comes back when they have been calm for long enough. A cluster
 * that only fails what it is given because others cannot take it keeps its traffic: it is full, and taking its own away as well
 * would leave even more that nobody can take.
 */
export function* keepSteering<Case extends Pick<ClusterCase, 'site' | 'index'>>(
  simulation: Simulation,
  traffic: TrafficLevers,
  cases: readonly Case[],
  options: {
    readonly above: number;
    readonly calm: Duration;
    readonly onSteered: (target: Case, to: 'away' | 'back') => void;
  },
): Process {
  const lastBad = new Float64Array(cases.length);
  for (;;) {
    for (const target of cases) {
      const { index } = target;
      if (target.site.traffic === 0) continue;
      const share = traffic.ownFailureShare?.(index) ?? traffic.failureShare(index);
      const isBad = share > options.above;
      if (isBad) lastBad[index] = simulation.now;
      if (isBad === traffic.isAvoided(index)) continue;
      if (!isBad && simulation.now - lastBad[index]! < options.calm) continue;
      traffic.steer(index, isBad);
      options.onSteered(target, isBad ? 'away' : 'back');
    }
    yield delay(LOOK_INTERVAL);
  }
}
