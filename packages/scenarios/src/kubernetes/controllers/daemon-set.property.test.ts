import { createArbitraries } from '@brownout/core/testing';
import { minutes, ms, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { PodState } from './daemon-set-pods.ts';
import { createDaemonSetWorld } from './testing/daemon-set-world.ts';

const arbitrary = createArbitraries(fc);

/** Selected nodes without an available pod, apart from those in `excused`. */
function unavailable(
  { pods, isSelected }: ReturnType<typeof createDaemonSetWorld>['daemonSet'],
  now: number,
  excused: ReadonlySet<number>,
): number {
  let count = 0;
  isSelected.forEach((selected, node) => {
    if (selected === 0 || excused.has(node)) return;
    if (![2 * node, 2 * node + 1].some((place) => pods.isAvailable(place, now, 0))) count++;
  });
  return count;
}

it('whatever fails, no more than maxUnavailable nodes are without a pod for the update, and it ends settled', () => {
  const story = fc.array(
    fc.record({
      wait: arbitrary.duration(seconds(20)),
      deed: fc.constantFrom('update', 'roll back', 'kill server', 'stop', 'start', 'fail pod', 'remove node', 'blind'),
      number: fc.nat({ max: 1000 }),
    }),
    { maxLength: 15 },
  );
  const shape = fc.record({
    nodes: fc.integer({ min: 1, max: 30 }),
    maxUnavailable: fc.integer({ min: 0, max: 4 }),
    maxSurge: fc.integer({ min: 0, max: 3 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(shape, story, ({ nodes, maxUnavailable, maxSurge, seed }, deeds) => {
      const simulation = new Simulation({ seed });
      const update = { maxUnavailable, maxSurge };
      const times = { readyAfter: seconds(3), stopsIn: seconds(2) };
      const world = createDaemonSetWorld(simulation, nodes, { update }, { apiServers: 2 }, times);
      const { daemonSet, controlPlane } = world;
      daemonSet.select(1);
      world.settle();
      /** Nodes whose pod failed by itself, until they have an available one again. */
      const failed = new Set<number>();
      const most = maxSurge === 0 ? Math.max(1, maxUnavailable) : 0;
      const step = (time: number): void => {
        for (let left = time; left > 0; left -= ms(100)) {
          advance(simulation, Math.min(left, ms(100)));
          for (const node of [...failed]) {
            const isBack = [2 * node, 2 * node + 1].some((place) =>
              daemonSet.pods.isAvailable(place, simulation.now, 0),
            );
            if (isBack) failed.delete(node);
          }
          expect(unavailable(daemonSet, simulation.now, failed)).toBeLessThanOrEqual(most);
        }
      };
      for (const { wait, deed, number } of deeds) {
        step(wait);
        const node = number % nodes;
        if (deed === 'update') daemonSet.setTemplate(number);
        else if (deed === 'roll back') daemonSet.rollBack();
        else if (deed === 'kill server') controlPlane.servers[number % 2]!.kill('memory');
        else if (deed === 'stop') daemonSet.stop();
        else if (deed === 'start') daemonSet.start();
        else if (deed === 'remove node') daemonSet.removeNode(node);
        else if (deed === 'blind') world.world.isCurrent = false;
        else {
          failed.add(node);
          for (const place of [2 * node, 2 * node + 1]) {
            if (daemonSet.pods.state[place] !== PodState.ready) continue;
            daemonSet.podUnready(place);
            simulation.after(seconds(5), () => daemonSet.podReady(place));
          }
        }
      }
      world.world.isCurrent = true;
      daemonSet.informersSynced();
      daemonSet.start();
      step(minutes(1));
      world.settle();
      expect(daemonSet.isSettled).toBe(true);
      controlPlane.checkBooks();
    }),
    { seed: 20241211, numRuns: 40 },
  );
});
