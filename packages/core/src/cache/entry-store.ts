import { grownFloat64, grownInt32 } from '../queueing/columns.ts';
import type { Stream } from '../random/stream.ts';
import { IntMap } from './int-map.ts';

/** Which entry leaves when a new one needs its place. */
export type Eviction = 'random' | 'least recently used';

const NONE = -1;

/**
 * The entries of a cache of limited capacity, as columns by place. Places 0 to size - 1 are always in use (the last
 * entry moves into a place that becomes free), so a random victim is one draw. Columns start small and double up to the
 * capacity: a cache per node costs what it holds, not what it could hold.
 *
 * With `least recently used`, places form a list from the most to the least recently used one; with `random` the list
 * is not kept.
 */
export class EntryStore {
  readonly capacity: number;
  readonly #isLru: boolean;
  readonly #stream: Stream;
  readonly #placeByKey: IntMap = new IntMap();
  #key: Int32Array = new Int32Array(8);
  #newer: Int32Array = new Int32Array(8);
  #older: Int32Array = new Int32Array(8);
  #newest = NONE;
  #oldest = NONE;
  #size = 0;
  #evictions = 0;

  /** What the entry answers. */
  value: Int32Array = new Int32Array(8);
  /** Lookups in the current run of popularity, and when the last one was. */
  hits: Int32Array = new Int32Array(8);
  lastHitAt: Float64Array = new Float64Array(8);
  /** When it was stored, and until when it is fresh. */
  storedAt: Float64Array = new Float64Array(8);
  expiresAt: Float64Array = new Float64Array(8);

  constructor(capacity: number, eviction: Eviction, stream: Stream) {
    this.capacity = capacity;
    this.#isLru = eviction === 'least recently used';
    this.#stream = stream;
  }

  /** Entries inside, expired ones included. */
  get size(): number {
    return this.#size;
  }

  /** Entries that had to leave for others. */
  get evictions(): number {
    return this.#evictions;
  }

  /** The place of a key, or -1. It is good until the next `put` or `remove`. */
  find(key: number): number {
    return this.#placeByKey.get(key);
  }

  /** Notes that an entry was used, which matters to `least recently used` only. */
  touch(place: number): void {
    if (!this.#isLru || this.#newest === place) return;
    this.#unlink(place);
    this.#linkNewest(place);
  }

  /** The place of a key, made by evicting another entry when the store is full; -1 when the capacity is 0. */
  put(key: number): number {
    let place = this.#placeByKey.get(key);
    if (place >= 0) {
      this.touch(place);
      return place;
    }
    if (this.capacity === 0) return NONE;
    if (this.#size >= this.capacity) {
      this.#evictions++;
      this.#removeAt(this.#isLru ? this.#oldest : this.#stream.integer(this.#size));
    }
    place = this.#size++;
    if (place === this.#key.length) this.#grow();
    this.#key[place] = key;
    this.hits[place] = 0;
    this.lastHitAt[place] = 0;
    this.#placeByKey.set(key, place);
    if (this.#isLru) this.#linkNewest(place);
    return place;
  }

  /** Removes a key; false when it is not there. */
  remove(key: number): boolean {
    const place = this.#placeByKey.get(key);
    if (place < 0) return false;
    this.#removeAt(place);
    return true;
  }

  /** Forgets everything. */
  clear(): void {
    this.#placeByKey.clear();
    this.#size = 0;
    this.#newest = NONE;
    this.#oldest = NONE;
  }

  #removeAt(place: number): void {
    this.#placeByKey.delete(this.#key[place]!);
    if (this.#isLru) this.#unlink(place);
    const last = --this.#size;
    if (place !== last) this.#move(last, place);
  }

  #move(from: number, to: number): void {
    this.#key[to] = this.#key[from]!;
    this.value[to] = this.value[from]!;
    this.hits[to] = this.hits[from]!;
    this.lastHitAt[to] = this.lastHitAt[from]!;
    this.storedAt[to] = this.storedAt[from]!;
    this.expiresAt[to] = this.expiresAt[from]!;
    this.#placeByKey.set(this.#key[to]!, to);
    if (!this.#isLru) return;
    const newer = this.#newer[from]!;
    const older = this.#older[from]!;
    this.#newer[to] = newer;
    this.#older[to] = older;
    if (newer === NONE) this.#newest = to;
    else this.#older[newer] = to;
    if (older === NONE) this.#oldest = to;
    else this.#newer[older] = to;
  }

  #linkNewest(place: number): void {
    this.#newer[place] = NONE;
    this.#older[place] = this.#newest;
    if (this.#newest === NONE) this.#oldest = place;
    else this.#newer[this.#newest] = place;
    this.#newest = place;
  }

  #unlink(place: number): void {
    const newer = this.#newer[place]!;
    const older = this.#older[place]!;
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
    if (older === NONE) this.#oldest = newer;
    else this.#newer[older] = newer;
  }

  #grow(): void {
    const places = this.#key.length * 2;
    this.#key = grownInt32(this.#key, places, 0);
    this.#newer = grownInt32(this.#newer, places, NONE);
    this.#older = grownInt32(this.#older, places, NONE);
    this.value = grownInt32(this.value, places, 0);
    this.hits = grownInt32(this.hits, places, 0);
    this.lastHitAt = grownFloat64(this.lastHitAt, places, 0);
    this.storedAt = grownFloat64(this.storedAt, places, 0);
    this.expiresAt = grownFloat64(this.expiresAt, places, 0);
  }
}
