/** What all formulas refuse: rates that are none, counts that are no counts, and stations that cannot keep up. */

/** Throws RangeError unless the value is finite and above 0. */
export function checkPositive(part: string, name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new RangeError(`${part}: ${name} must be a finite number above 0, got ${value}`);
}

/** Throws RangeError unless the value is finite and not below 0. */
export function checkNotNegative(part: string, name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new RangeError(`${part}: ${name} must be a finite number >= 0, got ${value}`);
}

/** Throws RangeError unless the value is a whole number from `least` up. */
export function checkWhole(part: string, name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${part}: ${name} must be a whole number >= ${least}, got ${value}`);
}

/** Throws RangeError unless the value lies inside (0, 1). */
export function checkShare(part: string, name: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new RangeError(`${part}: ${name} must be inside (0, 1), got ${value}`);
}

/** Throws RangeError for a station that is offered more than it can serve, whose queue would grow without end. */
export function checkStable(part: string, offered: number, capacity: number): void {
  if (offered < capacity) return;
  const load = capacity === 0 ? 'Infinity' : Number((offered / capacity).toPrecision(6));
  throw new RangeError(`${part}: unstable: expected less work than the servers can do, got a load of ${load}`);
}
