import { createProcessor, ms, seconds, Simulation, type Instant } from '@brownout/core';
import { expect, it } from 'vitest';
import { Collector, type CollectorOptions } from './collector.ts';

function setUp(options: CollectorOptions | undefined, cores = 4) {
  const simulation = new Simulation({ seed: 1 });
  const done: number[] = [];
  const cpu = createProcessor(simulation, { name: 'cpu', cores, onServed: () => done.push(simulation.now) });
  const collector = new Collector(simulation, 'server', cpu, options);
  return { simulation, cpu, collector, done, run: (to: number) => simulation.runUntil(to as Instant) };
}

it('marks with a quarter of the cores, and others have the rest meanwhile', () => {
  const { cpu, collector, done, run } = setUp({ bytesPerCoreSecond: 1e9 });
  for (let job = 0; job < 4; job++) cpu.arrive(job, seconds(3));
  collector.mark(2e9);
  // 2 GB at 1 GB/s on one core of four: 2 s. Four jobs get 3/4 core each for 2 s, then one each: 1.5 s + 1.5 s of 3 s.
  run(ms(3500));
  expect(done).toEqual([ms(3500), ms(3500), ms(3500), ms(3500)]);
  expect(collector.busyTime).toBe(seconds(2));
});

it('a collection that begins while one is going on is part of it', () => {
  const { collector, run, cpu } = setUp({ bytesPerCoreSecond: 1e9 });
  collector.mark(2e9);
  run(ms(1000));
  collector.mark(2e9);
  expect(collector.busyTime).toBe(seconds(2));
  run(ms(2001));
  expect(cpu.cores).toBe(4);
});

it('keeps its share when the machine gets other cores, and lets go when the process dies', () => {
  const { collector, cpu, run } = setUp({ bytesPerCoreSecond: 1e9, share: 0.5 });
  collector.mark(4e9);
  expect(cpu.cores).toBe(2);
  collector.setCores(8);
  expect(cpu.cores).toBe(4);
  collector.clear();
  expect(cpu.cores).toBe(8);
  run(seconds(10));
  expect(cpu.cores).toBe(8);
});

it('takes nothing without options', () => {
  const { collector, cpu } = setUp(undefined);
  collector.mark(4e9);
  expect(cpu.cores).toBe(4);
  expect(collector.busyTime).toBe(0);
});
