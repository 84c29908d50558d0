/** Tables as Parquet, with types taken from what the columns hold. The library is loaded when a file is asked for. */
import type { Cell, Row } from '@brownout/scenarios';

type ColumnType = 'STRING' | 'DOUBLE' | 'BOOLEAN';

/** A Parquet file of some rows. Throws RangeError for a table without rows, which has no columns either. */
export async function parquetFile(rows: readonly Row[]): Promise<Uint8Array> {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) throw new RangeError('parquet: expected a table with rows, got an empty one');
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = names.map((name) => {
    const cells = rows.map((row) => row[name] ?? null);
    return { name, data: cells, type: typeOf(name, cells), nullable: true };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** A column that holds nothing at all is one of numbers: only measures can fail to happen in every row. */
function typeOf(name: string, cells: readonly Cell[]): ColumnType {
  const types = new Set(cells.filter((cell) => cell !== null).map((cell) => typeof cell));
  if (types.size > 1)
    throw new RangeError(`parquet: expected one type in column "${name}", got ${[...types].join(', ')}`);
  const [type = 'number'] = types;
  return type === 'string' ? 'STRING' : type === 'boolean' ? 'BOOLEAN' : 'DOUBLE';
}
