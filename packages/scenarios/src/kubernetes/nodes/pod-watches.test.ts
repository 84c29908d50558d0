import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, clusterOptions } from '../testing/bench.ts';
import { createWatchBench } from '../testing/watch-bench.ts';
import { Kubelets } from './kubelet.ts';

/** Ten kubelets that watch their pods through the watch cache of one of two servers each. */
function bench() {
  const simulation = new Simulation({ seed: 4 });
  const made = createWatchBench(simulation, { apiServers: 2, selector: 'indexed' });
  const caughtUp = new Float64Array(10);
  const kubelets = new Kubelets(
    simulation,
    'bench',
    10,
    { ...clusterOptions('bench').kubelet, podWatches: made.operations },
    made.controlPlane,
    { nodeSynced: (node) => void caughtUp[node]!++ },
  );
  caughtUp.fill(0);
  const open = (): number => [...Array(10).keys()].filter((node) => kubelets.isSynced(node)).length;
  return { ...made, simulation, kubelets, caughtUp, open };
}

it('a kubelet hears of its pods, and of nobody else’s', () => {
  const { simulation, writer, caughtUp, open } = bench();
  expect(open()).toBe(10);
  writer.write(1, 'pod', 3);
  advance(simulation, ms(50));
  expect([...caughtUp]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
});

it('when its server dies it watches again elsewhere and catches up, without a LIST', () => {
  const { simulation, controlPlane, caughtUp, open } = bench();
  advance(simulation, seconds(5));
  controlPlane.servers[0]!.kill('memory');
  expect(open()).toBe(5);
  advance(simulation, seconds(60));
  expect(open()).toBe(10);
  for (let node = 0; node < 10; node += 2) expect(caughtUp[node]).toBeGreaterThanOrEqual(1);
  const lists = controlPlane.groups.find(({ name }) => name === 'kubelet-pods')!;
  expect(lists.sent).toBe(0);
  controlPlane.checkBooks();
});

it('a node that is removed watches no more', () => {
  const { simulation, kubelets, controlPlane, writer, caughtUp } = bench();
  const watchers = (): number => controlPlane.servers.reduce((sum, server) => sum + server.watchCaches!.watchers, 0);
  expect(watchers()).toBe(10);
  kubelets.remove(3);
  expect(watchers()).toBe(9);
  writer.write(1, 'pod', 3);
  advance(simulation, seconds(1_200));
  expect([caughtUp[3], watchers()]).toEqual([0, 9]);
});

it('behind a blocked path it hears nothing, and everything when the path is open again in time', () => {
  const { simulation, kubelets, controlPlane, writer, caughtUp } = bench();
  controlPlane.block();
  kubelets.pathBlocked();
  writer.write(2, 'pod', 5);
  advance(simulation, seconds(20));
  expect(caughtUp[5]).toBe(0);
  controlPlane.unblock();
  kubelets.pathOpened();
  expect(caughtUp[5]).toBe(1);
});
