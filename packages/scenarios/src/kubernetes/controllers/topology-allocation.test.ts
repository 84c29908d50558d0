/** Shares of zones against upstream's own cases and against whole numbers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocationsOf, cpuRatios, isOverloaded, transfersOf, type ZoneAllocations } from './topology-allocation.ts';

function ratios(...shares: readonly number[]): Float64Array {
  return Float64Array.from(shares);
}

/** Hints of each zone after the transfers. */
function settled(allocations: ZoneAllocations, hints: readonly number[]): readonly number[] {
  const { giving, receiving } = transfersOf(allocations, hints);
  return hints.map((number, zone) => number - giving[zone]! + receiving[zone]!);
}

describe('cases of upstream (topologycache_test.go, utils_test.go)', () => {
  it('two endpoints are too few for three zones, and enough for two', () => {
    expect(allocationsOf(ratios(0.3, 0.4, 0.3), 2)).toBeUndefined();
    expect(allocationsOf(ratios(0.45, 0.55), 2)).toBeDefined();
  });

  it('of ten endpoints in 5, 2 and 3 with 35, 35 and 30 percent of the CPU one moves', () => {
    expect(settled(allocationsOf(ratios(0.35, 0.35, 0.3), 10)!, [5, 2, 3])).toEqual([4, 3, 3]);
  });

  it.each([
    [
      [1.2, 1.1, 1.0],
      [1, 1, 1],
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [5.1, 5.1, 5.8],
      [16, 0, 0],
      [10, 0, 0],
      [0, 5, 5],
    ],
    [
      [5.0, 5.6, 5.4],
      [16, 0, 0],
      [11, 0, 0],
      [0, 6, 5],
    ],
    [
      [5.0, 5.6, 5.4],
      [0, 8, 8],
      [0, 2, 3],
      [5, 0, 0],
    ],
    [
      [5, 5, 5],
      [6, 6, 6],
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [5, 5, 5],
      [-40, 20, 20],
      [0, 15, 15],
      [30, 0, 0],
    ],
  ])('wanted %j, had %j: gives %j, receives %j', (wanted, hints, giving, receiving) => {
    const every = Int32Array.from(wanted, () => 100);
    const found = transfersOf({ minimum: every, maximum: every, desired: Float64Array.from(wanted) }, hints);
    expect([[...found.giving], [...found.receiving]]).toEqual([giving, receiving]);
  });

  it('the CPU of a zone is that of its ready nodes, and one zone alone has no share', () => {
    expect([...cpuRatios([10, 9, 1])!]).toEqual([0.5, 0.45, 0.05]);
    expect([cpuRatios([0, 0, 0]), cpuRatios([4, 0, 0])]).toEqual([undefined, undefined]);
  });
});

describe('the threshold', () => {
  // With three equal zones a third of n endpoints over 1.2 is rounded up three times: that fits for these alone below 10.
  it('three equal zones have hints with 3, 6, 7 and 9 endpoints, and not with 1, 2, 4, 5 and 8', () => {
    const third = cpuRatios([5, 5, 5]);
    const fitting = Array.from({ length: 10 }, (_, n) => n).filter((n) => allocationsOf(third, n) !== undefined);
    expect(fitting).toEqual([3, 6, 7, 9]);
  });

  // 10 of 30 endpoints serve 40 % of the CPU at 1.2 times their share, and no more.
  it('is reached when 5 of the 10 nodes of another zone have gone, and passed with the sixth', () => {
    const overloaded = [0, 1, 5, 6].map((gone) => isOverloaded(cpuRatios([10, 10, 10 - gone]), [10, 10, 10], 0));
    expect(overloaded).toEqual([false, false, false, true]);
  });

  it('a zone without a hint is overloaded as soon as it has a node', () => {
    expect(isOverloaded(cpuRatios([10, 10, 1]), [10, 10, 0], 0)).toBe(true);
    expect(isOverloaded(cpuRatios([10, 10, 0]), [10, 10, 0], 0)).toBe(false);
    expect(isOverloaded(undefined, [10, 10, 10], 0)).toBe(true);
  });
});

describe('any cluster', () => {
  const clusters = fc.record({
    nodes: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 5 }),
    homes: fc.array(fc.nat({ max: 4 }), { maxLength: 120 }),
  });

  it('minimums are whole numbers rounded up, and what is spare goes to any zone', () => {
    fc.assert(
      fc.property(clusters, ({ nodes, homes }) => {
        const total = nodes.reduce((sum, number) => sum + number, 0);
        const count = homes.length;
        // 10 n r / 12 N without fractions; where it is whole, the last digit of a float decides, upstream as here.
        fc.pre(nodes.every((number) => number === 0 || (10 * count * number) % (12 * total) !== 0));
        const least = nodes.map((number) => (number === 0 ? 0 : Math.floor((10 * count * number) / (12 * total)) + 1));
        const spare = count - least.reduce((sum, number) => sum + number, 0);
        const zones = nodes.filter((number) => number > 0).length;
        const found = allocationsOf(cpuRatios(nodes), count);
        if (zones < 2 || zones > count || spare < 0) {
          expect(found).toBeUndefined();
          return;
        }
        expect([...found!.minimum]).toEqual(least);
        expect([...found!.maximum]).toEqual(least.map((number) => (number === 0 ? 0 : number + spare)));
      }),
    );
  });

  it('transfers keep every endpoint, go only one way, and end when nobody has one to spare for somebody who lacks one', () => {
    fc.assert(
      fc.property(clusters, ({ nodes, homes }) => {
        const allocations = allocationsOf(cpuRatios(nodes), homes.length);
        fc.pre(allocations !== undefined);
        const alive = nodes.map((_, zone) => zone).filter((zone) => nodes[zone]! > 0);
        const hints = nodes.map(() => 0);
        for (const home of homes) hints[alive[home % alive.length]!]!++;
        const after = settled(allocations!, hints);
        expect(after.reduce((sum, number) => sum + number, 0)).toBe(homes.length);
        const { desired } = allocations!;
        const tooMany = Math.max(...alive.map((zone) => after[zone]! - desired[zone]!));
        const lacking = Math.max(...alive.map((zone) => desired[zone]! - after[zone]!));
        expect(tooMany < 0.5 || lacking < 0.5 || (tooMany < 1 && lacking < 1)).toBe(true);
        for (const zone of alive) {
          if (hints[zone]! >= desired[zone]!) expect(after[zone]!).toBeLessThanOrEqual(hints[zone]!);
          else expect(after[zone]!).toBeGreaterThanOrEqual(hints[zone]!);
        }
      }),
    );
  });
});
