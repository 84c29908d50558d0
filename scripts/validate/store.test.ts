import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RowStore } from './store.ts';
import { row } from './testing/small-study.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brownout-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a store of rows', () => {
  it('has after a restart what was added before, from all its files', () => {
    const store = new RowStore(folder);
    store.add('bands', row(1, { peak: 5 }));
    store.add('draws', row(2, { peak: null }));
    const again = new RowStore(folder);
    expect(again.get('hash/0/1', 'now')).toEqual(row(1, { peak: 5 }));
    expect(again.get('hash/0/2', 'now')).toEqual(row(2, { peak: null }));
    expect(again.get('hash/0/3', 'now')).toBeUndefined();
    expect(again.unreadable).toBe(0);
  });

  it('is empty where there is no folder yet', () => {
    const store = new RowStore(join(folder, 'not', 'there'));
    expect(store.get('hash/0/1', 'now')).toBeUndefined();
    store.add('bands', row(1, {}));
    expect(new RowStore(join(folder, 'not', 'there')).get('hash/0/1', 'now')).toEqual(row(1, {}));
  });

  it('loses only the line at which it was killed, and goes on behind it', () => {
    const file = join(folder, 'bands.ndjson');
    new RowStore(folder).add('bands', row(1, {}));
    appendFileSync(file, JSON.stringify(row(2, {})).slice(0, 30));
    const again = new RowStore(folder);
    expect(again.unreadable).toBe(1);
    again.add('bands', row(3, {}));
    const third = new RowStore(folder);
    expect([1, 2, 3].map((seed) => third.get(`hash/0/${seed}`, 'now') !== undefined)).toEqual([true, false, true]);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
  });

  it('counts lines that are JSON and no rows', () => {
    writeFileSync(join(folder, 'bands.ndjson'), 'null\n{"hash":"x"}\n[]\n');
    expect(new RowStore(folder).unreadable).toBe(3);
  });

  it('keeps rows of other sources apart, and knows which came last', () => {
    const store = new RowStore(folder);
    for (const sources of ['first', 'second', 'now', 'first']) store.add('bands', row(1, {}, { sources }));
    for (const one of [store, new RowStore(folder)]) {
      expect(one.get('hash/0/1', 'now')?.sources).toBe('now');
      expect(one.older('hash/0/1', 'now')?.sources).toBe('first');
      expect(one.older('hash/0/1', 'first')?.sources).toBe('now');
    }
  });
});
