import { expect, it } from 'vitest';
import { wrapped } from './wrapped.ts';

it('breaks a line between words and indents what follows', () => {
  expect(wrapped('  one two three four', 12)).toEqual(['  one two', '      three', '      four']);
});

it('leaves alone what fits, and a word that never would', () => {
  expect(wrapped('one two', 7)).toEqual(['one two']);
  expect(wrapped('incomprehensible', 5)).toEqual(['incomprehensible']);
  expect(wrapped('', 5)).toEqual(['']);
});
