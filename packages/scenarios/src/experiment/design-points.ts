/** The designs of a sweep: from its factors to its points, in the values that a document can state. */
import {
  drawnPoints,
  type DesignPoint,
  type Factor,
  grid,
  latinHypercube,
  morris,
  type MorrisDesign,
  type MorrisStep,
  placeOf,
  sobol,
  sobolDimensions,
  Streams,
  valueBetween,
} from '@brownout/core';
import { didYouMean } from '../scenario/nearest-name.ts';
import { roundedValue, type Varied } from './vary.ts';

/** How the points of a sweep are chosen. */
export type SweepDesign = 'grid' | 'latin-hypercube' | 'sobol' | 'morris';

/** All designs, in the order in which help texts list them. */
export const sweepDesigns: readonly SweepDesign[] = ['grid', 'latin-hypercube', 'sobol', 'morris'];

/** Points of a Latin hypercube or Sobol sequence, and trajectories of a screening, where nothing is said. */
const usualPoints = 64;
const usualTrajectories = 10;

/** What is asked for. */
export interface DesignOptions {
  readonly design: SweepDesign;
  /** Points of a Latin hypercube or Sobol sequence, default 64; trajectories of Morris, default 10. Not for grids. */
  readonly points?: number;
  readonly seed: string;
}

/** The points of a sweep, and the plan behind them where effects are read from its steps. */
export interface DesignPoints {
  readonly points: readonly DesignPoint[];
  readonly screening: MorrisDesign | undefined;
}

/**
 * The points of a design. Random ones come from the stream `experiment/design` of the seed: same seed, same points. Throws
 * RangeError for a design that does not exist, and for one that cannot have that many points or factors.
 */
export function designPoints(varied: readonly Varied[], { design, points, seed }: DesignOptions): DesignPoints {
  const factors = varied.map(({ factor }) => factor);
  const rounded = (chosen: readonly DesignPoint[]): DesignPoint[] =>
    chosen.map((point) => point.map((value, index) => roundedValue(varied[index]!, value)));
  const stream = new Streams(seed, 0).get('experiment/design');
  const wanted = points ?? (design === 'morris' ? usualTrajectories : usualPoints);
  switch (design) {
    case 'grid': {
      if (points !== undefined)
        throw new RangeError(`sweep: a grid has its counts in its factors, got ${points} points`);
      const axes = varied.map(({ factor, count }) => ({ factor, ...(count === undefined ? {} : { count }) }));
      return { points: rounded(grid(axes)), screening: undefined };
    }
    case 'latin-hypercube': {
      const cube = latinHypercube(stream, { points: wanted, dimensions: factors.length });
      return { points: rounded(drawnPoints(factors, cube)), screening: undefined };
    }
    case 'sobol': {
      if (factors.length > sobolDimensions) {
        throw new RangeError(`sweep: a Sobol sequence has at most ${sobolDimensions} factors, got ${factors.length}`);
      }
      const cube = sobol({ points: wanted, dimensions: factors.length, shift: stream });
      return { points: rounded(drawnPoints(factors, cube)), screening: undefined };
    }
    case 'morris': {
      const screening = morris(stream, { factors: factors.length, trajectories: wanted });
      const chosen = rounded(
        screening.points.map((row) => factors.map((factor, index) => valueBetween(factor, row[index]!))),
      );
      return { points: chosen, screening: withRealSteps(screening, factors, chosen) };
    }
    default:
      throw new RangeError(
        `sweep: unknown design "${String(design)}"${didYouMean(String(design), sweepDesigns) || `; known: ${sweepDesigns.join(', ')}`}`,
      );
  }
}

/** The screening with steps as long as they became: lists and whole numbers are rounded, which changes them. */
function withRealSteps(
  screening: MorrisDesign,
  factors: readonly Factor[],
  points: readonly DesignPoint[],
): MorrisDesign {
  const steps = screening.steps.map((step): MorrisStep => {
    const factor = factors[step.factor]!;
    const [before, after] = [step.from, step.to].map((row) => placeOf(factor, points[row]![step.factor]!));
    return { ...step, size: after! - before! };
  });
  return { ...screening, steps };
}
