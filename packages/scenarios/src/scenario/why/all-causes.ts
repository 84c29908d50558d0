/** All chains of causes of a run: of the first failure, and of the first for a name where that is another one. */
import type { World } from '../build.ts';
import type { CauseLink } from '../result.ts';
import { causeChain } from './cause-chain.ts';
import { faultChain } from './fault-chain.ts';

/**
 * The chain of the first failed user request, latest link first. Now and then that request failed for a pod that had just gone,
 * and its chain leads nowhere; the first that failed for want of a name then follows with a chain of its own, which begins with
 * one more link of kind `users`.
 */
export function allCauses(
  world: Pick<World, 'chronicle' | 'sites' | 'firstUserFailure' | 'firstNameFailure'>,
  after: (instant: number) => number,
  clock: (t: number) => string,
): CauseLink[] {
  const fromFault = faultChain(world, after, clock);
  if (fromFault !== undefined) return fromFault;
  const first = causeChain(world, after, clock);
  const leaf = world.firstNameFailure();
  if (leaf === undefined || first[1]?.kind !== 'lost') return first;
  return [...first, ...causeChain(world, after, clock, leaf)];
}
