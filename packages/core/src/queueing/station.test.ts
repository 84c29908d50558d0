import { expect, test } from 'vitest';
import { Simulation } from '../simulation.ts';
import { us, type Instant } from '../time.ts';
import { adaptiveLifo, preemptivePriority } from './discipline.ts';
import { createStation, type Station } from './station.ts';
import { meanInside, meanWaiting, utilisation, type StationOptions } from './station-options.ts';

interface Bench {
  readonly simulation: Simulation;
  readonly station: Station;
  readonly log: string[];
}

function bench(options: Partial<StationOptions> = {}): Bench {
  const simulation = new Simulation();
  const log: string[] = [];
  const say = (what: string) => (job: number) => void log.push(`${simulation.now} ${what} ${job}`);
  const station = createStation(simulation, {
    name: 'disk',
    servers: 1,
    queueLimit: Infinity,
    onStarted: say('started'),
    onServed: say('served'),
    onAbandoned: say('abandoned'),
    onPreempted: say('preempted'),
    onRejected: (job, reason) => say(reason)(job),
    ...options,
  });
  return { simulation, station, log };
}

test('the next job starts before the one that left is reported', () => {
  const { simulation, station, log } = bench();
  station.arrive(4, us(10));
  station.arrive(7, us(5));
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['0 started 4', '10 started 7', '10 served 4', '15 served 7']);
});

test('a job that fed back by its own handler goes behind those that wait', () => {
  let rounds = 0;
  const { simulation, station, log } = bench({ onServed: (job) => rounds++ < 1 && station.arrive(job, us(1)) });
  station.arrive(0, us(10));
  station.arrive(1, us(10));
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['0 started 0', '10 started 1', '20 started 0']);
});

test('a departure at the very end of patience comes first', () => {
  const { simulation, station, log } = bench();
  station.arrive(0, us(10));
  station.arrive(1, us(10), 0, us(10));
  station.arrive(2, us(10), 0, us(19));
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['0 started 0', '10 started 1', '10 served 0', '19 abandoned 2', '20 served 1']);
});

test('a station that is full refuses whoever comes, however urgent', () => {
  const { station, log } = bench({ queueLimit: 1, discipline: preemptivePriority });
  station.arrive(0, us(10), 5);
  station.arrive(1, us(10), 5);
  station.arrive(2, us(10), 0);
  expect(log).toEqual(['0 started 0', '0 queue-full 2']);
});

test('an interrupted job resumes where it stopped, before later jobs of its class, and never loses patience', () => {
  const { simulation, station, log } = bench({ discipline: preemptivePriority });
  station.arrive(0, us(10), 1, us(12));
  station.arrive(1, us(10), 1);
  simulation.runUntil(6 as Instant);
  station.arrive(2, us(20), 0);
  simulation.runUntil(100 as Instant);
  expect(log).toEqual([
    '0 started 0',
    '6 preempted 0',
    '6 started 2',
    '26 started 0',
    '26 served 2',
    '30 started 1',
    '30 served 0',
    '40 served 1',
  ]);
});

test('balking is asked with the length of the line, and only when the job would wait', () => {
  const asked: number[] = [];
  const { station, log } = bench({ balking: (waiting) => (asked.push(waiting), waiting >= 1) });
  for (let job = 0; job < 3; job++) station.arrive(job, us(10));
  expect(asked).toEqual([0, 1]);
  expect(log).toEqual(['0 started 0', '0 balked 2']);
});

test('adaptive lifo turns round after its delay and back when the line is short', () => {
  const { simulation, station, log } = bench({ discipline: adaptiveLifo({ threshold: 3, after: us(15) }) });
  for (let job = 0; job < 6; job++) station.arrive(job, us(10));
  simulation.runUntil(100 as Instant);
  expect(log.filter((line) => line.includes('started')).map((line) => line.at(-1))).toEqual([
    '0',
    '1',
    '5',
    '4',
    '2',
    '3',
  ]);
});

test('servers are added and taken away at run time', () => {
  const { simulation, station, log } = bench({ servers: 2 });
  for (let job = 0; job < 5; job++) station.arrive(job, us(10));
  simulation.runUntil(5 as Instant);
  station.setServers(1);
  simulation.runUntil(15 as Instant);
  expect([station.busy, station.waiting]).toEqual([1, 2]);
  station.setServers(0);
  simulation.runUntil(30 as Instant);
  expect([station.busy, station.waiting]).toEqual([0, 2]);
  station.setServers(3);
  simulation.runUntil(100 as Instant);
  expect(log.filter((line) => line.includes('started'))).toEqual([
    '0 started 0',
    '0 started 1',
    '10 started 2',
    '30 started 3',
    '30 started 4',
  ]);
  expect(station.books()).toMatchObject({ served: 5, inside: 0, busyTime: 50 });
});

