import { expect, test } from 'vitest';
import { Simulation, type EventHandle } from '../simulation.ts';
import { ms, seconds, us, type Instant } from '../time.ts';
import { createProcessor, type Processor, type ProcessorOptions } from './processor-sharing.ts';

interface Bench {
  readonly simulation: Simulation;
  readonly processor: Processor;
  readonly log: string[];
}

function bench(options: Partial<ProcessorOptions> = {}): Bench {
  const simulation = new Simulation();
  const log: string[] = [];
  const onServed = (job: number): void => void log.push(`${simulation.now} ${job}`);
  const processor = createProcessor(simulation, { name: 'cpu', cores: 1, onServed, ...options });
  return { simulation, processor, log };
}

/** Counts how often anything is scheduled or cancelled. */
function countCalendarUse(simulation: Simulation): { uses: number } {
  const count = { uses: 0 };
  const event = simulation.event.bind(simulation);
  const cancel = simulation.cancel.bind(simulation);
  simulation.event = (name, handler, priority) => {
    const kind = event(name, handler, priority);
    return {
      name,
      after: (delay, argument) => (count.uses++, kind.after(delay, argument)),
      at: (instant, argument) => (count.uses++, kind.at(instant, argument)),
    };
  };
  simulation.cancel = (handle: EventHandle) => (count.uses++, cancel(handle));
  return count;
}

test('two jobs on one core take twice as long while they share it', () => {
  const { simulation, processor, log } = bench();
  processor.arrive(0, us(100));
  simulation.runUntil(50 as Instant);
  processor.arrive(1, us(30));
  simulation.runUntil(1000 as Instant);
  expect(log).toEqual(['110 1', '130 0']);
});

test('a job uses no more than its own core, however many there are', () => {
  const { simulation, processor, log } = bench({ cores: 4 });
  for (let job = 0; job < 4; job++) processor.arrive(job, us(100));
  expect(processor.busyCores).toBe(4);
  simulation.runUntil(1000 as Instant);
  expect(log).toEqual(['100 0', '100 1', '100 2', '100 3']);
  expect(processor.books()).toMatchObject({ served: 4, busyTime: 400, jobTime: 400, coreTime: 4000 });
});

test('a fraction of a microsecond is rounded up for the report and not charged to the others', () => {
  const { simulation, processor, log } = bench();
  for (let job = 0; job < 3; job++) processor.arrive(job, us(job === 0 ? 1 : 2));
  processor.arrive(3, us(100));
  simulation.runUntil(1000 as Instant);
  expect(log).toEqual(['4 0', '7 1', '7 2', '105 3']);
});

test('while cores are free, an arrival that is not the next to finish leaves the calendar alone', () => {
  const simulation = new Simulation();
  const count = countCalendarUse(simulation);
  const processor = createProcessor(simulation, { name: 'cpu', cores: 3, onServed: () => {} });
  processor.arrive(0, us(50));
  expect(count.uses).toBe(1);
  processor.arrive(1, us(60));
  processor.arrive(2, us(50));
  expect(count.uses).toBe(1);
  processor.arrive(3, us(1));
  expect(count.uses).toBe(3);
  expect(simulation.pendingCount).toBe(1);
});

test('work of whole microseconds on a free core takes exactly as long as it says, after any amount of sharing', () => {
  const { simulation, processor, log } = bench({ cores: 2 });
  processor.arrive(0, seconds(1000));
  for (let job = 1; job < 8; job++) processor.arrive(job, us(1000 + job));
  simulation.runUntil(100_000 as Instant);
  log.length = 0;
  processor.arrive(8, us(777));
  simulation.runUntil(200_000 as Instant);
  expect(log).toEqual([`${100_000 + 777} 8`]);
});

test('a busy period of eighteen years loses no precision', () => {
  const instantsAfter = (start: number): number[] => {
    const instants: number[] = [];
    const { simulation, processor } = bench({ cores: 3, onServed: () => void instants.push(simulation.now - start) });
    const stream = simulation.streams.get('test/work');
    processor.arrive(0, us(2 ** 52));
    simulation.runUntil(start as Instant);
    const arrival = simulation.event('arrival', (job) => {
      processor.arrive(job, us(1 + stream.integer(1000)));
      if (job < 500) arrival.after(us(stream.integer(300)), job + 1);
    });
    arrival.after(us(0), 1);
    simulation.runUntil((start + 300_000) as Instant);
    return instants;
  };
  expect(instantsAfter(0).length).toBe(500);
  expect(instantsAfter(2 ** 49)).toEqual(instantsAfter(0));
});

