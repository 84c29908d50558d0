import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, documentHash, fnv1a64 } from './hash.ts';

/** Test vectors of the FNV reference (Noll), 64-bit FNV-1a. */
it.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['b', 'af63df4c8601f1a5'],
  ['foobar', '85944171f73967e8'],
])('fnv1a64(%j) is %s', (text, digest) => {
  expect(fnv1a64(text)).toBe(digest);
});

it('the order of keys does not matter, the order of lists does', () => {
  expect(documentHash({ a: 1, b: [1, 2] })).toBe(documentHash({ b: [1, 2], a: 1 }));
  expect(documentHash([1, 2])).not.toBe(documentHash([2, 1]));
});

it('tells texts from numbers, absent from null, and one letter from another', () => {
  const documents = [{ a: 1 }, { a: '1' }, { a: null }, {}, { a: [] }, { a: {} }, { a: 'é' }, { a: 'è' }, { b: 1 }];
  expect(new Set(documents.map(documentHash)).size).toBe(documents.length);
});

it('writes ASCII, sorts keys and leaves out what has no value', () => {
  expect(canonicalJson({ b: undefined, z: 'µ', a: [undefined, 1.5] })).toBe('{"a":[null,1.5],"z":"\\u00b5"}');
});

it('is JSON of the same data, whatever the data', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (data) => {
      expect(JSON.parse(canonicalJson(data))).toEqual(JSON.parse(JSON.stringify(data)));
    }),
    { seed: 20241211, numRuns: 100 },
  );
});
