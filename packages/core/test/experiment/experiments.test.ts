/**
 * The statistics of experiments on queues whose answers are known, run by the engine itself: how often intervals cover
 * the answer, and what common random numbers save. Writes docs/validation/experiments.md.
 */
import { expect, test } from 'vitest';
import { batchMeans } from '../../src/experiment/batch-means.ts';
import { compareVariants } from '../../src/experiment/comparison.ts';
import { meanInterval } from '../../src/experiment/interval.ts';
import { median } from '../../src/experiment/median.ts';
import { quantileInterval } from '../../src/experiment/quantile.ts';
import { type Stopped, untilPrecise } from '../../src/experiment/stopping.ts';
import { mser5 } from '../../src/experiment/warm-up.ts';
import { gammaTails } from '../../src/random/incomplete-gamma.ts';
import { mm1Wait, mmckStates } from '../theory/formulas.ts';
import { type Coverage, experimentsPage, type Pairing } from './page.ts';
import { visits } from './stationary-queue.ts';

const mm1 = { seed: 'M/M/1', arrivalsPerSecond: 0.5, meanService: 1, places: Infinity };
const mm1k = { seed: 'M/M/1/K', arrivalsPerSecond: 0.9, meanService: 1, places: 10 };
const coverages: Coverage[] = [];
let pairing: Pairing | undefined;

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Counts how often the intervals of so many experiments hold the truth. */
function coverageOf(
  texts: Pick<Coverage, 'what' | 'how' | 'nominal' | 'truth'>,
  count: number,
  experiment: (index: number) => Range,
): number {
  let covered = 0;
  const widths: number[] = [];
  for (let index = 0; index < count; index++) {
    const { low, high } = experiment(index);
    if (low <= texts.truth && texts.truth <= high) covered++;
    widths.push(high - low);
  }
  coverages.push({ ...texts, experiments: count, covered, width: median(widths) });
  return covered / count;
}

/** Mean wait of the customers of one replication. */
function meanWaitOf(queue: Parameters<typeof visits>[0], replication: number): number {
  return visits(queue, replication).reduce((sum, visit) => sum + visit!.wait, 0) / queue.arrivals;
}

/**
 * Before the run: the mean of 500 waits is a sum of many short busy periods, skewed but not much, and a Student interval of
 * twenty such means covers a little less than it says, by about the square of their skewness over their number. What is
 * asked is whether that stays within 2 %.
 */
test('95 % intervals of the mean wait in M/M/1 cover it in 93 to 97 % of 1,000 experiments', () => {
  const [arrivals, replications] = [500, 20];
  const texts = {
    what: 'M/M/1, lambda 0.5/s, mu 1/s: mean wait (s)',
    how: 'Student, 20 replications of 500 customers, started in the stationary law',
    nominal: 0.95,
    truth: mm1Wait(0.5, 1),
  };
  const share = coverageOf(texts, 1_000, (index) => {
    const means = Array.from({ length: replications }, (_, i) =>
      meanWaitOf({ ...mm1, arrivals }, index * replications + i),
    );
    return meanInterval(means, 0.95);
  });
  expect(share).toBeGreaterThanOrEqual(0.93);
  expect(share).toBeLessThanOrEqual(0.97);
});

/** P(time in system <= x) of an arrival that may be refused: behind n others its stay is Erlang with n + 1 phases. */
function staysUpTo(x: number): number {
  const states = mmckStates(1, mm1k.places, mm1k.arrivalsPerSecond, 1);
  return states.slice(0, -1).reduce((sum, chance, n) => sum + chance * gammaTails(n + 1, x).lower, 0);
}

