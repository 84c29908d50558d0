/**
 * What is assumed about this incident beyond what is assumed about 11 December 2024, whose clusters, machines, names and people
 * it shares. Nothing here was published by the operator, who did not name the networking layer either: it is taken to be one
 * that keeps an identity for each set of labels and an object for each pod, as Cilium does.
 */
import { type Prior, prior } from '../../experiment/prior.ts';

/** Priors that are plain numbers. */
export type NumberPrior = 'writesPerPod';
/** Priors that are times. */
export type TimePrior = 'changeDelay';

/** Everything assumed about the incident alone. */
export const priors: Record<NumberPrior, Prior<number>> & Record<TimePrior, Prior<string>> = {
  writesPerPod: prior(
    2,
    [1, 3],
    'an endpoint object is written when it begins to wait for its new identity and when it has it (cilium/cilium issue 15153)',
  ),
  changeDelay: prior('1 s', ['100 ms', '10 s'], 'namespaces are labelled one after the other, and told by a watch'),
};
