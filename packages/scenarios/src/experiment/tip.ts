/** Where a scenario tips over: the value of one number at which a yes-or-no question to its runs changes its answer. */
import { findTippingPoint, type TippingPoint, type TippingPointOptions } from '@brownout/core';
import type { ScenarioDocument } from '../scenario/document.ts';
import { parseScenario } from '../scenario/parse.ts';
import { identityOf, type StudyIdentity } from './identity.ts';
import type { Question } from './question.ts';
import { comparedValue, seedAt } from './replication.ts';
import type { Study } from './study.ts';
import type { TipAxis } from './tip-axis.ts';

/** What is searched. */
export interface TipOptions extends Pick<TippingPointOptions, 'confidence' | 'tolerance' | 'budget' | 'batch'> {
  readonly axis: TipAxis;
  readonly question: Question;
  /** Of the first run, see `seedAt`; default `1`. Each run has another. */
  readonly seed?: string;
  /** Seconds after the trigger at which runs end; default the document's horizon. */
  readonly untilSeconds?: number;
}

/** One run of the search. */
export interface TipRun {
  readonly value: number;
  /** As it is written in a document or on the command line. */
  readonly written: string;
  readonly seed: string;
  readonly isYes: boolean;
  /** The measure of the question; `null` = did not happen. */
  readonly measure: number | null;
}

/** What was found. Plain data. */
export interface TipResult extends StudyIdentity {
  readonly schema: 'brownout/tip@1';
  /** What was varied. */
  readonly path: string;
  /** What was asked. */
  readonly when: string;
  readonly measure: string;
  readonly tip: TippingPoint;
  /** Value and interval as they are written, with their unit. */
  readonly written: { readonly value: string | null; readonly low: string | null; readonly high: string | null };
  /** In the order in which they were made. */
  readonly runs: readonly TipRun[];
}

/** The study. Throws RangeError for options that make no sense, and `DocumentError` for a value that makes no document. */
export function* tip(document: ScenarioDocument, options: TipOptions): Study<TipResult> {
  const { axis, question, seed = '1', untilSeconds } = options;
  const { confidence, tolerance, budget, batch } = options;
  const search = findTippingPoint({
    axis: axis.factor,
    level: question.level,
    ...(confidence === undefined ? {} : { confidence }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(budget === undefined ? {} : { budget }),
    ...(batch === undefined ? {} : { batch }),
  });
  for (const end of [axis.factor.low, axis.factor.high]) {
    parseScenario(axis.at(document, end), `${axis.name}=${axis.written(end)}`);
  }
  const runs: TipRun[] = [];
  let step = search.next();
  while (step.done !== true) {
    const trials = step.value;
    const made = yield trials.map(({ value, replication }) => ({
      document: axis.at(document, value),
      seed: seedAt(seed, replication),
      ...(untilSeconds === undefined ? {} : { untilSeconds }),
    }));
    const answers = trials.map(({ value }, index): TipRun => {
      const { measures, seed: used } = made[index]!;
      const isYes = question.isYes(measures);
      const measure = comparedValue(measures, question.measure) ?? null;
      return { value, written: axis.written(value), seed: used, isYes, measure };
    });
    runs.push(...answers);
    step = search.next(answers.map(({ isYes }) => isYes));
  }
  const found = step.value;
  const written = (value: number | null): string | null => (value === null ? null : axis.written(value));
  return {
    schema: 'brownout/tip@1',
    ...identityOf(document, seed, untilSeconds),
    path: axis.name,
    when: question.text,
    measure: question.measure,
    tip: found,
    written: { value: written(found.value), low: written(found.low), high: written(found.high) },
    runs,
  };
}
