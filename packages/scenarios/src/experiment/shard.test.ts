import { describe, expect, it } from 'vitest';
import { readRecords } from './record-book.ts';
import { headerLine, readRecordLine, shardLine } from './record.ts';
import { isShardPart, plannedRuns, shardOf, type ShardPart } from './shard.ts';

const part: ShardPart = {
  index: 2,
  count: 3,
  runs: [
    { hash: 'a', until: null, seeds: { base: '5', first: 0, count: 2 } },
    { hash: 'b', until: 60, seeds: { base: 'x', first: 1, count: 1 } },
  ],
};

describe('a share of a study', () => {
  it('knows all runs of the study in their order', () => {
    expect(plannedRuns(part.runs)).toEqual([
      { hash: 'a', until: null, seed: '5' },
      { hash: 'a', until: null, seed: '6' },
      { hash: 'b', until: 60, seed: 'x/1' },
    ]);
  });

  it('is equal to the others to within one run, and each run is in one share', () => {
    for (const [runs, count] of [
      [7, 3],
      [2, 5],
      [6, 1],
    ] as const) {
      const shares = Array.from({ length: runs }, (_, place) => shardOf(place, count));
      const sizes = Array.from({ length: count }, (_, i) => shares.filter((share) => share === i + 1).length);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(runs);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it('is a line of its file, read as it was written', () => {
    expect(readRecordLine(shardLine(part))).toEqual({ kind: 'shard', shard: part });
    const header = { engine: 'e', documents: ['a'], seed: '5', title: 't', arguments: [] };
    const { shard, records, damaged } = readRecords(`${headerLine(header)}\n${shardLine(part)}\n`);
    expect({ shard, records, damaged }).toEqual({ shard: part, records: [], damaged: [] });
  });

  it('is said once in a file', () => {
    const header = headerLine({ engine: 'e', documents: ['a'], seed: '5', title: 't', arguments: [] });
    const again = readRecords([header, shardLine(part), shardLine({ ...part, index: 3 }), ''].join('\n'));
    expect(again.shard).toEqual(part);
    expect(again.damaged).toEqual([{ line: 3, reason: 'a second share where a replication is expected' }]);
  });

  it.each([
    null,
    {},
    { ...part, index: 4 },
    { ...part, index: 0 },
    { ...part, runs: [{ hash: 'a' }] },
    { ...part, runs: [null] },
  ])('is not %j', (data) => {
    expect(isShardPart(data)).toBe(false);
  });
});