test('cores change at run time; with none everybody stands still', () => {
  const { simulation, processor, log } = bench();
  processor.arrive(0, us(100));
  simulation.runUntil(40 as Instant);
  processor.setCores(0);
  expect([processor.busyCores, simulation.pendingCount]).toEqual([0, 0]);
  simulation.runUntil(90 as Instant);
  expect(processor.attained(0)).toBe(40);
  processor.setCores(0.5);
  simulation.runUntil(1000 as Instant);
  expect(log).toEqual(['210 0']);
});

test('a dead process reports who was inside in the order of arrival and starts afresh', () => {
  const { simulation, processor, log } = bench({ cores: 2 });
  for (const job of [9, 2, 5]) processor.arrive(job, us(10 + job));
  simulation.runUntil(10 as Instant);
  expect(processor.clear()).toEqual([9, 2, 5]);
  expect([processor.inside, processor.busyCores, simulation.pendingCount]).toEqual([0, 0, 0]);
  processor.arrive(2, us(5));
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['15 2']);
  expect(processor.books()).toMatchObject({ arrived: 4, served: 1, withdrawn: 0, dropped: 3, inside: 0 });
});

test('a handler may send its job round again, withdraw a neighbour that finished with it, or kill the process', () => {
  const simulation = new Simulation();
  const log: string[] = [];
  const processor: Processor = createProcessor(simulation, {
    name: 'cpu',
    cores: 4,
    onServed: (job) => {
      log.push(`${simulation.now} ${job}`);
      if (simulation.now === 10 && job === 0) {
        processor.arrive(0, us(5));
        expect(processor.withdraw(1)).toBe(true);
        processor.arrive(1, us(7));
      }
      if (job === 2) expect(processor.clear()).toEqual([3, 0, 1]);
    },
  });
  for (let job = 0; job < 4; job++) processor.arrive(job, us(10));
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['10 0', '10 2']);
  expect(processor.books()).toMatchObject({ arrived: 6, served: 2, withdrawn: 1, dropped: 3, inside: 0 });
});

test('an arrival at the instant of a completion, but before its report, does not disturb it', () => {
  const { simulation, processor, log } = bench();
  const early = simulation.event('early', () => processor.arrive(1, us(10)), 'release');
  early.at(10 as Instant);
  processor.arrive(0, us(10));
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['10 0', '20 1']);
});

test('work is neither lost nor invented over a long busy period with a huge job in it', () => {
  const served: number[] = [];
  const { simulation, processor } = bench({ cores: 3, onServed: (job) => void served.push(job) });
  const stream = simulation.streams.get('test/work');
  const work: number[] = [seconds(40_000)];
  processor.arrive(0, seconds(40_000));
  const arrival = simulation.event('arrival', (job) => {
    work.push(Math.ceil(-Math.log(1 - stream.uniform()) * 200_000));
    processor.arrive(job, us(work[job]!));
    arrival.after(us(Math.ceil(-Math.log(1 - stream.uniform()) * 90_000)), job + 1);
  });
  arrival.after(us(1), 1);
  simulation.runUntil(seconds(5000) as number as Instant);
  let done = 0;
  for (const job of served) done += work[job]!;
  for (let job = 0; job < work.length; job++) done += processor.attained(job);
  expect(served.length).toBeGreaterThan(50_000);
  expect(processor.attained(0)).toBeGreaterThan(2 ** 31);
  expect(Math.abs(processor.books().busyTime - done)).toBeLessThan(1);
});

test('time in system is sampled, and bad input is refused at the door', () => {
  const samples: number[] = [];
  const { simulation, processor } = bench({ timesInSystem: { record: (value) => void samples.push(value) } });
  processor.arrive(0, ms(1));
  simulation.runUntil(ms(2) as number as Instant);
  expect(samples).toEqual([1000]);
  processor.arrive(0, us(1));
  expect(() => processor.arrive(0, us(1))).toThrow('processor "cpu": job 0 is already inside');
  expect(() => processor.arrive(-1, us(1))).toThrow(
    'processor "cpu": a job must be a whole number in 0..67108863, got -1',
  );
  expect(() => processor.arrive(1, us(-1))).toThrow('processor "cpu": work must be >= 0, got -1 for job 1');
  expect(() => processor.setCores(-1)).toThrow('processor "cpu": cores must be >= 0 and finite, got -1');
  expect(() => bench({ cores: 0 })).toThrow('processor "cpu": cores must be > 0 and finite, got 0');
  expect(() => bench({ coresPerJob: 0 })).toThrow('processor "cpu": coresPerJob must be > 0 and finite, got 0');
});
