import { noTime, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { GlobalBalancer } from './global-balancer.ts';

const weights = (balancer: GlobalBalancer, sites: number): number[] =>
  Array.from({ length: sites }, (_, site) => Number(balancer.weight(site).toFixed(6)));

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('the balancer', () => {
  it('takes the weight of machines that went out, and gives it to whoever has room', () => {
    const balancer = new GlobalBalancer([1, 1, 2], 0.5, noTime, seconds(1));
    balancer.resize(2, 0.8);
    const [a, b, c] = weights(balancer, 3) as [number, number, number];
    expect(sum([a, b, c])).toBeCloseTo(1, 5);
    expect(a).toBe(b);
    // Half of 0.1 fits into the rooms of the small ones (0.25), the other part into what the large one has left (0.2).
    expect(a).toBeCloseTo(0.25 + (0.1 * 0.125) / 0.45, 5);
    expect(c).toBeCloseTo(0.4 + (0.1 * 0.2) / 0.45, 5);
  });

  it('never gives a smaller site more than its machines and their headroom bear, as long as others have room', () => {
    const balancer = new GlobalBalancer([1, 1, 1], 0.3, noTime, seconds(1));
    balancer.resize(0, 0.7);
    expect(balancer.weight(0)).toBeLessThanOrEqual((0.7 * 1.3) / 3);
    expect(sum(weights(balancer, 3))).toBeCloseTo(1, 5);
  });

  it('leaves with each site what nobody has room for, in proportion to what it loses', () => {
    const balancer = new GlobalBalancer([1, 1, 1], 0.3, noTime, seconds(1));
    balancer.resize(0, 0.7);
    balancer.steer(1, true);
    // 1/3 and 0.1 are to go; the small site has room for 0.07 and the third for 0.1.
    const stays = 1 - 0.17 / (1 / 3 + 0.1);
    expect(weights(balancer, 3)).toEqual(
      [0.7 / 3 + 0.1 * stays + 0.07, stays / 3, 1 / 3 + 0.1].map((weight) => Number(weight.toFixed(6))),
    );
  });

  it('gives everything back when the machines are back', () => {
    const balancer = new GlobalBalancer([1, 3], 0.3, noTime, seconds(1));
    balancer.resize(1, 0.5);
    balancer.resize(1, 1);
    expect(weights(balancer, 2)).toEqual([0.25, 0.75]);
  });

  it('moves nothing of a site without machines that is steered away already', () => {
    const balancer = new GlobalBalancer([1, 1], 1, noTime, seconds(1));
    balancer.steer(0, true);
    const before = weights(balancer, 2);
    balancer.resize(0, 0.5);
    expect(weights(balancer, 2)).toEqual(before);
  });
});
