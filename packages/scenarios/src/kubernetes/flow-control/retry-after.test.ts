import { expect, test } from 'vitest';
import { RetryAfter } from './retry-after.ts';
import { retryAfterHistory } from './testing/retry-after-history.ts';

test('the advice follows the drops as published', () => {
  const tracker = new RetryAfter();
  const advice = retryAfterHistory.map(({ second, drops }) => {
    for (let drop = 0; drop < drops; drop++) tracker.drop(second);
    return tracker.seconds;
  });
  expect(advice).toEqual(retryAfterHistory.map((entry) => entry.expected));
});

test('the advice never exceeds 32 s and comes back to 1 s when drops become rare', () => {
  const tracker = new RetryAfter();
  for (let second = 0; second < 400; second++) for (let drop = 0; drop < 200; drop++) tracker.drop(second);
  expect(tracker.seconds).toBe(32);
  for (let second = 1_000; second < 11_000; second += 100) tracker.drop(second);
  expect(tracker.seconds).toBe(1);
});

test('at least one drop per second, but fewer than three, leave the advice alone', () => {
  const tracker = new RetryAfter();
  for (let second = 0; second < 4; second++) for (let drop = 0; drop < 4; drop++) tracker.drop(second);
  expect(tracker.seconds).toBe(4);
  const advice = Array.from({ length: 60 }, (_, i) => (tracker.drop(4 + i), tracker.drop(4 + i)));
  expect(new Set(advice)).toEqual(new Set([4]));
});

test('a restarted process starts with 1 s again', () => {
  const tracker = new RetryAfter();
  for (let second = 0; second < 60; second++) for (let drop = 0; drop < 200; drop++) tracker.drop(second);
  tracker.reset();
  expect(tracker.seconds).toBe(1);
  expect(tracker.drop(61)).toBe(1);
});
