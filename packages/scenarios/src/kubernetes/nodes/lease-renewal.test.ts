import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { Status } from '../requests/api-request.ts';
import { LeaseRenewals } from './lease-renewal.ts';

const timings = { renewInterval: seconds(10), renewJitter: 0, requestTimeout: seconds(10) };

/** Plays one kubelet against scripted answers; each answer comes `after` ms. Returns what it did, one text a request. */
function play(answers: readonly (readonly [status: number, after: number, retryAfter?: number])[]): string[] {
  const renewals = new LeaseRenewals(1, timings, new Simulation({ seed: 1 }).streams.get('test'));
  let now = 0;
  return answers.map(([status, after, retryAfter = 0]) => {
    const verb = renewals.isReading(0) ? 'GET' : 'PUT';
    renewals.sent(0, now);
    now += ms(after);
    const wait = renewals.answered(0, status, retryAfter, now);
    now += wait;
    return `${verb} ${renewals.closesConnections ? 'close ' : ''}${wait / ms(1)}`;
  });
}

const { ok, refused, timedOut, tooManyRequests } = Status;

it('renews without reading, and waits from the end of one renewal to the start of the next', () => {
  expect(
    play([
      [ok, 5],
      [ok, 300],
      [ok, 5],
    ]),
  ).toEqual(['PUT 10000', 'PUT 10000', 'PUT 10000']);
});

it('tries five times back to back, closes connections from the second failure on, then reads until it can', () => {
  const five = Array.from({ length: 5 }, () => [refused, 1] as const);
  const reads = Array.from({ length: 7 }, () => [refused, 1] as const);
  expect(play([...five, ...reads, [ok, 1], [ok, 1]])).toEqual([
    'PUT 0',
    'PUT close 0',
    'PUT close 0',
    'PUT close 0',
    'PUT close 0',
    'GET 200',
    'GET 400',
    'GET 800',
    'GET 1600',
    'GET 3200',
    'GET 6400',
    'GET 7000',
    'GET 0',
    'PUT 10000',
  ]);
});

it('five PUTs that fail after a read wait for the next renewal', () => {
  const five = Array.from({ length: 5 }, () => [timedOut, 10_000] as const);
  const story = play([...five, [ok, 1], ...five, [ok, 1]]);
  expect(story[5]).toBe('GET 0');
  expect(story[10]).toBe('PUT close 10000');
  expect(story[11]).toBe('PUT 10000');
});

it('a Retry-After is no failure while the timeout of the request has not passed', () => {
  const story = play(Array.from({ length: 11 }, () => [tooManyRequests, 1, 1] as const));
  // Nine repetitions fit into 10 s at 1 s and 1 ms each; then the wait is cut short by the timeout.
  expect(story.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 'PUT 1000'));
  expect(story[9]).toBe('PUT 990');
  expect(story[10]).toBe('PUT 1000');
});
