import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, createBench } from '../testing/bench.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { PodGarbageCollector } from './pod-garbage-collector.ts';
import { range } from './testing/node-world.ts';

function setUp(goneAfter = ms(100)) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8 });
  const deleted: { dependent: number; at: number }[] = [];
  const owners: number[] = [];
  const gone = simulation.event('gone', (dependent) => collector.dependentGone(dependent));
  const collector: GarbageCollector = new GarbageCollector(
    simulation,
    'bench',
    {},
    {
      controlPlane,
      observer: {
        dependentDeleted: (dependent) => {
          deleted.push({ dependent, at: simulation.now / seconds(1) });
          gone.after(goneAfter, dependent);
        },
        ownerDeleted: () => owners.push(simulation.now / seconds(1)),
      },
    },
  );
  collector.start();
  const sent = (name: string): number => controlPlane.groups.find((group) => group.name === name)!.sent;
  return { simulation, controlPlane, collector, deleted, owners, sent };
}

it('in the background deletes twenty a second: two calls each at forty', () => {
  const { simulation, collector, deleted, sent, controlPlane, owners } = setUp();
  collector.ownerWasDeleted(range(0, 500), 'background');
  advance(simulation, seconds(60));
  expect(deleted).toHaveLength(500);
  // 1,000 calls and the first look at the owner by each worker that did not know yet; 30 at once, the rest at 40 a second.
  const calls = sent('generic-garbage-collector') + sent('generic-garbage-collector-reads');
  expect(calls).toBeGreaterThanOrEqual(1001);
  expect(calls).toBeLessThanOrEqual(1020);
  expect(deleted.at(-1)!.at).toBeGreaterThanOrEqual((1001 - 30) / 40);
  expect(deleted.at(-1)!.at).toBeLessThan((1020 - 30) / 40 + 0.1);
  expect(owners).toEqual([]);
  controlPlane.checkBooks();
});

it('in the foreground asks for the owner each time, and removes it after its last dependent is gone', () => {
  const { simulation, collector, deleted, sent, owners } = setUp(seconds(30));
  collector.ownerWasDeleted(range(0, 200), 'foreground');
  advance(simulation, seconds(120));
  expect(deleted).toHaveLength(200);
  expect(sent('generic-garbage-collector-reads')).toBe(400);
  expect(owners).toHaveLength(1);
  expect(owners[0]!).toBeGreaterThanOrEqual(deleted.at(-1)!.at + 30);
  expect(owners[0]!).toBeLessThan(deleted.at(-1)!.at + 31);
});

it('goes on where another process stopped', () => {
  const { simulation, collector, deleted, controlPlane } = setUp();
  collector.ownerWasDeleted(range(0, 300), 'background');
  advance(simulation, seconds(5));
  collector.stop();
  const before = deleted.length;
  expect(before).toBeGreaterThan(80);
  advance(simulation, seconds(60));
  expect(deleted).toHaveLength(before);
  collector.start();
  advance(simulation, seconds(60));
  expect(new Set(deleted.map(({ dependent }) => dependent)).size).toBe(300);
  expect(collector.left).toBe(0);
  controlPlane.checkBooks();
});

it('tries again what failed, after 5 ms and doubling', () => {
  const { simulation, collector, deleted, controlPlane } = setUp();
  controlPlane.servers[0]!.kill('liveness');
  collector.ownerWasDeleted([1, 2, 3], 'background');
  advance(simulation, seconds(5));
  expect(deleted).toEqual([]);
  advance(simulation, seconds(180));
  expect(deleted).toHaveLength(3);
});

it('the pods of a node that is gone are deleted by force after 40 s, two calls each, one after the other', () => {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8 });
  const collected: { node: number; at: number }[] = [];
  const collector = new PodGarbageCollector(
    simulation,
    'bench',
    {},
    {
      controlPlane,
      podCollected: (node) => collected.push({ node, at: simulation.now / seconds(1) }),
    },
  );
  collector.start();
  advance(simulation, seconds(25));
  collector.nodeGone(7, 40);
  collector.nodeGone(8, 0);
  advance(simulation, seconds(55));
  expect(collected).toEqual([]);
  advance(simulation, seconds(30));
  // Seen in the pass at 40 s, asked for in the one at 80 s: a GET and 80 calls, 30 of them at once.
  expect(collected).toHaveLength(40);
  expect(collected[0]!.at).toBeGreaterThanOrEqual(80);
  expect(collected.at(-1)!.at).toBeGreaterThanOrEqual(80 + (81 - 30) / 20 - 0.01);
  controlPlane.checkBooks();
});
