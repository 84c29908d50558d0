import { describe, expect, it } from 'vitest';
import { meanInterval } from './interval.ts';
import {
  centreOf,
  checkResponses,
  longForm,
  mainEffects,
  responsesOf,
  type ResponseTable,
  summarise,
  wideForm,
} from './response-table.ts';

/** y = 10 a + b, plus what each replication brings to all points alike. */
const luck = [0, 3, -1];
const table: ResponseTable = {
  factors: ['a', 'b'],
  measures: ['y', 'late'],
  rows: [1, 2].flatMap((a) =>
    [5, 7].map((b) => ({
      point: [a, b],
      values: { y: luck.map((extra) => 10 * a + b + extra), late: a === 2 ? [1, null, null] : [1, 2, null] },
    })),
  ),
};

describe('a response table', () => {
  it('gives a mean where everything happened, and a median as soon as one value did not', () => {
    expect(centreOf(table, 'y')).toBe('mean');
    expect(centreOf(table, 'late')).toBe('median');
    const { low, high } = meanInterval([15, 18, 14], 0.95);
    const first = { centre: 'mean', count: 3, missing: 0, value: 47 / 3, interval: { low, high } };
    expect(responsesOf(table, 'y')[0]).toEqual(first);
    expect(responsesOf(table, 'late').map(({ value, interval }) => [value, interval])).toEqual([
      [2, { low: 1, high: null }],
      [2, { low: 1, high: null }],
      [null, { low: 1, high: null }],
      [null, { low: 1, high: null }],
    ]);
  });

  it('has no interval from one replication, and says nothing of none', () => {
    expect(summarise([4], 'mean')).toEqual({ centre: 'mean', count: 1, missing: 0, value: 4 });
    expect(summarise([null], 'median')).toEqual({ centre: 'median', count: 1, missing: 1, value: null });
    expect(summarise([], 'mean')).toEqual({ centre: 'mean', count: 0, missing: 0, value: null });
  });

  it('is long with a row for every value, and wide with a row for every point', () => {
    const long = longForm(table);
    expect(long.columns).toEqual(['point', 'a', 'b', 'replication', 'measure', 'value']);
    expect(long.rows).toHaveLength(4 * 2 * 3);
    expect(long.rows[4]).toEqual([0, 1, 5, 1, 'late', 2]);
    const wide = wideForm(table);
    expect(wide.columns.slice(0, 7)).toEqual(['point', 'a', 'b', 'y', 'y.low', 'y.high', 'y.missing']);
    expect(wide.rows.map((row) => row.length)).toEqual(Array(4).fill(wide.columns.length));
    expect(wide.rows[3]!.slice(-4)).toEqual([null, 1, null, 2]);
  });

  it('knows the main effects, whose interval comes from replications and not from points', () => {
    const [a, b] = mainEffects(table, 'y');
    expect(a!.size).toBeCloseTo(10, 12);
    expect(b!.size).toBeCloseTo(2, 12);
    expect(a!.levels.map(({ value, points }) => [value, points])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    const { low } = meanInterval([16, 19, 15], 0.95);
    expect(a!.levels[0]!.response.interval!.low).toBeCloseTo(low, 12);
    expect(mainEffects(table, 'late')[0]!.size).toBeNull();
  });

  it('is refused when a row is not like the first, and names the measures it has', () => {
    const [row] = table.rows;
    expect(() => checkResponses(table)).not.toThrow();
    expect(() => checkResponses({ ...table, rows: [row!, { ...row!, point: [1] }] })).toThrow(
      'response table: row 1: expected 2 factors, got 1',
    );
    expect(() => checkResponses({ ...table, rows: [row!, { ...row!, values: { y: [1] } }] })).toThrow(
      'response table: row 1: expected 3 replications of "y", got 1',
    );
    expect(() => mainEffects(table, 'z')).toThrow('response table: no measure "z"; there are y, late');
  });
});
