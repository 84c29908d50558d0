import { seconds } from '@brownout/core';
import { expect, it } from 'vitest';
import { Status } from '../requests/api-request.ts';
import { LARGEST_RETRIES, type RequestKind, RequestRetries, retryAfterFailure } from './request-retry.ts';

/** By client-go: a named Retry-After counts for everybody, broken connections for reads, timeouts for watches. */
it.each<[keyof typeof Status, number, number, number, number]>([
  ['ok', 0, -1, -1, -1],
  ['tooManyRequests', 3, 3, 3, 3],
  ['tooManyRequests', 0, -1, -1, -1],
  ['serverError', 1, 1, 1, 1],
  ['serverError', 0, -1, -1, -1],
  ['unauthorized', 0, -1, -1, -1],
  ['refused', 0, -1, -1, -1],
  ['reset', 0, -1, 1, 1],
  ['timedOut', 0, -1, -1, 1],
])('%s with Retry-After %i: write %i, read %i, watch %i', (status, retryAfter, write, read, watch) => {
  const kinds: readonly RequestKind[] = ['write', 'read', 'watch'];
  const waits = kinds.map((kind) => retryAfterFailure(kind, Status[status], retryAfter, 0));
  expect(waits).toEqual([write, read, watch]);
});

it('gives up after ten repetitions, and the next request has ten of its own', () => {
  const retries = new RequestRetries(2);
  const ended = (): number => retries.ended(1, 'write', Status.tooManyRequests, 2);
  for (let i = 1; i <= LARGEST_RETRIES; i++) {
    expect(ended()).toBe(seconds(2));
    expect(retries.count(1)).toBe(i);
  }
  expect([ended(), retries.count(1), retries.count(0)]).toEqual([-1, 0, 0]);
  expect(ended()).toBe(seconds(2));
  retries.reset(1);
  expect(retries.count(1)).toBe(0);
});

it('a request that ends well is over: the retries it needed are forgotten', () => {
  const retries = new RequestRetries(1);
  retries.ended(0, 'read', Status.reset, 0);
  expect(retries.ended(0, 'read', Status.ok, 0)).toBe(-1);
  expect(retries.count(0)).toBe(0);
});
