import type { ScenarioDocument } from '../scenario/document.ts';
import type { ScenarioTemplate } from '../scenario/template.ts';
import { openai20241125 } from './openai-2024-11-25/scenario.ts';
import { openai20241204 } from './openai-2024-12-04/scenario.ts';
import { openai20241211 } from './openai-2024-12-11/scenario.ts';
import { telemetryRollout, telemetryRolloutTemplate } from './telemetry-rollout/template.ts';

/** An incident that can be replayed. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** The scenario document: causes and parameters, never effects. */
  document(): ScenarioDocument;
}

/** Scenarios that a document may start from with the key `template`. */
export const scenarioTemplates: readonly ScenarioTemplate[] = [telemetryRolloutTemplate];

/** The generic scenario, then all incidents, oldest first. */
export const incidents: readonly Incident[] = [telemetryRollout, openai20241125, openai20241204, openai20241211].map(
  (document) => ({
    id: document.id,
    title: document.title,
    summary: document.summary ?? '',
    document: () => document,
  }),
);
