import { expect, it } from 'vitest';
import {
  afterText,
  clockText,
  countText,
  differenceText,
  momentText,
  namesText,
  shareText,
  spanText,
} from './words.ts';

const result = { clock: { zero: '2024-12-11T14:51:00-08:00', zone: 'PST' } };

it.each([
  [0, '0 s'],
  [0.34, '0.3 s'],
  [45, '45 s'],
  [59.6, '60 s'],
  [90, '1 min 30 s'],
  [599, '9 min 59 s'],
  [600, '10 min'],
  [629, '10 min'],
  [631, '11 min'],
  [3_599, '1 h'],
  [3_600, '1 h'],
  [17_220, '4 h 47 min'],
  [-1_680, '-28 min'],
])('%f seconds are %s', (seconds, text) => {
  expect(spanText(seconds)).toBe(text);
});

it('a time after the trigger carries its sign', () => {
  expect([afterText(0), afterText(1_320), afterText(-1_680)]).toEqual(['+0 s', '+22 min', '-28 min']);
  expect(momentText(result, 1_320)).toBe('15:13 (+22 min)');
  expect(clockText(result, -53_460)).toBe('00:00');
  expect(clockText(result, 33_000)).toBe('00:01');
});

it.each([
  [0, '0 %'],
  [0.00001, '< 0.01 %'],
  [0.0004, '0.04 %'],
  [0.0233, '2.3 %'],
  [0.7289, '73 %'],
  [0.994, '99.4 %'],
  [0.9999, '> 99.9 %'],
  [1, '100 %'],
])('a share of %f is %s', (share, text) => {
  expect(shareText(share)).toBe(text);
});

it('counts are grouped, differences have a direction, names are listed', () => {
  expect(countText(12_345_678)).toBe('12,345,678');
  expect([differenceText(30), differenceText(-900), differenceText(0.4)]).toEqual([
    '30 s later',
    '15 min earlier',
    'the same',
  ]);
  expect(namesText(['a'])).toBe('a');
  expect(namesText(['a', 'b', 'c'])).toBe('a, b and c');
  expect(namesText(['a', 'b', 'c', 'd'])).toBe('a, b and 2 more');
});
