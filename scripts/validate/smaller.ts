/**
 * The same tables on the smaller model of each document: a second or two a run instead of most of a minute, and rougher.
 * docs/validation/reduced-model.md says how well it agrees with the whole.
 */
import { reduced, type ScenarioDocument } from '@brownout/scenarios';
import type { PlanSize } from './incident-plan.ts';
import type { TablePlan, Variant } from './plan.ts';

/** Tables that ask for what a smaller model takes away: sizes of clusters. */
const leftOut: readonly string[] = ['threshold'];

/** Tables of whole documents as tables of their smaller models; reduced last, after mitigations and drawn priors. */
export function smallerTables(tables: readonly TablePlan[]): TablePlan[] {
  return tables
    .filter(({ id }) => !leftOut.includes(id))
    .map((table) => ({ ...table, variants: table.variants.map(smallerVariant) }));
}

/** What names of folders, data files and pages begin with. */
export function stemOf(incident: string, { model }: Pick<PlanSize, 'model'>): string {
  return model === undefined ? incident : `${incident}-${model}`;
}

function smallerVariant({ document, ...variant }: Variant): Variant {
  return { ...variant, document: (seed) => smallerOf(document(seed)) };
}

/** Most variants have one document for all seeds: its smaller model is made once, and is the same object each time. */
const made = new WeakMap<ScenarioDocument, ScenarioDocument>();

function smallerOf(whole: ScenarioDocument): ScenarioDocument {
  const document = made.get(whole) ?? reduced(whole).document;
  made.set(whole, document);
  return document;
}
