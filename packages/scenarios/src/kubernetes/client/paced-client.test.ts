import { ms, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { Pace, Paces } from './paced-client.ts';

it('lets a burst go at once and then one request per interval', () => {
  const pace = new Pace(new Simulation({ seed: 1 }), { qps: 20, burst: 3 });
  const instants = [1, 2, 3, 4, 5].map(() => pace.next() / ms(1));
  expect(instants).toEqual([0, 0, 0, 50, 100]);
});

it('a pause gives the burst back, but no more than that', () => {
  const simulation = new Simulation({ seed: 1 });
  const pace = new Pace(simulation, { qps: 20, burst: 3 });
  for (let i = 0; i < 3; i++) pace.next();
  advance(simulation, seconds(60));
  const instants = [1, 2, 3, 4].map(() => (pace.next() - seconds(60)) / ms(1));
  expect(instants).toEqual([0, 0, 0, 50]);
});

it('wait says how long the next one would wait, without taking a token', () => {
  const pace = new Pace(new Simulation({ seed: 1 }), { qps: 10, burst: 1 });
  expect(pace.wait()).toBe(0);
  pace.next();
  expect([pace.wait(), pace.wait()]).toEqual([ms(100), ms(100)]);
});

it('in no window do more requests go than rate times window plus burst', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.integer({ min: 0, max: 500_000 }), { minLength: 1, maxLength: 60 }),
      (qps, burst, gaps) => {
        const simulation = new Simulation({ seed: 1 });
        const pace = new Pace(simulation, { qps, burst });
        const instants: number[] = [];
        for (const gap of gaps) {
          advance(simulation, gap);
          instants.push(pace.next());
        }
        for (let i = 0; i < instants.length; i++) {
          expect(instants[i]!).toBeGreaterThanOrEqual(instants[Math.max(0, i - 1)]!);
          for (let j = i; j < instants.length; j++) {
            const allowed = burst + (qps * (instants[j]! - instants[i]!)) / seconds(1);
            expect(j - i + 1).toBeLessThanOrEqual(Math.floor(allowed + 1e-6));
          }
        }
      },
    ),
    { seed: 20241211, numRuns: 60 },
  );
});

it.each([
  [{ qps: 0, burst: 1 }, 'pace: qps must be > 0, got 0'],
  [{ qps: 5, burst: 0.5 }, 'pace: burst must be >= 1, got 0.5'],
])('refuses %j', (options, message) => {
  expect(() => new Pace(new Simulation({ seed: 1 }), options)).toThrow(message);
});

it('in columns, each client waits as it would with a pace of its own', () => {
  const simulation = new Simulation({ seed: 1 });
  const options = { qps: 7, burst: 2 };
  const paces = new Paces(simulation, 2, options);
  const alone = [new Pace(simulation, options), new Pace(simulation, options)];
  for (const [client, gap] of [
    [0, 0],
    [0, 0],
    [1, 0],
    [0, 10],
    [0, 400],
    [1, 0],
    [1, 0],
    [0, 30],
  ] as const) {
    advance(simulation, ms(gap));
    expect(paces.take(client)).toBe(alone[client]!.next() - simulation.now);
  }
});
