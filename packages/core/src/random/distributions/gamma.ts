/**
 * Gamma and Erlang variables by inverse transform. The textbook ways (a sum of exponentials, Marsaglia and Tsang's
 * rejection) take several uniforms or a random number of them, so that a slightly different shape shifts every later draw.
 * Here one uniform gives one value, monotonely: through a table of log(quantile) over the normal quantile z of the
 * probability, where the curve is smooth, with cubic Hermite interpolation from exact values and slopes.
 */
import { densityTimesX, gammaTails, logGammaQuantile } from '../incomplete-gamma.ts';
import { normalQuantile } from '../normal-quantile.ts';
import { normalTails } from '../normal-tails.ts';
import type { Stream } from '../stream.ts';
import { refused, requirePositive, requireProbability, type KnownDistribution } from './distribution.ts';

/** Shape from 0.01 to 100,000 and the mean. */
export interface GammaParameters {
  readonly shape: number;
  readonly mean: number;
}

/** Number of exponential stages (1 to 100,000) and the mean of their sum. */
export interface ErlangParameters {
  readonly stages: number;
  readonly mean: number;
}

/** uniformOpen() lies between 2^-54 and 1 - 2^-53, that is z between -8.3 and 8.3. */
const Z_LIMIT = 8.5;
const STEPS_PER_UNIT = 32;
const NODES = 2 * Z_LIMIT * STEPS_PER_UNIT + 1;
const SHAPE_LOW = 0.01;
const SHAPE_HIGH = 100_000;

/**
 * Gamma with the given shape and mean; the coefficient of variation is 1/sqrt(shape). `sample` takes one uniform and
 * agrees with `quantile` to 1 part in 10^6; the table behind it is made at the first sample (about 1 ms).
 */
export function gamma(parameters: GammaParameters): KnownDistribution {
  const { shape, mean } = parameters;
  if (!(shape >= SHAPE_LOW && shape <= SHAPE_HIGH)) {
    throw refused('gamma', `shape must be from ${SHAPE_LOW} to ${SHAPE_HIGH}`, shape);
  }
  requirePositive('gamma', 'mean', mean);
  return new Gamma(`gamma(shape ${shape}, mean ${mean})`, shape, mean);
}

/** The sum of `stages` equal exponentials; takes one uniform, not one per stage (see `gamma`). */
export function erlang(parameters: ErlangParameters): KnownDistribution {
  const { stages, mean } = parameters;
  if (!Number.isInteger(stages) || stages < 1 || stages > SHAPE_HIGH) {
    throw refused('erlang', `stages must be a whole number from 1 to ${SHAPE_HIGH}`, stages);
  }
  requirePositive('erlang', 'mean', mean);
  return new Gamma(`erlang(stages ${stages}, mean ${mean})`, stages, mean);
}

class Gamma implements KnownDistribution {
  readonly name: string;
  readonly #shape: number;
  readonly #mean: number;
  readonly #scale: number;
  /** log(quantile) at z = -Z_LIMIT + i/STEPS_PER_UNIT, then its slope per step, alternating. */
  #table: Float64Array | undefined;

  constructor(name: string, shape: number, mean: number) {
    this.name = name;
    this.#shape = shape;
    this.#mean = mean;
    this.#scale = mean / shape;
  }

  mean(): number {
    return this.#mean;
  }

  variance(): number {
    return (this.#mean * this.#mean) / this.#shape;
  }

  sample(stream: Stream): number {
    const table = (this.#table ??= quantileTable(this.#shape));
    const position = (normalQuantile(stream.uniformOpen()) + Z_LIMIT) * STEPS_PER_UNIT;
    const node = Math.floor(position);
    const t = position - node;
    const from = table[2 * node]!;
    const rise = table[2 * node + 2]! - from;
    const slope = table[2 * node + 1]!;
    const bend = slope + table[2 * node + 3]! - 2 * rise;
    return this.#scale * Math.exp(from + t * (slope + t * (rise - slope - bend + t * bend)));
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return this.#scale * Math.exp(logGammaQuantile(this.#shape, p, 1 - p));
  }

  cdf(x: number): number {
    return gammaTails(this.#shape, x / this.#scale).lower;
  }
}

function quantileTable(shape: number): Float64Array {
  const table = new Float64Array(2 * NODES);
  for (let node = 0; node < NODES; node++) {
    const z = node / STEPS_PER_UNIT - Z_LIMIT;
    const { lower, upper } = normalTails(z);
    const logX = logGammaQuantile(shape, lower, upper);
    const normalDensity = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    table[2 * node] = logX;
    // d log(x) / dz = normal density / (x * gamma density), since both distributions put the same mass below.
    table[2 * node + 1] = normalDensity / densityTimesX(shape, Math.exp(logX), logX) / STEPS_PER_UNIT;
  }
  return table;
}
