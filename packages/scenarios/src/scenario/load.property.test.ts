/** Whatever the text, reading it ends in data or in a `DocumentError` that names a place in it; nothing else is ever thrown. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DocumentError } from './document-error.ts';
import { loadDocument } from './load.ts';
import { parseScenario } from './parse.ts';

const runs = { seed: 20241211, numRuns: 250 };

async function read(text: string, name: string): Promise<void> {
  try {
    const document = await loadDocument(text, name);
    parseScenario(document.data, document);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const lines = text.split('\n').length;
    for (const { position } of error.problems) {
      if (position === undefined) continue;
      expect(position.line).toBeGreaterThanOrEqual(1);
      expect(position.line).toBeLessThanOrEqual(lines);
      expect(position.column).toBeGreaterThanOrEqual(1);
    }
  }
}

/** Pieces that mean something to YAML or JSON, so that random texts get past the first character. */
const piece = fc.constantFrom(
  ...[
    'a',
    'id',
    'clusters',
    ': ',
    ':',
    '- ',
    '\n',
    '\n  ',
    '\n    ',
    '{',
    '}',
    '[',
    ']',
    ', ',
    '"',
    "'",
    '&a ',
    '*a',
    '!!str ',
  ],
  ...[
    '# ',
    '| ',
    '> ',
    '? ',
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '<<',
    '~',
    'null',
    '1',
    '-1',
    '1e999',
    '.inf',
    '\t',
    '\r\n',
    '\u0000',
  ],
  ...['__proto__', 'constructor', 'µ', '\ud800', '\u2028', '1h30m', '96 GiB', '@', '`'],
);

it.each(['x.yaml', 'x.json'])('random pieces as %s', async (name) => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => read(pieces.join(''), name)),
    runs,
  );
});

const right = `version: 1
id: x
clock: { zero: "2024-12-11T14:51:00-08:00", zone: PST }
clusters:
  - id: a
    nodes: { value: 5, source: assumed, note: "a guess, no more" }
    apiServers: { replicas: 3, cores: 4, memory: 64 GiB }
costs: { connection: 1.5 ms, apiServerBaseline: 2 GB + 9.3 MB * nodes }
`;

it('a right text with a piece cut out and another put in', async () => {
  const position = fc.integer({ min: 0, max: right.length });
  await fc.assert(
    fc.asyncProperty(position, fc.integer({ min: 0, max: 20 }), piece, async (from, length, inserted) =>
      read(right.slice(0, from) + inserted + right.slice(from + length), 'x.yaml'),
    ),
    runs,
  );
});
