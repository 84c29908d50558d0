/** Many comparisons at once: what one of them has to show so that all together are right as often as promised. */

/**
 * S. Holm's step-down correction (Scandinavian Journal of Statistics 6, 1979): probabilities by chance, adjusted so that
 * calling everything at most 1 - level a difference makes any false call at all with that probability at most, whatever the
 * dependence between them. In the order given. Never less sharp than multiplying each by their number (Bonferroni).
 */
export function holm(probabilities: readonly number[]): number[] {
  if (!probabilities.every((p) => p >= 0 && p <= 1)) {
    throw new RangeError(`holm: expected probabilities, got [${probabilities.join(', ')}]`);
  }
  const order = probabilities.map((_, i) => i).sort((a, b) => probabilities[a]! - probabilities[b]! || a - b);
  const adjusted = new Array<number>(probabilities.length).fill(1);
  let least = 0;
  order.forEach((i, rank) => {
    least = Math.max(least, Math.min(1, probabilities[i]! * (probabilities.length - rank)));
    adjusted[i] = least;
  });
  return adjusted;
}

/** Bonferroni's level of each of `count` intervals that are to cover all together with probability `level`. */
export function simultaneousLevel(level: number, count: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`simultaneousLevel: level must be inside (0, 1), got ${level}`);
  if (!(Number.isSafeInteger(count) && count >= 1)) {
    throw new RangeError(`simultaneousLevel: count must be a whole number >= 1, got ${count}`);
  }
  return 1 - (1 - level) / count;
}
