/**
 * What the operator published about the incident, restated. Source: OpenAI Status, "API, ChatGPT & Sora Facing Issues",
 * incident report and post-mortem of 12 December 2024. Times are after the start of the rollout at 14:51 PST.
 */
import type { ScenarioDocument } from '../../scenario/document.ts';

/** The published timeline; `compareWith` names the simulated time that a fact is set beside. */
export const publishedFacts: NonNullable<ScenarioDocument['published']> = [
  { at: '-28 min', text: 'change merged, deployment pipeline triggered' },
  { at: '0 min', text: 'rollout to all clusters begins' },
  { at: '22 min', text: 'alerts fire, engineers are notified', compareWith: 'firstAlert' },
  { at: '25 min', text: 'minor customer impact begins; cause identified', compareWith: 'firstUserError' },
  { at: '29 min', text: 'rollout to all clusters ends' },
  { at: '36 min', text: 'engineers start to steer traffic away from affected clusters' },
  { at: '49 min', text: 'peak customer impact', compareWith: 'peakImpact' },
  { at: '93 min', text: 'status page: all three products unavailable' },
  { at: '105 min', text: 'first cluster recovered', compareWith: 'firstClusterRecovered' },
  { at: '174 min', text: 'ChatGPT substantially recovered' },
  { at: '287 min', text: 'all clusters recovered', compareWith: 'lastClusterRecovered' },
];
