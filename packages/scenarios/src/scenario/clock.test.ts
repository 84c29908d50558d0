import { describe, expect, it } from 'vitest';
import { clockOf, epochOf } from './clock.ts';

const zero = '2024-12-11T14:51:00-08:00';

it.each([
  [0, '14:51:00'],
  [21 * 60, '15:12:00'],
  [-30 * 60, '14:21:00'],
  [90.9, '14:52:30'],
  [10 * 3600, '00:51:00'],
  [-15 * 3600, '23:51:00'],
  [-0.5, '14:50:59'],
])('%d s after the trigger it is %s, in the offset of the trigger', (t, expected) => {
  expect(clockOf(zero, t)).toBe(expected);
});

it('a time without seconds will do, a date will not', () => {
  expect(clockOf('2024-12-11T14:51Z', 30)).toBe('14:51:30');
  expect(() => clockOf('2024-12-11', 0)).toThrow(
    'clock: expected a date and time such as "2024-12-11T14:51:00-08:00", got "2024-12-11"',
  );
});

describe('the epoch of a trigger', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2024-12-11T14:51:00-08:00', 1_733_957_460],
    ['2024-02-29T23:59:59+00:00', 1_709_251_199],
    ['2000-03-01T01:30:00+05:30', 951_854_400],
    ['1969-12-31T23:59:59Z', -1],
  ])('%s', (zero, seconds) => {
    expect(epochOf(zero)).toBe(seconds);
    expect(epochOf(zero)).toBe(Date.parse(zero) / 1000);
  });

  it('refuses a time without an offset, which could be anywhere', () => {
    expect(() => epochOf('2024-12-11T14:51:00')).toThrow(/with offset/);
  });
});
