/** The cheapest set of mitigations with which a goal is met, as sure as asked for. */
import { median, paretoFront, type ParetoPlace, race, shareInterval } from '@brownout/core';
import type { ScenarioDocument } from '../scenario/document.ts';
import { identityOf, type StudyIdentity } from './identity.ts';
import { type ChanceBound, chanceBound } from './condition-answer.ts';
import { type Condition, holdsIn, numberOf } from './condition.ts';
import { type PlanChoice, planSets, type PlanSet } from './plan-choices.ts';
import { type MeasureValues, seedAt } from './replication.ts';
import type { Study } from './study.ts';

/** What is planned. */
export interface PlanOptions {
  /** All of them must hold; at least one, and no means. */
  readonly goals: readonly Condition[];
  readonly choices: readonly PlanChoice[];
  /** Mitigations in one set, default 2. */
  readonly most?: number;
  /** Share of runs in which plain goals must be met; default 0.9. Goals of quantiles and chances bring their own. */
  readonly chance?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Sets known to meet the goal beyond the cheapest; default 1. */
  readonly runnersUp?: number;
  /** Harm on the front of cost against it; default `outageSeconds`. */
  readonly harm?: string;
  readonly seed?: string;
  readonly untilSeconds?: number;
}

/** A set and what its runs said. */
export interface PlanRow {
  /** `id:name=value+id2`; empty for the document as it is. */
  readonly set: string;
  readonly cost: number;
  readonly documentHash: string;
  readonly verdict: 'meets' | 'fails' | 'undecided' | 'open';
  /** Runs in which all goals were met, and all runs. */
  readonly hits: number;
  readonly count: number;
  /** Wilson's interval of that share; `null` without runs. */
  readonly low: number | null;
  readonly high: number | null;
  /** Medians of the measures of the goals and of the harm, by name; `null` = mostly did not happen. */
  readonly medians: Readonly<Record<string, number | null>>;
  /** Of its runs, in order. */
  readonly seeds: readonly string[];
}

/** A plan. Plain data. */
export interface PlanResult extends StudyIdentity {
  readonly schema: 'brownout/plan@1';
  readonly goals: readonly string[];
  /** A set meets the goals when they are met together with this probability, and fails when with `doubtful` or less. */
  readonly chance: number;
  readonly doubtful: number;
  readonly confidence: number;
  readonly harm: string;
  /** Index in `rows` of the cheapest that meets the goals; `null` when none does. */
  readonly best: number | null;
  /** All sets, from cheap to dear. */
  readonly rows: readonly PlanRow[];
  /** Sets with runs on or off the front of cost against harm; `candidate` is an index in `rows`. */
  readonly front: readonly ParetoPlace[];
  readonly runs: number;
}

/** The study. Throws RangeError for options that make no sense, and `DocumentError` for sets that make no document. */
export function* plan(document: ScenarioDocument, options: PlanOptions): Study<PlanResult> {
  const { goals, choices, most = 2, confidence = 0.95, runnersUp = 1, harm = 'outageSeconds' } = options;
  const { seed = '1', untilSeconds } = options;
  const bounds = boundsOf(goals, options.chance ?? 0.9);
  const chance = Math.max(...bounds.map(({ chance: one }) => one));
  const doubtful = doubtfulOf(chance);
  const sets = planSets(document, choices, most);
  const seen: MeasureValues[][] = sets.map(() => []);
  const search = race({ costs: sets.map(({ cost }) => cost), chance, doubtful, confidence, runnersUp });
  let step = search.next();
  while (step.done !== true) {
    const trials = step.value;
    const made = yield trials.map(({ candidate, replication }) => ({
      document: sets[candidate]!.document,
      seed: seedAt(seed, replication),
      ...(untilSeconds === undefined ? {} : { untilSeconds }),
    }));
    trials.forEach(({ candidate }, index) => seen[candidate]!.push(made[index]!.measures));
    step = search.next(made.map(({ measures }) => bounds.every(({ isMet }) => isMet(measures))));
  }
  const { winner, contenders, runs } = step.value;
  const names = [...new Set([...bounds.map(({ measure }) => measure), harm])];
  const rows = sets.map((set, index): PlanRow => rowOf(set, contenders[index]!, seen[index]!, names, seed));
  return {
    schema: 'brownout/plan@1',
    ...identityOf(document, seed, untilSeconds),
    goals: goals.map(({ text }) => text),
    chance,
    doubtful,
    confidence,
    harm,
    best: winner,
    rows,
    front: frontOf(sets, seen, harm, confidence),
    runs,
  };
}

interface Goal {
  readonly measure: string;
  /** Probability with which it must be met. */
  readonly chance: number;
  readonly isMet: (measures: MeasureValues) => boolean;
}

function boundsOf(goals: readonly Condition[], plainChance: number): Goal[] {
  if (goals.length === 0) throw new RangeError('plan: expected at least one goal, got none');
  return goals.map((goal) => {
    const bound = chanceBound(goal, plainChance);
    if (bound === undefined) {
      throw new RangeError(`plan: goal "${goal.text}": a mean is no goal for a run; ask for median(...) or q95(...)`);
    }
    return goalOf(bound);
  });
}

function goalOf({ of, level, side }: ChanceBound): Goal {
  const isYes = side === 'above';
  return {
    measure: of.measure,
    chance: Math.min(0.99, Math.max(0.1, isYes ? level : 1 - level)),
    isMet: (measures) => holdsIn(of, measures) === isYes,
  };
}

/** Misses are four times as likely there: 0.6 for 0.9, 0.8 for 0.95. A chance of less than 0.8 leaves no room for that. */
function doubtfulOf(chance: number): number {
  return chance >= 0.8 ? 1 - 4 * (1 - chance) : chance / 2;
}

function rowOf(
  set: PlanSet,
  { verdict, hits, count }: { readonly verdict: PlanRow['verdict']; readonly hits: number; readonly count: number },
  seen: readonly MeasureValues[],
  names: readonly string[],
  seed: string,
): PlanRow {
  const share = count === 0 ? undefined : shareInterval(hits, count);
  const middle = (name: string): number | null => {
    const value = median(seen.map((measures) => numberOf(measures, name)));
    return Number.isFinite(value) ? value : null;
  };
  return {
    set: set.text,
    cost: set.cost,
    documentHash: set.hash,
    verdict,
    hits,
    count,
    low: share?.low ?? null,
    high: share?.high ?? null,
    medians: Object.fromEntries(count === 0 ? [] : names.map((name) => [name, middle(name)])),
    seeds: seen.map((_, index) => seedAt(seed, index)),
  };
}

/** The front over sets whose runs all have the measure. */
function frontOf(
  sets: readonly PlanSet[],
  seen: readonly (readonly MeasureValues[])[],
  harm: string,
  confidence: number,
): ParetoPlace[] {
  const measured = sets.flatMap(({ cost }, candidate) => {
    const values = seen[candidate]!.map((measures) => numberOf(measures, harm));
    return values.length > 0 && values.every(Number.isFinite) ? [{ candidate, cost, values }] : [];
  });
  return paretoFront(measured, confidence).map((place) => ({
    ...place,
    candidate: measured[place.candidate]!.candidate,
  }));
}
