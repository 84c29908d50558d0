import { expect, test } from 'vitest';
import { checkBalance } from '../metrics/ledger.ts';
import { Simulation } from '../simulation.ts';
import { ms, us, type Duration, type Instant } from '../time.ts';
import { meanInterval } from '../experiment/interval.ts';
import { exponential } from '../random/distributions/exponential.ts';
import { createRoundRobin, type RoundRobin } from './round-robin.ts';
import { SharedCores } from './shared-cores.ts';
import { createProcessor } from './processor-sharing.ts';

interface Bench {
  readonly simulation: Simulation;
  readonly processor: RoundRobin;
  readonly log: string[];
}

function bench(cores = 1, quantum: Duration = us(10)): Bench {
  const simulation = new Simulation();
  const log: string[] = [];
  const onServed = (job: number): void => void log.push(`${simulation.now} ${job}`);
  return { simulation, log, processor: createRoundRobin(simulation, { name: 'cpu', cores, quantum, onServed }) };
}

const at = (time: number): Instant => time as Instant;

test('jobs take turns, and a job that comes waits behind all of them', () => {
  const { simulation, processor, log } = bench();
  processor.arrive(0, us(25));
  processor.arrive(1, us(15));
  simulation.runUntil(at(4));
  processor.arrive(2, us(1));
  simulation.runUntil(at(100));
  // 0: 0-10, 1: 10-20, 2: 20-21, 0: 21-31, 1: 31-36, 0: 36-41
  expect(log).toEqual(['21 2', '36 1', '41 0']);
});

test('turns go on while nobody waits: who comes finds the rest of a turn', () => {
  const { simulation, processor, log } = bench();
  processor.arrive(0, us(1000));
  simulation.runUntil(at(93));
  processor.arrive(1, us(2));
  simulation.runUntil(at(200));
  expect(log).toEqual(['102 1']);
  expect(processor.attained(0)).toBe(198);
});

test('a short job waits n - 1/2 turns on average behind n long ones, and n when it comes back at the start of a turn', () => {
  for (const long of [1, 2, 4, 8]) {
    const simulation = new Simulation({ seed: long });
    const [first, second]: [number[], number[]] = [[], []];
    let sentAt = 0;
    const cpu = createRoundRobin(simulation, {
      name: 'cpu',
      cores: 1,
      quantum: ms(20),
      onServed: () => {
        (isSecond ? second : first).push(simulation.now - sentAt);
        sentAt = simulation.now;
        isSecond = !isSecond;
        if (isSecond) comeBack.after(us(0));
      },
    });
    const comeBack = simulation.event('come back', () => cpu.arrive(100, us(0)));
    let isSecond = false;
    const send = simulation.event('send', () => {
      sentAt = simulation.now;
      cpu.arrive(100, us(0));
    });
    for (let job = 0; job < long; job++) cpu.arrive(job, 1e15 as Duration);
    const stream = simulation.streams.get('test/gap');
    for (let index = 0; index < 400; index++) send.at(at(index * 1_000_000 + Math.floor(stream.uniform() * 500_000)));
    simulation.runUntil(at(400_000_000));
    const interval = meanInterval(first, 0.999);
    const mean = (long - 0.5) * 20_000;
    expect(interval.low).toBeLessThanOrEqual(mean);
    expect(interval.high).toBeGreaterThanOrEqual(mean);
    expect(new Set(second)).toEqual(new Set([long * 20_000]));
  }
});

test('a job sent in from the handler of one that is done goes on in its turn; the next one waits in the line', () => {
  const simulation = new Simulation();
  const log: string[] = [];
  const processor: RoundRobin = createRoundRobin(simulation, {
    name: 'cpu',
    cores: 1,
    quantum: us(10),
    onServed: (job) => {
      log.push(`${simulation.now} ${job}`);
      if (job === 0) for (const next of [2, 3]) processor.arrive(next, us(9));
    },
  });
  processor.arrive(0, us(6));
  processor.arrive(1, us(20));
  simulation.runUntil(at(100));
  // 2 has the 4 that 0 left of its turn; then 1: 10-20, 3: 20-29, 2: 29-34, 1: 34-44.
  expect(log).toEqual(['6 0', '29 3', '34 2', '44 1']);
});

test('with a small quantum it becomes ideal processor sharing: M/M/1 at 0.7 takes 1 / (1 - 0.7) services', () => {
  const means: number[] = [];
  for (let replication = 0; replication < 10; replication++) {
    const simulation = new Simulation({ seed: 5, replication });
    const times: number[] = [];
    const cpu = createRoundRobin(simulation, {
      name: 'cpu',
      cores: 1,
      quantum: us(50),
      onServed: () => {},
      timesInSystem: { record: (time) => void times.push(time) },
    });
    const [gaps, works] = [simulation.streams.get('gaps'), simulation.streams.get('works')];
    const draw = exponential(1);
    const arrival = simulation.event('arrival', (job) => {
      cpu.arrive(job, Math.round(draw.sample(works) * 700) as Duration);
      arrival.after(Math.round(draw.sample(gaps) * 1000) as Duration, (job + 1) % 60_000);
    });
    arrival.at(at(0), 0);
    simulation.runUntil(at(5_000_000));
    checkBalance(cpu);
    means.push(times.reduce((sum, time) => sum + time, 0) / times.length);
  }
  const interval = meanInterval(means, 0.99);
  expect(interval.low).toBeLessThan(700 / 0.3);
  expect(interval.high).toBeGreaterThan(700 / 0.3);
  expect(interval.halfWidth).toBeLessThan(250);
});

