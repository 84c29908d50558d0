import type { AcceptanceBand } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import { byId, pairsOf, valueOf, valuesOf } from './results.ts';
import { row, variantOf } from './testing/small-study.ts';

const band: AcceptanceBand = {
  id: '3-lag',
  title: 'lag',
  runs: 'as-it-was',
  measure: 'peakImpact',
  origin: 100,
  from: 10,
  to: 20,
  shownAs: 'minutes',
};

const tables = (runs: readonly (number | null)[], draws: readonly (number | null)[] = []) => [
  { id: 'bands', title: '', variants: [variantOf('as-it-was', 'peakImpact', runs)] },
  { id: 'draws', title: '', variants: [variantOf('draw', 'peakImpact', draws)] },
];

describe('a band', () => {
  it('is met when the median lies inside, both ends included, the origin subtracted', () => {
    expect(judge(band, tables([110, 120, 300])).verdict).toBe('inside');
    expect(judge(band, tables([110, 120.1, 300])).verdict).toBe('miss');
    expect(judge(band, tables([100, 110, 300])).median).toMatchObject({ median: 10, low: 0, high: 200, count: 3 });
  });

  it('counts runs in which its measure never came, and ranks them last', () => {
    const found = judge(band, tables([115, null, null]));
    expect(found).toMatchObject({ never: 2, verdict: 'miss', runsInside: { hits: 1, count: 3 } });
    expect(found.median?.median).toBe(Infinity);
  });

  it('counts the draws inside apart from the runs', () => {
    const { runsInside, drawsInside } = judge(band, tables([115], [115, null, 99, 112]));
    expect([runsInside?.share, drawsInside?.share]).toEqual([1, 0.5]);
  });

  it('without runs is not judged', () => {
    expect(judge(band, tables([]))).toMatchObject({
      median: undefined,
      verdict: 'no runs yet',
      drawsInside: undefined,
    });
  });
});

describe('values of runs', () => {
  it('that never came are last, but recovery takes no time where no cluster was lost', () => {
    const lost = row(1, { lastClusterRecovered: null, clustersLost: 1 });
    const unharmed = row(2, { lastClusterRecovered: null, clustersLost: 0 });
    expect([lost, unharmed].map((one) => valueOf(one, 'lastClusterRecovered'))).toEqual([Infinity, 0]);
    expect(valuesOf({ rows: [row(1, {})] }, 'peakImpact')).toEqual([Infinity]);
  });

  it('are paired by seed, whatever is missing on one side', () => {
    const first = { id: 'a', title: '', asked: 3, rows: [row(1, { x: 1 }), row(3, { x: 3 })] };
    const second = { id: 'b', title: '', asked: 3, rows: [row(2, { x: 20 }), row(3, { x: 30 })] };
    expect(pairsOf(first, second).map(([a, b]) => [a.measures['x'], b.measures['x']])).toEqual([[3, 30]]);
    expect(byId([first, second], 'b')).toBe(second);
  });
});
