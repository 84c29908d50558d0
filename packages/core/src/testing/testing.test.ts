import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../metrics/ledger.ts';
import { Simulation } from '../simulation.ts';
import { seconds, us } from '../time.ts';
import { noRecord, Trace, type TraceOptions } from '../trace.ts';
import {
  createArbitraries,
  compareWithTheory,
  describeTheory,
  expectConserved,
  expectTheory,
  runTwice,
} from './index.ts';

/** Ten arrivals with random gaps; `disturb` may spoil what one of them records. */
function arrivals(seed: string, options: TraceOptions, disturb: (index: number) => number = () => 0): Trace {
  const simulation = new Simulation({ seed });
  const trace = new Trace(simulation, options);
  const kind = trace.kind('arrived');
  const gaps = simulation.streams.get('gaps');
  let cause = noRecord;
  const arrive = simulation.event('arrive', (index) => {
    cause = trace.record(kind, index, disturb(index), cause);
    if (index < 9) arrive.after(us(1 + gaps.integer(1_000)), index + 1);
  });
  arrive.after(us(1), 0);
  simulation.runUntil(seconds(1) as never);
  return trace;
}

describe('runTwice', () => {
  it('returns the digest of a run that repeats itself, a different one for another seed', () => {
    const digest = runTwice(arrivals);
    expect(digest).toBe(arrivals('1', {}).digest());
    expect(runTwice(arrivals, { seed: '2' })).not.toBe(digest);
  });

  it('shows the first record that differs, and its cause', () => {
    let runs = 0;
    const flaky = (seed: string, options: TraceOptions): Trace => {
      const run = runs++;
      return arrivals(seed, options, (index) => (index >= 4 ? run : 0));
    };
    expect(() => runTwice(flaky)).toThrow(
      /^runTwice: two runs with seed 1 differ: digests \w{16} and \w{16}, records 10 and 10\n/,
    );
    expect(() => runTwice(flaky)).toThrow(
      /first difference at record 4:\n {2}first run: {2}#4 t=\d\.\d{6} s arrived subject 4 value \d+ caused by #3\n {2}second run: #4 .*\n {2}caused by: {2}#3 t=/,
    );
  });

  it('shows where one run ends before the other', () => {
    let runs = 0;
    const shorter = (_: string, options: TraceOptions): Trace => {
      const trace = new Trace({ now: us(7) as never }, options);
      for (let i = 0; i <= runs % 2; i++) trace.record(trace.kind('step'), i, 0, noRecord);
      runs++;
      return trace;
    };
    expect(() => runTwice(shorter)).toThrow(
      /record 1:\n {2}first run: {2}no record, the run had ended\n {2}second run: #1 t=0.000007 s step subject 1 value 0 caused by #-1\n {2}caused by: {2}nothing/,
    );
  });

  it('says so when the difference does not come back, or lies beyond what was kept', () => {
    let runs = 0;
    expect(() => runTwice((seed, options) => arrivals(seed, options, () => (runs++ < 10 ? 1 : 0)))).toThrow(
      'with records kept, both runs made the same 10 records: the runs differ from time to time',
    );
    let late = 0;
    const atEnd = (seed: string, options: TraceOptions): Trace =>
      arrivals(seed, options, (i) => (i === 9 ? late++ : 0));
    expect(() => runTwice(atEnd, { keepLimit: 5 })).toThrow('the first 5 records are equal; raise keepLimit');
  });

  it('refuses a run without records', () => {
    expect(() => runTwice((_, options) => new Trace({ now: us(0) as never }, options))).toThrow(
      'runTwice: the run with seed 1 made no record, so there is nothing to compare',
    );
  });
});

describe('expectConserved', () => {
  it('passes balanced books and names all others', () => {
    const ledger = new Ledger();
    const good = ledger.book('good', { countInside: () => 1 });
    good.arrived();
    expectConserved(ledger);
    expectConserved(good);
    for (const name of ['first', 'second']) ledger.book(name, { countInside: () => 0 }).arrived();
    expect(() => expectConserved(ledger)).toThrow(/book "first" does not balance.*\nbook "second" does not balance/);
    expect(() => expectConserved([good])).not.toThrow();
  });

  it('refuses books in which nothing happened', () => {
    expect(() => expectConserved(new Ledger())).toThrow(
      'expectConserved: nothing arrived in any of 0 books, so nothing was tested',
    );
  });
});

