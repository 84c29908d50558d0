/**
 * Moments and quantiles against values computed with SciPy 1.10.1 (`scipy.stats`: expon, uniform, weibull_min, lognorm,
 * pareto, truncpareto, gamma, truncexpon, zipfian; methods mean, var and ppf).
 */
import { describe, expect, it } from 'vitest';
import type { KnownDistribution } from './distribution.ts';
import { exponential } from './exponential.ts';
import { erlang, gamma } from './gamma.ts';
import { lognormal } from './lognormal.ts';
import { boundedPareto, pareto } from './pareto.ts';
import { truncated } from './transformed.ts';
import { uniform } from './uniform.ts';
import { weibull } from './weibull.ts';
import { zipf } from './zipf.ts';

interface Reference {
  readonly distribution: KnownDistribution;
  readonly mean: number;
  readonly variance: number;
  /** At the probabilities below. */
  readonly quantiles: readonly number[];
}

const probabilities = [1e-6, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999999];

const references: readonly Reference[] = [
  {
    distribution: exponential(2.5),
    mean: 2.5,
    variance: 6.25,
    quantiles: [
      2.5000012500008333e-6, 0.025125839633753606, 0.7192051811294522, 1.7328679513998633, 5.756462732485115,
      11.512925464970227, 34.53877639483879,
    ],
  },
  {
    distribution: uniform(-1, 3),
    mean: 1.0,
    variance: 1.3333333333333333,
    quantiles: [-0.999996, -0.96, 0.0, 1.0, 2.6, 2.96, 2.999996],
  },
  {
    distribution: weibull({ scale: 2, shape: 0.7 }),
    mean: 2.531647012114567,
    variance: 13.707342214612614,
    quantiles: [
      5.36539542298498e-9, 0.0027989957916249174, 0.3373248062070473, 1.1847802259042675, 6.58386594432988,
      17.722452885478386, 85.13842718510256,
    ],
  },
  {
    distribution: weibull({ scale: 2, shape: 3 }),
    mean: 1.7859590231384979,
    variance: 0.42133153947391655,
    quantiles: [
      0.020000003333335004, 0.4316086970718717, 1.3202847142991905, 1.7699940890010355, 2.6410009569073702,
      3.3274526984000987, 4.799017224482439,
    ],
  },
  {
    distribution: lognormal({ median: 3, sigma: 0.8 }),
    mean: 4.131383293007872,
    variance: 15.301429616378973,
    quantiles: [
      0.066928716527781, 0.4665145774804852, 1.7489585360298947, 3.0, 8.363303805747005, 19.292001653209816,
      134.4714267189392,
    ],
  },
  {
    distribution: pareto({ low: 2, shape: 2.5 }),
    mean: 3.3333333333333335,
    variance: 8.88888888888889,
    quantiles: [
      2.00000080000056, 2.008056451841815, 2.243910290892399, 2.6390158215457884, 5.023772863019161, 12.619146889603861,
      502.37728629613775,
    ],
  },
  {
    distribution: boundedPareto({ low: 1, high: 1000, shape: 1.2 }),
    mean: 4.49399698209851,
    variance: 355.1812463547375,
    quantiles: [
      1.000000833124773, 1.008408318493763, 1.2708237200351735, 1.7814245494059577, 6.800112269605013,
      45.475432368951076, 996.6953290066987,
    ],
  },
  {
    distribution: gamma({ shape: 0.05, mean: 7 }),
    mean: 7.0,
    variance: 980.0,
    quantiles: [
      8.182484880201173e-119, 8.182484880201209e-39, 7.441926645883718e-11, 7.803429817044758e-5, 10.684395947286466,
      152.2678360128533, 1217.560773505124,
    ],
  },
  {
    distribution: gamma({ shape: 0.5, mean: 7 }),
    mean: 7.0,
    variance: 98.0,
    quantiles: [
      1.099557428757003e-11, 0.001099615005367913, 0.7107173098733509, 3.184554961837004, 18.938804178667827,
      46.444276207148505, 167.49688883815628,
    ],
  },
  {
    distribution: gamma({ shape: 2.5, mean: 7 }),
    mean: 7.0,
    variance: 19.599999999999998,
    quantiles: [
      0.01805462428909592, 0.7760173074195881, 3.7444439332050288, 6.092044267533737, 12.930899659693571,
      21.120781457144584, 50.243461631454586,
    ],
  },
  {
    distribution: gamma({ shape: 40, mean: 7 }),
    mean: 7.0,
    variance: 1.2249999999999999,
    quantiles: [
      2.9318012910039095, 4.684756762969388, 6.225144500363601, 6.9417538768705915, 8.450592816335863,
      9.828769345526029, 13.569545701955043,
    ],
  },
  {
    distribution: gamma({ shape: 3000, mean: 7 }),
    mean: 7.000000000000001,
    variance: 0.016333333333333335,
    quantiles: [
      6.409209997002108, 6.7061239905427765, 6.913380205549895, 6.999222237587604, 7.164276259706945, 7.300738745561399,
      7.624379077187322,
    ],
  },
  {
    distribution: erlang({ stages: 4, mean: 2 }),
    mean: 2.0,
    variance: 1.0,
    quantiles: [
      0.03549619567931054, 0.4116243431726926, 1.2676601059500465, 1.8360303744254485, 3.3403915341279324,
      5.022558757415808, 10.675228481619472,
    ],
  },
  {
    distribution: truncated(exponential(1), { low: 0.5, high: 3 }),
    mean: 1.27643627541537,
    variance: 0.3911099495882725,
    quantiles: [
      0.5000009179154227, 0.5092215380011041, 0.7606880455549225, 1.1142574462673958, 2.2494100090114304,
      2.8939972449757017, 2.9999888175685614,
    ],
  },
  {
    distribution: zipf({ count: 1000, exponent: 1.1 }),
    mean: 99.86355009248695,
    variance: 37405.97159657831,
    quantiles: [1.0, 1.0, 2.0, 12.0, 349.0, 896.0, 1000.0],
  },
];

