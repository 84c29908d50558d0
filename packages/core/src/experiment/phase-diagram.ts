/**
 * Where a system that was disturbed comes back by itself, over load and size of the disturbance. For each size of the
 * trigger the load is searched at which the system stays bad after it, so the boundary is a row of tipping points.
 *
 *   trigger
 *     large |  s s m m m o        s  stable:      comes back whatever trigger was tried
 *           |  s s v m m o        v  vulnerable:  comes back from this trigger, but not from the largest one
 *     small |  s s v v m o        m  metastable:  stays bad after this trigger, and would run well without one
 *     none  |  s s v v v o        o  overloaded:  is bad without any trigger
 *           +------------- load
 *
 * After N. Bronson et al., Metastable Failures in Distributed Systems (HotOS 2021). A larger trigger never helps, so tipping
 * loads fall as triggers grow; rows that say otherwise are reported.
 */
import { placeOf, type RangeFactor, valueBetween } from './factor.ts';
import type { TippingPoint, TippingPointOptions } from './tipping-options.ts';
import { findTippingPoint } from './tipping-point.ts';

/** One run: does the system stay bad at this load after this trigger (`null`: without any)? */
export interface PhaseTrial {
  readonly load: number;
  readonly trigger: number | null;
  readonly replication: number;
}

/** What is searched. */
export interface PhaseDiagramOptions extends Omit<TippingPointOptions, 'axis' | 'sweep'> {
  readonly load: RangeFactor;
  /** A larger value must be a harder trigger. */
  readonly trigger: RangeFactor;
  /** Sizes of the trigger that are searched, ends included, none apart; at least 2, default 6. */
  readonly rows?: number;
}

/** The tipping load at one size of the trigger. */
export interface PhaseRow {
  /** `null`: without a trigger. */
  readonly trigger: number | null;
  readonly tip: TippingPoint;
}

/** The boundary. Plain data. */
export interface PhaseDiagram {
  readonly load: RangeFactor;
  readonly trigger: RangeFactor;
  /** From no trigger to the largest. */
  readonly rows: readonly PhaseRow[];
  /** Neighbouring rows, by index, of which the harder trigger clearly bears more load. */
  readonly contradictions: readonly (readonly [easier: number, harder: number])[];
  readonly runs: number;
}

/** What happens at a load after a trigger; `unclear` inside the interval of a boundary. */
export type Phase = 'stable' | 'vulnerable' | 'metastable' | 'overloaded' | 'unclear';

/** A search under way, like `TippingPointSearch`. */
export type PhaseDiagramSearch = Generator<readonly PhaseTrial[], PhaseDiagram, readonly boolean[]>;

/**
 * Searches the boundary: first without a trigger, then the largest, whose row the smaller ones start from, then sizes between
 * the two neighbours whose tipping loads differ most, until there are enough rows or no two differ by more than the tolerance.
 */
export function* findPhaseDiagram(options: PhaseDiagramOptions): PhaseDiagramSearch {
  const { trigger, rows: wanted = 6 } = options;
  if (!(Number.isSafeInteger(wanted) && wanted >= 2)) {
    throw new RangeError(`findPhaseDiagram: rows must be a whole number >= 2, got ${wanted}`);
  }
  const none = yield* searchRow(options, null, undefined);
  const hardest = yield* searchRow(options, 1, undefined);
  const rows = [{ place: 1, row: hardest }];
  if (hardest.tip.status === 'found') rows.unshift({ place: 0, row: yield* searchRow(options, 0, hardest.tip) });
  while (rows.length < wanted && hardest.tip.status === 'found') {
    const index = widestStep(rows, options);
    if (index === undefined) break;
    const place = (rows[index]!.place + rows[index + 1]!.place) / 2;
    const size = valueBetween(trigger, place);
    // Whole sizes have an end: between two neighbours there is nothing.
    if (size === rows[index]!.row.trigger || size === rows[index + 1]!.row.trigger) break;
    rows.splice(index + 1, 0, { place, row: yield* searchRow(options, place, rows[index + 1]!.row.tip) });
  }
  const all = [none, ...rows.map(({ row }) => row)];
  const runs = all.reduce((sum, { tip }) => sum + tip.runs, 0);
  return { load: options.load, trigger, rows: all, contradictions: contradictionsOf(all), runs };
}

