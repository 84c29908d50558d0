import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordBook, readRecords } from './record-book.ts';
import { headerLine, replicationLine } from './record.ts';
import type { Replication } from './replication.ts';

const header = { engine: 'e', documents: ['h'], seed: '1', title: 't', arguments: [] };

function made(seed: string, value = 1, hash = 'h'): Replication {
  return { hash, engine: 'e', seed, until: null, digest: `d${seed}`, events: 3, measures: { x: value } };
}

const text = [headerLine(header), ...['1', '2', '3'].map((seed) => replicationLine(made(seed)))]
  .map((line) => `${line}\n`)
  .join('');

describe('a file of records', () => {
  it('gives its header and its replications with their lines', () => {
    expect(readRecords(text)).toEqual({
      header,
      records: [2, 3, 4].map((line) => ({ line, replication: made(String(line - 1)) })),
      damaged: [],
      wholeLength: text.length,
    });
  });

  it('torn anywhere, gives the lines before the tear and where to go on', () => {
    const ends = [...text].flatMap((unit, i) => (unit === '\n' ? [i + 1] : []));
    for (let length = 0; length < text.length; length++) {
      const { records, damaged, wholeLength } = readRecords(text.slice(0, length));
      const whole = ends.filter((end) => end <= length);
      expect(wholeLength).toBe(whole.at(-1) ?? 0);
      expect(records.length).toBe(Math.max(0, whole.length - 1));
      expect(damaged).toEqual([]);
    }
  });

  it('with a damaged line in the middle says which, and does not count it', () => {
    const { records, damaged } = readRecords(text.replace('"seed":"2"', '"seed":"9"'));
    expect(records.map(({ line }) => line)).toEqual([2, 4]);
    expect(damaged).toEqual([{ line: 3, reason: expect.stringContaining('its checksum is not') as string }]);
  });
});

describe('a book of replications', () => {
  it('counts each once, whatever is delivered twice and in whichever order', () => {
    const all = ['10', '9', 'a/2', 'a/10', 'a', '1'].map((seed) => made(seed));
    const delivered = fc.shuffledSubarray([...all, ...all], { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(delivered, (list) => {
        const book = new RecordBook();
        const counted = list.filter((one, i) => book.add(one, `f:${i}`)).length;
        expect([counted, book.size, book.duplicates]).toEqual([6, 6, 6]);
        expect(book.sorted().map(({ seed }) => seed)).toEqual(['1', '9', '10', 'a', 'a/2', 'a/10']);
      }),
    );
  });

  it('finds a run, and not one of another document or end', () => {
    const book = new RecordBook();
    book.add(made('1'), 'f:1');
    expect(book.get(made('1'))).toEqual(made('1'));
    expect([book.get(made('2')), book.get(made('1', 1, 'i')), book.get({ ...made('1'), until: 5 })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('refuses two outcomes of one run, naming where both stand', () => {
    const book = new RecordBook();
    book.add(made('1', 1), 'a.ndjson:2');
    expect(() => book.add(made('1', 2), 'b.ndjson:7')).toThrow(
      'replications of seed 1 of document h differ: a.ndjson:2 and b.ndjson:7',
    );
  });
});