test('a handler that cancels every job it is told of empties a long line without deep recursion', () => {
  let cancelled = 0;
  const { simulation, station } = bench({ onStarted: (job) => job > 0 && station.cancel(job) && cancelled++ });
  for (let job = 0; job < 50_000; job++) station.arrive(job, us(10));
  simulation.runUntil(10 as Instant);
  expect([cancelled, station.inside, station.busy]).toEqual([49_999, 0, 0]);
});

test('a job sent in while a line is being emptied does not overtake it', () => {
  const { simulation, station, log } = bench({
    onStarted: (job) => {
      if (job === 1) {
        station.cancel(1);
        station.arrive(9, us(10));
      }
    },
  });
  for (let job = 0; job < 3; job++) station.arrive(job, us(10));
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['10 served 0', '20 served 2', '30 served 9']);
});

test('a job withdrawn by the handler of the one it displaced is not reported as started', () => {
  const started: number[] = [];
  const { simulation, station } = bench({
    discipline: preemptivePriority,
    onStarted: (job) => void started.push(job),
    onPreempted: () => void station.cancel(1),
  });
  station.arrive(0, us(10), 1);
  station.arrive(1, us(10), 0);
  simulation.runUntil(100 as Instant);
  expect(started).toEqual([0, 0]);
  expect(station.books()).toMatchObject({ served: 1, cancelled: 1, busyTime: 10 });
});

test('cancel frees the server for the next job and says whether there was anything to cancel', () => {
  const { simulation, station, log } = bench();
  for (let job = 0; job < 3; job++) station.arrive(job, us(10));
  simulation.runUntil(4 as Instant);
  expect([station.cancel(0), station.cancel(2), station.cancel(2), station.cancel(99)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  simulation.runUntil(100 as Instant);
  expect(log).toEqual(['0 started 0', '4 started 1', '14 served 1']);
});

test('a dead station reports who was inside and forgets their events', () => {
  const { simulation, station } = bench({ servers: 2 });
  for (const job of [5, 1, 9, 3]) station.arrive(job, us(10), 0, us(50));
  expect(station.clear()).toEqual([1, 5, 9, 3]);
  expect(simulation.pendingCount).toBe(0);
  expect(station.books()).toMatchObject({ arrived: 4, cancelled: 0, dropped: 4, inside: 0 });
});

test('a station with infinitely many servers lets nobody wait', () => {
  const { simulation, station } = bench({ servers: Infinity, queueLimit: 0 });
  for (let job = 0; job < 1000; job++) station.arrive(job, us(job));
  expect(station.busy).toBe(1000);
  const start = station.books();
  simulation.runUntil(2000 as Instant);
  const end = station.books();
  expect(end).toMatchObject({ served: 1000, rejected: 0 });
  expect([meanInside(start, end), utilisation(start, end)]).toEqual([(999 * 1000) / 2 / 2000, 0]);
});

test('windows are differences of books', () => {
  const { simulation, station } = bench({ servers: 2 });
  const start = station.books();
  for (let job = 0; job < 3; job++) station.arrive(job, us(10));
  simulation.runUntil(20 as Instant);
  const end = station.books();
  expect([utilisation(start, end), meanWaiting(start, end), meanInside(start, end)]).toEqual([0.75, 0.5, 2]);
  expect([utilisation(end, end), meanWaiting(end, end), meanInside(end, end)]).toEqual([0, 0, 0]);
});

test('waiting times and times in system are sampled once per job', () => {
  const waits: number[] = [];
  const stays: number[] = [];
  const { simulation, station } = bench({
    waitingTimes: { record: (value) => void waits.push(value) },
    timesInSystem: { record: (value) => void stays.push(value) },
  });
  for (let job = 0; job < 3; job++) station.arrive(job, us(10));
  simulation.runUntil(100 as Instant);
  expect([waits, stays]).toEqual([
    [0, 10, 20],
    [10, 20, 30],
  ]);
});

test('bad input is refused at the door in the name of the station', () => {
  expect(() => bench({ servers: 0 })).toThrow(
    new RangeError('station "disk": servers must be >= 1 and whole, or Infinity, got 0'),
  );
  expect(() => bench({ queueLimit: -1 })).toThrow(
    'station "disk": queueLimit must be >= 0 and whole, or Infinity, got -1',
  );
  const { station } = bench();
  station.arrive(0, us(1));
  expect(() => station.arrive(0, us(1))).toThrow(new RangeError('station "disk": job 0 is already inside'));
  expect(() => station.arrive(1.5, us(1))).toThrow(
    'station "disk": a job must be a whole number in 0..67108863, got 1.5',
  );
  expect(() => station.arrive(1, us(-1))).toThrow(
    'station "disk": job 1 needs a service time of whole microseconds >= 0',
  );
  expect(() => station.setServers(1.5)).toThrow('servers must be >= 0 and whole, or Infinity, got 1.5');
  expect(() => adaptiveLifo({ threshold: 0 })).toThrow(
    'adaptiveLifo: threshold must be a whole number of jobs >= 1, got 0',
  );
  expect(() => adaptiveLifo({ threshold: 1, after: us(-1) })).toThrow('adaptiveLifo: after must be >= 0, got -1');
});
