import { describe, expect, it } from 'vitest';
import type { TippingPoint, TippingPointOptions } from '../../src/experiment/tipping-options.ts';
import { findTippingPoint } from '../../src/experiment/tipping-point.ts';
import { Streams } from '../../src/random/stream.ts';
import {
  attemptsPerRequest,
  loadOfLoss,
  lossShare,
  lostOf,
  servedAtTheEnd,
  serverPerSecond,
} from './known-thresholds.ts';

const unit = { name: 'x', low: 0, high: 1 } as const;

function search(
  options: TippingPointOptions,
  isYes: (value: number, replication: number) => boolean,
): TippingPoint & { readonly rounds: number } {
  const under = findTippingPoint(options);
  let step = under.next();
  let rounds = 0;
  while (step.done !== true) {
    rounds++;
    step = under.next(step.value.map(({ value, replication }) => isYes(value, replication)));
  }
  return { ...step.value, rounds };
}

/** Coin flips whose chance depends on the value. */
function coin(chance: (value: number) => number, seed: string): (value: number) => boolean {
  const stream = new Streams(seed, 0).get('coin');
  return (value) => stream.uniform() < chance(value);
}

const logistic = (middle: number, width: number) => (x: number) => 1 / (1 + Math.exp((middle - x) / width));

describe('a tipping point', () => {
  // Shapes that the method knows nothing of; their medians are known.
  const shapes: readonly (readonly [string, (x: number) => number, number])[] = [
    ['logistic', logistic(0.43, 0.1), 0.43],
    ['with a long tail', (x) => (x < 0.3 ? 0 : 1 - Math.exp((0.3 - x) / 0.2)), 0.3 + 0.2 * Math.LN2],
    ['with an early start', (x) => 1 - Math.exp(-Math.exp((x - 0.5) / 0.06)), 0.5 + 0.06 * Math.log(Math.LN2)],
    ['straight', (x) => Math.min(1, Math.max(0, (x - 0.2) / 0.5)), 0.45],
  ];

  it('is inside nominal 95 % intervals in 93 to 97 % of experiments over four shapes', () => {
    let covered = 0;
    for (const [name, chance, middle] of shapes) {
      const flip = coin(chance, name);
      for (let experiment = 0; experiment < 100; experiment++) {
        const { low, high } = search({ axis: unit }, flip);
        if (low! <= middle && middle <= high!) covered++;
      }
    }
    expect(covered / 400).toBeGreaterThan(0.93);
    expect(covered / 400).toBeLessThan(0.97);
  });

  it('of a sharp threshold is found in few runs, to the tolerance, and always covered', () => {
    for (let experiment = 1; experiment < 50; experiment++) {
      const threshold = experiment / 50;
      const found = search({ axis: unit, tolerance: 0.01 }, (x) => x > threshold);
      expect(found).toMatchObject({ status: 'found', direction: 'rising', isNarrow: true, reversals: [] });
      expect(found.low! <= threshold && threshold <= found.high! && found.high! - found.low! <= 0.01).toBe(true);
      expect(found.runs).toBeLessThanOrEqual(49);
    }
  });

  it('of whole numbers is the first that tips, or the last', () => {
    const axis = { name: 'replicas', low: 1, high: 40, kind: 'whole' } as const;
    expect(search({ axis }, (n) => n >= 17)).toMatchObject({ value: 17, low: 16, high: 17, direction: 'rising' });
    expect(search({ axis }, (n) => n < 17)).toMatchObject({ value: 16, low: 16, high: 17, direction: 'falling' });
  });

  it('is searched in ratios on a log axis', () => {
    const axis = { name: 'nodes', low: 10, high: 100_000, scale: 'log', kind: 'whole' } as const;
    const found = search({ axis, tolerance: 0.01, budget: 60 }, (nodes) => nodes > 700);
    expect(found.low! <= 700 && found.high! >= 700 && found.high! / found.low! < 1.2).toBe(true);
  });

  it('may be where another chance than one half is crossed', () => {
    let covered = 0;
    const flip = coin(logistic(0.5, 0.05), 'level');
    const truth = 0.5 + 0.05 * Math.log(0.2 / 0.8);
    for (let experiment = 0; experiment < 60; experiment++) {
      const { low, high } = search({ axis: unit, level: 0.2 }, flip);
      if (low! <= truth && truth <= high!) covered++;
    }
    // Binomial with 60 trials of 0.95: three standard deviations below 57 are 52.
    expect(covered).toBeGreaterThanOrEqual(52);
  });

  it('is not there when the outcome is the same all over the range, and few runs say so', () => {
    expect(search({ axis: unit }, () => false)).toMatchObject({ status: 'never', value: null, runs: 9, reversals: [] });
    expect(search({ axis: unit }, () => true)).toMatchObject({ status: 'always', low: null, runs: 9 });
    const flat = search(
      { axis: unit },
      coin(() => 0.5, 'flat'),
    );
    expect(flat.steps.reduce((sum, { count }) => sum + count, 0)).toBe(flat.runs);
  });

  it('that may lie beyond an end says so', () => {
    const found = search({ axis: unit }, coin(logistic(1, 0.2), 'end'));
    expect(found.high).toBe(1);
    expect(found.isOpenLow).toBe(false);
  });

  it('is told apart from an island: contradictions are reported, not averaged away', () => {
    const island = search({ axis: unit }, (x) => x > 0.4 && x < 0.6);
    expect(island).toMatchObject({ status: 'never', reversals: [{ value: 0.5, saw: 'yes' }] });
    const twice = coin((x) => ((x > 0.35 && x < 0.6) || x > 0.83 ? 0.97 : 0.03), 'twice');
    const reported = Array.from({ length: 30 }, () => search({ axis: unit }, twice).reversals.length > 0);
    expect(reported.filter(Boolean).length).toBeGreaterThan(20);
  });

  it('uses each replication once, keeps to its budget and is the same when searched again', () => {
    const asked: number[] = [];
    const look = (): TippingPoint => search({ axis: unit, budget: 30 }, coin(logistic(0.4, 0.3), 'again'));
    const found = search({ axis: unit, budget: 30 }, (x, replication) => {
      asked.push(replication);
      return coin(logistic(0.4, 0.3), `${x}/${replication}`)(x);
    });
    expect(asked).toEqual(Array.from({ length: found.runs }, (_, index) => index));
    expect(found.runs).toBeLessThanOrEqual(30 + 12);
    expect(look()).toEqual(look());
  });

  it('refuses ranges, levels and budgets that make no sense', () => {
    expect(() => search({ axis: { ...unit, high: 0 } }, () => true)).toThrow('expected a range that grows');
    expect(() => search({ axis: unit, level: 1 }, () => true)).toThrow('level must be inside (0, 1), got 1');
    expect(() => search({ axis: unit, budget: 9 }, () => true)).toThrow('budget must be a whole number > 9, got 9');
    expect(() => findTippingPoint({ axis: unit, batch: 0 }).next()).toThrow('expected a batch >= 1');
  });
});

