import { gammaTails, type Tails } from './incomplete-gamma.ts';

/**
 * Both tails of the standard normal distribution at `z`, each accurate where it is tiny: the halved square of a normal
 * variable is gamma distributed with shape 1/2.
 */
export function normalTails(z: number): Tails {
  const square = gammaTails(0.5, (z * z) / 2);
  const outer = square.upper / 2;
  const inner = 0.5 + square.lower / 2;
  return z < 0 ? { lower: outer, upper: inner } : { lower: inner, upper: outer };
}
