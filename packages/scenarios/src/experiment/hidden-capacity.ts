/**
 * Hidden capacity: the largest load at which a system comes back by itself after the reference trigger, which is less than
 * what it bears on a quiet day (N. Bronson et al., Metastable Failures in Distributed Systems, HotOS 2021). The trigger is
 * that of the document and must end; nobody repairs anything.
 */
import { findPhaseDiagram, type PhaseDiagram, type PhaseDiagramOptions } from '@brownout/core';
import type { ScenarioDocument } from '../scenario/document.ts';
import { parseScenario } from '../scenario/parse.ts';
import { assumed } from '../scenario/provenance.ts';
import { identityOf, type StudyIdentity } from './identity.ts';
import { type Question, staysBad } from './question.ts';
import { seedAt } from './replication.ts';
import type { Study } from './study.ts';
import type { TipAxis } from './tip-axis.ts';
import { tip, type TipOptions, type TipResult } from './tip.ts';

/** Longer than any horizon. */
const never = '100000 h';

/** The document without anybody who acts: alerts come, and nobody is there to be paged or to find out. */
export function unattended(document: ScenarioDocument): ScenarioDocument {
  const away = assumed(never, 'nobody is there');
  return { ...document, operators: { ...document.operators, paging: away, diagnosis: away } };
}

/** The document without its trigger: no rollout, no faults. */
export function withoutTrigger(document: ScenarioDocument): ScenarioDocument {
  return { ...document, rollout: null, ...(document.faults === undefined ? {} : { faults: [] }) };
}

/** The study of hidden capacity over a load; `question` defaults to `staysBad`. */
export function hiddenCapacity(
  document: ScenarioDocument,
  options: Omit<TipOptions, 'question'> & { readonly question?: Question },
): Study<TipResult> {
  return tip(unattended(document), { question: staysBad, ...options });
}

/** What a phase diagram is made of. */
export interface PhaseStudyOptions
  extends Pick<PhaseDiagramOptions, 'confidence' | 'tolerance' | 'budget' | 'batch' | 'rows'> {
  readonly load: TipAxis;
  /** A larger value must be a harder trigger. */
  readonly trigger: TipAxis;
  /** Default `staysBad`. */
  readonly question?: Question;
  readonly seed?: string;
  readonly untilSeconds?: number;
}

/** A phase diagram of a scenario. Plain data. */
export interface PhaseDiagramResult extends StudyIdentity {
  readonly schema: 'brownout/phase-diagram@1';
  readonly load: string;
  readonly trigger: string;
  readonly when: string;
  readonly diagram: PhaseDiagram;
  /** Sizes of the trigger as they are written, by row; `null` = without. */
  readonly rows: readonly (string | null)[];
}

/**
 * The study of a phase diagram of load and trigger, unattended. Throws RangeError for options that make no sense, and
 * `DocumentError` for values that make no document.
 */
export function* phaseDiagram(document: ScenarioDocument, options: PhaseStudyOptions): Study<PhaseDiagramResult> {
  const {
    load,
    trigger,
    question = staysBad,
    seed = '1',
    untilSeconds,
    confidence,
    tolerance,
    budget,
    batch,
  } = options;
  const alone = unattended(document);
  const at = (loadValue: number, size: number | null): ScenarioDocument => {
    const loaded = load.at(alone, loadValue);
    return size === null ? withoutTrigger(loaded) : trigger.at(loaded, size);
  };
  for (const end of [load.factor.low, load.factor.high]) {
    for (const size of [null, trigger.factor.low, trigger.factor.high]) parseScenario(at(end, size), load.name);
  }
  const search = findPhaseDiagram({
    load: load.factor,
    trigger: trigger.factor,
    level: question.level,
    ...(confidence === undefined ? {} : { confidence }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(budget === undefined ? {} : { budget }),
    ...(batch === undefined ? {} : { batch }),
    ...(options.rows === undefined ? {} : { rows: options.rows }),
  });
  let step = search.next();
  while (step.done !== true) {
    const made = yield step.value.map((one) => ({
      document: at(one.load, one.trigger),
      seed: seedAt(seed, one.replication),
      ...(untilSeconds === undefined ? {} : { untilSeconds }),
    }));
    step = search.next(made.map(({ measures }) => question.isYes(measures)));
  }
  const diagram = step.value;
  return {
    schema: 'brownout/phase-diagram@1',
    ...identityOf(alone, seed, untilSeconds),
    load: load.name,
    trigger: trigger.name,
    when: question.text,
    diagram,
    rows: diagram.rows.map((row) => (row.trigger === null ? null : trigger.written(row.trigger))),
  };
}
