import { describe, expect, it } from 'vitest';
import { incidents } from '../incidents/index.ts';
import { answerCondition, chanceBound } from './condition-answer.ts';
import { holdsIn, knownMeasures, measureKind, parseCondition } from './condition.ts';
import { measureValues } from './replication.ts';
import { sampleResult } from '../../test/sample-result.ts';

const document = incidents[0]!.document();

function runs(name: string, values: readonly (number | null)[]): { measures: Record<string, number | null> }[] {
  return values.map((value) => ({ measures: { [name]: value } }));
}

describe('a condition', () => {
  it.each([
    ['outageSeconds > 300', { measure: 'outageSeconds', operator: '>', value: 300 }],
    ['outageSeconds>5min', { measure: 'outageSeconds', operator: '>', value: 300 }],
    ['peakErrorShare <= 5 %', { measure: 'peakErrorShare', operator: '<=', value: 0.05 }],
    ['peakApiServerMemoryBytes >= 2 GiB', { measure: 'peakApiServerMemoryBytes', operator: '>=', value: 2 ** 31 }],
    ['firstUserError < -1e1', { measure: 'firstUserError', operator: '<', value: -10 }],
    ['clustersLost = 0', { measure: 'clustersLost', operator: '==', value: 0 }],
    ['lastClusterRecovered != never', { measure: 'lastClusterRecovered', operator: '!=', value: Infinity }],
    [
      'byCluster.staging.peakErrorShare > .5',
      { measure: 'byCluster.staging.peakErrorShare', operator: '>', value: 0.5 },
    ],
  ])('%s asks each run', (text, comparison) => {
    expect(parseCondition(text)).toEqual({ text, kind: 'each', ...comparison });
  });

  it.each([
    ['q95(outageSeconds) < 10 min', { kind: 'quantile', quantile: 0.95, operator: '<', value: 600 }],
    ['Median( outageSeconds ) >= 2', { kind: 'quantile', quantile: 0.5, operator: '>=', value: 2 }],
    ['q99.9(outageSeconds) <= 1 h', { kind: 'quantile', quantile: 0.999, operator: '<=', value: 3600 }],
    ['mean(outageSeconds) > 7', { kind: 'mean', operator: '>', value: 7 }],
  ])('%s asks many runs together', (text, expected) => {
    expect(parseCondition(text)).toEqual({ text, measure: 'outageSeconds', ...expected });
  });

  it('may bound a probability', () => {
    expect(parseCondition('p(outageSeconds > 5 min) < 10 %')).toMatchObject({
      kind: 'chance',
      of: { measure: 'outageSeconds', operator: '>', value: 300 },
      operator: '<',
      value: 0.1,
    });
  });

  it.each([
    ['outageSecond > 3', 'condition "outageSecond > 3": unknown measure "outageSecond"; did you mean "outageSeconds"?'],
    ['byCluster.stagin.outageSeconds > 3', 'did you mean "byCluster.staging.outageSeconds"?'],
    ['outageSeconds > 5 GiB', 'expected seconds or a time such as "5 min", got "5 GiB": "GiB" is a unit of bytes'],
    ['peakErrorShare > 5 min', 'expected a share such as 0.05 or "5 %", got "5 min"'],
    ['clustersLost > 2 %', 'expected a plain number, got "2 %"'],
    ['outageSeconds', 'expected a condition such as "outageSeconds > 5 min"'],
    ['outageSeconds > never', 'never is compared by == or !=, got >'],
    ['q95(outageSeconds) == 3', 'q95(...) is compared by <, <=, > or >=, got =='],
    ['medain(outageSeconds) > 3', 'unknown "medain(...)"; did you mean "median"?'],
    ['p(mean(outageSeconds) > 3) > 0.5', 'expected a condition such as'],
    ['q0(outageSeconds) > 3', 'unknown "q0(...)"; expected mean, median, q95 or p'],
    ['p(clustersLost >= 1) < 10', 'is compared with 0 to 1, such as 0.1 or 10 %, got 10'],
    ['p(clustersLost >= 1) < 120 %', 'got 120 %'],
  ])('%s is refused', (text, message) => {
    expect(() => parseCondition(text, document)).toThrow(message);
  });

  it('may name every measure that a run of the document has, and every measure has a kind', () => {
    const { kpis } = sampleResult;
    const owners = {
      clusters: Object.keys(kpis.byCluster).map((id) => ({ id })),
      users: { products: Object.keys(kpis.byProduct).map((id) => ({ id })) },
    };
    expect([...knownMeasures(owners)].sort()).toEqual(
      expect.arrayContaining(Object.keys(measureValues({ kpis })).sort()),
    );
    expect(knownMeasures(owners).filter((name) => measureKind(name) === undefined)).toEqual([]);
  });

  it('takes what did not happen for infinitely late', () => {
    const never = { firstUserError: null };
    const asked = (text: string): boolean => {
      const condition = parseCondition(text);
      return condition.kind === 'each' && holdsIn(condition, never);
    };
    expect(asked('firstUserError > 1 h')).toBe(true);
    expect(asked('firstUserError < 1 h')).toBe(false);
    expect(asked('firstUserError == never')).toBe(true);
    expect(() => asked('outageSeconds > 1')).toThrow('the run has no measure "outageSeconds"');
  });
});

