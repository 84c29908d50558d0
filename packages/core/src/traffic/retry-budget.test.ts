import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../queueing/token-bucket.ts';
import { minutes, plus, seconds, timeZero, us } from '../time.ts';
import {
  FailureRatioBudget,
  QuotaBudget,
  RateBudget,
  RatioBudget,
  ThrottleBudget,
  WindowedBudget,
  type RetryBudget,
} from './retry-budget.ts';

const now = timeZero;

/** Retries granted in a row. */
function granted(budget: RetryBudget, reason: 'rejected' | 'timed out' = 'rejected', at = now): number {
  let count = 0;
  while (count < 1_000_000 && budget.tryRetry(at, reason)) count++;
  return count;
}

describe('retry budgets', () => {
  it('ratio: a full reserve at first, then one retry per ten requests', () => {
    const budget = new RatioBudget({ retriesPerRequest: 0.1, reserve: 5 });
    expect(granted(budget)).toBe(5);
    for (let i = 0; i < 9; i++) budget.requestBegan();
    expect(granted(budget)).toBe(0);
    budget.requestBegan();
    expect(granted(budget)).toBe(1);
    for (let i = 0; i < 1_000; i++) budget.requestBegan();
    expect(granted(budget)).toBe(5);
  });

  it('windowed: 20 % of the requests of ten seconds on top of ten per second, and both are forgotten', () => {
    const budget = new WindowedBudget({ window: seconds(10), retriesPerRequest: 0.2, minimumRetriesPerSecond: 10 });
    for (let i = 0; i < 50; i++) budget.requestBegan(now);
    expect(granted(budget)).toBe(110);
    const later = plus(now, seconds(10));
    expect(granted(budget, 'rejected', plus(now, seconds(9)))).toBe(0);
    expect(granted(budget, 'rejected', later)).toBe(100);
    expect(granted(budget, 'rejected', plus(later, minutes(5)))).toBe(100);
  });

  it('windowed: deposits and withdrawals leave slice by slice, each after ten seconds', () => {
    const budget = new WindowedBudget({ window: seconds(10), retriesPerRequest: 1, minimumRetriesPerSecond: 0 });
    for (let second = 0; second < 6; second++) {
      for (let i = 0; i < 10; i++) budget.requestBegan(plus(now, seconds(second)));
    }
    expect(granted(budget, 'rejected', plus(now, seconds(12)))).toBe(30);
    expect(granted(budget, 'rejected', plus(now, seconds(40)))).toBe(0);
  });

  it('throttle: retries stop at half of the tokens and come back with successes', () => {
    const budget = new ThrottleBudget({ maxTokens: 10, tokenRatio: 0.1 });
    for (let i = 0; i < 4; i++) budget.attemptFailed();
    expect(budget.tryRetry()).toBe(true);
    budget.attemptFailed();
    expect(budget.tryRetry()).toBe(false);
    budget.requestServed();
    expect(budget.tryRetry()).toBe(true);
  });

  it('quota: 100 retries or 50 after timeouts are free, then one per five first-try successes', () => {
    expect(granted(new QuotaBudget())).toBe(100);
    const budget = new QuotaBudget();
    expect(granted(budget, 'timed out')).toBe(50);
    for (let i = 0; i < 4; i++) budget.requestServed(now, 0, 'rejected');
    expect(budget.tryRetry(now, 'rejected')).toBe(false);
    budget.requestServed(now, 0, 'rejected');
    expect(budget.tryRetry(now, 'rejected')).toBe(true);
  });

  it('quota: a request served after retries gets the cost of its last retry back, and never more than the limit', () => {
    const budget = new QuotaBudget({ tokens: 20 });
    budget.tryRetry(now, 'timed out');
    budget.requestServed(now, 1, 'timed out');
    expect(granted(budget)).toBe(4);
    for (let i = 0; i < 100; i++) budget.requestServed(now, 0, 'rejected');
    expect(granted(budget)).toBe(4);
  });

  it('failure ratio: retries stop while failed attempts exceed the share of requests', () => {
    const budget = new FailureRatioBudget({ maxFailureRatio: 0.1 });
    for (let i = 0; i < 20; i++) budget.requestBegan();
    budget.attemptFailed();
    budget.attemptFailed();
    expect(budget.tryRetry()).toBe(true);
    budget.attemptFailed();
    expect(budget.tryRetry()).toBe(false);
  });

  it('rate: sixty retries a minute whatever the load (SRE Book)', () => {
    const budget = new RateBudget(new TokenBucket({ name: 'retries', rate: 60, per: minutes(1), burst: 1 }));
    let count = 0;
    for (let tenth = 0; tenth < 600; tenth++) if (budget.tryRetry(plus(now, us(tenth * 100_000)))) count++;
    expect(count).toBe(60);
  });

  it('refuses what cannot be meant', () => {
    expect(() => new RatioBudget({ retriesPerRequest: -1, reserve: 5 })).toThrow(
      'ratio budget: retriesPerRequest must be a finite number >= 0, got -1',
    );
    expect(() => new WindowedBudget({ window: us(5), retriesPerRequest: 0, minimumRetriesPerSecond: 0 })).toThrow(
      'windowed budget: window must be finite and >= 10 us, got 5 us',
    );
    expect(() => new QuotaBudget({ tokens: Number.NaN })).toThrow(
      'quota budget: tokens must be a finite number >= 0, got NaN',
    );
  });
});
