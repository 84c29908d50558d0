import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clip, hang, table, wrap } from './text.ts';

it('wraps at spaces, and loses nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { maxLength: 20 }),
      fc.integer({ min: 16, max: 60 }),
      (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.join('').replace(/ /g, '')).toBe(words.join(''));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      },
    ),
    { seed: 20241211, numRuns: 200 },
  );
});

it('a percent sign stays with its number', () => {
  expect(wrap('of the requests, 73 % fail', 19)).toEqual(['of the requests,', '73 % fail']);
});

it('a word wider than the line is cut rather than let out', () => {
  expect(wrap('x'.repeat(40), 16)).toEqual(['x'.repeat(16), 'x'.repeat(16), 'x'.repeat(8)]);
});

it('hanging lines are indented as far as their head is wide', () => {
  expect(hang('head: ', 'one two three four five six', 22)).toEqual(['head: one two three', '      four five six']);
});

it('clips with an ellipsis', () => {
  expect([clip('abcdef', 6), clip('abcdef', 4)]).toEqual(['abcdef', 'abc…']);
});

it('columns line up, numbers to the right, the last one wrapped', () => {
  const columns = [{ title: 'name' }, { title: 'n', align: 'right' as const }, { title: 'what' }];
  const rows = [
    ['a', '1,000', 'a text that is too long for its column'],
    ['longer', '7', 'short'],
  ];
  expect(table(columns, rows, 32, (text) => text)).toEqual([
    'name        n  what',
    'a       1,000  a text that is',
    '               too long for its',
    '               column',
    'longer      7  short',
  ]);
});
