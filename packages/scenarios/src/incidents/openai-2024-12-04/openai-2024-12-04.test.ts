import { describe, expect, it } from 'vitest';
import { clockOf } from '../../scenario/clock.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { sourcesOf } from '../../scenario/provenance.ts';
import { runScenario } from '../../scenario/run.ts';
import { readTime } from '../../scenario/units.ts';
import { publishedCancelledShare, publishedFacts } from './facts.ts';
import { priors } from './priors.ts';
import { openai20241204 as document } from './scenario.ts';

const scenario = parseScenario(document, document.id);
const minutes = (text: string): number => (readTime(text).value ?? NaN) / 60e6;

/** Share of a standard normal below x (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function below(x: number): number {
  if (x < 0) return 1 - below(-x);
  const t = 1 / (1 + 0.2316419 * x);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/** Share of lognormal patience below the wait, from its median and 90 % quantile in minutes. */
function shareGivingUp(median: number, p90: number, wait: number): number {
  return below(Math.log(wait / median) / (Math.log(p90 / median) / 1.2815515655446004));
}

describe('published facts', () => {
  it('stand at the published times, and so do the faults', () => {
    const clock = (at: number): string => clockOf(document.clock.zero, at * 60).slice(0, 5);
    expect(publishedFacts.map(({ at }) => clock(minutes(String(at))))).toEqual(['15:48', '15:52', '16:07', '17:37']);
    const ends = scenario.faults!.flatMap(({ at, until }) => [at, until!]);
    expect(ends.map((at) => clock(at / 60e6))).toEqual(['15:48', '15:52', '16:07', '17:37']);
  });
});

describe('priors', () => {
  it('all appear among the assumptions of the document, under their own note', () => {
    const noted = sourcesOf(document)
      .filter(({ source }) => source === 'assumed')
      .map(({ note }) => note);
    for (const { note } of Object.values(priors)) expect(noted).toContain(note);
  });

  it('leave room for the published share, and their middle is not it', () => {
    const { apiPatienceMedian: median, apiPatienceP90: p90 } = priors;
    const share = (m: string, p: string): number => shareGivingUp(minutes(m), minutes(p), 0.5);
    expect(share(median.range[0], p90.range[1])).toBeGreaterThan(publishedCancelledShare);
    expect(share(median.range[1], p90.range[0])).toBeLessThan(publishedCancelledShare);
    expect(share(median.value, p90.value)).toBeCloseTo(0.35, 2);
  });
});

describe('the run', () => {
  const result = runScenario({ ...document, horizon: { start: '-2 min', end: '30 min' } }, { seed: 1 });
  const shares = result.series.columns['userErrorShare.api']!;

  it('loses every API request for four minutes, and nothing else then', () => {
    expect(shares.slice(0, 8)).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
    expect(result.kpis).toMatchObject({ firstUserError: 0 });
  });

  it('loses as many to impatience as their patience says, once the lookups stand still', () => {
    const expected = shareGivingUp(1, 10, 0.5);
    // 4,000 users whose patience is drawn: three standard errors.
    expect(Math.abs(shares[25]! - expected)).toBeLessThan(3 * Math.sqrt((expected * (1 - expected)) / 4000));
  });

  it('loses nobody in ChatGPT, who wait', () => {
    expect(result.kpis.byProduct['chatgpt']).toMatchObject({ peakErrorShare: 0 });
  });

  it('finds the balancer behind the first failed request', () => {
    expect(result.causes.map(({ kind }) => kind)).toEqual(['users', 'fault']);
  });

  it('is quiet without the faults', () => {
    const { kpis, causes } = runScenario({ ...document, faults: [] }, { untilSeconds: 300 });
    expect(kpis).toMatchObject({ firstSaturation: null, firstUserError: null, firstAlert: null });
    expect(causes).toEqual([]);
  });
});
