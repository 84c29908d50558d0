/**
 * The hash of a flow: the first eight bytes of the SHA-256 of its FlowSchema's name and its distinguisher, read as a
 * little-endian number, as kubernetes/apiserver computes it (pkg/util/flowcontrol/apf_controller.go, tag
 * kubernetes-1.36.3). Written out because core and scenarios run unchanged where no crypto module exists; it runs once
 * per flow, never per request.
 */
import type { FlowHash } from './shuffle-shard.ts';

/** Hash of the flow `distinguisher` of the FlowSchema `schemaName`; names are hashed as UTF-8. */
export function flowHash(schemaName: string, distinguisher: string): FlowHash {
  const [first, second] = sha256Start(utf8(`${schemaName}\0${distinguisher}`));
  const low = swappedBytes(first);
  const high = swappedBytes(second);
  return [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff];
}

/** Words of the block under way; one for all calls, which follow each other. */
const schedule: Int32Array = new Int32Array(64);

/** The first 64 bits of the SHA-256 of `message`, as two big-endian words. Source: FIPS 180-4. */
function sha256Start(message: Uint8Array): readonly [number, number] {
  const state = Int32Array.from(initialState);
  const blocks = paddedWords(message);
  for (let block = 0; block < blocks.length; block += 16) {
    for (let i = 0; i < 16; i++) schedule[i] = blocks[block + i]!;
    for (let i = 16; i < 64; i++) {
      const near = schedule[i - 2]!;
      const far = schedule[i - 15]!;
      const mixedNear = rotated(near, 17) ^ rotated(near, 19) ^ (near >>> 10);
      const mixedFar = rotated(far, 7) ^ rotated(far, 18) ^ (far >>> 3);
      schedule[i] = (schedule[i - 16]! + mixedFar + schedule[i - 7]! + mixedNear) | 0;
    }
    compress(state);
  }
  return [state[0]!, state[1]!];
}

function compress(state: Int32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const one =
      (h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + choice + roundConstants[i]! + schedule[i]!) | 0;
    const two = ((rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** The message, a one bit, zeros and the length in bits, as big-endian words in whole blocks of sixteen. */
function paddedWords(message: Uint8Array): Int32Array {
  const words = new Int32Array(((message.length + 8) >> 6) * 16 + 16);
  for (let i = 0; i < message.length; i++) words[i >> 2]! |= message[i]! << (24 - (i & 3) * 8);
  words[message.length >> 2]! |= 0x80 << (24 - (message.length & 3) * 8);
  words[words.length - 1] = message.length * 8;
  return words;
}

function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(bytes);
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function swappedBytes(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** The fractional parts of the square roots of the first eight primes. */
const initialState: readonly number[] = firstPrimes(8).map((prime) => fractionBits(Math.sqrt(prime)));

/** The fractional parts of the cube roots of the first 64 primes. */
const roundConstants: Int32Array = Int32Array.from(firstPrimes(64), (prime) => fractionBits(Math.cbrt(prime)));

function fractionBits(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
