/**
 * Variants of a scenario beside their baseline: the same seeds for all, so that they meet the same luck and their differences
 * are paired. Runs go seed by seed through all variants, so that a comparison that is stopped has whole pairs.
 */
import { type Comparison, compareVariants, summarise, type Summary } from '@brownout/core';
import type { ScenarioDocument } from '../scenario/document.ts';
import { documentHash } from '../scenario/hash.ts';
import { engineVersion } from '../version.ts';
import { replicationsUntilPrecise, type Precision } from './compare-precision.ts';
import { comparedValue, type MeasureValues, type Replication, seedAt, type Wanted } from './replication.ts';
import type { Study } from './study.ts';

/** One way the scenario could be. */
export interface Variant {
  /** Unique; shown in tables. */
  readonly name: string;
  readonly document: ScenarioDocument;
  /** What it changes, as lines for people; default none. */
  readonly changes?: readonly string[];
}

/** How thoroughly variants are compared. */
export interface CompareOptions {
  /** Runs of each variant, default 10; at least 2. With `precision` the most that are made. */
  readonly replications?: number;
  /** Ends the comparison early, once every difference is known this well. */
  readonly precision?: Precision;
  /** Base of the seeds, see `seedAt`; default `1`. */
  readonly seed?: string;
  /** Names of KPIs, default `comparedMeasures`; the first one ranks the variants. */
  readonly measures?: readonly string[];
  /** Probability with which all that is said about one measure holds, default 0.95. */
  readonly level?: number;
  /** Seconds after the trigger at which runs end; default the document's horizon. */
  readonly untilSeconds?: number;
}

/** Measures of a comparison that names none. */
export const comparedMeasures: readonly string[] = [
  'outageSeconds',
  'usersAffectedShare',
  'peakErrorShare',
  'clustersLost',
  'lockoutSeconds',
  'lastClusterRecovered',
];

/** One measure of all variants. */
export interface ComparedMeasure {
  readonly measure: string;
  /** Which values are wanted. */
  readonly better: 'lower' | 'higher';
  /** By variant, the baseline first. */
  readonly summaries: readonly Summary[];
  readonly comparison: Comparison;
}

/** A comparison and its result. Plain data. */
export interface CompareResult {
  readonly schema: 'brownout/compare@1';
  readonly scenario: string;
  readonly title: string;
  /** Of the baseline. */
  readonly documentHash: string;
  readonly engineVersion: string;
  readonly seed: string;
  /** Runs of each variant that count. */
  readonly replications: number;
  readonly level: number;
  readonly until: number | null;
  /** Whether the precision asked for was reached; `fixed` when none was. */
  readonly outcome: 'fixed' | 'reached' | 'unconfirmed' | 'maximum' | 'stopped';
  /** The baseline first. */
  readonly variants: readonly {
    readonly name: string;
    readonly documentHash: string;
    readonly changes: readonly string[];
    /** By replication. */
    readonly digests: readonly string[];
    readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  }[];
  readonly measures: readonly ComparedMeasure[];
}

/** Runs of a document by seed, as far as they are made. */
export type FindRun = (wanted: Wanted) => Replication | undefined;

/**
 * The study of a comparison; the first variant is the baseline. Throws RangeError for options that make no sense and for
 * measures that the runs do not have.
 */
export function* compare(variants: readonly Variant[], options: CompareOptions = {}): Study<CompareResult> {
  const { replications = 10, precision } = options;
  check(variants, options);
  const rows: Replication[][] = [];
  let outcome: CompareResult['outcome'] = 'fixed';
  if (precision === undefined) {
    rows.push(...chunked(yield wantedRuns(variants, options, 0, replications), variants.length));
  } else {
    const rule = replicationsUntilPrecise(precision, { variants: variants.length, maximum: replications, ...options });
    let step = rule.next();
    while (step.done !== true) {
      const made = yield wantedRuns(variants, options, rows.length, step.value);
      rows.push(...chunked(made, variants.length));
      step = rule.next(rows);
    }
    outcome = step.value;
  }
  return comparisonOf(variants, options, rows, outcome);
}

