/**
 * A map from 32-bit integers to 31-bit numbers >= 0, on typed arrays: open addressing with linear probing, at most half
 * full, deletion by shifting back (no tombstones, so a long churn never slows it down). It grows by doubling and
 * allocates only then, which a `Map` does not promise.
 */
export class IntMap {
  #keys: Int32Array = new Int32Array(16);
  /** -1 marks an empty place. */
  #values: Int32Array = new Int32Array(16).fill(-1);
  #size = 0;

  /** Keys inside. */
  get size(): number {
    return this.#size;
  }

  /** The value of a key, or -1. */
  get(key: number): number {
    return this.#values[this.#placeOf(key)]!;
  }

  /** Sets the value (>= 0) of a key. */
  set(key: number, value: number): void {
    let place = this.#placeOf(key);
    if (this.#values[place]! < 0) {
      if (++this.#size * 2 > this.#keys.length) {
        this.#double();
        place = this.#placeOf(key);
      }
      this.#keys[place] = key;
    }
    this.#values[place] = value;
  }

  /** Removes a key; false when it was not there. */
  delete(key: number): boolean {
    const mask = this.#keys.length - 1;
    let hole = this.#placeOf(key);
    if (this.#values[hole]! < 0) return false;
    this.#size--;
    for (let place = (hole + 1) & mask; this.#values[place]! >= 0; place = (place + 1) & mask) {
      // An entry may move back into the hole unless its home lies cyclically between the hole and where it stands.
      const home = hash(this.#keys[place]!) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      this.#keys[hole] = this.#keys[place]!;
      this.#values[hole] = this.#values[place]!;
      hole = place;
    }
    this.#values[hole] = -1;
    return true;
  }

  /** Forgets everything; keeps its size in memory. */
  clear(): void {
    this.#values.fill(-1);
    this.#size = 0;
  }

  /** Where a key stands, or the empty place where it would. */
  #placeOf(key: number): number {
    const mask = this.#keys.length - 1;
    let place = hash(key) & mask;
    while (this.#values[place]! >= 0 && this.#keys[place] !== key) place = (place + 1) & mask;
    return place;
  }

  #double(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Int32Array(keys.length * 2);
    this.#values = new Int32Array(keys.length * 2).fill(-1);
    for (let i = 0; i < keys.length; i++) {
      if (values[i]! < 0) continue;
      const place = this.#placeOf(keys[i]!);
      this.#keys[place] = keys[i]!;
      this.#values[place] = values[i]!;
    }
  }
}

/** The 32-bit finaliser of MurmurHash3 (Appleby, public domain): every input bit reaches every output bit. */
function hash(key: number): number {
  let mixed = key | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
