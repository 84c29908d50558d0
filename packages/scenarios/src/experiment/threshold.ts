/** Thresholds: conditions that a run or a study has to meet, from its document and from whoever asked for more. */
import type { ScenarioDocument } from '../scenario/document.ts';
import { answerCondition, type ConditionAnswer } from './condition-answer.ts';
import { type Condition, parseCondition } from './condition.ts';
import type { Replication } from './replication.ts';

/**
 * The thresholds of a valid document, then `further` ones, each once. Throws `DocumentError` for what is no condition, and
 * for names that the document's runs do not have.
 */
export function thresholdsOf(document: ScenarioDocument, further: readonly string[] = []): Condition[] {
  return [...new Set([...(document.thresholds ?? []), ...further])].map((text) => parseCondition(text, document));
}

/**
 * What the runs answer to each threshold. Over several runs a plain comparison is met when it holds in half of them or more,
 * which is what its median says.
 */
export function judgeThresholds(
  thresholds: readonly Condition[],
  runs: readonly Pick<Replication, 'measures'>[],
): ConditionAnswer[] {
  return thresholds.map((threshold) => answerCondition(threshold, runs));
}
