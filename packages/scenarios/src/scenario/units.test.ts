import mathjs from 'mathjs/lib/browser/math.js';
import { expect, it } from 'vitest';
import { formatBytes, formatTime } from './format.ts';
import { nearestUnit, readBytes, readRate, readTime, unitNamed, unitNames } from './units.ts';

it.each([
  ['20 min', 1_200_000_000],
  ['-30 min', -1_800_000_000],
  ['+5 s', 5_000_000],
  ['1h30m', 5_400_000_000],
  ['1 h 30 min', 5_400_000_000],
  ['8 ms', 8_000],
  ['100 us', 100],
  ['1.7 ms', 1_700],
  ['0.1 s', 100_000],
  ['1e3 ms', 1_000_000],
  ['2 days', 172_800_000_000],
  ['0 s', 0],
  ['-0 s', 0],
  ['1.3333333 s', 1_333_333],
])('%s is %i microseconds', (text, microseconds) => {
  expect(readTime(text)).toEqual({ value: microseconds });
});

it.each([
  ['96 GiB', 96 * 1024 * 1024 * 1024],
  ['5.1 kB', 5_100],
  ['10 MB', 10_000_000],
  ['0.5 B', 0.5],
  ['1 TiB', 1_099_511_627_776],
])('%s is %f bytes', (text, bytes) => {
  expect(readBytes(text)).toEqual({ value: bytes });
});

it.each([
  ['20/s', 20],
  ['5 / min', 5 / 60],
  ['0.1/s', 0.1],
  ['3/h', 3 / 3600],
  ['1/ms', 1000],
])('%s is %f per second', (text, perSecond) => {
  expect(readRate(text).value).toBeCloseTo(perSecond, 14);
});

it.each([
  ['30', 'the unit is missing'],
  ['', 'not a number with a unit'],
  ['-', 'not a number with a unit'],
  ['min', 'not a number with a unit'],
  ['5 sec', 'unknown unit "sec"; did you mean "s"?'],
  ['5 minutes', 'unknown unit "minutes"; did you mean "min"?'],
  ['5 GiB', '"GiB" is a unit of bytes'],
  ['5 parsec', 'unknown unit "parsec"'],
  ['0.1 us', 'shorter than one microsecond'],
  ['1e300 h', 'too large to be exact'],
  ['5 s;', 'not a number with a unit'],
  ['1,5 s', 'not a number with a unit'],
  ['1 s '.repeat(21), 'not a number with a unit'],
])('refuses the time "%s"', (text, problem) => {
  expect(readTime(text)).toEqual({ problem });
});

it.each([
  ['10 gb', 'unknown unit "gb"; did you mean "GB"?'],
  ['4Gi', 'unknown unit "Gi"; did you mean "GiB"?'],
  ['64', 'the unit is missing'],
  ['5 b', 'unknown unit "b"; did you mean "B"?'],
  ['5 min', '"min" is a unit of time'],
])('refuses the size "%s"', (text, problem) => {
  expect(readBytes(text)).toEqual({ problem });
});

it.each([
  ['20', 'not a number per unit of time'],
  ['-5/s', 'not a number per unit of time'],
  ['20/sec', 'unknown unit "sec"; did you mean "s"?'],
  ['20/GB', '"GB" is a unit of bytes'],
])('refuses the rate "%s"', (text, problem) => {
  expect(readRate(text)).toEqual({ problem });
});

it('m is a minute in durations and a metre nowhere', () => {
  expect(readTime('2 m')).toEqual({ value: 120_000_000 });
  expect(unitNamed('m')).toBeUndefined();
  expect(readBytes('2 m')).toEqual({ problem: 'unknown unit "m"; did you mean "B"?' });
});

it('every admitted unit is worth what mathjs says, in whole base units', () => {
  for (const [dimension, base] of [
    ['time', 'us'],
    ['bytes', 'B'],
  ] as const) {
    for (const name of unitNames(dimension)) {
      const factor = unitNamed(name)?.factor ?? NaN;
      expect(Number.isInteger(factor), name).toBe(true);
      expect(factor / mathjs.unit(1, name).toNumber(base), name).toBeCloseTo(1, 12);
    }
  }
});

it('suggests a unit of the wanted kind only', () => {
  expect(nearestUnit('sec', 'bytes')).not.toBe('s');
  expect(nearestUnit('seconds')).toBe('s');
});

it.each([
  [0, '0 s'],
  [80, '80 us'],
  [1_700, '1.7 ms'],
  [90_000_000, '1 min 30 s'],
  [1_800_000_000, '30 min'],
  [5_400_000_000, '1 h 30 min'],
  [-1_800_000_000, '-30 min'],
  [Infinity, 'for ever'],
])('%f microseconds are written %s', (microseconds, text) => {
  expect(formatTime(microseconds)).toBe(text);
});

it.each([
  [0, '0 B'],
  [5_100, '4.98 KiB'],
  [96 * 1024 ** 3, '96 GiB'],
  [3 * 1024 ** 5, '3072 TiB'],
])('%i bytes are written %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
