/**
 * An API server dies and the watches on it break; clients fill their stores again with LISTs that hold memory on the
 * others, until one of those dies as well. Gain: deaths for memory that one death brings about through re-lists; the
 * estimator and its bias are those of offspring.ts. It adds to the gain of the reconnect storm, which has the other requests.
 */
import type { LoopCandidate } from '../loop.ts';
import { branching } from './offspring.ts';

/** See above. */
export const coldCaches: LoopCandidate = {
  id: 'cold-caches',
  name: 're-lists of broken watches',
  from: 'watches break',
  to: 'stores are filled again by LIST',
  measure: (history) => branching(history, { reason: 'memory', through: ({ isRelist }) => isRelist }),
};
