/** Acceptance bands beside what came out. */
import { medianInterval, type MedianInterval, shareInterval, type ShareInterval } from '@brownout/core';
import type { AcceptanceBand } from '@brownout/scenarios';
import type { RunRow } from './row.ts';
import { byId, type TableResult, valueOf, type VariantResult } from './results.ts';

/** What is found about one band. */
export interface Judgement {
  readonly band: AcceptanceBand;
  /** Over the runs at the committed priors, the origin subtracted; undefined when there are none. */
  readonly median: MedianInterval | undefined;
  /** Runs at the committed priors that lie inside. */
  readonly runsInside: ShareInterval | undefined;
  /** Runs in which the measure never came. */
  readonly never: number;
  /** Runs under draws from the priors that lie inside. */
  readonly drawsInside: ShareInterval | undefined;
  readonly verdict: 'inside' | 'miss' | 'no runs yet';
}

/** Judges one band by the tables of an incident. */
export function judge(band: AcceptanceBand, tables: readonly TableResult[]): Judgement {
  const variant = byId(byId(tables, 'bands')?.variants ?? [], band.runs);
  const values = bandValues(band, variant);
  const median = values.length === 0 ? undefined : medianInterval(values);
  return {
    band,
    median,
    never: values.filter((value) => value === Infinity).length,
    runsInside: shareInside(band, values),
    drawsInside: shareInside(band, bandValues(band, drawsOf(band, tables))),
    verdict: median === undefined ? 'no runs yet' : isInside(band, median.median) ? 'inside' : 'miss',
  };
}

/** The draws that a band is judged by. */
export function drawsOf(band: AcceptanceBand, tables: readonly TableResult[]): VariantResult | undefined {
  return byId(tables, band.runs === 'as-it-was' ? 'draws' : 'draws-roll-back')?.variants[0];
}

/** Whether a value, its origin subtracted, lies inside a band; both ends belong to it. */
export function isInside({ from, to }: AcceptanceBand, value: number): boolean {
  return value >= from && value <= to;
}

/** The measure of a band in one run, its origin subtracted. */
export function bandValue({ measure, origin = 0 }: AcceptanceBand, row: Pick<RunRow, 'measures'>): number {
  return valueOf(row, measure) - origin;
}

function bandValues(band: AcceptanceBand, variant: VariantResult | undefined): number[] {
  return (variant?.rows ?? []).map((row) => bandValue(band, row));
}

function shareInside(band: AcceptanceBand, values: readonly number[]): ShareInterval | undefined {
  if (values.length === 0) return undefined;
  return shareInterval(values.filter((value) => isInside(band, value)).length, values.length);
}
