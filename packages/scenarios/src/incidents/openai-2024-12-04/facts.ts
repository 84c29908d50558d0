/**
 * What the operator published about the incident, restated. Source: OpenAI Status, "API & ChatGPT Performance Degradation",
 * post-mortem of the incident of 4 December 2024. Times are after 15:48 PT.
 */
import type { ScenarioDocument } from '../../scenario/document.ts';

/** The published timeline; `compareWith` names the simulated time that a fact is set beside. */
export const publishedFacts: NonNullable<ScenarioDocument['published']> = [
  {
    at: '0 min',
    text: 'misconfigured global load balancer: every API request is answered 530',
    compareWith: 'firstUserError',
  },
  { at: '4 min', text: 'right configuration, connectivity is back' },
  {
    at: '19 min',
    text: 'upgrade of the DNS cache: the identity system cannot reach it any more, requests stand still for 30 s',
  },
  { at: '109 min', text: 'an alternative system takes over' },
];

/** Published: share of the API requests that their clients cancelled during the second part. */
export const publishedCancelledShare = 0.45;
