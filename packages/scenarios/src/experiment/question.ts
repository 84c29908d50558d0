/** Questions that each run answers by yes or no, and the chance of a yes that matters: what searches are asked. */
import { chanceBound } from './condition-answer.ts';
import { type Condition, holdsIn } from './condition.ts';
import type { MeasureValues } from './replication.ts';

/** A question to a run. */
export interface Question {
  /** As people read it. */
  readonly text: string;
  /** Chance of a yes that is looked for. */
  readonly level: number;
  /** The measure behind it, for tables. */
  readonly measure: string;
  readonly isYes: (measures: MeasureValues) => boolean;
}

/**
 * The question inside a condition: `outageSeconds > 300` asks where that becomes likelier than not, `q95(outageSeconds) > 300`
 * where its chance reaches 5 %. Throws RangeError for means, which no single run answers.
 */
export function questionOf(condition: Condition, plainLevel = 0.5): Question {
  const bound = chanceBound(condition, plainLevel);
  if (bound === undefined) {
    throw new RangeError(
      `condition "${condition.text}": a mean is no question to a run; ask for median(...) or q95(...)`,
    );
  }
  const { of, level } = bound;
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`condition "${condition.text}": expected a chance inside (0, 1), got ${level}`);
  }
  return { text: condition.text, level, measure: of.measure, isYes: (measures) => holdsIn(of, measures) };
}

/** Whether a cluster was lost and not back at the end of the run. */
export const staysBad: Question = {
  text: 'a cluster is lost and not back at the end',
  level: 0.5,
  measure: 'outageSeconds',
  isYes: (measures) => (measures['clustersLost'] ?? 0) >= 1 && (measures['lastClusterRecovered'] ?? null) === null,
};
