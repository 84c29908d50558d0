import { expect, test } from 'vitest';
import { Simulation } from '../simulation.ts';
import { seconds, us, type Instant } from '../time.ts';
import { createProcessor } from './processor-sharing.ts';
import { createWeightedProcessor, type WeightedProcessor } from './weighted-sharing.ts';

interface Bench {
  readonly simulation: Simulation;
  readonly processor: WeightedProcessor;
  readonly log: string[];
}

function bench(cores: number): Bench {
  const simulation = new Simulation();
  const log: string[] = [];
  const onServed = (job: number): void => void log.push(`${simulation.now} ${job}`);
  return { simulation, log, processor: createWeightedProcessor(simulation, { name: 'node', cores, onServed }) };
}

test('cores go by weight, what a cap leaves over goes to the others', () => {
  const { simulation, processor, log } = bench(4);
  processor.arrive(0, us(100), 1, 4);
  processor.arrive(1, us(300), 3, 4);
  expect([processor.rateOf(0), processor.rateOf(1)]).toEqual([1, 3]);
  processor.arrive(2, us(50), 4, 0.5);
  expect([processor.rateOf(0), processor.rateOf(1), processor.rateOf(2)]).toEqual([0.875, 2.625, 0.5]);
  expect(processor.busyCores).toBe(4);
  processor.withdraw(2);
  simulation.runUntil(1000 as Instant);
  expect(log).toEqual(['100 0', '100 1']);
});

test('with equal weights and caps it does what the plain processor does', () => {
  const simulation = new Simulation();
  const stream = simulation.streams.get('test/work');
  const logs: string[][] = [[], []];
  const report =
    (log: string[]) =>
    (job: number): void =>
      void log.push(`${simulation.now} ${job}`);
  const plain = createProcessor(simulation, { name: 'plain', cores: 3, onServed: report(logs[0]!) });
  const weighted = createWeightedProcessor(simulation, { name: 'weighted', cores: 3, onServed: report(logs[1]!) });
  const arrival = simulation.event('arrival', (job) => {
    const work = us(Math.ceil(-Math.log(1 - stream.uniform()) * 1000));
    plain.arrive(job, work);
    weighted.arrive(job, work, 2, 1);
    if (job < 5000) arrival.after(us(Math.ceil(-Math.log(1 - stream.uniform()) * 360)), job + 1);
  });
  arrival.after(us(0), 0);
  simulation.runUntil(seconds(100) as number as Instant);
  expect(logs[0]!.length).toBe(5001);
  expect([...logs[1]!].sort()).toEqual([...logs[0]!].sort());
  expect(weighted.books().busyTime).toBeCloseTo(plain.books().busyTime, 3);
});

test('sums and clocks stay exact through thousands of changes beside a huge job', () => {
  const { simulation, processor } = bench(2);
  const stream = simulation.streams.get('test/work');
  const work: number[] = [seconds(40_000)];
  processor.arrive(0, seconds(40_000), 1, 2);
  const arrival = simulation.event('arrival', (job) => {
    work.push(Math.ceil(-Math.log(1 - stream.uniform()) * 100_000));
    processor.arrive(job, us(work[job]!), 1 + (job % 3) / 10, 0.1 * (1 + (job % 7)));
    arrival.after(us(Math.ceil(-Math.log(1 - stream.uniform()) * 100_000)), job + 1);
  });
  arrival.after(us(1), 1);
  simulation.runUntil(seconds(3000) as number as Instant);
  let done = 0;
  for (let job = 0; job < work.length; job++) done += processor.has(job) ? processor.attained(job) : work[job]!;
  expect(processor.attained(0)).toBeGreaterThan(2 ** 31);
  expect(Math.abs(processor.books().busyTime - done)).toBeLessThan(1);
  expect(processor.busyCores).toBeCloseTo(2, 12);
});

test('a busy period of eighteen years loses no precision on either side of the water level', () => {
  const instantsAfter = (start: number): number[] => {
    const instants: number[] = [];
    const simulation = new Simulation();
    const onServed = (): void => void instants.push(simulation.now - start);
    const processor = createWeightedProcessor(simulation, { name: 'node', cores: 3, onServed });
    const stream = simulation.streams.get('test/work');
    processor.arrive(0, us(2 ** 52), 1, 0.01);
    processor.arrive(1, us(2 ** 52), 1, 3);
    simulation.runUntil(start as Instant);
    const arrival = simulation.event('arrival', (job) => {
      processor.arrive(job, us(1 + stream.integer(1000)), 1 + stream.uniform(), 0.3 + stream.uniform());
      if (job < 500) arrival.after(us(stream.integer(500)), job + 1);
    });
    arrival.after(us(0), 2);
    simulation.runUntil((start + 300_000) as Instant);
    return instants;
  };
  expect(instantsAfter(0).length).toBe(499);
  expect(instantsAfter(2 ** 49)).toEqual(instantsAfter(0));
});

test('a dead process reports who was inside in the order of arrival and starts afresh', () => {
  const { simulation, processor, log } = bench(2);
  for (const job of [9, 2, 5]) processor.arrive(job, us(10 + job), 1, job === 2 ? 0.25 : 1);
  simulation.runUntil(4 as Instant);
  expect(processor.clear()).toEqual([9, 2, 5]);
  expect([processor.inside, processor.busyCores, simulation.pendingCount]).toEqual([0, 0, 0]);
  processor.arrive(2, us(5));
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['9 2']);
  expect(processor.books()).toMatchObject({ arrived: 4, served: 1, withdrawn: 0, dropped: 3, inside: 0 });
});

test('bad input is refused at the door', () => {
  const { processor } = bench(1);
  processor.arrive(0, us(1));
  expect(() => processor.arrive(0, us(1))).toThrow('processor "node": job 0 is already inside');
  expect(() => processor.arrive(1, us(1), 0)).toThrow(
    'processor "node": weight of job 1 must be > 0 and finite, got 0',
  );
  expect(() => processor.arrive(1, us(1), 1, -2)).toThrow(
    'processor "node": cap of job 1 must be > 0 and finite, got -2',
  );
  expect(() => processor.arrive(1, us(-1))).toThrow('processor "node": work of job 1 must be >= 0 and finite, got -1');
  expect(() => bench(0)).toThrow('processor "node": cores must be > 0 and finite, got 0');
});