function stayQuantile(share: number): number {
  let [low, high] = [0, 100];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (staysUpTo(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Before the run: order statistics are distribution-free, so what they cover is a binomial probability, 0.9557 here. The
 * 5 % of arrivals that are refused never leave: they rank last.
 */
test('95 % intervals of a quantile in M/M/1/K cover it in 93 to 97 % of 1,000 experiments, refused customers included', () => {
  const replications = 100;
  const options = { share: 0.9, level: 0.95 };
  const texts = {
    what: 'M/M/1/K, K 10, lambda 0.9/s, mu 1/s: 0.9 quantile of the time in system (s), refused = never',
    how: 'order statistics, 100 replications, the third customer of each, started in the stationary law',
    nominal: quantileInterval(new Array<number>(replications).fill(0), options).coverage,
    truth: stayQuantile(0.9),
  };
  const share = coverageOf(texts, 1_000, (index) => {
    const stays = Array.from({ length: replications }, (_, i) => {
      const last = visits({ ...mm1k, arrivals: 3 }, index * replications + i).at(-1);
      return last?.stay ?? Infinity;
    });
    return quantileInterval(stays, options);
  });
  expect(texts.nominal).toBeCloseTo(0.9557, 4);
  expect(share).toBeGreaterThanOrEqual(0.93);
  expect(share).toBeLessThanOrEqual(0.97);
});

/**
 * Before the run: batches of a few hundred waits still hang together a little, so somewhat less than nominal is expected.
 * MSER-5 costs more: it looks at the same values, and a run that happens to begin with its longest queue has that queue cut
 * off, which makes the mean too small. Both are what the methods are worth, and stated; below 87 % they would be no use.
 */
test.each([
  ['started in the stationary law', 0.9],
  ['that starts empty, cut by MSER-5', 0.87],
] as const)('one long run %s gives nearly the coverage it states, by batch means', (start, least) => {
  const isEmptyAtStart = start !== 'started in the stationary law';
  const texts = {
    what: 'M/M/1, lambda 0.5/s, mu 1/s: mean wait (s)',
    how: `batch means, one run of 8,000 customers ${start}`,
    nominal: 0.95,
    truth: mm1Wait(0.5, 1),
  };
  let notIndependent = 0;
  const share = coverageOf(texts, 300, (index) => {
    const queue = { ...mm1, seed: 'M/M/1 long', arrivals: 8_000, isEmptyAtStart };
    const waits = visits(queue, index).map((visit) => visit!.wait);
    const found = batchMeans(isEmptyAtStart ? waits.slice(mser5(waits).cut ?? 0) : waits);
    if (!found.isIndependent) notIndependent++;
    return found;
  });
  expect(share).toBeGreaterThan(least);
  expect(share).toBeLessThan(0.98);
  // A test that errs in 5 % of cases and is asked up to four times until it passes.
  expect(notIndependent).toBeLessThan(15);
});

/** Feeds a stopping rule with one value per replication. */
function runUntilPrecise(halfWidth: number, value: (replication: number) => number): Stopped {
  const study = untilPrecise({ halfWidth, maximum: 5_000 });
  let made = 0;
  let step = study.next();
  while (step.done !== true) step = study.next(Array.from({ length: step.value }, () => value(made++)));
  return step.value;
}

/**
 * Before the run: service 2 % faster shortens the mean wait from 1 to 0.94158 s. With the same customers both queues have
 * their long and short days together. To see the difference with a half-width of half its size, independent runs need
 * about (2 * 1.96)^2 * (2 * variance) / difference^2 replications; pairs need less by 1 - correlation, and with
 * correlations near 0.99 that is a factor of tens. The issue asks for several.
 */
test('common random numbers find that service is 2 % faster with several times fewer replications', () => {
  const arrivals = 1_000;
  const usual = { ...mm1, seed: 'pairs', arrivals };
  const faster = { ...usual, meanService: 0.98 };
  const truth = mm1Wait(0.5, 1 / 0.98) - mm1Wait(0.5, 1);
  const precision = Math.abs(truth) / 2;
  const paired = runUntilPrecise(precision, (i) => meanWaitOf(faster, i) - meanWaitOf(usual, i));
  const independent = runUntilPrecise(
    precision,
    (i) => meanWaitOf({ ...faster, seed: 'others' }, i) - meanWaitOf(usual, i),
  );
  for (const { low, high, outcome } of [paired, independent]) {
    expect(outcome).toBe('reached');
    expect(low < truth && truth < high).toBe(true);
    expect(high).toBeLessThan(0);
  }
  expect(independent.values.length / paired.values.length).toBeGreaterThan(5);

  const seen = Array.from({ length: 40 }, (_, i) => i);
  const comparison = compareVariants({ name: 'usual', values: seen.map((i) => meanWaitOf(usual, i)) }, [
    { name: '2 % faster', values: seen.map((i) => meanWaitOf(faster, i)) },
  ]);
  const [variant] = comparison.variants;
  expect(variant!.verdict).toBe('lower');
  expect(variant!.pairing!.saving).toBeGreaterThan(5);
  pairing = { truth, paired, independent, ...variant!.pairing! };
});

test('the page of the docs shows these numbers', async () => {
  expect(coverages.length).toBe(4);
  await expect(experimentsPage(coverages, pairing!)).toMatchFileSnapshot('../../../../docs/validation/experiments.md');
});
