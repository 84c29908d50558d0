import { createArbitraries } from '@brownout/core/testing';
import { minutes, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { createNodeWorld, range } from './testing/node-world.ts';

const arbitrary = createArbitraries(fc);

it('whatever nodes, servers and the controller do, no zone is tainted faster than 0.1 a second, and all ends well', () => {
  const story = fc.array(
    fc.record({
      wait: arbitrary.duration(seconds(60)),
      deed: fc.constantFrom('silence', 'silence', 'wake', 'kill server', 'restart', 'blind', 'see'),
      from: fc.nat({ max: 100 }),
      count: fc.integer({ min: 1, max: 100 }),
    }),
    { maxLength: 15 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 100 }), story, (zones, nodes, deeds) => {
      const simulation = new Simulation({ seed: 1 });
      const world = createNodeWorld(simulation, { nodes, zones, podsPerNode: 2, bench: { apiServers: 2 } });
      const { store, lifecycle, tainted, controlPlane } = world;
      for (const { wait, deed, from, count } of deeds) {
        advance(simulation, wait);
        const some = range(0, nodes).filter((node) => node >= from % nodes && node < (from % nodes) + count);
        if (deed === 'silence') world.silence(some);
        else if (deed === 'wake') world.wake(some);
        else if (deed === 'kill server') controlPlane.servers[from % 2]!.kill('memory');
        else if (deed === 'restart') lifecycle.start();
        else if (deed === 'blind') lifecycle.informersBroke();
        else lifecycle.informersSynced();
      }
      advance(simulation, minutes(2));
      for (let zone = 0; zone < zones; zone++) {
        const times = tainted.filter(({ node }) => store.zone[node] === zone).map(({ at }) => at);
        for (let i = 0; i < times.length; i++) {
          for (let j = i; j < times.length; j++) {
            // A bucket of one, a second for what the requests take, and one token for each process that starts anew.
            const restarts = deeds.filter(({ deed }) => deed === 'restart').length;
            expect(j - i + 1).toBeLessThanOrEqual(0.1 * (times[j]! - times[i]! + 1) + 1 + restarts);
          }
        }
      }
      lifecycle.informersSynced();
      world.wake(range(0, nodes));
      advance(simulation, minutes(10));
      expect([store.countNotReady(), store.countTainted()]).toEqual([0, 0]);
      expect(store.isClosed.every((closed) => closed === 0)).toBe(true);
      controlPlane.checkBooks();
    }),
    { seed: 20241211, numRuns: 60 },
  );
});
