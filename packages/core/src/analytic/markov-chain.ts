/** Markov chains in continuous time, small enough to list their states: some ten thousand. */
import { Elimination } from './elimination.ts';
import { slowestMode } from './slowest-mode.ts';
import { narrowOrder } from './state-order.ts';

/** How a chain moves. */
export interface ChainOptions<State> {
  /** Where exploring begins; every state must be reachable from it. */
  readonly initial: State;
  /** A text that tells states apart. */
  readonly key: (state: State) => string;
  /** Where a state can go, and how often per second. Rates of 0 are left out; several to one state are added. */
  readonly moves: (state: State) => Iterable<readonly [to: State, rate: number]>;
  /** Most states, default 20,000: more is a chain without an end, or one to simulate. */
  readonly stateLimit?: number;
}

/** How a chain comes to its steady state. */
export interface Relaxation {
  /** Spectral gap per second: the smallest decay rate of a difference from the steady state. */
  readonly rate: number;
  /** 1 / rate in seconds. Long beside every single rate = the chain has states of its own to stay in: metastable. */
  readonly seconds: number;
}

const usualLimit = 20_000;

/** A chain whose states and rates are listed. Indices are places in `states`. */
export class MarkovChain<State> {
  readonly states: readonly State[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #key: (state: State) => string;
  readonly #moves: readonly (readonly (readonly [to: number, rate: number])[])[];
  #stationary: Float64Array | undefined;

  /** Explores all states from the initial one. Throws RangeError above the limit and for rates below 0. */
  constructor(options: ChainOptions<State>) {
    const { initial, key, moves, stateLimit = usualLimit } = options;
    const states = [initial];
    const index = new Map([[key(initial), 0]]);
    const listed: (readonly (readonly [number, number])[])[] = [];
    for (let from = 0; from < states.length; from++) {
      const rates = new Map<number, number>();
      for (const [to, rate] of moves(states[from]!)) {
        if (!(rate >= 0 && rate < Infinity)) {
          throw new RangeError(`chain: rate from ${key(states[from]!)} to ${key(to)} must be >= 0, got ${rate}`);
        }
        if (rate === 0) continue;
        let place = index.get(key(to));
        if (place === undefined) {
          place = states.length;
          if (place >= stateLimit) throw new RangeError(`chain: expected at most ${stateLimit} states, got more`);
          index.set(key(to), place);
          states.push(to);
        }
        if (place !== from) rates.set(place, (rates.get(place) ?? 0) + rate);
      }
      listed.push([...rates]);
    }
    this.#key = key;
    this.#moves = inNarrowOrder(states, index, listed);
    this.#index = index;
    this.states = states;
  }

  /** Place of a state. Throws RangeError for one the chain never reaches. */
  indexOf(state: State): number {
    const place = this.#index.get(this.#key(state));
    if (place === undefined) throw new RangeError(`chain: no state ${this.#key(state)}`);
    return place;
  }

  /** Share of time in each state. Throws RangeError unless every state can come back to the initial one. */
  stationary(): Float64Array {
    if (this.#stationary !== undefined) return this.#stationary;
    const elimination = this.#elimination(() => false);
    const isSinking = this.#moves.some((moves) => moves.length === 0) && this.states.length > 1;
    const shares = elimination.stationary();
    if (isSinking || !shares.every((share) => share >= 0)) {
      throw new RangeError('chain: expected every state to lead back to every other, got one that does not');
    }
    return (this.#stationary = shares);
  }

  /** Mean of a value over time. */
  expectation(value: (state: State) => number): number {
    const shares = this.stationary();
    return this.states.reduce((sum, state, place) => sum + shares[place]! * value(state), 0);
  }

  /** Share of time in the states for which it holds. */
  probability(isIn: (state: State) => boolean): number {
    return this.expectation((state) => (isIn(state) ? 1 : 0));
  }

  /** Expected seconds from each state to the first one for which it holds; 0 there, infinite where it is never reached. */
  hittingTimes(isTarget: (state: State) => boolean): Float64Array {
    const times = new Float64Array(this.states.length);
    const inside = this.states.map((state) => !isTarget(state));
    const count = inside.filter(Boolean).length;
    if (count === 0) return times;
    const elimination = this.#elimination((place) => !inside[place]!);
    const found = elimination.untilLeft(new Float64Array(count).fill(1));
    let next = 0;
    inside.forEach((isOutside, place) => {
      if (isOutside) times[place] = found[next++]!;
    });
    return times;
  }

  /** Spectral gap. Throws RangeError for a chain of one state, and for one whose slowest modes do not come apart. */
  relaxation(): Relaxation {
    const shares = this.stationary();
    if (shares.length < 2) throw new RangeError('chain: a single state has no relaxation');
    let pinned = 0;
    shares.forEach((share, place) => {
      if (share > shares[pinned]!) pinned = place;
    });
    const elimination = this.#elimination((place) => place === pinned);
    const seconds = slowestMode(shares, pinned, (excess) => elimination.untilLeft(excess));
    return { rate: 1 / seconds, seconds };
  }

  /** Rates among the states that are not `out`, renumbered without gaps; rates to the others leave. */
  #elimination(isOut: (place: number) => boolean): Elimination {
    const number = new Int32Array(this.states.length).fill(-1);
    let count = 0;
    let band = 0;
    this.states.forEach((_, place) => {
      if (!isOut(place)) number[place] = count++;
    });
    const pairs = (visit: (from: number, to: number, rate: number) => void): void =>
      this.#moves.forEach((moves, from) => {
        if (number[from]! >= 0) for (const [to, rate] of moves) visit(number[from]!, number[to]!, rate);
      });
    pairs((from, to) => (band = Math.max(band, to < 0 ? 0 : Math.abs(to - from))));
    const elimination = new Elimination(count, band);
    pairs((from, to, rate) => (to < 0 ? elimination.addLeave(from, rate) : elimination.add(from, to, rate)));
    elimination.eliminate();
    return elimination;
  }
}

/** Puts states, their index and their moves into an order of narrow band, in place. */
function inNarrowOrder<State>(
  states: State[],
  index: Map<string, number>,
  moves: readonly (readonly (readonly [number, number])[])[],
): readonly (readonly (readonly [number, number])[])[] {
  const neighbours = states.map(() => new Set<number>());
  moves.forEach((list, from) => {
    for (const [to] of list) {
      neighbours[from]!.add(to);
      neighbours[to]!.add(from);
    }
  });
  const order = narrowOrder(neighbours.map((set) => [...set].sort((a, b) => a - b)));
  const place = new Int32Array(states.length);
  order.forEach((old, fresh) => (place[old] = fresh));
  const original = [...states];
  order.forEach((old, fresh) => (states[fresh] = original[old]!));
  for (const [key, old] of index) index.set(key, place[old]!);
  return order.map((old) => moves[old]!.map(([to, rate]) => [place[to]!, rate] as const));
}
