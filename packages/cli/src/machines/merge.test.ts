import {
  engineVersion,
  headerLine,
  replicationLine,
  runHere,
  shardLine,
  type RecordHeader,
  type Replication,
  type ShardPart,
  type Wanted,
} from '@brownout/scenarios';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tinyDocument } from '../../test/tiny-document.ts';
import { mergeTexts, type NamedText } from './merge.ts';
import { readShard, refuseShard, ShardMade, sharing } from './shard.ts';

const document = await tinyDocument('1 min');
const other = await tinyDocument('2 min');

/** As a comparison asks for them: seed by seed through two documents, and one of them again. */
const wanted: Wanted[] = ['9', '10', '11', 'x'].flatMap((seed) =>
  [document, other, document].map((one) => ({ document: one, seed })),
);
const runs: readonly Replication[] = runHere(wanted.filter((_, place) => place % 3 < 2));

const header: RecordHeader = {
  engine: engineVersion,
  documents: [runs[0]!.hash, runs[1]!.hash],
  seed: '9',
  title: 'two',
  arguments: ['compare', 'tiny file.yaml', '--replications', '4'],
};

const whole = [headerLine(header), ...runs.map(replicationLine)].map((line) => `${line}\n`).join('');

/** Makes nothing anew. */
const maker = {
  make: (list: readonly Wanted[]): Promise<readonly Replication[]> =>
    Promise.resolve(list.map(({ document: one, seed }) => known(one === document ? 0 : 1, seed))),
};

function known(place: number, seed: string): Replication {
  return runs.find((one) => one.hash === header.documents[place] && one.seed === seed)!;
}

/** The file of a share, made as the command makes it. */
async function share(index: number, count: number): Promise<NamedText> {
  const lines: string[] = [headerLine(header)];
  const inner = {
    make: async (list: readonly Wanted[]): Promise<readonly Replication[]> => {
      const made = await maker.make(list);
      lines.push(...made.map(replicationLine));
      return made;
    },
  };
  const made = sharing(inner, { index, count }, (part) => lines.push(shardLine(part))).make(wanted);
  await expect(made).rejects.toBeInstanceOf(ShardMade);
  return { name: `${index}.ndjson`, text: lines.map((line) => `${line}\n`).join('') };
}

async function shares(count: number): Promise<NamedText[]> {
  return await Promise.all(Array.from({ length: count }, (_, i) => share(i + 1, count)));
}

