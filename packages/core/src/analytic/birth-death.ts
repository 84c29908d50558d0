/** Chains that go one step up or down: the skeleton of most queues. */

/**
 * Steady state of a birth-death chain on 0 .. states - 1, from detailed balance (L. Kleinrock, Queueing Systems I, 1975,
 * section 3.2). Weights are scaled as they grow, so that thousands of states neither overflow nor lose the likely ones.
 */
export function birthDeath(states: number, birth: (n: number) => number, death: (n: number) => number): number[] {
  const weights = [1];
  for (let n = 1; n < states; n++) {
    const next = (weights[n - 1]! * birth(n - 1)) / death(n);
    weights.push(next);
    if (next > 1e200) for (let i = 0; i <= n; i++) weights[i]! /= next;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Mean of `value(n)` under state probabilities. */
export function expectation(probabilities: readonly number[], value: (n: number) => number): number {
  return probabilities.reduce((sum, probability, n) => sum + probability * value(n), 0);
}
