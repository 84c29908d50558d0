import { describe, expect, it } from 'vitest';
import { uniform } from '../random/distributions/uniform.ts';
import { pareto } from '../random/distributions/pareto.ts';
import { Simulation } from '../simulation.ts';
import { plus, seconds, timeZero, us, type Instant } from '../time.ts';
import { Arrivals, evenGaps, type ArrivalsOptions } from './arrivals.ts';
import { RateCurve } from './rate-curve.ts';
import { ReplayedArrivals } from './replayed-arrivals.ts';

function at(count: number): Instant {
  return plus(timeZero, seconds(count));
}

/** Instants of arrivals up to a horizon, in seconds; `during` may change the source on the way. */
function arrivalsOf(
  options: Omit<ArrivalsOptions, 'name' | 'onArrival'>,
  horizon: number,
  seed = 1,
  during: (source: Arrivals, simulation: Simulation) => void = () => {},
): number[] {
  const simulation = new Simulation({ seed });
  const times: number[] = [];
  const source = new Arrivals(simulation, {
    ...options,
    name: 'users',
    onArrival: () => times.push(simulation.now / 1e6),
  });
  source.start();
  during(source, simulation);
  simulation.runUntil(at(horizon));
  expect(source.count).toBe(times.length);
  return times;
}

function countsPerWindow(times: readonly number[], windowSeconds: number, windows: number): number[] {
  const counts = new Array<number>(windows).fill(0);
  for (const time of times) counts[Math.floor(time / windowSeconds)]!++;
  return counts;
}

/** Largest distance between two empirical distribution functions (Kolmogorov-Smirnov). */
function largestDistance(one: readonly number[], other: readonly number[]): number {
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < one.length && j < other.length) {
    if (one[i]! <= other[j]!) i++;
    else j++;
    distance = Math.max(distance, Math.abs(i / one.length - j / other.length));
  }
  return distance;
}

const dayCurve = new RateCurve([
  { at: at(0), perSecond: 5 },
  { at: at(100), perSecond: 40 },
  { at: at(130), perSecond: 0 },
  { at: at(200), perSecond: 12 },
]);

