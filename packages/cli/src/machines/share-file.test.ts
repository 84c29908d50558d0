import { readRecords, type Replication, type ShardPart, type Wanted } from '@brownout/scenarios';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/context.ts';
import { openRecordFile, type RecordFile } from '../store/record-file.ts';
import { sharing } from './shard.ts';

const header = { documents: ['h'], seed: '1', title: 't', arguments: [] };
const part = (index: number, count: number, hash = 'h'): ShardPart => ({
  index,
  count,
  runs: [{ hash, until: null, seeds: { base: '1', first: 0, count: 4 } }],
});

function open(path: string): RecordFile {
  return openRecordFile({ path, name: 'x.ndjson', header, resume: true });
}

it('the file of a share says which, goes on as that share, and as no other', () => {
  const path = join(temporaryFolder(), 'x.ndjson');
  for (const _ of [1, 2]) {
    const file = open(path);
    file.begin(part(1, 2));
    file.close();
  }
  const text = readFileSync(path, 'utf8');
  expect(readRecords(text)).toMatchObject({ shard: part(1, 2), damaged: [] });
  expect(text.match(/"shard":/g)).toHaveLength(1);
  const file = open(path);
  expect(() => file.begin(part(2, 2))).toThrow('"x.ndjson" holds share 1 of 2, asked for is share 2 of 2.');
  expect(() => file.begin(part(1, 2, 'g'))).toThrow(
    'holds this share of another list of runs, asked for is share 1 of 2',
  );
  file.close();
});

it('a whole study is no share', () => {
  const path = join(temporaryFolder(), 'x.ndjson');
  const file = open(path);
  file.add({ hash: 'h', engine: '0.1.0', seed: '1', until: null, digest: 'd', events: 1, measures: {} });
  expect(() => {
    file.close();
    open(path).begin(part(1, 2));
  }).toThrow('"x.ndjson" holds runs of a whole study, asked for is share 1 of 2');
});

it('a share that breaks down is not taken for made', async () => {
  const maker = { make: (_: readonly Wanted[]): Promise<readonly Replication[]> => Promise.reject(new Error('broke')) };
  await expect(sharing(maker, { index: 1, count: 2 }, () => undefined).make([])).rejects.toThrow('broke');
});
