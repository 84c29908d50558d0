/**
 * A sweep: the same scenario at many points of a few parameters, under the same seeds everywhere, so that points differ by
 * their parameters and not by their luck.
 */
import { checkFactors, type DesignPoint, type Factor, type ResponseRow, type ResponseTable } from '@brownout/core';
import type { ScenarioDocument } from '../scenario/document.ts';
import { documentHash } from '../scenario/hash.ts';
import { didYouMean } from '../scenario/nearest-name.ts';
import { parseScenario, scenarioJsonSchema } from '../scenario/parse.ts';
import { engineVersion } from '../version.ts';
import { knownMeasures } from './condition.ts';
import { designPoints, type SweepDesign } from './design-points.ts';
import { comparedValue, type Replication, seedAt, type Wanted } from './replication.ts';
import type { Study } from './study.ts';
import { type SweepEffects, sweepEffects } from './sweep-effects.ts';
import { assignmentOf, documentAt, type Varied } from './vary.ts';

/** What is swept, and how thoroughly. */
export interface SweepOptions {
  /** At least one; see `parseVary`. */
  readonly factors: readonly Varied[];
  /** Default `grid`. */
  readonly design?: SweepDesign;
  /** Points of a Latin hypercube or Sobol sequence (default 64), trajectories of Morris (default 10). Not for grids. */
  readonly points?: number;
  /** Runs of each point, default 1; intervals need 2. */
  readonly replications?: number;
  /** Seed of the first replication, see `seedAt`; also chooses the points of a random design. Default `1`. */
  readonly seed?: string;
  /** Names of KPIs, default `usualMeasures`. */
  readonly measures?: readonly string[];
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
  /** Seconds after the trigger at which runs end; default the document's horizon. */
  readonly untilSeconds?: number;
}

/** Measures of a sweep that names none. */
export const usualMeasures: readonly string[] = ['outageSeconds', 'peakErrorShare', 'clustersLost', 'lockoutSeconds'];

/** One point, and what came of it. */
export interface SweepRow extends ResponseRow {
  /** What makes the point: one text for each factor, such as `clusters[0].nodes=5000`, as `--set` takes it. */
  readonly set: readonly string[];
  readonly documentHash: string;
  /** Digests of its runs, by replication. */
  readonly digests: readonly string[];
}

/** A sweep and its result. Plain data, and a `ResponseTable`. */
export interface SweepResult extends ResponseTable {
  readonly schema: 'brownout/sweep@1';
  readonly scenario: string;
  /** Of the document before anything was varied. */
  readonly documentHash: string;
  readonly engineVersion: string;
  readonly design: SweepDesign;
  readonly seed: string;
  readonly replications: number;
  readonly level: number;
  /** End of the runs in seconds after the trigger where it was not the document's; else `null`. */
  readonly until: number | null;
  /** Ranges in seconds, bytes or the number written, and lists, in the order of `factors`. */
  readonly ranges: readonly Factor[];
  readonly varied: readonly Varied[];
  readonly rows: readonly SweepRow[];
  /** By measure: main effects of a grid, rank correlations of a sample, elementary effects of a screening. */
  readonly effects: Readonly<Record<string, SweepEffects>>;
}

/**
 * The study of a sweep. All points are made and checked before the first run; points that coincide are run once. Throws
 * RangeError for options that make no sense, and `DocumentError` for a point that is no valid document.
 */
export function* sweep(document: ScenarioDocument, options: SweepOptions): Study<SweepResult> {
  const { factors: varied, design = 'grid', replications = 1, seed = '1', level = 0.95, untilSeconds } = options;
  checkFactors(varied.map(({ factor }) => factor));
  if (!(Number.isSafeInteger(replications) && replications >= 1)) {
    throw new RangeError(`sweep: replications must be a whole number >= 1, got ${replications}`);
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`sweep: level must be inside (0, 1), got ${level}`);
  const measures = checkedMeasures(document, options.measures ?? usualMeasures);
  const { points, screening } = designPoints(varied, {
    design,
    seed,
    ...(options.points === undefined ? {} : { points: options.points }),
  });
  const unique = pointDocuments(document, varied, points);
  const seeds = Array.from({ length: replications }, (_, index) => seedAt(seed, index));
  const made = yield [...unique.values()].flatMap((one) =>
    seeds.map(
      (each): Wanted => ({ document: one, seed: each, ...(untilSeconds === undefined ? {} : { untilSeconds }) }),
    ),
  );
  const runs = new Map([...unique.keys()].map((key, i) => [key, made.slice(i * replications, (i + 1) * replications)]));
  const rows = points.map((point) => rowOf(varied, point, runs.get(JSON.stringify(point))!, measures));
  const table: ResponseTable = { factors: varied.map(({ path }) => path), measures, rows };
  return {
    schema: 'brownout/sweep@1',
    scenario: document.id,
    documentHash: documentHash(document),
    engineVersion,
    design,
    seed,
    replications,
    level,
    until: untilSeconds ?? null,
    ranges: varied.map(({ factor }) => factor),
    varied,
    ...table,
    rows,
    effects: Object.fromEntries(
      measures.map((measure) => [measure, sweepEffects(table, measure, { design, screening, level, varied })]),
    ),
  };
}

function checkedMeasures(document: ScenarioDocument, measures: readonly string[]): readonly string[] {
  if (measures.length === 0) throw new RangeError('sweep: expected at least one measure, got none');
  const known = knownMeasures(document);
  const unknown = measures.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`sweep: unknown measure "${unknown}"${didYouMean(unknown, known) || '; see docs/kpis.md'}`);
  }
  return [...new Set(measures)];
}

/** The document of each different point, by the point as text; each is checked. */
function pointDocuments(
  document: ScenarioDocument,
  varied: readonly Varied[],
  points: readonly DesignPoint[],
): ReadonlyMap<string, ScenarioDocument> {
  const schema = scenarioJsonSchema();
  const unique = new Map<string, ScenarioDocument>();
  for (const point of points) {
    const key = JSON.stringify(point);
    if (unique.has(key)) continue;
    const changed = documentAt(document, varied, point, schema);
    parseScenario(changed, `point ${varied.map((one, index) => assignmentOf(one, point[index]!)).join(', ')}`);
    unique.set(key, changed);
  }
  return unique;
}

function rowOf(
  varied: readonly Varied[],
  point: DesignPoint,
  runs: readonly Replication[],
  measures: readonly string[],
): SweepRow {
  return {
    point,
    set: varied.map((one, index) => assignmentOf(one, point[index]!)),
    documentHash: runs[0]!.hash,
    digests: runs.map(({ digest }) => digest),
    values: Object.fromEntries(
      measures.map((name) => [name, runs.map(({ measures: found }) => comparedValue(found, name) ?? null)]),
    ),
  };
}
