/**
 * CRC-32 as gzip, PNG and zlib have it (ISO 3309, polynomial 0xEDB88320 reflected): it finds every change of up to 32 bits in
 * a row, so torn and overwritten lines. It is no protection against forgery.
 */

const table: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = (word & 1) === 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
  return word;
});

/** The checksum of a text of ASCII characters, one byte each: eight hexadecimal digits. */
export function crc32(text: string): string {
  let word = -1;
  for (let i = 0; i < text.length; i++) word = table[(word ^ text.charCodeAt(i)) & 0xff]! ^ (word >>> 8);
  return (~word >>> 0).toString(16).padStart(8, '0');
}
