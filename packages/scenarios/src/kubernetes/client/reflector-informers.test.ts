import { seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { breakGlassAdmin } from '../flow-control/identity.ts';
import { advance } from '../testing/bench.ts';
import { createWatchBench } from '../testing/watch-bench.ts';
import { ReflectorInformers } from './reflector-informers.ts';

function bench() {
  const simulation = new Simulation({ seed: 2 });
  const made = createWatchBench(simulation, { listFromCache: { cpuMs: 100 } });
  const told: string[] = [];
  const informers = new ReflectorInformers(
    simulation,
    'controller',
    [{ resource: 'pods', operations: made.operations }],
    {
      controlPlane: made.controlPlane,
      identity: breakGlassAdmin,
      observer: {
        informersSynced: () => void told.push(`synced ${simulation.now / seconds(1)}`),
        informersBroke: () => void told.push(`broke ${simulation.now / seconds(1)}`),
      },
      onChange: (type, events) => void told.push(`type ${type}: ${events} events`),
    },
  );
  return { ...made, simulation, informers, told };
}

it('is filled by a LIST, hears of changes, and breaks with the server', () => {
  const { simulation, informers, told, writer, controlPlane } = bench();
  informers.start();
  advance(simulation, seconds(0.05));
  expect([informers.hasSynced, informers.isCurrent]).toEqual([false, false]);
  advance(simulation, seconds(0.95));
  expect([informers.hasSynced, informers.isCurrent]).toEqual([true, true]);
  writer.write(2);
  advance(simulation, seconds(1));
  controlPlane.servers[0]!.kill('memory');
  expect([informers.hasSynced, informers.isCurrent]).toEqual([true, false]);
  expect(told).toEqual(['synced 0.1', 'type 0: 2 events', 'broke 2']);
  advance(simulation, seconds(120));
  expect(informers.isCurrent).toBe(true);
  controlPlane.checkBooks();
});

it('begins filled and watching without a word, and forgets everything when it stops', () => {
  const { informers, told } = bench();
  informers.startFilled();
  expect([informers.hasSynced, informers.isCurrent, told]).toEqual([true, true, []]);
  informers.stop();
  expect([informers.hasSynced, informers.isCurrent, told]).toEqual([false, false, []]);
});
