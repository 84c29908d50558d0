import { Simulation } from '@brownout/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCallGraph } from './call-graph.ts';

function draw(calls: readonly number[], names: number, fanOut = 2, popularity = 1, seed = 1) {
  const stream = new Simulation({ seed }).streams.get('graph');
  return drawCallGraph(calls, names, { fanOut, popularity }, stream);
}

describe('the call graph', () => {
  it('of a product that calls one after the other is a chain', () => {
    const [tree] = draw([4], 50, 1).trees;
    expect([...tree!.parent]).toEqual([-1, 0, 1, 2, 3]);
    expect([...tree!.end]).toEqual([5, 5, 5, 5, 5]);
  });

  it('with fan-out two is a tree whose steps stand in the order of the calls', () => {
    const [tree] = draw([6], 50).trees;
    expect([...tree!.parent]).toEqual([-1, 0, 1, 1, 0, 4, 4]);
    expect([...tree!.end]).toEqual([7, 4, 3, 4, 7, 6, 7]);
  });

  it('has popular names in most products, and at the bottom', () => {
    const graph = draw(
      Array.from({ length: 40 }, () => 5),
      300,
    );
    const products = (name: number): number =>
      graph.trees.filter((tree) => tree.service.some((service) => graph.names[service] === name)).length;
    expect(products(0)).toBeGreaterThan(20);
    expect(products(250)).toBeLessThan(5);
    const isLeaf = graph.trees.map((tree) => tree.service.findIndex((service) => graph.names[service] === 0));
    graph.trees.forEach((tree, i) => {
      if (isLeaf[i]! >= 0) expect(tree.end[isLeaf[i]!]).toBe(isLeaf[i]! + 1);
    });
  });

  it('takes all names when a product wants more than there are', () => {
    expect([...draw([10], 3).names]).toEqual([0, 1, 2]);
  });

  it('has no ring, one link for a pair, and different names in one product, whatever is drawn', () => {
    const products = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        products,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.nat(),
        (calls, names, fanOut, popularity, seed) => {
          const graph = draw(calls, names, fanOut, popularity, seed);
          graph.callers.forEach((caller, link) => expect(caller).toBeGreaterThan(graph.callees[link]!));
          expect(new Set(graph.callers.map((caller, link) => caller * 100 + graph.callees[link]!)).size).toBe(
            graph.callers.length,
          );
          graph.trees.forEach((tree, product) => {
            expect(tree.service.length).toBe(Math.min(calls[product]! + 1, names));
            expect(new Set(tree.service).size).toBe(tree.service.length);
            tree.parent.forEach((parent, step) => {
              if (step === 0) return;
              expect(graph.callers[tree.link[step]!]).toBe(tree.service[parent]);
              expect(graph.callees[tree.link[step]!]).toBe(tree.service[step]);
              expect(tree.end[parent]).toBeGreaterThanOrEqual(tree.end[step]!);
              expect([...tree.parent].filter((other) => other === parent).length).toBeLessThanOrEqual(fanOut);
            });
          });
        },
      ),
      { seed: 20241211, numRuns: 100 },
    );
  });
});
