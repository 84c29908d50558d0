import { seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';

import { PlainUsers } from './plain-users.ts';

/** A site whose share of names that fail is whatever the test says. */
class PretendedSite {
  readonly id: string;
  readonly traffic: number;
  nameFailure = 0;
  readonly cluster = { nameFailureShare: (): number => this.nameFailure };

  constructor(id: string, traffic: number) {
    this.id = id;
    this.traffic = traffic;
  }
}

const products = [
  { id: 'chat', title: 'Chat', requestsPerSecond: 60, lookups: 8 },
  { id: 'api', title: 'API', requestsPerSecond: 40, lookups: 5 },
];

function setUp(traffic: readonly number[], headroom = 0.3) {
  const simulation = new Simulation({ seed: 1 });
  const sites = traffic.map((weight, i) => new PretendedSite(`c${i}`, weight));
  const failed: string[] = [];
  const users = new PlainUsers(simulation, { products, headroom }, sites, (site) => failed.push(site.id));
  const weights = (): number[] => traffic.map((_, i) => users.weight(i));
  return { simulation, sites, users, failed, weights };
}

describe('traffic', () => {
  it('is spread by weight, and a site without weight gets none', () => {
    const { simulation, users, weights } = setUp([3, 1, 0]);
    expect(weights()).toEqual([0.75, 0.25, 0]);
    advance(simulation, seconds(10));
    expect([...users.requests]).toEqual([450, 300, 150, 100, 0, 0]);
    expect([...users.failures]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('fails with the share of names that fail', () => {
    const { simulation, sites, users, failed } = setUp([3, 1]);
    sites[1]!.nameFailure = 0.2;
    advance(simulation, seconds(10));
    expect([...users.failures].map((count) => Math.round(count))).toEqual([0, 0, 30, 20]);
    expect(users.failureShare(1)).toBeCloseTo(0.2, 12);
    expect(new Set(failed)).toEqual(new Set(['c1']));
  });

  it('nobody at all is no division by nothing', () => {
    const { simulation, users, weights } = setUp([0, 0]);
    users.steer(0, true);
    advance(simulation, seconds(10));
    expect(weights()).toEqual([0, 0]);
  });
});

describe('steering', () => {
  it('moves what the others can take beyond their own, and the rest stays', () => {
    const { users, weights } = setUp([5, 3, 2], 0.3);
    users.steer(0, true);
    // The others have room for 0.3 * (0.3 + 0.2) = 0.15, shared by their size.
    const expected = [0.35, 0.3 * 1.3, 0.2 * 1.3];
    weights().forEach((weight, i) => expect(weight).toBeCloseTo(expected[i]!, 12));
    expect(users.isAvoided(0)).toBe(true);
  });

  it('moves everything when it fits', () => {
    const { users, weights } = setUp([1, 9], 0.3);
    users.steer(0, true);
    weights().forEach((weight, i) => expect(weight).toBeCloseTo([0, 1][i]!, 12));
  });

  it('back restores the normal spread', () => {
    const { users, weights } = setUp([5, 3, 2]);
    users.steer(0, true);
    users.steer(1, true);
    users.steer(0, false);
    users.steer(1, false);
    weights().forEach((weight, i) => expect(weight).toBeCloseTo([0.5, 0.3, 0.2][i]!, 12));
    expect(users.isAvoided(0)).toBe(false);
  });

  it('when every site is bad nothing moves', () => {
    const { users, weights } = setUp([5, 5]);
    users.steer(0, true);
    users.steer(1, true);
    expect(weights()).toEqual([0.5, 0.5]);
  });

  it('conserves traffic and respects headroom, whatever is steered', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.boolean()), { maxLength: 20 });
    const sites = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(sites, steps, fc.double({ min: 0, max: 1, noNaN: true }), (traffic, steered, headroom) => {
        const { users, weights } = setUp(traffic, headroom);
        const total = traffic.reduce((sum, weight) => sum + weight, 0);
        const normal = weights();
        for (const [site, isAvoided] of steered) {
          if (site >= traffic.length) continue;
          users.steer(site, isAvoided);
          expect(weights().reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(total === 0 ? 0 : 1, 9);
          weights().forEach((weight, i) => {
            const most = users.isAvoided(i) ? normal[i]! : normal[i]! * (1 + headroom);
            const least = users.isAvoided(i) ? 0 : normal[i]!;
            expect(weight).toBeLessThanOrEqual(most + 1e-9);
            expect(weight).toBeGreaterThanOrEqual(least - 1e-9);
          });
        }
      }),
      { seed: 20241211, numRuns: 200 },
    );
  });
});
