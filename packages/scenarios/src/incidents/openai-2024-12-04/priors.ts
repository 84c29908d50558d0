/** What is assumed about the incident: nothing here was published. */
import { type Prior, prior } from '../../experiment/prior.ts';

/** Priors that are plain numbers. */
export type NumberPrior = 'identityShare';
/** Priors that are times. */
export type TimePrior = 'apiPatienceMedian' | 'apiPatienceP90';

/** Everything assumed about the incident. */
export const priors: Record<NumberPrior, Prior<number>> & Record<TimePrior, Prior<string>> = {
  identityShare: prior(
    1,
    [0.5, 1],
    'share of the requests that ask the identity system, and it a name; published as all of them',
  ),
  apiPatienceMedian: prior(
    '60 s',
    ['20 s', '2 min'],
    'time limit of the programs that call the API; 60 s is the default of much used proxies and HTTP clients (nginx: proxy_read_timeout)',
  ),
  apiPatienceP90: prior(
    '10 min',
    ['5 min', '10 min'],
    'time limit of the programs that call the API; 10 min is the default of the official libraries (openai-python, openai-node)',
  ),
};
