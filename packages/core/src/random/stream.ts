import seedrandom from 'seedrandom';

/** One independent source of random numbers, named after what it is for. */
export class Stream {
  readonly name: string;
  readonly #next: seedrandom.PRNG;

  constructor(name: string, key: string) {
    this.name = name;
    this.#next = seedrandom.alea(key);
  }

  /** Uniform on [0, 1) with 53 bits. */
  uniform(): number {
    return this.#next.double();
  }
}

/** Hands out streams by name; the same (seed, replication, name) always gives the same numbers. */
export class Streams {
  readonly #seed: string;
  readonly #replication: number;
  readonly #byName: Map<string, Stream> = new Map();

  constructor(seed: string, replication: number) {
    this.#seed = seed;
    this.#replication = replication;
  }

  get(name: string): Stream {
    let stream = this.#byName.get(name);
    if (stream === undefined) {
      stream = new Stream(name, `${this.#seed}\0${this.#replication}\0${name}`);
      this.#byName.set(name, stream);
    }
    return stream;
  }
}
