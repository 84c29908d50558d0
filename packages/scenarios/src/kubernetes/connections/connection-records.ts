/**
 * Storage of connections: fixed records in one growing buffer, known by number, used again once they are closed. A record is
 * 32 bytes, half a cache line, because nearly every look at a connection asks for all of it:
 *
 *   float64 idle since | float64 life | int32 server | int32 streams | int32 next | int32 is closing
 */

/** See above. */
export class ConnectionRecords {
  #floats: Float64Array<ArrayBuffer>;
  #ints: Int32Array<ArrayBuffer>;
  #used = 0;
  readonly #free: number[] = [];

  constructor() {
    const buffer = new ArrayBuffer(INITIAL * RECORD_BYTES);
    this.#floats = new Float64Array(buffer);
    this.#ints = new Int32Array(buffer);
  }

  /** Records in use. */
  get count(): number {
    return this.#used - this.#free.length;
  }

  /** Takes a record for a connection to `server`, made in that life of it: without streams, idle since `now`, last of its chain. */
  add(server: number, life: number, now: number): number {
    const connection = this.#free.pop() ?? this.#append();
    this.#floats[connection << 2] = now;
    this.#floats[(connection << 2) | LIFE] = life;
    const ints = this.#ints;
    const base = connection << 3;
    ints[base | SERVER] = server;
    ints[base | STREAMS] = 0;
    ints[base | NEXT] = -1;
    ints[base | CLOSING] = 0;
    return connection;
  }

  /** Gives the record back; nobody may hold its number any more. */
  free(connection: number): void {
    this.#free.push(connection);
  }

  /** When its last stream ended, in microseconds; of no meaning while it carries streams. */
  idleSince(connection: number): number {
    return this.#floats[connection << 2]!;
  }

  setIdleSince(connection: number, instant: number): void {
    this.#floats[connection << 2] = instant;
  }

  /** Life of the server that it was made in. */
  lifeOf(connection: number): number {
    return this.#floats[(connection << 2) | LIFE]!;
  }

  /** Index of the API server it leads to. */
  serverOf(connection: number): number {
    return this.#ints[(connection << 3) | SERVER]!;
  }

  /** Streams open on it. */
  streamsOf(connection: number): number {
    return this.#ints[(connection << 3) | STREAMS]!;
  }

  /** Opens streams, or closes them; answers how many there are now. */
  addStreams(connection: number, count: number): number {
    const place = (connection << 3) | STREAMS;
    const streams = this.#ints[place]! + count;
    this.#ints[place] = streams;
    return streams;
  }

  /** The next connection of the same client, in the order in which they were dialled; -1 = none. */
  nextOf(connection: number): number {
    return this.#ints[(connection << 3) | NEXT]!;
  }

  setNext(connection: number, next: number): void {
    this.#ints[(connection << 3) | NEXT] = next;
  }

  /** Whether it is closed as soon as its last stream has ended. */
  isClosing(connection: number): boolean {
    return this.#ints[(connection << 3) | CLOSING] === 1;
  }

  setClosing(connection: number): void {
    this.#ints[(connection << 3) | CLOSING] = 1;
  }

  #append(): number {
    if (this.#used << 2 === this.#floats.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const buffer = new ArrayBuffer(this.#used * 2 * RECORD_BYTES);
    const floats = new Float64Array(buffer);
    floats.set(this.#floats);
    this.#floats = floats;
    this.#ints = new Int32Array(buffer);
  }
}

const INITIAL = 64;
const RECORD_BYTES = 32;
const LIFE = 1;
const SERVER = 4;
const STREAMS = 5;
const NEXT = 6;
const CLOSING = 7;
