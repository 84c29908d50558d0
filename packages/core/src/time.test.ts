import { expect, test } from 'vitest';
import {
  forever,
  hours,
  minutes,
  ms,
  noTime,
  plus,
  seconds,
  since,
  timeZero,
  toMilliseconds,
  toSeconds,
  us,
} from './time.ts';

test('units are whole microseconds', () => {
  expect([us(3), ms(3), seconds(3), minutes(3), hours(3)]).toEqual([3, 3_000, 3_000_000, 180_000_000, 10_800_000_000]);
  expect([noTime, timeZero]).toEqual([0, 0]);
});

test('fractions of larger units are rounded to the microsecond, so ten tenths are one', () => {
  let sum = timeZero;
  for (let i = 0; i < 10; i++) sum = plus(sum, seconds(0.1));
  expect(sum).toBe(seconds(1));
  expect([ms(0.0004), ms(0.0005), ms(1.5)]).toEqual([0, 1, 1_500]);
});

test('a fraction of a microsecond is a unit mistake', () => {
  expect(() => us(0.5)).toThrow(new RangeError('us: expected a whole number of microseconds, got 0.5'));
  expect(() => us(NaN)).toThrow('got NaN');
});

test.each([
  ['ms', ms],
  ['seconds', seconds],
  ['minutes', minutes],
  ['hours', hours],
] as const)('%s refuses NaN by name', (name, unit) => {
  expect(() => unit(NaN)).toThrow(new RangeError(`${name}: expected a number, got NaN`));
});

test('time passes between instants and reads back in people units', () => {
  expect(since(plus(timeZero, seconds(5)), plus(timeZero, seconds(2)))).toBe(seconds(3));
  expect([toSeconds(ms(1_500)), toMilliseconds(us(1_500))]).toEqual([1.5, 1.5]);
  expect(toSeconds(forever)).toBe(Infinity);
});