describe('theory', () => {
  const coin = (p: number, expected: number, precision: number): ReturnType<typeof compareWithTheory> =>
    compareWithTheory({
      model: 'coin',
      expected: { heads: expected },
      replications: 10,
      precision,
      run: (replication) => {
        const stream = new Simulation({ replication }).streams.get('coin');
        let heads = 0;
        for (let toss = 0; toss < 1_000; toss++) if (stream.bernoulli(p)) heads++;
        return { heads: heads / 1_000 };
      },
    });

  it('agrees when the interval covers the formula', () => {
    const results = coin(0.5, 0.5, 0.05);
    expect(results[0]?.verdict).toBe('agrees');
    expect(() => expectTheory(results)).not.toThrow();
  });

  it('differs when it does not, and prints both', () => {
    const results = coin(0.5, 0.6, 0.05);
    expect(results[0]?.verdict).toBe('differs');
    expect(describeTheory(results)).toMatch(
      /^coin {2}heads {2}expected 0\.60000 {2}simulated 0\.\d+ \+- 0\.\d+ \(99 %, n 10\) {2}differs$/,
    );
    expect(() => expectTheory(results)).toThrow('differs');
  });

  it('does not take a wide interval for agreement', () => {
    const results = coin(0.5, 0.5, 0.001);
    expect(results[0]?.verdict).toBe('too imprecise');
    expect(() => expectTheory(results)).toThrow('too imprecise');
  });

  it('refuses measures the run does not have, and no results at all', () => {
    const run = (): { a: number } => ({ a: 1 });
    expect(() =>
      compareWithTheory({ model: 'm', expected: { a: 1, b: 2 }, run: run as () => { a: number; b: number } }),
    ).toThrow('m: the run does not measure b');
    expect(() => expectTheory([])).toThrow('expectTheory: no result was given, so nothing was tested');
  });
});

describe('arbitraries', () => {
  const arbitrary = createArbitraries(fc);
  const options = { seed: 20241211, numRuns: 300 };

  it('give durations and instants in range, with ties', () => {
    fc.assert(
      fc.property(arbitrary.duration(seconds(2)), arbitrary.instant(), (duration, instant) => {
        expect(Number.isInteger(duration) && duration >= 0 && duration <= 2_000_000).toBe(true);
        expect(Number.isInteger(instant) && instant >= 0 && instant <= 3_600_000_000).toBe(true);
      }),
      options,
    );
    const drawn = fc.sample(arbitrary.duration(), options);
    expect(new Set(drawn).size).toBeLessThan(drawn.length * 0.8);
    expect(fc.sample(arbitrary.duration(us(0)), 5)).toEqual([0, 0, 0, 0, 0]);
  });

  it('give distributions of every kind that never go below zero and have about the mean asked for', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(arbitrary.distribution(3), arbitrary.seed, (distribution, seed) => {
        kinds.add(distribution.name.replace(/\(.*/, ''));
        expect(distribution.quantile(0)).toBeGreaterThanOrEqual(0);
        expect(distribution.mean()).toBeGreaterThan(1);
        expect(distribution.mean()).toBeLessThan(9);
        expect(distribution.sample(new Simulation({ seed }).streams.get('x'))).toBeGreaterThanOrEqual(0);
      }),
      options,
    );
    expect([...kinds].sort()).toEqual([
      'boundedPareto',
      'constant',
      'erlang',
      'exponential',
      'gamma',
      'hyperexponential',
      'lognormal',
      'uniform',
      'weibull',
    ]);
  });

  it('give every discipline', () => {
    const names = new Set(fc.sample(arbitrary.discipline, options).map((discipline) => discipline.name));
    expect(names).toContain('fifo');
    expect(names).toContain('adaptive lifo');
    expect(names.size).toBe(7);
  });
});
