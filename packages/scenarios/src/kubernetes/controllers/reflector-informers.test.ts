import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { kubeControllerManager } from '../flow-control/identity.ts';
import { advance } from '../testing/bench.ts';
import { createWatchBench } from '../testing/watch-bench.ts';
import { ReflectorInformers } from './reflector-informers.ts';

function setUp() {
  const simulation = new Simulation({ seed: 1 });
  const bench = createWatchBench(simulation, { apiServers: 2, listFromCache: { cpuMs: 2000 } });
  const story: string[] = [];
  const log = (what: string): void => void story.push(`${what} ${Math.round(simulation.now / ms(100)) / 10}`);
  const informers = new ReflectorInformers(
    simulation,
    'manager',
    [{ resource: 'pods', operations: bench.operations }],
    {
      controlPlane: bench.controlPlane,
      identity: kubeControllerManager,
      observer: { informersSynced: () => log('synced'), informersBroke: () => log('broke') },
    },
  );
  return { simulation, ...bench, informers, story };
}

it('are filled when their list is there', () => {
  const { simulation, informers, story, controlPlane } = setUp();
  informers.start();
  advance(simulation, seconds(1.9));
  expect([informers.hasSynced, informers.isCurrent]).toEqual([false, false]);
  advance(simulation, seconds(0.3));
  expect([informers.hasSynced, informers.isCurrent]).toEqual([true, true]);
  expect(story).toEqual(['synced 2']);
  controlPlane.checkBooks();
});

it('stand still when their server dies, and move again when they hear something over a new stream', () => {
  const { simulation, informers, story, controlPlane, writer } = setUp();
  informers.startFilled(0);
  writer.writeEvery(1, 'pod', 0);
  advance(simulation, seconds(30));
  expect(story).toEqual([]);
  controlPlane.servers[0]!.kill('memory');
  advance(simulation, ms(10));
  expect(story).toEqual(['broke 30']);
  expect([informers.hasSynced, informers.isCurrent]).toEqual([true, false]);
  advance(simulation, seconds(120));
  expect(informers.isCurrent).toBe(true);
  expect(story.at(-1)).toMatch(/^synced /);
  controlPlane.checkBooks();
});

it('of a process that is gone hear nothing', () => {
  const { simulation, informers, story, writer } = setUp();
  informers.start();
  advance(simulation, seconds(1));
  informers.stop();
  writer.writeEvery(10, 'pod', 0);
  advance(simulation, seconds(60));
  expect(story).toEqual([]);
  expect([informers.hasSynced, informers.isCurrent]).toEqual([false, false]);
});
