import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { kubeControllerManager } from '../../flow-control/identity.ts';
import { operationNumber } from '../../requests/operation.ts';
import { advance, createBench, flatCosts } from '../../testing/bench.ts';
import { ListedInformers } from './listed-informers.ts';

function setUp() {
  const simulation = new Simulation({ seed: 1 });
  const costs = flatCosts({ 'list-pods-cache-protobuf': { cpuMs: 3000 }, 'list-own-pods-cache': { cpuMs: 500 } });
  const { controlPlane } = createBench(simulation, { apiServers: 2, cores: 8, costs });
  const story: { what: string; at: number }[] = [];
  const informers = new ListedInformers(
    simulation,
    'manager',
    [
      { resource: 'pods', list: operationNumber('list-pods-cache-protobuf') },
      { resource: 'nodes', list: operationNumber('list-own-pods-cache') },
    ],
    {
      controlPlane,
      identity: kubeControllerManager,
      observer: {
        informersSynced: () => story.push({ what: 'synced', at: simulation.now / ms(1) }),
        informersBroke: () => story.push({ what: 'broke', at: simulation.now / ms(1) }),
      },
    },
  );
  return { simulation, controlPlane, informers, story };
}

it('are filled when the longest of their lists is there', () => {
  const { simulation, informers, story, controlPlane } = setUp();
  expect([informers.hasSynced, informers.isCurrent]).toEqual([false, false]);
  informers.start();
  advance(simulation, seconds(2.9));
  expect(informers.hasSynced).toBe(false);
  advance(simulation, seconds(0.2));
  expect([informers.hasSynced, informers.isCurrent]).toEqual([true, true]);
  expect(story).toEqual([{ what: 'synced', at: 3000 }]);
  controlPlane.checkBooks();
});

it('stand still from the break of a connection until they are listed again, but stay filled', () => {
  const { simulation, informers, story, controlPlane } = setUp();
  informers.startFilled(0);
  controlPlane.servers[0]!.kill('memory');
  informers.connectionsBroke();
  expect([informers.hasSynced, informers.isCurrent]).toEqual([true, false]);
  // The balancer still sends them to the dead server now and then: a refusal, and a longer back-off.
  advance(simulation, seconds(120));
  expect(informers.isCurrent).toBe(true);
  expect(story.map(({ what }) => what)).toEqual(['broke', 'synced']);
  // At least one back-off of 0.8 to 1.6 s and the list of 3 s.
  expect(story[1]!.at).toBeGreaterThanOrEqual(3800);
  controlPlane.checkBooks();
});

it('of a process that is gone ask for nothing and hear nothing', () => {
  const { simulation, informers, story, controlPlane } = setUp();
  informers.start();
  advance(simulation, seconds(1));
  informers.stop();
  advance(simulation, seconds(60));
  expect(story).toEqual([]);
  expect([informers.hasSynced, informers.isCurrent]).toEqual([false, false]);
  expect(controlPlane.groups[0]!.sent).toBe(2);
  controlPlane.checkBooks();
});

it('refuse to watch nothing', () => {
  const { simulation, controlPlane } = setUp();
  expect(
    () =>
      new ListedInformers(simulation, 'none', [], {
        controlPlane,
        identity: kubeControllerManager,
        observer: { informersSynced: () => {}, informersBroke: () => {} },
      }),
  ).toThrow('informers "none": types must not be empty');
});