/** What can be said from the pairs that are there when a comparison was stopped; undefined below two whole ones. */
export function partialComparison(
  variants: readonly Variant[],
  options: CompareOptions,
  find: FindRun,
): CompareResult | undefined {
  const rows: Replication[][] = [];
  for (let index = 0; index < (options.replications ?? 10); index++) {
    const found = wantedRuns(variants, options, index, 1).map(find);
    if (found.every((one) => one !== undefined)) rows.push(found);
    else break;
  }
  return rows.length < 2 ? undefined : comparisonOf(variants, options, rows, 'stopped');
}

/** Whether low or high values of a measure are wanted: late first errors and many good answers are, everything else is not. */
export function betterValue(measure: string): 'lower' | 'higher' {
  return wantedHigh.includes(measure.slice(measure.lastIndexOf('.') + 1)) ? 'higher' : 'lower';
}

const wantedHigh: readonly string[] = ['firstSaturation', 'firstUserError', 'peakImpact', 'goodputShare', 'goodput'];

function comparisonOf(
  variants: readonly Variant[],
  options: CompareOptions,
  rows: readonly (readonly Replication[])[],
  outcome: CompareResult['outcome'],
): CompareResult {
  const { seed = '1', level = 0.95, untilSeconds, measures = comparedMeasures } = options;
  const hashes = variants.map(({ document }) => documentHash(document));
  const valuesOf = (place: number, measure: string): (number | null)[] =>
    rows.map((row) => valueOf(row[place]!.measures, measure));
  return {
    schema: 'brownout/compare@1',
    scenario: String(variants[0]!.document.id),
    title: String(variants[0]!.document.title),
    documentHash: hashes[0]!,
    engineVersion,
    seed,
    replications: rows.length,
    level,
    until: untilSeconds ?? null,
    outcome,
    variants: variants.map(({ name, changes = [] }, place) => ({
      name,
      documentHash: hashes[place]!,
      changes,
      digests: rows.map((row) => row[place]!.digest),
      values: Object.fromEntries(measures.map((measure) => [measure, valuesOf(place, measure)])),
    })),
    measures: measures.map((measure) => {
      const better = betterValue(measure);
      const measured = variants.map(({ name }, place) => ({ name, values: valuesOf(place, measure) }));
      const [baseline, ...others] = measured;
      return {
        measure,
        better,
        summaries: measured.map(({ values }) => summarise(values, level)),
        comparison: compareVariants(baseline!, others, { level, better }),
      };
    }),
  };
}

function wantedRuns(
  variants: readonly Variant[],
  { seed = '1', untilSeconds }: CompareOptions,
  first: number,
  count: number,
): Wanted[] {
  return Array.from({ length: count }, (_, i) => seedAt(seed, first + i)).flatMap((each) =>
    variants.map(({ document }) => ({ document, seed: each, ...(untilSeconds === undefined ? {} : { untilSeconds }) })),
  );
}

function valueOf(measures: MeasureValues, name: string): number | null {
  const value = comparedValue(measures, name);
  if (value === undefined) throw new RangeError(`compare: the runs have no measure "${name}"`);
  return value;
}

function chunked(all: readonly Replication[], size: number): Replication[][] {
  return Array.from({ length: all.length / size }, (_, i) => all.slice(i * size, (i + 1) * size));
}

function check(variants: readonly Variant[], { replications = 10, level = 0.95, measures }: CompareOptions): void {
  if (variants.length < 2) {
    throw new RangeError(`compare: expected a baseline and at least one variant, got ${variants.length}`);
  }
  const names = variants.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new RangeError(`compare: two variants are named "${twice}"`);
  if (!(Number.isSafeInteger(replications) && replications >= 2)) {
    throw new RangeError(`compare: replications must be a whole number >= 2, got ${replications}`);
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`compare: level must be inside (0, 1), got ${level}`);
  if (measures?.length === 0) throw new RangeError('compare: expected at least one measure, got none');
}
