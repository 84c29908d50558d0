import { describe, expect, it } from 'vitest';
import type { RunResult } from '../scenario/result.ts';
import { replicationRows, runRows } from './rows.ts';
import { csvText, ndjsonText } from './text-tables.ts';

const result = {
  scenario: 'a-day',
  seed: '1',
  kpis: { outageSeconds: 5, firstAlert: null, byCluster: { 'large-1': { outageSeconds: 4 } }, byProduct: {} },
  series: {
    windowSeconds: 60,
    t: [0, 60],
    columns: { 'cpu.large-1': [0.5, 1], users: [1, 2] },
    units: { users: 'share' },
  },
  timeline: [{ t: 0, clock: '14:51:00', kind: 'rollout', text: 'a, "b"', cluster: 'large-1' }],
  causes: [],
  assumptions: [],
} as unknown as RunResult;

describe('tables of a run', () => {
  it('have a row for each window and measure, with what it belongs to', () => {
    expect(runRows(result, 'series')).toEqual([
      { scenario: 'a-day', seed: '1', t: 0, measure: 'cpu', of: 'large-1', unit: null, value: 0.5 },
      { scenario: 'a-day', seed: '1', t: 60, measure: 'cpu', of: 'large-1', unit: null, value: 1 },
      { scenario: 'a-day', seed: '1', t: 0, measure: 'users', of: null, unit: 'share', value: 1 },
      { scenario: 'a-day', seed: '1', t: 60, measure: 'users', of: null, unit: 'share', value: 2 },
    ]);
  });

  it('keep what did not happen apart from zero', () => {
    expect(runRows(result, 'kpis').map(({ measure, scope, of, value }) => [measure, scope, of, value])).toEqual([
      ['outageSeconds', 'all', null, 5],
      ['firstAlert', 'all', null, null],
      ['outageSeconds', 'cluster', 'large-1', 4],
    ]);
  });

  it('of replications have every measure that any of them has', () => {
    const usual = { hash: 'h', engine: 'e', until: null, digest: 'd', events: 1 };
    const rows = replicationRows([
      { ...usual, seed: '1', measures: { a: 1 } },
      { ...usual, seed: '2', measures: { b: null } },
    ]);
    expect(rows.map((row) => [row['a'], row['b']])).toEqual([
      [1, null],
      [null, null],
    ]);
  });
});

describe('CSV', () => {
  it('quotes what needs it, and leaves empty what did not happen', () => {
    expect(csvText(runRows(result, 'timeline'))).toBe(
      'scenario,seed,t,clock,kind,text,cluster,published\r\na-day,1,0,14:51:00,rollout,"a, ""b""",large-1,false\r\n',
    );
    expect(csvText([{ a: null, b: 0 }])).toBe('a,b\r\n,0\r\n');
    expect(csvText([])).toBe('');
  });

  it('never writes a formula that a spreadsheet would run, and leaves numbers alone', () => {
    expect(csvText([{ a: '=HYPERLINK("x")', b: '-5', c: '@sum', d: -5 }])).toBe(
      `a,b,c,d\r\n"'=HYPERLINK(""x"")",-5,'@sum,-5\r\n`,
    );
  });
});

it('JSON lines hold one row each, line breaks inside a text included', () => {
  const lines = ndjsonText([{ a: 'x\ny' }, { a: null }]).split('\n');
  expect(lines.slice(0, 2).map((line) => JSON.parse(line) as unknown)).toEqual([{ a: 'x\ny' }, { a: null }]);
  expect(lines).toHaveLength(3);
});