describe('recovery', () => {
  it.each([
    ['lastClusterRecovered < 1 h', { lastClusterRecovered: null, clustersLost: 0 }, true],
    ['lastClusterRecovered == never', { lastClusterRecovered: null, clustersLost: 0 }, false],
    ['lastClusterRecovered < 1 h', { lastClusterRecovered: null, clustersLost: 1 }, false],
    ['lastClusterRecovered == never', { lastClusterRecovered: null, clustersLost: 1 }, true],
    [
      'byCluster.a.lastClusterRecovered < 1 h',
      { 'byCluster.a.lastClusterRecovered': null, 'byCluster.a.clustersLost': 0 },
      true,
    ],
    [
      'byCluster.a.lastClusterRecovered < 1 h',
      { 'byCluster.a.lastClusterRecovered': null, clustersLost: 0, 'byCluster.a.clustersLost': 1 },
      false,
    ],
  ])('%s, of %j: %s, for what was not lost need not come back', (text, measures, expected) => {
    const condition = parseCondition(text, { clusters: [{ id: 'a' }], users: { products: [] } });
    expect(condition.kind === 'each' && holdsIn(condition, measures)).toBe(expected);
  });
});

describe('many runs', () => {
  it('answer a plain condition by majority, and one run by itself', () => {
    const condition = parseCondition('outageSeconds < 60');
    expect(answerCondition(condition, runs('outageSeconds', [10, 20, 90]))).toMatchObject({
      holds: true,
      share: 2 / 3,
      isClear: false,
      count: 3,
    });
    expect(answerCondition(condition, runs('outageSeconds', [90]))).toMatchObject({ holds: false, value: 90 });
    const sure = answerCondition(condition, runs('outageSeconds', [1, 2, 3, 4, 5, 6, 7, 8]));
    expect(sure).toMatchObject({ holds: true, isClear: true });
  });

  it('answer quantiles by order statistics, with never at the end', () => {
    const values = [...Array.from({ length: 19 }, (_, i) => i), null];
    const measured = runs('lastClusterRecovered', values);
    expect(answerCondition(parseCondition('q95(lastClusterRecovered) <= 18'), measured)).toMatchObject({
      holds: true,
      value: 18,
      share: 0.95,
    });
    expect(answerCondition(parseCondition('q96(lastClusterRecovered) <= 18'), measured)).toMatchObject({
      holds: false,
      value: null,
    });
  });

  it('answer means with Student intervals', () => {
    const condition = parseCondition('mean(outageSeconds) < 12');
    expect(answerCondition(condition, runs('outageSeconds', [9, 10, 11]))).toMatchObject({
      holds: true,
      value: 10,
      isClear: false,
    });
    expect(answerCondition(condition, runs('outageSeconds', [9, 10, 11, 9, 10, 11]))).toMatchObject({ isClear: true });
    expect(answerCondition(condition, runs('outageSeconds', [9, null]))).toMatchObject({ holds: false, value: null });
  });

  it('answer the same whether a quantile or its probability is asked', () => {
    const measured = runs('outageSeconds', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (let bound = 0; bound <= 11; bound++) {
      const quantile = answerCondition(parseCondition(`q80(outageSeconds) <= ${bound}`), measured);
      const chance = answerCondition(parseCondition(`p(outageSeconds <= ${bound}) >= 0.8`), measured);
      expect([quantile.holds, quantile.share, quantile.isClear]).toEqual([chance.holds, chance.share, chance.isClear]);
    }
  });

  it('bound a probability, or none where a mean is asked', () => {
    expect(chanceBound(parseCondition('q95(outageSeconds) > 5'))!.level).toBeCloseTo(0.05, 12);
    expect(chanceBound(parseCondition('median(outageSeconds) < 5'))).toMatchObject({ level: 0.5, side: 'above' });
    expect(chanceBound(parseCondition('p(outageSeconds > 5) <= 0.1'))).toMatchObject({ level: 0.1, side: 'below' });
    expect(chanceBound(parseCondition('outageSeconds > 5'), 0.9)).toMatchObject({ level: 0.9, side: 'above' });
    expect(chanceBound(parseCondition('mean(outageSeconds) > 5'))).toBeUndefined();
    expect(() => answerCondition(parseCondition('outageSeconds > 5'), [])).toThrow(
      'expected at least one run, got none',
    );
  });
});
