import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argumentsOf, wordsOf } from './words.ts';

describe('a line', () => {
  it('is cut at spaces, and not inside quotes', () => {
    expect(wordsOf(`say  "all of 'it'" is\\ one 'and "so" on'`)).toEqual({
      words: ['say', "all of 'it'", 'is one', 'and "so" on'],
    });
    expect(wordsOf('')).toEqual({ words: [] });
    expect(wordsOf(`a ""`)).toEqual({ words: ['a', ''] });
  });

  it('that pipes, redirects or never ends is refused', () => {
    expect(wordsOf('kubectl get nodes | wc -l')).toEqual({ problem: expect.stringContaining('near "|"') as string });
    expect(wordsOf('say "open')).toEqual({ problem: expect.stringContaining('looking for "') as string });
    expect(wordsOf('say "a | b"')).toEqual({ words: ['say', 'a | b'] });
  });

  it('of plain words in quotes gives these words, whatever is in them', () => {
    const word = fc.string({ maxLength: 20 }).filter((text) => !text.includes("'"));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        expect(wordsOf(words.map((one) => `'${one}'`).join(' '))).toEqual({ words });
      }),
    );
  });
});

describe('options', () => {
  const rules = { context: {}, namespace: { aliases: ['-n'] }, wide: { isSwitch: true } };

  it('stand anywhere, with a value after a space or an equals sign', () => {
    expect(argumentsOf(['get', '--context', 'a', 'nodes', '-n=b', '--wide'], rules)).toEqual({
      operands: ['get', 'nodes'],
      flags: { context: 'a', namespace: 'b', wide: '' },
    });
  });

  it('that are not known or lack their value are named', () => {
    expect(argumentsOf(['--contxt', 'a'], rules)).toEqual({ unknown: '--contxt' });
    expect(argumentsOf(['--context'], rules)).toEqual({ needsValue: '--context' });
    expect(argumentsOf(['--__proto__=1'], rules)).toEqual({ unknown: '--__proto__' });
  });
});
