import { describe, expect, it } from 'vitest';
import { parquetReadObjects } from 'hyparquet';
import { parquetFile } from './parquet.ts';

async function readBack(file: Uint8Array): Promise<unknown> {
  return await parquetReadObjects({ file: file.buffer.slice(0) as ArrayBuffer });
}

describe('Parquet', () => {
  it('keeps types, and what did not happen', async () => {
    const rows = [
      { seed: '1', value: 0.1, published: true, never: null },
      { seed: '2', value: null, published: false, never: null },
    ];
    expect(await readBack(await parquetFile(rows))).toEqual(rows);
  });

  it('refuses a column of two types and an empty table', async () => {
    await expect(parquetFile([{ a: 1 }, { a: 'x' }])).rejects.toThrow(
      'expected one type in column "a", got number, string',
    );
    await expect(parquetFile([])).rejects.toThrow('expected a table with rows');
  });
});
