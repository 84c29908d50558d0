import { expect, test } from 'vitest';
import { assert, SimulationError } from './errors.ts';

const context = { timeSeconds: 12.5, eventCount: 10_482, seed: '7' };

test('assert throws only when the invariant does not hold', () => {
  assert(true, 'fine');
  expect(() => assert(false, 'queue: length below zero')).toThrow(new SimulationError('queue: length below zero'));
});

test('an error made with its place carries it in message, stack and context', () => {
  const error = new SimulationError('broken', context);
  expect(error.message).toBe('broken (t=12.500000 s, event #10482, seed 7)');
  expect(error.stack).toContain('seed 7)');
  expect(error.context).toBe(context);
  expect(error.name).toBe('SimulationError');
});

test('the first place wins', () => {
  const error = new SimulationError('broken');
  expect(error.context).toBeUndefined();
  error.locate(context);
  error.locate({ timeSeconds: 99, eventCount: 1, seed: 'other' });
  expect(error.context).toBe(context);
  expect(error.message).not.toContain('other');
});

test('a message with replacement patterns is kept as it is', () => {
  const error = new SimulationError('cost "$& of $1"');
  error.locate(context);
  expect(error.stack).toContain('cost "$& of $1" (t=12.5');
});
