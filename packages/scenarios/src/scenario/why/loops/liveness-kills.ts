/**
 * An API server dies; its clients load the cores of the others until those answer their liveness probe too late, and are
 * killed. Gain: liveness kills that one death brings about, each credited with the share that moved clients have in the
 * requests inside; see offspring.ts. Bias: downwards, as a probe may have been late for want of a few of them only.
 */
import type { LoopCandidate } from '../loop.ts';
import { branching } from './offspring.ts';

/** See above. */
export const livenessKills: LoopCandidate = {
  id: 'liveness-kills',
  name: 'liveness kills under load',
  from: 'an API server is killed',
  to: 'probes of the others come too late',
  measure: (history) => branching(history, { reason: 'liveness', through: () => true }),
};
