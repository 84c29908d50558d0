/**
 * How a stream gets its starting state. A name is turned into 128 bits by seedrandom's ARC4 generator, keyed with
 * (seed, replication, name); the members of a numbered family are derived from those bits by integer mixing, which
 * costs a hundredth of another ARC4 key schedule. Alea needs three 32-bit fractions and a carry.
 */
import seedrandom from 'seedrandom';

/** The 128 bits behind a name. */
export type StreamKey = readonly [number, number, number, number];

/** The whole state of a stream as plain data: Alea's three fractions and its carry. */
export type StreamState = readonly [s0: number, s1: number, s2: number, carry: number];

const TWO_TO_MINUS_32 = 2 ** -32;

/** The key of a name within one replication of one seed. */
export function keyOf(seed: string, replication: number, name: string): StreamKey {
  const source = seedrandom(`${spelled(seed)}\0${replication}\0${spelled(name)}`);
  return [source.int32(), source.int32(), source.int32(), source.int32()];
}

/** Where the stream of the bare name starts. */
export function stateOf(key: StreamKey): StreamState {
  return [fraction(key[0]), fraction(key[1]), fraction(key[2]), 1];
}

/** Where member `index` of the family starts; each word goes through two keyed rounds of mixing. */
export function stateOfMember(key: StreamKey, index: number): StreamState {
  return [
    fraction(mixed(mixed(index ^ key[0]) + key[1])),
    fraction(mixed(mixed(index ^ key[1]) + key[2])),
    fraction(mixed(mixed(index ^ key[2]) + key[3])),
    1,
  ];
}

function fraction(word: number): number {
  return (word >>> 0) * TWO_TO_MINUS_32;
}

/** The 32-bit finaliser of MurmurHash3 (A. Appleby, public domain): every input bit flips each output bit half the time. */
function mixed(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** seedrandom reads the low byte of each character only, so anything but plain ASCII is spelled out as %XXXX. */
function spelled(text: string): string {
  return text.replace(/[^ -$&-~]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
