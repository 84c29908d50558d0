import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seconds, timeZero, us, type Instant } from '../time.ts';
import { Gauge } from './gauge.ts';
import { mergeSeries, Series, type SeriesData } from './series.ts';

const at = (count: number): Instant => (timeZero + seconds(count)) as Instant;
const column = (data: SeriesData, name: string): readonly number[] =>
  data.columns.find((each) => each.name === name)!.values;

describe('a series', () => {
  it('counts per window; an instant on the border belongs to the window that begins', () => {
    const series = new Series({ window: seconds(10) });
    const failed = series.counter('failed');
    failed.add(at(0));
    failed.add(at(9.999999));
    failed.add(at(10));
    failed.add(at(35), 2.5);
    const data = series.toData(at(40));
    expect(data.windowSeconds).toBe(10);
    expect(data.startSeconds).toEqual([0, 10, 20, 30]);
    expect(data.columns).toEqual([{ name: 'failed', kind: 'count', values: [2, 1, 0, 2.5], max: [] }]);
  });

  it('counts instants in any order', () => {
    const series = new Series({ window: seconds(1) });
    const arrived = series.counter('arrived');
    for (const time of [5, 0.5, 700, 5.5, 0]) arrived.add(at(time));
    const values = column(series.toData(at(701)), 'arrived');
    expect([values[0], values[5], values[700], values.length]).toEqual([2, 2, 1, 701]);
  });

  it('averages a level over each window, also over windows in which nothing changed', () => {
    const series = new Series({ window: seconds(10) });
    const busy = series.gauge('busy', 1);
    busy.set(5, at(4));
    busy.add(-5, at(38));
    const data = series.toData(at(45));
    expect(data.columns[0]).toEqual({
      name: 'busy',
      kind: 'level',
      values: [3.4, 5, 5, 4, 0],
      max: [5, 5, 5, 5, 0],
    });
    expect(busy.level).toBe(0);
  });

  it('averages the last window over the part that passed', () => {
    const series = new Series({ window: seconds(10) });
    const busy = series.gauge('busy', 6);
    expect(column(series.toData(at(12)), 'busy')).toEqual([6, 6]);
    busy.set(0, at(14));
    expect(column(series.toData(at(18)), 'busy')).toEqual([6, 3]);
  });

  it('can be read more than once', () => {
    const series = new Series({ window: seconds(10) });
    series.gauge('busy', 2);
    const first = series.toData(at(25));
    expect(series.toData(at(25))).toEqual(first);
    expect(column(series.toData(at(30)), 'busy')).toEqual([2, 2, 2]);
  });

  it('starts at a later instant and has no rows before it', () => {
    const series = new Series({ window: seconds(10), from: at(100) });
    const seen = series.counter('seen');
    seen.add(at(105));
    expect(series.toData(at(110)).startSeconds).toEqual([100]);
    expect(series.toData(at(100)).startSeconds).toEqual([]);
    expect(() => seen.add(at(99))).toThrow(
      new RangeError(
        'series column "seen": expected an instant from 100 s to before 1000100 s (100000 windows), got 99 s',
      ),
    );
  });

  it('refuses rows beyond its limit, instants that go back, and a name used twice', () => {
    const series = new Series({ window: seconds(1), rowLimit: 10 });
    const count = series.counter('a');
    const level = series.gauge('b');
    expect(() => count.add(at(10))).toThrow(
      'series column "a": expected an instant from 0 s to before 10 s (10 windows), got 10 s',
    );
    level.set(1, at(5));
    expect(() => level.set(1, at(4))).toThrow('series column "b": expected an instant from 5 s on, got 4 s');
    expect(() => series.gauge('a')).toThrow('series: column "a" exists already');
    expect(() => new Series({ window: us(0) })).toThrow('series: window must be a finite duration > 0, got 0 us');
    expect(() => new Series({ window: us(1), rowLimit: 0 })).toThrow(
      'series: rowLimit must be a whole number >= 1, got 0',
    );
  });

  it('has the area of a gauge that saw the same changes', () => {
    const changes = fc.array(fc.tuple(fc.nat({ max: 5_000 }), fc.integer({ min: 0, max: 9 })), { maxLength: 40 });
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 700 }), (steps, window) => {
        const gauge = new Gauge('reference');
        const series = new Series({ window: us(window) });
        const level = series.gauge('level');
        let now = 0;
        for (const [gap, value] of steps) {
          now += gap;
          gauge.set(value, now as Instant);
          level.set(value, now as Instant);
        }
        const until = (now + 1) as Instant;
        const data = series.toData(until);
        const area = column(data, 'level').reduce(
          (sum, mean, row) => sum + mean * Math.min(window, until - row * window),
          0,
        );
        expect(area / 1e6).toBeCloseTo(gauge.area(until), 9);
        expect(Math.max(...data.columns[0]!.max)).toBe(gauge.max);
      }),
      { seed: 20241211, numRuns: 200 },
    );
  });
});

describe('mergeSeries', () => {
  const part = (count: number, level: number, until: number): SeriesData => {
    const series = new Series({ window: seconds(10) });
    series.counter('failed').add(at(5), count);
    series.gauge('busy', level);
    return series.toData(at(until));
  };

  it('adds counts and levels; the longest part gives the rows', () => {
    const merged = mergeSeries([part(1, 2, 20), part(10, 20, 30)]);
    expect(merged.startSeconds).toEqual([0, 10, 20]);
    expect(merged.columns).toEqual([
      { name: 'failed', kind: 'count', values: [11, 0, 0], max: [] },
      { name: 'busy', kind: 'level', values: [22, 22, 20], max: [22, 22, 20] },
    ]);
  });

  it('refuses parts with other windows or other columns, and no parts at all', () => {
    const other = new Series({ window: seconds(5) });
    other.counter('failed');
    expect(() => mergeSeries([part(1, 1, 20), other.toData(at(20))])).toThrow(
      'mergeSeries: expected 10 s windows from 0 s of failed (count), busy (level), got 5 s windows from 0 s of failed (count)',
    );
    expect(() => mergeSeries([])).toThrow('mergeSeries: at least one series is needed, got none');
  });
});
