/** Checks at the door of the queueing components; each names the part, what was expected and what came. */

/** Throws RangeError unless `count` is a whole number >= `least`, or Infinity. `owner` reads like `station "disk"`. */
export function checkCount(owner: string, what: string, count: number, least: number): void {
  if (count >= least && (Number.isInteger(count) || count === Infinity)) return;
  throw new RangeError(`${owner}: ${what} must be >= ${least} and whole, or Infinity, got ${count}`);
}

/** Throws RangeError unless `amount` is positive (or zero, where that is allowed) and finite. */
export function checkAmount(owner: string, what: string, amount: number, allowsNone: boolean): void {
  if (amount < Infinity && (amount > 0 || (allowsNone && amount === 0))) return;
  throw new RangeError(`${owner}: ${what} must be ${allowsNone ? '>= 0' : '> 0'} and finite, got ${amount}`);
}
