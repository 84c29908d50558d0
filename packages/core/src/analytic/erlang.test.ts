import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erlangB, erlangC, staffing } from './erlang.ts';

describe('the Erlang formulas', () => {
  it.each([
    [5, 3, 0.11005434782608696, 0.23615160349854228],
    [100, 90, 0.026957380464359214, 0.2169404809063664],
  ])('agree with their sums in exact fractions: %d servers, load %d', (servers, load, blocking, waiting) => {
    expect(erlangB(servers, load)).toBeCloseTo(blocking, 14);
    expect(erlangC(servers, load)).toBeCloseTo(waiting, 14);
  });

  it('stay right for servers by the ten thousand, where factorials overflow', () => {
    // At load = servers Erlang B tends to the square root of 2 / (pi servers) (D. Jagerman, 1974), with a relative error
    // of about a tenth over that root at this size.
    const blocking = erlangB(40_000, 40_000);
    expect(blocking / Math.sqrt(2 / (Math.PI * 40_000))).toBeCloseTo(1, 2);
    expect(erlangC(10_000, 9_900)).toBeGreaterThan(0.1);
    expect(erlangB(1_000_000, 1)).toBe(0);
  });

  it('fall with every server added, and grow with the load', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (servers, share) => {
          const load = servers * share;
          const here = erlangC(servers, load);
          return (
            erlangC(servers + 1, load) <= here &&
            erlangC(servers, load * 0.99) <= here &&
            erlangB(servers, load) <= here &&
            here <= 1
          );
        },
      ),
    );
  });

  it('refuse servers that cannot keep up, and loads that are none', () => {
    expect(() => erlangC(4, 4)).toThrow(
      'erlangC: unstable: expected less work than the servers can do, got a load of 1',
    );
    expect(() => erlangB(1.5, 4)).toThrow('erlangB: servers must be a whole number >= 0, got 1.5');
    expect(() => erlangB(2, NaN)).toThrow('erlangB: load must be a finite number >= 0, got NaN');
  });
});

describe('staffing', () => {
  const rates = { arrivalRate: 90, serviceRate: 1 };

  it('finds the smallest number of servers: one fewer misses the target', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 300, noNaN: true }),
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        (arrivalRate, waitProbability) => {
          const { servers } = staffing({ arrivalRate, serviceRate: 1, target: { waitProbability } });
          const isEnough = erlangC(servers, arrivalRate) <= waitProbability;
          const isLeast = servers - 1 <= arrivalRate || erlangC(servers - 1, arrivalRate) > waitProbability;
          return isEnough && isLeast;
        },
      ),
    );
  });

  it('is what the square-root rule says within a server, from ten to ten thousand', () => {
    for (const arrivalRate of [10, 100, 1_000, 10_000]) {
      for (const waitProbability of [0.05, 0.2, 0.5]) {
        const { servers, squareRootServers } = staffing({ arrivalRate, serviceRate: 1, target: { waitProbability } });
        expect(Math.abs(servers - squareRootServers!), `${arrivalRate}, ${waitProbability}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it('takes other targets too', () => {
    const slow = staffing({ ...rates, target: { meanWait: 0.01 } });
    expect(erlangC(slow.servers, 90) / (slow.servers - 90)).toBeLessThanOrEqual(0.01);
    const within = staffing({ ...rates, target: { waitWithin: { seconds: 0.1, share: 0.95 } } });
    expect(erlangC(within.servers, 90) * Math.exp(-(within.servers - 90) * 0.1)).toBeLessThanOrEqual(0.05);
    const lossy = staffing({ ...rates, target: { blocking: 0.01 } });
    expect([erlangB(lossy.servers, 90) <= 0.01, erlangB(lossy.servers - 1, 90) <= 0.01]).toEqual([true, false]);
    expect(lossy.squareRootServers).toBeUndefined();
  });

  it('refuses targets that are none', () => {
    expect(() => staffing({ ...rates, target: { waitProbability: 1 } })).toThrow(
      'staffing: target.waitProbability must be inside (0, 1), got 1',
    );
    expect(() => staffing({ ...rates, target: { blocking: 0.1, meanWait: 1 } })).toThrow(
      'staffing: expected one target, got blocking, meanWait',
    );
  });
});
