/** Which assumptions decide the verdicts: computed from the runs under draws from the priors. */
import type { RankCorrelation } from '@brownout/core';
import { type AcceptanceBand, amountOf, partialRankCorrelations } from '@brownout/scenarios';
import type { Studied } from './incident-plan.ts';
import { bandValue, drawsOf, isInside } from './judge.ts';
import type { TableResult } from './results.ts';
import { drawnValues } from './tables/draws.ts';

/** What a prior does to one band. */
export interface PriorEffect extends RankCorrelation {
  readonly prior: string;
  /** Share of draws inside the band where the prior lies in the lower and in the upper half of its draws. */
  readonly insideLow: number;
  readonly insideHigh: number;
}

/** What every prior does to one band. */
export interface BandSensitivity {
  readonly band: AcceptanceBand;
  /** Draws behind it. */
  readonly count: number;
  /** In the order of the priors. */
  readonly effects: readonly PriorEffect[];
}

/** Draws beyond the number of priors before a correlation is worth printing. */
const spareDraws = 10;

/** All bands for which enough draws are there and whose measure varies at all. */
export function sensitivityOf(studied: Studied, tables: readonly TableResult[]): BandSensitivity[] {
  const { study } = studied;
  const names = Object.keys(study.priors);
  return study.bands.flatMap((band): BandSensitivity[] => {
    const draws = drawsOf(band, tables);
    if (draws === undefined || draws.rows.length < names.length + spareDraws) return [];
    const values = drawnValues(studied, { draws: draws.asked });
    const output = draws.rows.map((row) => bandValue(band, row));
    if (output.every((value) => value === output[0])) return [];
    const inputs = names.map((name) => draws.rows.map(({ seed }) => amountOf(values[Number(seed) - 1]![name]!)));
    const correlations = partialRankCorrelations(inputs, output);
    const isIn = output.map((value) => isInside(band, value));
    return [
      {
        band,
        count: output.length,
        effects: names.map((prior, i) => ({ prior, ...correlations[i]!, ...halves(inputs[i]!, isIn) })),
      },
    ];
  });
}

/** The priors that correlate most with any band, strongest first; `most` of them at the most. */
export function decisivePriors(sensitivities: readonly BandSensitivity[], most: number): string[] {
  const strongest = new Map<string, number>();
  for (const { effects } of sensitivities) {
    for (const { prior, correlation } of effects) {
      strongest.set(prior, Math.max(strongest.get(prior) ?? 0, Math.abs(correlation)));
    }
  }
  return [...strongest]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([prior]) => prior);
}

function halves(
  input: readonly number[],
  isIn: readonly boolean[],
): { readonly insideLow: number; readonly insideHigh: number } {
  const order = input.map((_, index) => index).sort((a, b) => input[a]! - input[b]! || a - b);
  const middle = order.length >> 1;
  const share = (indices: readonly number[]): number => indices.filter((index) => isIn[index]).length / indices.length;
  return { insideLow: share(order.slice(0, middle)), insideHigh: share(order.slice(middle)) };
}
