import { describe, expect, it } from 'vitest';
import { checkBalance } from '../metrics/ledger.ts';
import { Simulation } from '../simulation.ts';
import { ms, plus, seconds, timeZero, us, type Instant } from '../time.ts';
import { CoDel, type CoDelOptions } from './codel.ts';
import { lifo, type Discipline } from './discipline.ts';
import { createStation, type Station } from './station.ts';

const long = ms(50);

/** Asks about the head of a long line once a millisecond and returns the instants, in ms, of what was thrown out. */
function dropsOf(codel: CoDel, from: number, to: number): number[] {
  const drops: number[] = [];
  for (let at = from; at < to; at++) while (codel.drops(at * 1_000, long, 100)) drops.push(at);
  return drops;
}

describe('codel', () => {
  it('does nothing before waiting has been above target for an interval, then drops at interval / sqrt(count)', () => {
    const codel = new CoDel('test');
    // First above at 0, so from 100 on it may; the gaps are 100, 70.7, 57.7 and 50 ms.
    expect(dropsOf(codel, 0, 400)).toEqual([100, 200, 271, 329, 379]);
    expect(codel.isDropping).toBe(true);
    expect(codel.count).toBe(5);
  });

  it('one job that waited less than target starts the interval anew', () => {
    const codel = new CoDel('test');
    expect(dropsOf(codel, 0, 99)).toEqual([]);
    expect(codel.drops(99_000, ms(4), 100)).toBe(false);
    expect(dropsOf(codel, 100, 201)).toEqual([200]);
  });

  it('takes up the old rate when the trouble is back within 16 intervals, and begins anew after that', () => {
    const play = (back: number): number[] => {
      const codel = new CoDel('test');
      dropsOf(codel, 0, 1_000);
      expect(codel.count).toBe(27);
      codel.drops(1_000_000, ms(1), 100);
      expect(codel.isDropping).toBe(false);
      return dropsOf(codel, back, back + 150).map((drop) => drop - back);
    };
    // It had grown by 26 since it began with 1, so the gaps are 100 / sqrt(26) = 19.6 ms, then 100 / sqrt(27) = 19.2 ms.
    expect(play(1_500).slice(0, 3)).toEqual([100, 120, 139]);
    expect(play(9_000)).toEqual([100]);
  });

  it('spares a line that is as short as told', () => {
    const codel = new CoDel('test', { spared: 3 });
    for (let at = 0; at < 1_000; at++) expect(codel.drops(at * 1_000, long, 3)).toBe(false);
    codel.drops(1_000_000, long, 4);
    expect(codel.drops(1_100_000, long, 4)).toBe(true);
  });

  it('refuses what cannot be meant', () => {
    const codelWith = (options: CoDelOptions) => () => new CoDel('station "disk"', options);
    expect(codelWith({ interval: us(0) })).toThrow('station "disk": codel interval must be finite and > 0, got 0 us');
    expect(codelWith({ target: ms(200) })).toThrow(
      'station "disk": codel target must be > 0 and <= interval (100000 us), got 200000 us',
    );
    expect(codelWith({ spared: 0.5 })).toThrow(
      'station "disk": codel spared must be a whole number of jobs >= 0, got 0.5',
    );
  });
});

/** A station of 1,000 jobs/s that gets `perSecond` evenly spaced jobs from `at` on. */
function overloaded(options: { perSecond: number; codel?: CoDelOptions; discipline?: Discipline }): {
  simulation: Simulation;
  station: Station;
  log: string[];
} {
  const simulation = new Simulation({ seed: 3 });
  const log: string[] = [];
  const station = createStation(simulation, {
    name: 'disk',
    servers: 1,
    queueLimit: Infinity,
    ...(options.codel === undefined ? {} : { codel: options.codel }),
    ...(options.discipline === undefined ? {} : { discipline: options.discipline }),
    onRejected: (job, reason) => log.push(`${job} ${reason} @${simulation.now / 1_000}`),
  });
  const gap = us(1e6 / options.perSecond);
  const arrival = simulation.event('arrival', (job) => {
    station.arrive(job, ms(1));
    arrival.after(gap, job + 1);
  });
  arrival.at(timeZero, 0);
  return { simulation, station, log };
}

function at(milliseconds: number): Instant {
  return plus(timeZero, ms(milliseconds));
}

describe('a station with codel', () => {
  it('tells who was thrown out, and its books balance', () => {
    const { simulation, station, log } = overloaded({ perSecond: 1_250, codel: {} });
    simulation.runUntil(at(250));
    // Waiting grows by 0.25 ms per job served and first reaches 5 ms at 20 or 25 ms, depending on the spared ones.
    expect(log[0]).toMatch(/^\d+ waited-too-long @12\d$/);
    expect(log).toHaveLength(2);
    expect(station.books().waitedTooLong).toBe(2);
    checkBalance(station);
  });

  it('is the same station as without it while nobody waits long', () => {
    const plain = overloaded({ perSecond: 1_000 });
    const managed = overloaded({ perSecond: 1_000, codel: {} });
    plain.simulation.runUntil(at(2_000));
    managed.simulation.runUntil(at(2_000));
    expect(managed.station.books()).toEqual(plain.station.books());
  });

  it('a job may be thrown out, refused and sent again at once by its caller, and its patience never ends afterwards', () => {
    const simulation = new Simulation({ seed: 3 });
    let again = 0;
    let abandoned = 0;
    const station: Station = createStation(simulation, {
      name: 'disk',
      servers: 1,
      queueLimit: Infinity,
      codel: { spared: 0 },
      onRejected: (job) => {
        again++;
        station.arrive(job, ms(1), 0, seconds(1));
      },
      onAbandoned: () => void abandoned++,
    });
    for (let job = 0; job < 400; job++) station.arrive(job, ms(1), 0, seconds(10));
    simulation.runUntil(at(5_000));
    expect(again).toBeGreaterThan(3);
    expect(abandoned).toBe(0);
    expect(station.books()).toMatchObject({ served: 400, waitedTooLong: again, inside: 0 });
    checkBalance(station);
    expect(simulation.pendingCount).toBe(0);
  });

  it('judges whoever is next under another discipline: last come, first served never waits', () => {
    const { simulation, station } = overloaded({ perSecond: 1_250, codel: {}, discipline: lifo });
    simulation.runUntil(at(2_000));
    expect(station.books().waitedTooLong).toBe(0);
  });

  it('forgets its rate when the station is cleared', () => {
    const { simulation, station, log } = overloaded({ perSecond: 2_000, codel: {} });
    simulation.runUntil(at(500));
    station.clear();
    const before = log.length;
    simulation.runUntil(at(600));
    expect(log.length).toBe(before);
    checkBalance(station);
  });
});
