/**
 * The nearest right name to a wrong one, for messages that end in "did you mean ...?". Distance counts insertions,
 * deletions, substitutions and swaps of neighbours; case and the separators - _ . are ignored, so that `staged_rollout`
 * finds `staged-rollout`.
 */

/** Names longer than this are never compared: a hostile key must not cost a quadratic table. */
const longestName = 64;

/** More names than this that begin alike are no help; the first is then as good as any. */
const mostNamed = 4;

/** The candidate nearest to `given`, or undefined when none is near enough for the hint to be useful. */
export function nearestName(given: string, candidates: Iterable<string>): string | undefined {
  if (given.length > longestName) return undefined;
  const wanted = plain(given);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > longestName) continue;
    const other = plain(candidate);
    const near = isContinuation(wanted, other) ? 1 : editDistance(wanted, other);
    if (near < bestDistance && near <= allowance(wanted, other)) {
      best = candidate;
      bestDistance = near;
    }
  }
  return best;
}

/**
 * `; did you mean "nodes"?` or the empty string; appended to messages about unknown names. A beginning that several names
 * share, and that is near none of them, is answered with all of them.
 */
export function didYouMean(given: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const nearest = nearestName(given, known);
  if (nearest === undefined) return '';
  const wanted = plain(given);
  const isNear = editDistance(wanted, plain(nearest)) <= allowance(wanted, plain(nearest));
  const begun = isNear ? [] : known.filter((one) => one.length <= longestName && isContinuation(wanted, plain(one)));
  const named = begun.length > 1 && begun.length <= mostNamed ? begun : [nearest];
  return `; did you mean ${listed(named.map((name) => `"${name}"`))}?`;
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** Number of single-character edits (insert, delete, substitute, swap neighbours) that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_. ]/g, '');
}

/** `openai` for `openai-2024-12-11`: people type the start of a long name. */
function isContinuation(wanted: string, other: string): boolean {
  return wanted.length >= 4 && other.startsWith(wanted);
}

/** A third of the longer name may differ, and at least one character, so that "node" finds "nodes". */
function allowance(wanted: string, other: string): number {
  return Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3));
}
