/** Customers complain because requests fail, some of them, and later: the books here are written by hand. */
import { describe, expect, it } from 'vitest';
import type { UserTraffic } from '../../data-plane/user-traffic.ts';
import { Customers, FAILURES_PER_TICKET } from './customers.ts';

function looked(failuresAt: (t: number) => number, end: number, seed = '1'): Customers {
  const failures = new Float64Array(1);
  const products = [{ id: 'chat', title: 'Chat', requestsPerSecond: 1, lookups: 1 }];
  const users = { products, failures } as unknown as UserTraffic;
  const customers = new Customers(users, 1, seed);
  for (let t = 5; t <= end; t += 5) {
    failures[0] = failuresAt(t);
    customers.look(t);
  }
  return customers;
}

describe('customers', () => {
  it('who are served say nothing', () => {
    expect(looked(() => 0, 3600).pages).toEqual([]);
  });

  it('complain in proportion to what fails, each after a while', () => {
    // A ticket every 100 s in the mean for an hour: 36 are expected, with a standard deviation of 6.
    const rate = FAILURES_PER_TICKET / 100;
    const counts = ['1', '2', '3', '4', '5', '6'].map(
      (seed) => looked((t) => Math.min(t, 3600) * rate, 9000, seed).pages.length,
    );
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    // Of the mean of six 2.4: four of them either way.
    expect(mean).toBeGreaterThan(26);
    expect(mean).toBeLessThan(46);
  });

  it('do not write before anything failed, and go on for a while after it is over', () => {
    const { pages, messages } = looked((t) => (t < 600 ? 0 : Math.min(t - 600, 300) * 2000), 3600);
    expect(pages[0]!.t).toBeGreaterThan(600);
    expect(pages.some(({ t }) => t > 900)).toBe(true);
    expect(pages.map(({ t }) => t)).toEqual(pages.map(({ t }) => t).sort((one, other) => one - other));
    expect(messages[0]!.text).toMatch(/tickets in five minutes about Chat/);
  });
});
