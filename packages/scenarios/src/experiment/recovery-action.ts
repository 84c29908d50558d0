/**
 * The smallest recovery action: the least of one remedy - nodes taken away, machines added, load shed - with which a system
 * comes back before the end of the run. People act as the document says; the remedy is a number in it or a parameter of a
 * mitigation (`parseTipAxis`).
 */
import type { ScenarioDocument } from '../scenario/document.ts';
import { type Question, staysBad } from './question.ts';
import type { Study } from './study.ts';
import { tip, type TipOptions, type TipResult } from './tip.ts';

/** The study: where `staysBad`, or another question, changes from yes to no as the remedy grows. */
export function smallestRecoveryAction(
  document: ScenarioDocument,
  options: Omit<TipOptions, 'question'> & { readonly question?: Question },
): Study<TipResult> {
  return tip(document, { question: staysBad, ...options });
}
