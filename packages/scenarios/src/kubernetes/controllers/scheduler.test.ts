import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, createBench } from '../testing/bench.ts';
import { Scheduler, type SchedulerOptions } from './scheduler.ts';

function setUp(options: SchedulerOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8 });
  const bound: { pod: number; at: number }[] = [];
  const scheduler = new Scheduler(simulation, 'bench', options, {
    controlPlane,
    bound: (pod) => bound.push({ pod, at: simulation.now / seconds(1) }),
  });
  scheduler.start();
  const binds = controlPlane.groups.find((group) => group.name === 'kube-scheduler')!;
  return { simulation, controlPlane, scheduler, bound, binds };
}

it('binds a hundred at once and then fifty a second', () => {
  const { simulation, scheduler, bound, controlPlane } = setUp();
  for (let pod = 0; pod < 600; pod++) scheduler.add(pod);
  advance(simulation, ms(50));
  expect(bound.length).toBeGreaterThanOrEqual(100);
  expect(bound.length).toBeLessThanOrEqual(103);
  advance(simulation, seconds(10));
  expect(bound).toHaveLength(600);
  expect(bound.at(-1)!.at).toBeGreaterThanOrEqual(10);
  expect(scheduler.unbound).toBe(0);
  controlPlane.checkBooks();
});

it('looks at one pod after the other where that takes longer than the client allows', () => {
  const { simulation, scheduler, bound } = setUp({ cycle: ms(50) });
  for (let pod = 0; pod < 100; pod++) scheduler.add(pod);
  advance(simulation, seconds(4));
  expect(bound.length).toBeGreaterThanOrEqual(79);
  expect(bound.length).toBeLessThanOrEqual(80);
});

it('a pod that cannot be bound waits 1, 2, 4, 8, 10 s, rounded up to the next look through the queue', () => {
  const { simulation, scheduler, controlPlane, binds } = setUp();
  controlPlane.servers[0]!.kill('liveness');
  const keepDown = simulation.event('keep down', () => {
    controlPlane.servers[0]!.kill('liveness');
    keepDown.after(ms(500));
  });
  keepDown.after(ms(500));
  advance(simulation, ms(300));
  scheduler.add(1);
  const sent: number[] = [];
  let before = 0;
  // The first ten seconds the balancer still sends to the dead server, which refuses; after that requests hang for 60 s.
  for (let at = 0; at < 99; at++) {
    advance(simulation, ms(100));
    if (binds.sent > before) sent.push(simulation.now / seconds(1));
    before = binds.sent;
  }
  expect(sent.map((at) => Math.floor(at))).toEqual([0, 2, 5, 10].slice(0, sent.length));
  expect(sent.length).toBeGreaterThanOrEqual(3);
});

it('that starts again finds all unbound pods, and forgets those that were deleted', () => {
  const { simulation, scheduler, bound } = setUp({ pace: { qps: 10, burst: 1 } });
  for (let pod = 0; pod < 20; pod++) scheduler.add(pod);
  advance(simulation, seconds(0.55));
  scheduler.stop();
  const before = bound.length;
  scheduler.forget(19);
  scheduler.add(20);
  advance(simulation, seconds(10));
  expect(bound).toHaveLength(before);
  scheduler.start();
  advance(simulation, seconds(10));
  expect(new Set(bound.map(({ pod }) => pod))).toEqual(new Set([...Array.from({ length: 19 }, (_, pod) => pod), 20]));
  expect(bound).toHaveLength(20);
});
