/**
 * Screening: which of many factors matter at all, for a few runs each. Trajectories through the unit cube change one
 * coordinate at a time; each change gives one *elementary effect* of that factor (M. D. Morris, "Factorial sampling plans
 * for preliminary computational experiments", Technometrics 33, 1991).
 */
import { Tally } from '../metrics/tally.ts';
import type { Stream } from '../random/stream.ts';

/** How many trajectories, over how many factors. */
export interface MorrisOptions {
  readonly factors: number;
  /** Each costs one run more than there are factors. At least 2; ten or more for a screening. */
  readonly trajectories: number;
  /** Places each coordinate may take, an even number; default 4, Morris' own choice. */
  readonly levels?: number;
}

/** One coordinate that changed between two points. */
export interface MorrisStep {
  readonly factor: number;
  /** Points before and after, as rows of `points`. */
  readonly from: number;
  readonly to: number;
  /** What was added to the coordinate; negative half of the time. */
  readonly size: number;
}

/** A plan of runs. Plain data. */
export interface MorrisDesign {
  readonly factors: number;
  /** Rows of coordinates in [0, 1], both ends included; one trajectory after the other. */
  readonly points: readonly (readonly number[])[];
  readonly steps: readonly MorrisStep[];
}

/** What the trajectories say about one factor; effects are changes of the result per whole range of the factor. */
export interface ElementaryEffects {
  /** Morris' mu: the mean effect. Opposite effects cancel out in it. */
  readonly mean: number;
  /** mu* (F. Campolongo, J. Cariboni and A. Saltelli, 2007): the mean size of an effect. Ranks the factors. */
  readonly meanSize: number;
  /** sigma: how much the effect depends on the place, by a curve or by other factors. 0 = linear and alone. */
  readonly deviation: number;
  readonly effects: readonly number[];
}

/** Trajectories from random starting points, in a random order of factors and in random directions. */
export function morris(stream: Stream, options: MorrisOptions): MorrisDesign {
  const { factors, trajectories, levels = 4 } = options;
  if (!(Number.isSafeInteger(factors) && factors >= 1 && Number.isSafeInteger(trajectories) && trajectories >= 2)) {
    throw new RangeError(
      `morris: expected at least 1 factor and 2 trajectories, got ${factors} factors and ${trajectories} trajectories`,
    );
  }
  if (!(Number.isSafeInteger(levels) && levels >= 2 && levels % 2 === 0)) {
    throw new RangeError(`morris: expected an even number of levels, got ${levels}`);
  }
  // Half of the levels: then every level is as likely before a step as after it.
  const jump = levels / 2;
  const points: number[][] = [];
  const steps: MorrisStep[] = [];
  for (let trajectory = 0; trajectory < trajectories; trajectory++) {
    const place = Array.from({ length: factors }, () => Math.floor(stream.uniform() * levels));
    const row = (): number[] => place.map((level) => level / (levels - 1));
    points.push(row());
    for (const factor of shuffled(factors, stream)) {
      const move = place[factor]! < jump ? jump : -jump;
      place[factor]! += move;
      points.push(row());
      steps.push({ factor, from: points.length - 2, to: points.length - 1, size: move / (levels - 1) });
    }
  }
  return { factors, points, steps };
}

/** The effects of each factor, from one result for each point of the design, in its order. */
export function elementaryEffects(design: MorrisDesign, results: readonly number[]): ElementaryEffects[] {
  if (results.length !== design.points.length || !results.every(Number.isFinite)) {
    throw new RangeError(
      `elementaryEffects: expected ${design.points.length} finite results, got ${results.filter(Number.isFinite).length}`,
    );
  }
  return Array.from({ length: design.factors }, (_, factor) => {
    const effects = design.steps
      .filter((step) => step.factor === factor)
      .map(({ from, to, size }) => (results[to]! - results[from]!) / size);
    const signed = new Tally();
    const sizes = new Tally();
    for (const effect of effects) {
      signed.record(effect);
      sizes.record(Math.abs(effect));
    }
    return { mean: signed.mean, meanSize: sizes.mean, deviation: signed.standardDeviation, effects };
  });
}

function shuffled(count: number, stream: Stream): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(stream.uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
