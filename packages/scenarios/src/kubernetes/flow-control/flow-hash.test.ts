import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { flowHash } from './flow-hash.ts';

const lengths = [0, 1, 30, 53, 54, 55, 56, 61, 62, 63, 64, 117, 118, 119, 200];

test('the hash is the start of the SHA-256 of schema and distinguisher, little end first', () => {
  const names = [...lengths.map((length) => 'x'.repeat(length)), 'Zoë', '漢字', '😀 face'];
  for (const schema of names) {
    for (const distinguisher of names) {
      const digest = createHash('sha256').update(`${schema}\0${distinguisher}`).digest();
      const hash = flowHash(schema, distinguisher).reduce((value, digit) => value * 65_536n + BigInt(digit), 0n);
      expect(hash).toBe(digest.readBigUInt64LE(0));
    }
  }
});
