/**
 * Borrowing: every ten seconds the levels of a server exchange the seats they do not need. A level keeps at least its
 * minimum, gets back what it had to begin with as soon as it wants it, and shares the rest in proportion to its demand.
 * Source: kubernetes/apiserver, tag kubernetes-1.36.3, pkg/util/flowcontrol/conc_alloc.go and apf_controller.go.
 */

/** One level as the adjustment sees it. All values are seats. */
export interface Borrower {
  readonly isExempt: boolean;
  readonly nominal: number;
  readonly min: number;
  readonly max: number;
  /** Most seats wanted at any instant of the period that just ended. */
  readonly highWatermark: number;
  /** The demand envelope. */
  readonly smoothedDemand: number;
  /** Limit in force; kept when the bounds leave no solution. */
  readonly limit: number;
}

/**
 * What the solver divides `sum` among: never less than `lower`, never more than `upper`, else in proportion to
 * `target`.
 */
export interface Claim {
  readonly lower: number;
  readonly upper: number;
  readonly target: number;
}

/** Targets below this count as this, so that idle levels share what nobody wants. */
const smallestTarget = 0.001;

/** How far a sum of bounds may be off and still count as met. */
const tolerance = 1e-7;

/** The limits of all levels after one adjustment, in the order of `levels`. */
export function adjustLimits(levels: readonly Borrower[]): number[] {
  let total = 0;
  let exempt = 0;
  let sumOfMin = 0;
  let sumOfFloors = 0;
  for (const level of levels) {
    total += level.nominal;
    if (level.isExempt) {
      exempt += exemptLimit(level);
      continue;
    }
    sumOfMin += level.min;
    sumOfFloors += floorOf(level);
  }
  const remaining = total - exempt;
  if (remaining <= sumOfMin) return levels.map((level) => (level.isExempt ? exemptLimit(level) : level.min));
  if (remaining <= sumOfFloors) {
    const share = (remaining - sumOfMin) / (sumOfFloors - sumOfMin);
    return levels.map((level) =>
      level.isExempt ? exemptLimit(level) : level.min + Math.round((floorOf(level) - level.min) * share),
    );
  }
  // Seats in exempt use are not subtracted here: upstream divides the whole sum in this branch.
  const claims: Claim[] = [];
  for (const level of levels) if (!level.isExempt) claims.push(claimOf(level));
  const factor = fairFactor(total, claims);
  let next = 0;
  return levels.map((level) => {
    if (level.isExempt) return exemptLimit(level);
    const claim = claims[next++]!;
    return Number.isNaN(factor) ? level.limit : Math.round(allotment(claim, factor));
  });
}

/**
 * The factor f for which the allotments clamp(f x target, lower, upper) add up to `sum`, or NaN when the bounds do not
 * allow that. The total of the allotments is a rising, piecewise linear function of f whose slope changes only where a
 * claim meets a bound, so the solution lies before the first of these bends at which the total has reached the sum.
 */
export function fairFactor(sum: number, claims: readonly Claim[]): number {
  let lowest = 0;
  let highest = 0;
  const bends: number[] = [];
  for (const claim of claims) {
    lowest += claim.lower;
    highest += claim.upper;
    insert(bends, claim.lower / targetOf(claim));
    insert(bends, claim.upper / targetOf(claim));
  }
  if (lowest > sum + tolerance || highest < sum - tolerance) return NaN;
  let first = 0;
  let last = bends.length;
  while (first < last) {
    const middle = (first + last) >> 1;
    if (totalAt(claims, bends[middle]!) >= sum) last = middle;
    else first = middle + 1;
  }
  const from = first === 0 ? 0 : bends[first - 1]!;
  if (first === bends.length) return from;
  const total = first === 0 ? lowest : totalAt(claims, from);
  const bend = bends[first]!;
  const reached = totalAt(claims, bend);
  return reached === total ? bend : from + ((sum - total) / (reached - total)) * (bend - from);
}

/** Puts a number into its place among rising ones; there are two for each level, a dozen. */
function insert(rising: number[], value: number): void {
  let place = rising.length;
  rising.push(value);
  for (; place > 0 && rising[place - 1]! > value; place--) rising[place] = rising[place - 1]!;
  rising[place] = value;
}

function totalAt(claims: readonly Claim[], factor: number): number {
  let total = 0;
  for (const claim of claims) total += allotment(claim, factor);
  return total;
}

/** Seats of one claim at factor `factor`. */
export function allotment(claim: Claim, factor: number): number {
  return Math.max(claim.lower, Math.min(claim.upper, factor * targetOf(claim)));
}

/** What a level gets before anybody borrows: what it wanted at most, but within its minimum and its nominal seats. */
function floorOf(level: Borrower): number {
  return Math.max(level.min, Math.min(level.nominal, level.highWatermark));
}

/** The exempt level is not limited; its limit says what it took from the others' common pool. */
function exemptLimit(level: Borrower): number {
  return Math.max(level.min, level.highWatermark);
}

function claimOf(level: Borrower): Claim {
  const lower = floorOf(level);
  return { lower, upper: level.max, target: Math.max(lower, level.smoothedDemand) };
}

function targetOf(claim: Claim): number {
  return Math.max(claim.target, smallestTarget);
}
