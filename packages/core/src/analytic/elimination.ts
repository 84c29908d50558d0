/**
 * Elimination of states, one after the other, from a chain whose rates lie in a band around the diagonal.
 *
 * Why not mathjs: its `lusolve` is dense, and two thousand states cost it minutes and 32 MB where a band of forty costs a
 * few milliseconds. And any elimination with pivots subtracts: times of 1e14 s, which are the point of metastable chains,
 * come out with wrong digits or a minus sign. W. Grassmann, M. Taksar and D. Heyman (Operations Research 33, 1985) eliminate
 * without one subtraction - the diagonal is always taken as the sum of the other rates - and every result keeps nearly all
 * of its digits, whatever the range of rates and times (A. S. Alfa, J. Xue and Q. Ye, Mathematics of Computation 71, 2002).
 */

/** Rates between states 0 to size - 1, and out of all of them at once. */
export class Elimination {
  readonly #size: number;
  readonly #band: number;
  /** Row i holds the rates to i - band .. i + band. After elimination those from above hold shares. */
  readonly #rates: Float64Array;
  readonly #leave: Float64Array;
  /** Total rate of each state to lower ones and out, once those above it are gone. */
  readonly #total: Float64Array;

  /** `band` = largest distance between two states with a rate between them. */
  constructor(size: number, band: number) {
    this.#size = size;
    this.#band = Math.min(band, size - 1);
    this.#rates = new Float64Array(size * (2 * this.#band + 1));
    this.#leave = new Float64Array(size);
    this.#total = new Float64Array(size);
  }

  /** Adds a rate between two different states. */
  add(from: number, to: number, rate: number): void {
    this.#rates[from * (2 * this.#band + 1) + to - from + this.#band]! += rate;
  }

  /** Adds a rate out of the chain. */
  addLeave(from: number, rate: number): void {
    this.#leave[from]! += rate;
  }

  /** Takes out the states from the last to the second. To be called once, after all rates. */
  eliminate(): void {
    const band = this.#band;
    const width = 2 * band + 1;
    const rates = this.#rates;
    const leave = this.#leave;
    for (let state = this.#size - 1; state >= 0; state--) {
      const lowest = Math.max(0, state - band);
      const row = state * width + band - state;
      let total = leave[state]!;
      for (let to = lowest; to < state; to++) total += rates[row + to]!;
      this.#total[state] = total;
      if (total === 0) continue;
      for (let from = lowest; from < state; from++) {
        const above = from * width + band - from;
        const rate = rates[above + state]!;
        if (rate === 0) continue;
        const share = rate / total;
        rates[above + state] = share;
        leave[from]! += share * leave[state]!;
        for (let to = lowest; to < state; to++) if (to !== from) rates[above + to]! += share * rates[row + to]!;
      }
    }
  }

  /**
   * Expected sum of `reward` per unit of time until the chain is left, from each state: with rewards of 1 the expected
   * time. Infinite where it is never left.
   */
  untilLeft(reward: Float64Array): Float64Array {
    const band = this.#band;
    const width = 2 * band + 1;
    const rates = this.#rates;
    const sums = reward.slice();
    for (let state = this.#size - 1; state > 0; state--) {
      const isTrap = this.#total[state] === 0;
      for (let from = Math.max(0, state - band); from < state; from++) {
        const share = rates[from * width + band - from + state]!;
        if (share !== 0) sums[from]! += isTrap ? Infinity : share * sums[state]!;
      }
    }
    for (let state = 0; state < this.#size; state++) {
      const row = state * width + band - state;
      let sum = sums[state]!;
      for (let to = Math.max(0, state - band); to < state; to++) {
        if (rates[row + to] !== 0) sum += rates[row + to]! * sums[to]!;
      }
      sums[state] = this.#total[state] === 0 ? Infinity : sum / this.#total[state]!;
    }
    return sums;
  }

  /** Share of time in each state of a chain that nothing leaves. */
  stationary(): Float64Array {
    const band = this.#band;
    const width = 2 * band + 1;
    const weights = new Float64Array(this.#size);
    weights[0] = 1;
    for (let state = 1; state < this.#size; state++) {
      let weight = 0;
      for (let from = Math.max(0, state - band); from < state; from++) {
        weight += weights[from]! * this.#rates[from * width + band - from + state]!;
      }
      weights[state] = weight;
      if (weight > 1e200) for (let i = 0; i <= state; i++) weights[i]! /= weight;
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  }
}
