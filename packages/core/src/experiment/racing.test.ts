import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { paretoFront } from './pareto.ts';
import { race, type RaceOptions, type RaceResult } from './racing.ts';
import { successiveHalving, type SuccessiveHalvingResult } from './successive-halving.ts';

function run(options: RaceOptions, isHit: (candidate: number, replication: number) => boolean): RaceResult {
  const under = race(options);
  let step = under.next();
  while (step.done !== true)
    step = under.next(step.value.map(({ candidate, replication }) => isHit(candidate, replication)));
  return step.value;
}

describe('a race', () => {
  it('ends with the cheapest that meets the goal, and dear ones make no run', () => {
    const costs = [9, 3, 1, 5, 20, 7, 30];
    const result = run({ costs, lanes: 2 }, (candidate) => costs[candidate]! >= 5);
    expect(result.winner).toBe(3);
    expect(result.contenders.map(({ verdict }) => verdict)).toEqual([
      'open',
      'fails',
      'fails',
      'meets',
      'open',
      'meets',
      'open',
    ]);
    expect(result.contenders[4]!.count + result.contenders[6]!.count).toBe(0);
    expect(result.contenders[2]!.count).toBe(3);
  });

  it('has no winner when none meets the goal, and every candidate was tried', () => {
    const result = run({ costs: [1, 2, 3] }, () => false);
    expect(result).toMatchObject({ winner: null, runs: 9 });
  });

  it('errs as seldom as it says, on either side', () => {
    const chances = [0.6, 0.5, 0.6, 0.9, 0.95];
    const stream = new Streams('race', 0).get('coin');
    let [wrongly, missed] = [0, 0];
    for (let experiment = 0; experiment < 400; experiment++) {
      const { contenders } = run({ costs: [1, 2, 3, 4, 5] }, (one) => stream.uniform() < chances[one]!);
      if (contenders.slice(0, 3).some(({ verdict }) => verdict === 'meets')) wrongly++;
      if (contenders[3]!.verdict === 'fails') missed++;
    }
    // At most 5 % each: 20 of 400, and three standard deviations of 4.4 more.
    expect(wrongly).toBeLessThan(33);
    expect(missed).toBeLessThan(33);
  });

  it('gives all candidates the same replications, and stops one that cannot be decided', () => {
    const asked = new Map<number, number[]>();
    const { contenders } = run({ costs: [1, 2], most: 30 }, (candidate, replication) => {
      asked.set(candidate, [...(asked.get(candidate) ?? []), replication]);
      return replication % 9 < 7;
    });
    expect(contenders.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided']);
    expect(asked.get(0)).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect(asked.get(1)).toEqual(asked.get(0));
  });

  it('refuses no candidates, infinite costs and chances in the wrong order', () => {
    expect(() => run({ costs: [] }, () => true)).toThrow('expected at least one candidate, got none');
    expect(() => run({ costs: [1, Infinity] }, () => true)).toThrow('costs must be finite, got Infinity');
    expect(() => run({ costs: [1], chance: 0.5 }, () => true)).toThrow('0 < doubtful < chance < 1, got 0.6 and 0.5');
    expect(() => run({ costs: [1], heat: 0 }, () => true)).toThrow('heat must be a whole number >= 1, got 0');
  });
});

describe('successive halving', () => {
  function halve(candidates: number, budget: number, score: (one: number) => number): SuccessiveHalvingResult {
    const under = successiveHalving({ candidates, budget });
    let step = under.next();
    while (step.done !== true) step = under.next(step.value.map(({ candidate }) => score(candidate)));
    return step.value;
  }

  it('finds the best of sixteen within its budget far more often than an even spread would', () => {
    const stream = new Streams('halving', 0).get('noise');
    const score = (one: number): number => one / 4 + 1.5 * stream.normal();
    let [halved, spread] = [0, 0];
    for (let experiment = 0; experiment < 300; experiment++) {
      const result = halve(16, 320, score);
      expect(result.runs).toBeLessThanOrEqual(320);
      if (result.kept[0] === 0) halved++;
      const means = Array.from({ length: 16 }, (_, one) => {
        let sum = 0;
        for (let i = 0; i < 20; i++) sum += score(one);
        return sum;
      });
      if (means.indexOf(Math.min(...means)) === 0) spread++;
    }
    expect(halved).toBeGreaterThan(spread + 15);
  });

  it('tries the best most and refuses a budget without a run for everybody', () => {
    const result = halve(8, 48, (one) => one);
    expect(result.kept).toEqual([0]);
    expect(result.counts).toEqual([14, 14, 6, 6, 2, 2, 2, 2]);
    expect(() => halve(8, 23, (one) => one)).toThrow('budget must be a whole number >= 24, got 23');
  });
});

describe('a front of cost against harm', () => {
  it('keeps what is beaten within noise, and marks it', () => {
    const front = paretoFront([
      { cost: 0, values: [100, 110, 90] },
      { cost: 1, values: [50, 55, 45] },
      { cost: 2, values: [51, 57, 43] },
      { cost: 3, values: [70, 76, 65] },
      { cost: 4, values: [10, 12, 8] },
    ]);
    expect(front.map(({ cost, place }) => [cost, place])).toEqual([
      [0, 'front'],
      [1, 'front'],
      [2, 'within-noise'],
      [3, 'dominated'],
      [4, 'front'],
    ]);
    expect(front[0]!.low! < 100 && front[0]!.high! > 100).toBe(true);
  });

  it('knows what costs more for the same', () => {
    const front = paretoFront([
      { cost: 2, values: [0, 0] },
      { cost: 1, values: [0, 0] },
      { cost: 1, values: [5] },
    ]);
    expect(front.map(({ candidate, place }) => [candidate, place])).toEqual([
      [1, 'front'],
      [2, 'within-noise'],
      [0, 'dominated'],
    ]);
    expect(() => paretoFront([{ cost: 1, values: [] }])).toThrow('at least one finite value');
  });
});
