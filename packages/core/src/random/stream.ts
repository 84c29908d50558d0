/**
 * Named, independent streams of random numbers: one per part and purpose, so that changing one policy leaves every other
 * part's numbers as they were and two variants of a model can be compared draw by draw.
 *
 * The generator is seedrandom's Alea (J. Baagøe's multiply-with-carry on doubles). Its three-line recurrence is written
 * out here because a closure per stream costs twice the time and several times the memory; the tests hold every stream
 * equal, bit for bit, to `seedrandom.alea(...).double()` from the same state.
 */
import { normalQuantile } from './normal-quantile.ts';
import { keyOf, stateOf, stateOfMember, type StreamKey, type StreamState } from './stream-key.ts';
import { unitLog } from './unit-log.ts';

const MULTIPLIER = 2091639;
const TWO_TO_MINUS_32 = 2 ** -32;
const TWO_TO_MINUS_53 = 2 ** -53;
const TWO_TO_MINUS_54 = 2 ** -54;

/** One independent source of random numbers. Every method below takes exactly one uniform from it. */
export class Stream {
  readonly #family: string;
  readonly #index: number;
  // Initialised with fractions so that V8 keeps these fields as doubles and updates them in place; a field that was ever
  // undefined allocates a number for every draw, which makes `uniform` five times slower.
  #s0 = 0.5;
  #s1 = 0.5;
  #s2 = 0.5;
  #carry = 1;

  /** Streams come from `Streams.get`; this constructor serves snapshots and tests. `index` -1 means: not numbered. */
  constructor(family: string, index: number, state: StreamState) {
    this.#family = family;
    this.#index = index;
    this.restore(state);
  }

  /** What the stream is for: `node/lease`, or `node/lease#4711` in a numbered family. */
  get name(): string {
    return this.#index < 0 ? this.#family : `${this.#family}#${this.#index}`;
  }

  /** Uniform on [0, 1): a multiple of 2^-53, so that `1 - uniform()` is exact and lies in (0, 1]. */
  uniform(): number {
    const first = MULTIPLIER * this.#s0 + this.#carry * TWO_TO_MINUS_32;
    const firstCarry = first | 0;
    const high = first - firstCarry;
    const second = MULTIPLIER * this.#s1 + firstCarry * TWO_TO_MINUS_32;
    const secondCarry = second | 0;
    const low = second - secondCarry;
    this.#s0 = this.#s2;
    this.#s1 = high;
    this.#s2 = low;
    this.#carry = secondCarry;
    return high + ((low * 0x200000) | 0) * TWO_TO_MINUS_53;
  }

  /** Uniform on (0, 1), for transforms that are infinite at 0; a zero (once in 2^53 draws) becomes 2^-54. */
  uniformOpen(): number {
    const u = this.uniform();
    return u === 0 ? TWO_TO_MINUS_54 : u;
  }

  /** A whole number from 0 to `count` - 1, each equally likely (to 1 part in 2^53/count). */
  integer(count: number): number {
    if (!(count >= 1 && count <= Number.MAX_SAFE_INTEGER)) this.#refuse('integer', 'a count >= 1', count);
    return Math.floor(this.uniform() * count);
  }

  /** True with the given probability; a larger probability is true whenever a smaller one would have been. */
  bernoulli(probability: number): boolean {
    if (!(probability >= 0 && probability <= 1)) this.#refuse('bernoulli', 'a probability in [0, 1]', probability);
    return this.uniform() < probability;
  }

  /** Exponential with the given mean, in the mean's unit, by inverse transform; at most 36.8 means. */
  exponential(mean: number): number {
    return 0 - mean * unitLog(1 - this.uniform());
  }

  /** Standard normal by inverse transform. */
  normal(): number {
    return normalQuantile(this.uniformOpen());
  }

  /** The state as plain data; `restore` with it makes the stream continue from here again. */
  state(): StreamState {
    return [this.#s0, this.#s1, this.#s2, this.#carry];
  }

  /** Continues from a state that `state()` returned. */
  restore(state: StreamState): void {
    this.#s0 = state[0];
    this.#s1 = state[1];
    this.#s2 = state[2];
    this.#carry = state[3];
  }

  #refuse(method: string, expected: string, got: number): never {
    throw new RangeError(`stream "${this.name}": ${method} expects ${expected}, got ${got}`);
  }
}

interface Family {
  readonly key: StreamKey;
  readonly members: Map<number, Stream>;
  bare: Stream | undefined;
}

/** Hands out streams by name; the same (seed, replication, name, index) always gives the same numbers. */
export class Streams {
  readonly #seed: string;
  readonly #replication: number;
  readonly #families: Map<string, Family> = new Map();

  constructor(seed: string, replication: number) {
    if (!Number.isSafeInteger(replication) || replication < 0) {
      throw new RangeError(`streams: replication must be a whole number >= 0, got ${replication}`);
    }
    this.#seed = seed;
    this.#replication = replication;
  }

  /**
   * The stream of that name, made at the first call. With an `index` it is one member of a numbered family, which is
   * the cheap way to give each of ten thousand nodes its own: no name is built, and making one costs well under 1 µs.
   */
  get(name: string, index?: number): Stream {
    const family = this.#families.get(name) ?? this.#addFamily(name);
    if (index === undefined) return (family.bare ??= new Stream(name, -1, stateOf(family.key)));
    let stream = family.members.get(index);
    if (stream === undefined) {
      if (index !== index >>> 0) {
        throw new RangeError(`stream "${name}": index must be a whole number from 0 to 4294967295, got ${index}`);
      }
      stream = new Stream(name, index, stateOfMember(family.key, index));
      family.members.set(index, stream);
    }
    return stream;
  }

  #addFamily(name: string): Family {
    if (name === '') throw new RangeError('streams: a stream needs a name, got an empty string');
    const family: Family = { key: keyOf(this.#seed, this.#replication, name), members: new Map(), bare: undefined };
    this.#families.set(name, family);
    return family;
  }
}
