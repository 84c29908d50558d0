/** What is assumed about incidents, and what their replays are asked to meet: what `pnpm validate` needs besides documents. */
import type { AcceptanceBand } from '../experiment/band.ts';
import type { Priors } from '../experiment/prior.ts';
import { bands } from './openai-2024-12-11/bands.ts';
import { priors } from './openai-2024-12-11/priors.ts';

/** Assumptions and acceptance bands of one incident. */
export interface IncidentStudy {
  /** Assumptions with their ranges; the document states each under its note. */
  readonly priors: Priors;
  readonly bands: readonly AcceptanceBand[];
}

/** By the id of the incident; one without bands has no entry. */
export const incidentStudies: Readonly<Record<string, IncidentStudy>> = {
  'openai-2024-12-11': { priors, bands },
};
