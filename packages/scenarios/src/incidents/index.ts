import type { ScenarioDocument } from '../scenario/document.ts';
import { openai20241211 } from './openai-2024-12-11/scenario.ts';

/** An incident that can be replayed. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** The scenario document: causes and parameters, never effects. */
  document(): ScenarioDocument;
}

/** All incidents, oldest first. */
export const incidents: readonly Incident[] = [openai20241211].map((document) => ({
  id: document.id,
  title: document.title,
  summary: document.summary ?? '',
  document: () => document,
}));
