import fc from 'fast-check';
import { expect, it } from 'vitest';
import { didYouMean, editDistance, nearestName } from './nearest-name.ts';

it.each([
  ['node', ['name', 'nodes', 'memory'], 'nodes'],
  ['staged_rollout', ['staged-rollout', 'break-glass'], 'staged-rollout'],
  ['openai', ['aws-2025-10-20', 'openai-2024-12-11'], 'openai-2024-12-11'],
  ['memroy', ['memory', 'cores'], 'memory'],
  ['podsPerNodes', ['podsPerNode', 'nodes'], 'podsPerNode'],
  ['xyz', ['nodes', 'memory'], undefined],
  ['a', ['b'], 'b'],
  ['nodes', [], undefined],
])('%s means %j: %s', (given, candidates, expected) => {
  expect(nearestName(given, candidates)).toBe(expected);
});

it('hints only when it has something to say', () => {
  expect(didYouMean('node', ['nodes'])).toBe('; did you mean "nodes"?');
  expect(didYouMean('frobnicate', ['nodes'])).toBe('');
});

it('names all that begin as what was given, unless one is near it or there are too many', () => {
  const days = ['openai-11-25', 'openai-12-04', 'openai-12-11'];
  expect(didYouMean('openai', days)).toBe('; did you mean "openai-11-25", "openai-12-04" or "openai-12-11"?');
  expect(didYouMean('openai-12', days)).toBe('; did you mean "openai-12-04"?');
  expect(didYouMean('node', ['nodes', 'nodesJoin', 'nodeWatches'])).toBe('; did you mean "nodes"?');
  expect(didYouMean('agent', ['agent-a', 'agent-bc', 'agent-def', 'agent-ghi', 'agent-jkl'])).toBe(
    '; did you mean "agent-a"?',
  );
});

it('spends nothing on names of absurd length', () => {
  expect(nearestName('n'.repeat(1_000_000), ['nodes'])).toBeUndefined();
  expect(nearestName('nodes', ['n'.repeat(1_000_000)])).toBeUndefined();
});

it('swapping neighbours is one edit', () => {
  expect(editDistance('serach', 'search')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
});

it('the edit distance is symmetric, zero only for equals, and never more than the longer length', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
    { seed: 20241211, numRuns: 300 },
  );
});
