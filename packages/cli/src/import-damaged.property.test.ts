/** Real files with something wrong in them: cut anywhere, or with a stretch of other bytes. None may do more than be refused. */
import { DocumentError, importCluster, readImport, type ImportPart } from '@brownout/scenarios';
import { array, assert, constantFrom, double, integer, property, string, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { captureNames, captureText } from '../test/captures.ts';

const texts: readonly (readonly [name: string, text: string])[] = captureNames.map((name) => [name, captureText(name)]);

/** What is read of a text; undefined when it is refused, as it must be: with the name of the file and in a few words. */
function read(name: string, text: string): ImportPart | undefined {
  try {
    return readImport({ name, text });
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    expect((error as Error).message.startsWith(name)).toBe(true);
    expect((error as Error).message.length).toBeLessThan(1_000);
    return undefined;
  }
}

const anyText = constantFrom(...texts);

it('a file that was cut is refused, or what is left of it is whole', () => {
  assert(
    property(anyText, double({ min: 0, max: 1, noNaN: true }), ([name, text], share) => {
      const left = text.slice(0, Math.floor(share * text.length));
      const part = read(name, left);
      if (part !== undefined && name.includes('.json')) expect(left.trimEnd()).toBe(text.trimEnd());
    }),
    { numRuns: 150, seed: 1 },
  );
});

it('a file with other bytes in it is refused, or read as what it says', () => {
  const strange = constantFrom(
    '\u0000',
    '"',
    '{',
    '}',
    '[',
    ']',
    '\\',
    '\n',
    '-1',
    '1e999',
    'NaN',
    '__proto__',
    '\u2028',
  );
  const damage = tuple(double({ min: 0, max: 1, noNaN: true }), integer({ min: 0, max: 40 }), array(strange), string());
  assert(
    property(anyText, damage, ([name, text], [share, length, parts, word]) => {
      const at = Math.floor(share * text.length);
      read(name, `${text.slice(0, at)}${parts.join('')}${word}${text.slice(at + length)}`);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }),
    { numRuns: 150, seed: 2 },
  );
});

it('files of which some are damaged are imported, or refused, together', () => {
  assert(
    property(array(tuple(anyText, integer({ min: 0, max: 2_000 })), { minLength: 1, maxLength: 3 }), (chosen) => {
      const parts = chosen.flatMap(
        ([[name, text], at]) => read(name, `${text.slice(0, at)} ${text.slice(at + 1)}`) ?? [],
      );
      try {
        importCluster(parts);
      } catch (error) {
        expect(error).toBeInstanceOf(DocumentError);
      }
    }),
    { numRuns: 40, seed: 3 },
  );
});
