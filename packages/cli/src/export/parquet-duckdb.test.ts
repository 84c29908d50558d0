/**
 * DuckDB reads Parquet files back. Its bindings are 68 MB, so they are no dependency of the workspace: the build machine
 * installs them into a folder of their own. By hand:
 *
 *     npm install --prefix ../duckdb --no-save @duckdb/node-api@1.5.6-r.1
 *     BROWNOUT_DUCKDB=../duckdb npx vitest run packages/cli/src/export/parquet-duckdb.test.ts
 */
import { incidents, runRows, runScenario, runTables, type Row, type RunResult } from '@brownout/scenarios';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquetFile } from './parquet.ts';

/** As much of the bindings as is used here. */
interface Duck {
  readonly DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{
        runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): readonly Record<string, unknown>[] }>;
        closeSync(): void;
      }>;
      closeSync(): void;
    }>;
  };
}

const folderOfDuck = process.env['BROWNOUT_DUCKDB'];
const place = join(folderOfDuck ?? '', 'node_modules/@duckdb/node-api/lib/index.js');
const isInstalled = folderOfDuck !== undefined && existsSync(place);
const title = isInstalled
  ? 'Parquet read by DuckDB'
  : 'Parquet read by DuckDB (skipped: BROWNOUT_DUCKDB names no folder with @duckdb/node-api)';

it.runIf(process.env['BROWNOUT_ALL_TESTS'] === '1')('DuckDB is there where nothing may be skipped', () => {
  expect(isInstalled, place).toBe(true);
});

describe.skipIf(!isInstalled)(title, () => {
  let folder: string;
  let result: RunResult;
  let ask: (sql: string) => Promise<readonly Record<string, unknown>[]>;
  const close: (() => void)[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'brownout-duckdb-'));
    result = runScenario(incidents.find(({ id }) => id === 'openai-2024-12-04')!.document(), { untilSeconds: 240 });
    for (const table of runTables) {
      const rows = runRows(result, table);
      if (rows.length > 0) writeFileSync(join(folder, `${table}.parquet`), await parquetFile(rows));
    }
    const { DuckDBInstance } = (await import(pathToFileURL(place).href)) as Duck;
    const database = await DuckDBInstance.create(':memory:');
    const connection = await database.connect();
    close.push(
      () => connection.closeSync(),
      () => database.closeSync(),
    );
    ask = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  });

  afterAll(() => {
    for (const one of close) one();
    rmSync(folder, { recursive: true, force: true });
  });

  const tableOf = (table: string): string => `read_parquet('${join(folder, `${table}.parquet`)}')`;

  it.each(runTables)('%s: every row comes back as it was', async (table) => {
    const rows: readonly Row[] = runRows(result, table);
    if (rows.length === 0) return;
    expect(await ask(`SELECT * FROM ${tableOf(table)}`)).toEqual(rows);
  });

  it('columns have types that can be computed with, and what did not happen is null', async () => {
    const types = await ask(`DESCRIBE SELECT * FROM ${tableOf('series')}`);
    expect(types.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
      ['scenario', 'VARCHAR'],
      ['seed', 'VARCHAR'],
      ['t', 'DOUBLE'],
      ['measure', 'VARCHAR'],
      ['of', 'VARCHAR'],
      ['unit', 'VARCHAR'],
      ['value', 'DOUBLE'],
    ]);
    const [errors] = await ask(
      `SELECT max(value) AS most, count(*) AS windows FROM ${tableOf('series')} WHERE measure = 'userErrorShare' AND "of" IS NULL`,
    );
    expect(errors).toEqual({
      most: Math.max(...result.series.columns['userErrorShare']!),
      windows: String(result.series.t.length),
    });
    const never = Object.values(runRows(result, 'kpis')).filter(({ value }) => value === null).length;
    expect(never).toBeGreaterThan(0);
    expect(await ask(`SELECT count(*) AS never FROM ${tableOf('kpis')} WHERE value IS NULL`)).toEqual([
      { never: String(never) },
    ]);
  });

  it('latencies are rows of the series, with their unit', async () => {
    const rows = await ask(
      `SELECT DISTINCT measure, unit FROM ${tableOf('series')} WHERE measure LIKE '%LatencyP99' ORDER BY measure`,
    );
    expect(rows).toEqual([
      { measure: 'apiLatencyP99', unit: 'seconds' },
      { measure: 'listLatencyP99', unit: 'seconds' },
    ]);
  });
});
