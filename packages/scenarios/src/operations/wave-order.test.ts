import { Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { inRandomOrder } from './wave-order.ts';

const waves = [
  { sites: ['staging'], nodesShare: 1 },
  { sites: ['a', 'b'], nodesShare: 1 },
  { sites: ['c'], nodesShare: 0.1 },
  { sites: ['c'], nodesShare: 1 },
];
const orders = (seed: number) =>
  inRandomOrder(waves, new Set(['staging']), new Simulation({ seed }).streams.get('rollout/order'));

describe('a random order', () => {
  it('moves clusters, and leaves the plan of the waves and fixed clusters alone', () => {
    for (let seed = 0; seed < 20; seed++) {
      const order = orders(seed);
      expect(order.map((wave) => wave.nodesShare)).toEqual([1, 1, 0.1, 1]);
      expect(order[0]!.sites).toEqual(['staging']);
      expect(
        order
          .flatMap((wave) => wave.sites)
          .filter((site, i, all) => all.indexOf(site) === i)
          .sort(),
      ).toEqual(['a', 'b', 'c', 'staging']);
      expect(order[2]!.sites).toEqual(order[3]!.sites);
    }
  });

  it('differs from seed to seed, and puts every cluster everywhere', () => {
    const last = Array.from({ length: 60 }, (_, seed) => orders(seed)[3]!.sites[0]!);
    for (const site of ['a', 'b', 'c']) expect(last.filter((one) => one === site).length).toBeGreaterThan(8);
    expect(orders(7)).toEqual(orders(7));
  });
});