describe('shares put together', () => {
  it('have the bytes of the study made in one, however many there are and in whichever order they come', async () => {
    for (const count of [1, 2, 3, 8, 11]) {
      const files = await shares(count);
      expect(mergeTexts(files).text).toBe(whole);
      fc.assert(
        fc.property(fc.shuffledSubarray(files, { minLength: count }), (shuffled) => {
          expect(mergeTexts(shuffled).text).toBe(whole);
        }),
        { numRuns: 10, seed: 1 },
      );
    }
  });

  it('count what comes twice once', async () => {
    const files = await shares(3);
    const { text, count, duplicates } = mergeTexts([...files, files[1]!, { name: 'whole', text: whole }]);
    expect([text, count, duplicates]).toEqual([whole, 8, 3 + 8]);
  });

  it('of which some are missing or torn say which runs, and how to make them', async () => {
    const files = await shares(4);
    const torn = { name: '3.ndjson', text: files[2]!.text.slice(0, -10) };
    expect(() => mergeTexts([files[0]!, torn, files[3]!])).toThrow(
      [
        '3.ndjson: torn in its last line, which is not counted',
        'merge: 3 replications of 2 shares of 4 are missing:',
        `  seed 9 of document ${header.documents[1]}`,
        `  seed 11 of document ${header.documents[1]}`,
        `  seed x of document ${header.documents[0]}`,
        'Make them, with --out as before and --resume to keep what there is:',
        "  brownout compare 'tiny file.yaml' --replications 4 --shard 2/4 --resume",
        "  brownout compare 'tiny file.yaml' --replications 4 --shard 3/4 --resume",
      ].join('\n'),
    );
  });

  it('of which a line is damaged name it', async () => {
    const [one, two] = (await shares(2)) as [NamedText, NamedText];
    const damaged = { ...two, text: two.text.replace('"seed":"10"', '"seed":"12"') };
    expect(() => mergeTexts([one, damaged])).toThrow(/^2\.ndjson:4: damaged \(its checksum is not/);
  });
});

describe('files that do not belong together', () => {
  function file(changes: Partial<RecordHeader>, rows: readonly Replication[] = runs): NamedText {
    const lines = [headerLine({ ...header, ...changes }), ...rows.map(replicationLine)];
    return { name: 'other.ndjson', text: lines.map((line) => `${line}\n`).join('') };
  }
  const own = { name: 'own.ndjson', text: whole };

  it.each<[string, Partial<RecordHeader>, string]>([
    ['engine', { engine: '9.9.9' }, `"own.ndjson" has ${engineVersion}, "other.ndjson" has 9.9.9`],
    ['documents', { documents: ['a'] }, '"other.ndjson" has a'],
    ['base seed', { seed: '2' }, '"own.ndjson" has 9, "other.ndjson" has 2'],
    ['study', { arguments: ['sweep'] }, '"other.ndjson" has brownout sweep'],
  ])('in their %s are refused', (what, changes, message) => {
    expect(() => mergeTexts([own, file(changes, [])])).toThrow(`merge: files of one study agree in their ${what}; `);
    expect(() => mergeTexts([own, file(changes, [])])).toThrow(message);
  });

  it('by what one of their lines says are refused', () => {
    const foreign = file({}, [{ ...runs[0]!, engine: '9.9.9' }]);
    expect(() => mergeTexts([foreign])).toThrow('other.ndjson:2: made by engine 9.9.9 in a file of engine');
    const contrary = file({}, [{ ...runs[0]!, events: 1 }]);
    expect(() => mergeTexts([own, contrary])).toThrow(/differ: own\.ndjson:2 and other\.ndjson:2/);
  });

  it('by how the study was cut are refused', async () => {
    const [one] = await shares(2);
    const [three] = await shares(3);
    expect(() => mergeTexts([one!, three!])).toThrow('"1.ndjson" is one of 2 shares, "1.ndjson" one of 3');
    const part: ShardPart = { index: 2, count: 2, runs: [] };
    const text = `${headerLine(header)}\n${shardLine(part)}\n`;
    expect(() => mergeTexts([one!, { name: 'empty', text }])).toThrow('are shares of different lists of runs');
  });

  it('of nobody are refused', () => {
    expect(() => mergeTexts([{ name: 'x', text: 'my notes\n' }])).toThrow('"x" does not begin like a file');
    expect(() => mergeTexts([])).toThrow('expected at least one file');
  });
});

describe('--shard', () => {
  it('counts from 1, or takes the index of a pod, which counts from 0', () => {
    expect(readShard('2/8', {})).toEqual({ index: 2, count: 8 });
    expect(readShard('auto/8', { JOB_COMPLETION_INDEX: '0' })).toEqual({ index: 1, count: 8 });
    expect(readShard('auto', { JOB_COMPLETION_INDEX: '7', JOB_COMPLETIONS: '8' })).toEqual({ index: 8, count: 8 });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['0/8', {}, 'shares of 8 are 1/8 to 8/8, got "0/8"'],
    ['9/8', {}, 'shares of 8 are 1/8 to 8/8, got "9/8"'],
    ['3', {}, 'expected 1/8 to 8/8, auto/8 or auto, got "3"'],
    ['1/0', {}, 'expected 1 to 100000 shares, got "1/0"'],
    ['auto/8', {}, 'expected a number from 0 on in JOB_COMPLETION_INDEX, it is not set'],
    ['auto', { JOB_COMPLETION_INDEX: '1' }, 'expected a number from 1 on in JOB_COMPLETIONS, it is not set'],
    [
      'auto/2',
      { JOB_COMPLETION_INDEX: '2' },
      'shares of 2 are 1/2 to 2/2, JOB_COMPLETION_INDEX is 2, which is share 3',
    ],
  ])('%s in %j is refused', (text, environment, message) => {
    expect(() => readShard(text, environment)).toThrow(message);
  });

  it('is refused by studies that do not know their runs beforehand', () => {
    expect(() => refuseShard('tip', 'a search decides from runs where to look next', '1/2')).toThrow(
      'tip: a search decides from runs where to look next, so nobody knows beforehand which runs belong to a share. Leave out --shard; with --redis',
    );
    expect(() => refuseShard('tip', 'x', undefined)).not.toThrow();
  });
});
