/**
 * An API server dies; its clients connect to the others and bring their work along, TLS handshakes and polling LISTs above
 * all; the others outgrow their memory and die. Gain: deaths for memory that one death brings about through such requests;
 * the estimator and its bias are those of offspring.ts. Re-lists of broken watches are counted in cold-caches instead, so
 * that the two add up.
 */
import type { LoopCandidate } from '../loop.ts';
import { branching } from './offspring.ts';

/** See above. */
export const reconnectStorm: LoopCandidate = {
  id: 'reconnect-storm',
  name: 'reconnect storm',
  from: 'an API server dies',
  to: 'its clients load the others',
  measure: (history) => branching(history, { reason: 'memory', through: ({ isRelist }) => !isRelist }),
};
