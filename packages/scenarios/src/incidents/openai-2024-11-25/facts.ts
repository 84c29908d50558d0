/**
 * What the operator published about the incident, restated. Source: OpenAI Status, "Elevated Error Rate for ChatGPT and
 * API", post-mortem of the incident of 25 November 2024. Times are after the change at 10:15 PT. Nothing was published about when
 * alerts fired, when the impact was largest or when the first cluster was well again.
 */
import type { ScenarioDocument } from '../../scenario/document.ts';

/** The published timeline; `compareWith` names the simulated time that a fact is set beside. */
export const publishedFacts: NonNullable<ScenarioDocument['published']> = [
  {
    at: '0 min',
    text: 'requests to API and ChatGPT begin to fail with timeouts and 503',
    compareWith: 'firstUserError',
  },
  { at: '60 min', text: 'search in ChatGPT is switched off' },
  {
    at: '105 min',
    text: 'ChatGPT well again for paying and enterprise users, whose errors had peaked at 13 % and 23 %',
  },
  { at: '110 min', text: 'search in ChatGPT is back' },
  { at: '165 min', text: 'last impact on the API' },
  { at: '185 min', text: 'ChatGPT well again for all users', compareWith: 'lastClusterRecovered' },
];