describe('arrivals', () => {
  it('Poisson: mean and variance of counts agree with the rate', () => {
    const windows = 4_000;
    const counts = countsPerWindow(arrivalsOf({ perSecond: 10 }, windows), 1, windows);
    const mean = counts.reduce((sum, count) => sum + count, 0) / windows;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (windows - 1);
    expect(Math.abs(mean - 10)).toBeLessThan(3.3 * Math.sqrt(10 / windows));
    // Index of dispersion: (n - 1) * variance / mean is chi-squared, so its standard deviation is sqrt(2 / (n - 1)).
    expect(Math.abs(variance / mean - 1)).toBeLessThan(3.3 * Math.sqrt(2 / (windows - 1)));
  });

  it('rate curve: each piece has its Poisson number, and silence is silent', () => {
    const perPiece = [0, 0, 0, 0];
    const replications = 40;
    for (let seed = 0; seed < replications; seed++) {
      for (const time of arrivalsOf({ perSecond: dayCurve }, 300, seed))
        perPiece[time < 100 ? 0 : time < 130 ? 1 : time < 200 ? 2 : 3]!++;
    }
    const expected = [500, 1200, 0, 1200].map((count) => count * replications);
    perPiece.forEach((count, i) =>
      expect(Math.abs(count - expected[i]!)).toBeLessThanOrEqual(3.3 * Math.sqrt(expected[i]!)),
    );
    expect(perPiece[2]).toBe(0);
  });

  it('exact inversion agrees with thinning (Lewis and Shedler) in distribution', () => {
    const inverted: number[] = [];
    const thinned: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      inverted.push(...arrivalsOf({ perSecond: dayCurve }, 300, seed));
      const keep = new Simulation({ seed: `thinning ${seed}` }).streams.get('keep');
      for (const time of arrivalsOf({ perSecond: 40 }, 300, 1000 + seed)) {
        if (keep.uniform() * 40 < dayCurve.perSecondAt(at(time))) thinned.push(time);
      }
    }
    const numeric = (a: number, b: number): number => a - b;
    const distance = largestDistance(inverted.sort(numeric), thinned.sort(numeric));
    // Critical value of the two-sample test at 0.1 %.
    const critical = 1.95 * Math.sqrt((inverted.length + thinned.length) / (inverted.length * thinned.length));
    expect(distance).toBeLessThan(critical);
    // The test can fail: against a constant rate of the same mean it does.
    expect(largestDistance(inverted, arrivalsOf({ perSecond: 9.7 }, 300, 77))).toBeGreaterThan(critical);
  });

  it('one uniform per arrival: the n-th arrival of a doubled rate comes at half the time', () => {
    const slow = arrivalsOf({ perSecond: 3 }, 200);
    const fast = arrivalsOf({ perSecond: 6 }, 100);
    expect(fast.length).toBe(slow.length);
    fast.forEach((time, i) => expect(Math.abs(2 * time - slow[i]!)).toBeLessThan(3e-6));
  });

  it('a higher rate moves every arrival forward and none back', () => {
    const raised = new RateCurve([
      { at: at(0), perSecond: 5 },
      { at: at(100), perSecond: 60 },
      { at: at(130), perSecond: 1 },
      { at: at(200), perSecond: 12 },
    ]);
    const before = arrivalsOf({ perSecond: dayCurve }, 300);
    const after = arrivalsOf({ perSecond: raised }, 300);
    before.forEach((time, i) => expect(after[i]!).toBeLessThanOrEqual(time + 1e-6));
  });

  it('even gaps do not drift, whatever the rounding', () => {
    const times = arrivalsOf({ perSecond: 3, gaps: evenGaps }, 1_000);
    expect(times.length).toBe(3_000);
    expect(times[2_999]).toBe(1_000);
    expect(times[0]).toBeCloseTo(1 / 3, 6);
  });

  it('renewal gaps are scaled to the rate by their own mean', () => {
    const times = arrivalsOf({ perSecond: 50, gaps: uniform(0, 7) }, 400);
    // Variance of the count of a renewal process is asymptotically rate * time * (coefficient of variation)^2 = 1/3.
    expect(Math.abs(times.length - 20_000)).toBeLessThan(3.3 * Math.sqrt(20_000 / 3));
  });

  it('a change of rate stretches the gap under way and draws nothing again', () => {
    const change = (source: Arrivals, simulation: Simulation): void => {
      simulation.at(at(10.2), () => source.setRate(1));
    };
    const times = arrivalsOf({ perSecond: 2, gaps: evenGaps }, 14, 1, change);
    expect(times.slice(18)).toEqual([9.5, 10, 10.8, 11.8, 12.8, 13.8]);
  });

  it('a change of rate gives the same arrivals as a curve with that step', () => {
    const curve = new RateCurve([
      { at: at(0), perSecond: 4 },
      { at: at(50), perSecond: 9 },
    ]);
    const changed = arrivalsOf({ perSecond: 4 }, 100, 5, (source, simulation) => {
      simulation.at(at(50), () => source.setRate(9));
    });
    const planned = arrivalsOf({ perSecond: curve }, 100, 5);
    expect(changed.length).toBe(planned.length);
    changed.forEach((time, i) => expect(time).toBeCloseTo(planned[i]!, 5));
  });

  it('scale multiplies, silences and brings back', () => {
    const times = arrivalsOf({ perSecond: 1, gaps: evenGaps }, 20, 1, (source, simulation) => {
      simulation.at(at(5.5), () => source.scale(0));
      simulation.at(at(10), () => source.scale(2));
    });
    expect(times.slice(0, 7)).toEqual([1, 2, 3, 4, 5, 10.25, 10.75]);
  });

  it('stop forgets the gap under way; start draws a fresh one', () => {
    const times = arrivalsOf({ perSecond: 1, gaps: evenGaps }, 12, 1, (source, simulation) => {
      simulation.at(at(2.9), () => source.stop());
      simulation.at(at(8.5), () => {
        expect(source.isRunning).toBe(false);
        source.start();
      });
    });
    expect(times).toEqual([1, 2, 9.5, 10.5, 11.5]);
  });

  it('falls silent at its limit', () => {
    expect(arrivalsOf({ perSecond: 100, limit: 7 }, 100).length).toBe(7);
    expect(arrivalsOf({ perSecond: 100, limit: 0 }, 1).length).toBe(0);
  });

  it('refuses what cannot be meant', () => {
    const simulation = new Simulation();
    const options = { name: 'x', perSecond: 1, onArrival: (): void => {} };
    expect(() => new Arrivals(simulation, { ...options, perSecond: Number.NaN })).toThrow(
      'arrivals "x": perSecond must be a finite number >= 0, got NaN',
    );
    expect(() => new Arrivals(simulation, { ...options, gaps: pareto({ low: 1, shape: 0.9 }) })).toThrow(
      'gaps must have a finite mean > 0',
    );
    const source = new Arrivals(simulation, options);
    source.start();
    expect(() => source.start()).toThrow('arrivals "x": start() while already running');
    expect(() => source.scale(-1)).toThrow('arrivals "x": scale must be a finite number >= 0, got -1');
  });
});

describe('replayed arrivals', () => {
  it('come at the given instants, equal ones in order, and skip what lies before the start or in a pause', () => {
    const simulation = new Simulation();
    const seen: string[] = [];
    const instants = [1, 2, 2, 3, 7, 9].map(at);
    const source = new ReplayedArrivals(simulation, {
      name: 'log',
      instants,
      onArrival: (index) => seen.push(`${index}@${simulation.now / 1e6}`),
    });
    simulation.at(at(2), () => source.start());
    simulation.at(at(4), () => source.stop());
    simulation.at(at(8), () => source.start());
    simulation.runUntil(at(20));
    expect(seen).toEqual(['1@2', '2@2', '3@3', '5@9']);
    expect(source.count).toBe(4);
  });

  it('refuses instants that fall', () => {
    const instants = [us(5), us(4)].map((time) => plus(timeZero, time));
    expect(() => new ReplayedArrivals(new Simulation(), { name: 'log', instants, onArrival: () => {} })).toThrow(
      'arrivals "log": instants must be whole and rising, got 4 us at place 1',
    );
  });
});