test('a capacity that is not whole runs slower, and turns keep their length on the clock', () => {
  const { simulation, processor, log } = bench();
  processor.arrive(0, us(20));
  processor.arrive(1, us(5));
  simulation.runUntil(at(5));
  processor.setCores(0.5);
  simulation.runUntil(at(100));
  // 0 does 5 + 2.5 in its turn, then 1 needs 10, then 0 has 12.5 left: 25 at half speed.
  expect(log).toEqual(['20 1', '45 0']);
  expect(processor.books()).toMatchObject({ served: 2, busyTime: 25 });
});

test('cores are added and taken away under running jobs', () => {
  const { simulation, processor, log } = bench(2);
  for (const job of [0, 1, 2]) processor.arrive(job, us(8));
  simulation.runUntil(at(4));
  processor.setCores(1);
  simulation.runUntil(at(6));
  processor.setCores(0);
  simulation.runUntil(at(50));
  expect([log, processor.busyCores, processor.inside]).toEqual([[], 0, 3]);
  processor.setCores(4);
  simulation.runUntil(at(100));
  expect(log).toEqual(['54 1', '58 2', '52 0'].sort());
});

test('who leaves or dies leaves no event behind, and the books balance', () => {
  const { simulation, processor, log } = bench();
  for (const job of [7, 3, 5]) processor.arrive(job, us(30));
  simulation.runUntil(at(12));
  expect(processor.withdraw(3)).toBe(true);
  expect(processor.withdraw(3)).toBe(false);
  expect(processor.withdraw(7)).toBe(true);
  processor.arrive(3, us(1));
  expect(processor.clear()).toEqual([5, 3]);
  expect(simulation.pendingCount).toBe(0);
  processor.arrive(3, us(1));
  simulation.runUntil(at(100));
  expect(log).toEqual(['13 3']);
  checkBalance(processor);
  expect(processor.books()).toMatchObject({ arrived: 5, served: 1, withdrawn: 2, dropped: 2, inside: 0 });
});

test('bad input is refused at the door', () => {
  const { simulation, processor } = bench();
  processor.arrive(0, us(1));
  expect(() => processor.arrive(0, us(1))).toThrow('processor "cpu": job 0 is already inside');
  expect(() => processor.arrive(1, us(-1))).toThrow('processor "cpu": work must be >= 0, got -1 for job 1');
  expect(() => createRoundRobin(simulation, { name: 'cpu', cores: 1, quantum: us(0), onServed: () => {} })).toThrow(
    'processor "cpu": quantum must be > 0 and finite, got 0',
  );
});

test('two processes on one core get half each while both have work, whatever the number of their jobs', () => {
  const simulation = new Simulation();
  const log: string[] = [];
  const machine = new SharedCores({ name: 'machine', cores: 1 });
  const make = (name: string): ReturnType<SharedCores['join']> =>
    machine.join(
      1,
      (job) => void log.push(`${simulation.now} ${name}${job}`),
      (onServed) => createProcessor(simulation, { name, cores: 1, onServed }),
    );
  const [crowded, quiet] = [make('a'), make('b')];
  for (let job = 0; job < 4; job++) crowded.arrive(job, us(100));
  simulation.runUntil(at(100));
  quiet.arrive(0, us(10));
  simulation.runUntil(at(1000));
  // a has received 25 each by 100, 10 more in all by 120, and is alone again from then on.
  expect(log).toEqual(['120 b0', '410 a0', '410 a1', '410 a2', '410 a3']);
  expect(crowded.cores).toBe(1);
  expect(crowded.books().busyTime).toBeCloseTo(400, 6);
});

test('a process that can use less than its even share leaves the rest to the others', () => {
  const simulation = new Simulation();
  const log: string[] = [];
  const machine = new SharedCores({ name: 'machine', cores: 4 });
  const make = (name: string, most: number): ReturnType<SharedCores['join']> =>
    machine.join(
      most,
      (job) => void log.push(`${simulation.now} ${name}${job}`),
      (onServed) => createProcessor(simulation, { name, cores: most, onServed }),
    );
  const [large, small] = [make('large', 4), make('small', 1)];
  small.arrive(0, us(100));
  for (let job = 0; job < 6; job++) large.arrive(job, us(100));
  simulation.runUntil(at(1000));
  expect(log.slice(0, 1)).toEqual(['100 small0']);
  // 300 done by 100 on 3 cores, the other 300 on 4.
  expect(log.at(-1)).toBe('175 large5');
});
