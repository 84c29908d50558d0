import { describe, expect, it, vi } from 'vitest';
import { lazily } from './lazily.ts';

// Libraries in which there is nothing: whoever uses one of them fails.
vi.mock('zod', () => ({}));
vi.mock('mathjs/lib/browser/math.js', () => ({ default: {} }));

describe('a lazy value', () => {
  it('is made at the first call, and once', () => {
    let made = 0;
    const value = lazily(() => ({ number: ++made }));
    expect(made).toBe(0);
    expect(value()).toBe(value());
    expect(made).toBe(1);
  });

  it('may be undefined, and is made again after a failure', () => {
    let calls = 0;
    const value = lazily(() => {
      calls += 1;
      if (calls === 1) throw new RangeError('not yet');
      return undefined;
    });
    expect(value).toThrow('not yet');
    expect([value(), value(), calls]).toEqual([undefined, undefined, 2]);
  });
});

it('importing the package makes nothing with zod or mathjs; reading a document does', async () => {
  const { incidents, parseFormula, parseScenario } = await import('../index.ts');
  expect(() => parseScenario(incidents[0]!.document(), 'an incident')).toThrow();
  expect(() => parseFormula('1 ms', 'time', [])).toThrow();
});
