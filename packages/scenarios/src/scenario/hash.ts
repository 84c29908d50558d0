/**
 * A short fingerprint of a document: FNV-1a, 64 bits, over its JSON with sorted keys. Two documents that say the same in a
 * different order have the same fingerprint. It tells documents apart; it is no protection against forgery.
 */

/** Sixteen hexadecimal digits that depend on the content of `data` alone, not on the order of its keys. */
export function documentHash(data: unknown): string {
  return fnv1a64(canonicalJson(data));
}

/** JSON without spaces, keys sorted by code unit, other than ASCII escaped; keys without a value (undefined) are left out. */
export function canonicalJson(data: unknown): string {
  return write(data).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function write(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map((item: unknown) => write(item)).join(',')}]`;
  if (typeof data !== 'object' || data === null) return JSON.stringify(data) ?? 'null';
  const parts = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`);
  return `{${parts.join(',')}}`;
}

const word = 2 ** 32;

/** FNV-1a with the 64-bit prime 2^40 + 0x1b3, in two words of 32 bits; `text` must be ASCII. */
export function fnv1a64(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let index = 0; index < text.length; index += 1) {
    low = (low ^ text.charCodeAt(index)) >>> 0;
    const product = low * 0x1b3;
    high = (high * 0x1b3 + Math.floor(product / word) + low * 0x100) % word;
    low = product % word;
  }
  return hex(high) + hex(low);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
