import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mg1 } from './mg1.ts';
import { mm1, mmc, mmInfinity } from './mmc.ts';
import { mm1k, mmck } from './mmck.ts';

describe('M/M/c', () => {
  it('with one server is M/M/1: everything in closed form', () => {
    const queue = mm1({ arrivalRate: 0.6, serviceRate: 1 });
    expect(queue).toMatchObject({
      utilisation: 0.6,
      waitProbability: expect.closeTo(0.6, 12),
      meanWait: expect.closeTo(1.5, 12),
      meanStay: expect.closeTo(2.5, 12),
      meanInside: expect.closeTo(1.5, 12),
    });
    expect(queue.stayBeyond(3)).toBeCloseTo(Math.exp(-0.4 * 3), 12);
    expect(queue.quantileOfStay(0.99)).toBeCloseTo(-Math.log(0.01) / 0.4, 9);
    expect(queue.quantileOfWait(0.5)).toBeCloseTo(Math.log(0.6 / 0.5) / 0.4, 12);
    expect(queue.quantileOfWait(0.3)).toBe(0);
  });

  it('has quantiles that its own tails give back, and tails that add up to its means', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0.05, max: 0.98, noNaN: true }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (servers, load, share) => {
          const queue = mmc({ arrivalRate: 2 * servers * load, serviceRate: 2, servers });
          const stay = queue.stayBeyond(queue.quantileOfStay(share));
          const wait = queue.quantileOfWait(share);
          const isWait = wait === 0 ? queue.waitProbability <= 1 - share + 1e-12 : true;
          return Math.abs(stay - (1 - share)) < 1e-9 && isWait && queue.stayBeyond(0) === 1;
        },
      ),
    );
    const queue = mmc({ arrivalRate: 2.5, serviceRate: 1, servers: 3 });
    const step = 0.001;
    let area = 0;
    for (let t = step / 2; t < 60; t += step) area += queue.stayBeyond(t) * step;
    expect(area).toBeCloseTo(queue.meanStay, 5);
  });

  it('is right where slack and service rate coincide', () => {
    const exact = mmc({ arrivalRate: 1, serviceRate: 1, servers: 2 });
    const near = mmc({ arrivalRate: 1 + 1e-9, serviceRate: 1, servers: 2 });
    expect(exact.stayBeyond(2)).toBeCloseTo(near.stayBeyond(2), 7);
  });

  it('refuses more work than there is room for', () => {
    expect(() => mmc({ arrivalRate: 6, serviceRate: 1, servers: 4 })).toThrow(
      new RangeError('mmc: unstable: expected less work than the servers can do, got a load of 1.5'),
    );
    expect(() => mmc({ arrivalRate: 0, serviceRate: 1, servers: 4 })).toThrow(
      'mmc: arrivalRate must be a finite number above 0, got 0',
    );
  });
});

describe('M/M/c/K', () => {
  it('with one server is a geometric law that is cut off', () => {
    const [rho, capacity] = [0.8, 5];
    const queue = mm1k({ arrivalRate: 0.8, serviceRate: 1, capacity });
    const norm = (1 - rho) / (1 - rho ** (capacity + 1));
    expect(queue.blocking).toBeCloseTo(norm * rho ** capacity, 12);
    expect(queue.probabilities[2]).toBeCloseTo(norm * rho * rho, 12);
    expect(queue.utilisation).toBeCloseTo(1 - queue.probabilities[0]!, 12);
  });

  it('tends to M/M/c as places grow, and to what its servers can do under overload', () => {
    const rates = { arrivalRate: 2.4, serviceRate: 1, servers: 3 };
    const [limited, free] = [mmck({ ...rates, capacity: 400 }), mmc(rates)];
    expect(limited.meanWait).toBeCloseTo(free.meanWait, 9);
    expect(limited.quantileOfWait(0.99)).toBeCloseTo(free.quantileOfWait(0.99), 6);
    const flooded = mmck({ arrivalRate: 1e4, serviceRate: 1, servers: 3, capacity: 2_000 });
    expect(flooded.throughput).toBeCloseTo(3, 9);
    expect(flooded.meanInside).toBeCloseTo(2_000, 2);
    // 1,997 ahead at 3 per second, give or take a normal deviation of its root.
    expect(flooded.quantileOfWait(0.5)).toBeCloseTo(1997 / 3, 0);
  });

  it('without places to wait is Erlang B, and nobody waits', () => {
    const queue = mmck({ arrivalRate: 3, serviceRate: 1, servers: 5, capacity: 5 });
    expect(queue.blocking).toBeCloseTo(0.11005434782608696, 12);
    expect([queue.meanWait, queue.waitProbability, queue.quantileOfWait(0.99)]).toEqual([0, 0, 0]);
  });

  it('refuses fewer places than servers', () => {
    expect(() => mmck({ arrivalRate: 1, serviceRate: 1, servers: 3, capacity: 2 })).toThrow(
      'mmck: capacity must be a whole number >= 3, got 2',
    );
  });
});

describe('M/G/1', () => {
  it('is M/M/1 for exponential moments, and half of its wait for none', () => {
    const exponential = mg1({ arrivalRate: 0.6, meanService: 1, secondMoment: 2, thirdMoment: 6 });
    expect(exponential.meanWait).toBeCloseTo(1.5, 12);
    // The wait is 0 with 0.4, else exponential of rate 0.4: second moment 0.6 * 2 / 0.16.
    expect(exponential.waitDeviation).toBeCloseTo(Math.sqrt((0.6 * 2) / 0.16 - 1.5 * 1.5), 12);
    const constant = mg1({ arrivalRate: 0.6, meanService: 1, secondMoment: 1 });
    expect([constant.meanWait, constant.waitDeviation]).toEqual([expect.closeTo(0.75, 12), undefined]);
  });

  it('refuses moments that no law has, and overload', () => {
    expect(() => mg1({ arrivalRate: 0.6, meanService: 2, secondMoment: 3 })).toThrow(
      'mg1: secondMoment must be at least the square of the mean, 4, got 3',
    );
    expect(() => mg1({ arrivalRate: 1, meanService: 1, secondMoment: 1 })).toThrow('mg1: unstable');
  });
});

it.each([
  [3.5, 0.9, 6],
  [1000, 0.99, 1074],
  [1e6, 0.999, 1003092],
])('the number inside M/M/infinity of mean %d stays below its Poisson quantile: %d', (mean, share, expected) => {
  expect(mmInfinity({ arrivalRate: mean, serviceRate: 1 }).quantileOfInside(share)).toBe(expected);
});