describe('models with known thresholds', () => {
  it('the load at which M/M/1/5 turns away 5 % is inside the interval', () => {
    // Losses come in clusters, so the median share of a run is below its expectation by a term of the order of 1/arrivals:
    // it vanishes faster than the interval narrows. With 10,000 arrivals it is a small part of it.
    const truth = loadOfLoss(0.05, 5);
    expect(lossShare(truth, 5)).toBeCloseTo(0.05, 10);
    for (let experiment = 0; experiment < 3; experiment++) {
      const axis = { name: 'load', low: 0.2, high: 1.5 } as const;
      const { low, high } = search(
        { axis },
        (load, replication) => lostOf(10_000, load, 5, 1_000 * experiment + replication) > 0.05,
      );
      expect(low! <= truth && truth <= high!).toBe(true);
      expect(high! - low!).toBeLessThan(0.06);
    }
  });

  it('the load up to which a retry storm heals is what the server does, divided by the attempts per request', () => {
    const truth = serverPerSecond / attemptsPerRequest;
    const axis = { name: 'load', low: 1, high: 9 } as const;
    const found = search(
      { axis, tolerance: 0.01 },
      (load, replication) => servedAtTheEnd({ load, triggerSeconds: 20, horizon: 2_000, replication }) < 0.5,
    );
    expect(found).toMatchObject({ status: 'found', direction: 'rising', reversals: [] });
    expect(found.low! <= truth && truth <= found.high!).toBe(true);
  });
});