describe('known values', () => {
  it.each(references.map((reference) => [reference.distribution.name, reference] as const))('%s', (_, reference) => {
    const { distribution, mean, variance, quantiles } = reference;
    expect(Math.abs(distribution.mean() / mean - 1)).toBeLessThan(1e-9);
    expect(Math.abs(distribution.variance() / variance - 1)).toBeLessThan(1e-7);
    for (const [i, p] of probabilities.entries()) {
      const expected = quantiles[i]!;
      const got = distribution.quantile(p);
      expect(Math.abs(got - expected), `quantile ${p}: ${got} for ${expected}`).toBeLessThanOrEqual(
        1e-9 * Math.abs(expected),
      );
    }
  });

  it('knows when a Pareto has no mean or no variance', () => {
    expect(pareto({ low: 1, shape: 1 }).mean()).toBe(Infinity);
    expect(pareto({ low: 1, shape: 1.5 }).mean()).toBe(3);
    expect(pareto({ low: 1, shape: 2 }).variance()).toBe(Infinity);
    expect(pareto({ low: 2, shape: 3 }).quantile(1)).toBe(Infinity);
  });

  it('bounds a Pareto whose shape meets the order of a moment', () => {
    // Shape 1: E[X] = low * log(high/low) / (1 - low/high).
    expect(boundedPareto({ low: 1, high: 100, shape: 1 }).mean()).toBeCloseTo(Math.log(100) / 0.99, 12);
  });

  it('finds the moments of a gamma cut from below', () => {
    // Erlang-2 with mean 1, given X > 1: mean 5/3 and variance 7/18 by hand.
    const tail = truncated(erlang({ stages: 2, mean: 1 }), { low: 1 });
    expect(tail.mean()).toBeCloseTo(5 / 3, 7);
    expect(tail.variance()).toBeCloseTo(7 / 18, 6);
  });

  it('makes the same lognormal from mean and variation, and from two quantiles', () => {
    const base = lognormal({ median: 3, sigma: 0.8 });
    const fromMean = lognormal({ mean: base.mean(), variation: Math.sqrt(base.variance()) / base.mean() });
    expect(fromMean.quantile(0.9)).toBeCloseTo(base.quantile(0.9), 10);
    const fromQuantiles = lognormal({ p50: 3, p99: base.quantile(0.99) });
    expect(fromQuantiles.quantile(0.9)).toBeCloseTo(base.quantile(0.9), 10);
  });
});
