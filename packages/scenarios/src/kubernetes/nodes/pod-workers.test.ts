import { type Duration, minutes, ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, createBench } from '../testing/bench.ts';
import { PodWorkers } from './pod-workers.ts';

function setUp(nodes = 3, failsIn?: Duration) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8 });
  const story: string[] = [];
  const log = (what: string) => (place: number) =>
    void story.push(`${what} ${place} ${Math.round(simulation.now / ms(100)) / 10}`);
  const workers = new PodWorkers(
    simulation,
    'bench',
    nodes,
    {
      startTime: { sample: () => seconds(5) },
      stopTime: { sample: () => seconds(2) },
      ...(failsIn === undefined ? {} : { failsAfter: { sample: () => failsIn } }),
    },
    {
      controlPlane,
      observer: {
        podStarted: log('started'),
        podReady: log('ready'),
        podStopped: log('stopped'),
        podFailed: log('failed'),
        podGone: log('gone'),
      },
    },
  );
  const sent = (name: string): number => controlPlane.groups.find((group) => group.name === name)!.sent;
  return { simulation, controlPlane, workers, story, sent };
}

it('a pod costs two statuses to start, and one and its deletion to stop', () => {
  const { simulation, workers, story, sent, controlPlane } = setUp();
  workers.start(2);
  advance(simulation, seconds(10));
  expect(story).toEqual(['started 2 5', 'ready 2 5']);
  expect([sent('kubelet-pod-get'), sent('kubelet-pod')]).toEqual([2, 2]);
  expect(workers.isRunning(2)).toBe(true);
  workers.stop(2);
  advance(simulation, seconds(10));
  expect(story.slice(2)).toEqual(['stopped 2 12', 'gone 2 12']);
  expect([sent('kubelet-pod-get'), sent('kubelet-pod')]).toEqual([3, 4]);
  controlPlane.checkBooks();
});

it('without the API pods start and stop, but nobody hears of it until the kubelet can write', () => {
  const { simulation, workers, story, controlPlane } = setUp();
  workers.start(0);
  workers.start(4);
  advance(simulation, seconds(1));
  controlPlane.servers[0]!.kill('liveness');
  advance(simulation, seconds(10));
  expect(story).toEqual(['started 0 5', 'started 4 5']);
  workers.stop(4);
  advance(simulation, minutes(2));
  expect(story.filter((line) => line.startsWith('ready'))).toHaveLength(1);
  expect(story.filter((line) => line.startsWith('gone 4'))).toHaveLength(1);
  // The new status of the stopped pod replaced the one that had not been written.
  expect(story.some((line) => line.startsWith('ready 4'))).toBe(false);
  controlPlane.checkBooks();
});

it('a pod that is to go before it has started never runs', () => {
  const { simulation, workers, story } = setUp();
  workers.start(0);
  advance(simulation, seconds(1));
  workers.stop(0);
  advance(simulation, seconds(20));
  expect(story).toEqual(['stopped 0 3', 'gone 0 3']);
});

it('two pods of a node are written one after the other; a machine that is gone writes nothing', () => {
  const { simulation, workers, story, sent } = setUp();
  workers.start(0);
  workers.start(1);
  workers.start(2);
  workers.removeNode(1);
  advance(simulation, seconds(10));
  expect(story.map((line) => line.split(' ')[0])).toEqual(['started', 'started', 'ready', 'ready']);
  expect(sent('kubelet-pod')).toBeLessThanOrEqual(5);
});

it('a pod that fails while the API is away is not started again by a kubelet that sees it anew, and is told of later', () => {
  const { simulation, controlPlane, workers, story } = setUp(3, seconds(5));
  workers.start(0);
  advance(simulation, seconds(8));
  controlPlane.servers[0]!.kill('liveness');
  advance(simulation, seconds(3));
  expect(story).toEqual(['started 0 5', 'ready 0 5', 'stopped 0 10']);
  // Its watch is open again before the status can be written: the API still has it as ready.
  workers.start(0);
  advance(simulation, minutes(2));
  expect(story.slice(3).map((line) => line.slice(0, 8))).toEqual(['failed 0']);
  controlPlane.checkBooks();
  // Whoever comes to the place next is another pod.
  workers.start(0);
  advance(simulation, seconds(6));
  expect(story.slice(4).map((line) => line.split(' ')[0])).toEqual(['started', 'ready']);
});
