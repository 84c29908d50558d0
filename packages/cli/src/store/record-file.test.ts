import {
  engineVersion,
  headerLine,
  readRecords,
  replicationLine,
  type Replication,
  type Wanted,
} from '@brownout/scenarios';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/context.ts';
import { tinyDocument } from '../../test/tiny-document.ts';
import { InputError } from '../input-error.ts';
import { RunsStopped } from '../pool/errors.ts';
import type { RunMaker } from '../pool/pool.ts';
import { sharedOf } from '../pool/shared-document.ts';
import { openRecordFile, type RecordFile } from './record-file.ts';
import { remembering } from './remembering.ts';

const document = await tinyDocument();
const { hash } = sharedOf(document);
const header = { documents: [hash], seed: '1', title: 'tiny', arguments: ['replay', 'tiny.yaml'] };

function made({ document: of, seed, untilSeconds = null as never }: Wanted): Replication {
  const { hash: itsHash } = sharedOf(of);
  return {
    hash: itsHash,
    engine: engineVersion,
    seed,
    until: untilSeconds,
    digest: `d${seed}`,
    events: 1,
    measures: { x: 1 },
  };
}

const wanted = ['1', '2', '3', '4'].map((seed) => ({ document, seed }));

/** Makes runs out of nothing, and notes which. Stops after `most`. */
function maker(log: string[], most = Infinity): RunMaker {
  return {
    make: (list, { onMade } = {}) => {
      const all: Replication[] = [];
      for (const one of list) {
        if (all.length >= most) return Promise.reject(new RunsStopped(all.length, list.length));
        log.push(one.seed);
        all.push(made(one));
        onMade?.(all.at(-1)!, all.length - 1);
      }
      return Promise.resolve(all);
    },
  };
}

function open(path: string, resume: boolean): RecordFile {
  return openRecordFile({ path, name: 'x.ndjson', header, resume });
}

async function makeInto(path: string, resume: boolean, log: string[] = [], most = Infinity): Promise<RecordFile> {
  const file = open(path, resume);
  await remembering(maker(log, most), file)
    .make(wanted)
    .catch(() => undefined)
    .finally(() => file.close());
  return file;
}

describe('a study with a file', () => {
  it('has every run in it once, and goes on from what is there', async () => {
    const path = join(temporaryFolder(), 'x.ndjson');
    const log: string[] = [];
    await makeInto(path, false, log, 2);
    const second = await makeInto(path, true, log);
    expect(log).toEqual(['1', '2', '3', '4']);
    expect(second.remarks).toEqual(['x.ndjson: 2 replications are there already']);
    const { records, damaged, header: read } = readRecords(readFileSync(path, 'utf8'));
    expect(records.map(({ replication }) => replication)).toEqual(wanted.map(made));
    expect(damaged).toEqual([]);
    expect(read).toEqual({ ...header, engine: engineVersion });
  });

  it('torn anywhere in its last line - or in its header - ends up with the same bytes', async () => {
    const path = join(temporaryFolder(), 'x.ndjson');
    await makeInto(path, false);
    const whole = readFileSync(path, 'utf8');
    const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (const length of [whole.length - 1, lastLine + 20, lastLine + 1, 30, 0]) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const log: string[] = [];
      const { remarks } = await makeInto(path, true, log);
      expect(log).toEqual(length < 100 ? ['1', '2', '3', '4'] : ['4']);
      if (length > 0) expect(remarks[0]).toMatch(/^x\.ndjson:[15]: torn while it was written/);
      expect(readFileSync(path, 'utf8')).toBe(whole);
    }
  });

  it('damaged in the middle says where, and makes that run again', async () => {
    const path = join(temporaryFolder(), 'x.ndjson');
    await makeInto(path, false);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed":"2"', '"seed":"5"'));
    const log: string[] = [];
    const file = await makeInto(path, true, log);
    expect(log).toEqual(['2']);
    expect(file.remarks[0]).toMatch(/^x\.ndjson:3: damaged \(its checksum is not [0-9a-f]{8}\); not counted/);
    expect(file.book.size).toBe(4);
  });

  it('counts what was delivered twice once, and refuses what contradicts itself', async () => {
    const path = join(temporaryFolder(), 'x.ndjson');
    await makeInto(path, false);
    appendFileSync(path, `${replicationLine(made(wanted[0]!))}\n`);
    const twice = open(path, true);
    expect([twice.found, twice.book.duplicates]).toEqual([4, 1]);
    twice.close();
    appendFileSync(path, `${replicationLine({ ...made(wanted[0]!), measures: { x: 2 } })}\n`);
    expect(() => open(path, true)).toThrow(`of document ${hash} differ: x.ndjson:2 and x.ndjson:7`);
  });
});

describe('a file that is there', () => {
  it('of the same study is neither overwritten nor extended unasked', async () => {
    const path = join(temporaryFolder(), 'x.ndjson');
    await makeInto(path, false);
    const before = readFileSync(path, 'utf8');
    expect(() => open(path, false)).toThrow(
      new InputError(
        '"x.ndjson" holds 4 replications of this study already. To go on from them, add --resume. To start anew, remove it or choose another folder with --out.',
      ),
    );
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it.each([
    ['engine', { ...header, engine: '0.0.1' }, `another engine, 0.0.1; this study has ${engineVersion}`],
    [
      'document',
      { ...header, engine: engineVersion, documents: ['abc'] },
      `another document, abc; this study has ${hash}`,
    ],
    ['base seed', { ...header, engine: engineVersion, seed: '9' }, 'another base seed, 9; this study has 1'],
  ])('of another %s is refused, and says what to do', (_what, other, message) => {
    const path = join(temporaryFolder(), 'x.ndjson');
    writeFileSync(path, `${headerLine(other)}\n`);
    for (const resume of [true, false]) {
      expect(() => open(path, resume)).toThrow(message);
      expect(() => open(path, resume)).toThrow('To start anew, remove it or choose another folder with --out.');
    }
  });

  it('that is none of ours is left alone', () => {
    const path = join(temporaryFolder(), 'x.ndjson');
    for (const text of ['my notes\n', 'one line', '{"a":1}']) {
      writeFileSync(path, text);
      expect(() => open(path, true)).toThrow('does not begin like a file of replications');
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});