/** What happens at one load and one size of the trigger that was searched, by row. */
export function phaseAt({ rows }: Pick<PhaseDiagram, 'rows'>, row: number, load: number): Phase {
  const [none, here, hardest] = [rows[0], rows[row], rows.at(-1)].map((one) => sideOf(one!.tip, load));
  if (none === 'unclear' || none === 'bad') return none === 'bad' ? 'overloaded' : 'unclear';
  if (here === 'unclear' || here === 'bad') return here === 'bad' ? 'metastable' : 'unclear';
  if (hardest === 'unclear') return 'unclear';
  return hardest === 'bad' ? 'vulnerable' : 'stable';
}

/** Rows that follow each other and tell opposite stories. */
function contradictionsOf(rows: readonly PhaseRow[]): [number, number][] {
  return rows.slice(1).flatMap(({ tip }, index): [number, number][] => {
    const easier = rows[index]!.tip;
    const isOpposite = lowest(tip) > highest(easier);
    return isOpposite ? [[index, index + 1]] : [];
  });
}

/** Index of the step between neighbours with the largest difference of tipping loads; undefined when all are small. */
function widestStep(
  rows: readonly { readonly row: PhaseRow }[],
  { load, tolerance = 0.02 }: PhaseDiagramOptions,
): number | undefined {
  let best: number | undefined;
  let widest = tolerance;
  for (let index = 0; index < rows.length - 1; index++) {
    const [easier, harder] = [rows[index]!.row.tip, rows[index + 1]!.row.tip];
    const size = placeOf(load, middleOf(easier, load)) - placeOf(load, middleOf(harder, load));
    if (size > widest) [best, widest] = [index, size];
  }
  return best;
}

/**
 * The row of one size of the trigger. `harder`, the row of a harder one, bears less: loads below its interval need no search.
 * Should the row contradict that, it is searched over the whole range.
 */
function* searchRow(
  options: PhaseDiagramOptions,
  place: number | null,
  harder: TippingPoint | undefined,
): Generator<readonly PhaseTrial[], PhaseRow, readonly boolean[]> {
  const { load, tolerance = 0.02 } = options;
  const trigger = place === null ? null : (valueBetween(options.trigger, place) as number);
  const low = harder?.low ?? load.low;
  if (low > load.low && low < load.high) {
    const span = 1 - placeOf(load, low);
    const narrowed = { ...options, axis: { ...load, low }, tolerance: Math.min(0.5, tolerance / span), sweep: 1 };
    const tip = yield* searchAt(trigger, narrowed);
    if (tip.status === 'found' || tip.status === 'never') return { trigger, tip };
  }
  return { trigger, tip: yield* searchAt(trigger, { ...options, axis: load }) };
}

function* searchAt(
  trigger: number | null,
  options: TippingPointOptions,
): Generator<readonly PhaseTrial[], TippingPoint, readonly boolean[]> {
  const search = findTippingPoint(options);
  let step = search.next();
  while (step.done !== true) {
    step = search.next(yield step.value.map(({ value, replication }) => ({ load: value, trigger, replication })));
  }
  return step.value;
}

function sideOf(tip: TippingPoint, load: number): 'good' | 'bad' | 'unclear' {
  if (load < lowest(tip)) return 'good';
  return load >= highest(tip) ? 'bad' : 'unclear';
}

/** Loads below it are good: all of them where it never tips. */
function lowest({ status, low }: TippingPoint): number {
  return status === 'never' ? Infinity : status === 'always' ? -Infinity : (low ?? -Infinity);
}

/** Loads from here on are bad. */
function highest({ status, high }: TippingPoint): number {
  return status === 'never' ? Infinity : status === 'always' ? -Infinity : (high ?? Infinity);
}

function middleOf({ status, value }: TippingPoint, load: RangeFactor): number {
  return status === 'never' ? load.high : status === 'always' ? load.low : (value ?? load.high);
}
