import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { runScenario } from '../scenario/run.ts';
import { branchDifference } from './branch-difference.ts';

const run = runScenario(smallScenario({ nodes: 20, end: '4 min' }), { seed: 3 });

describe('two runs beside each other', () => {
  it('are the same as long as every window is', () => {
    expect(branchDifference(run, run)).toMatchObject({ isPaired: true, differsFrom: null });
    const [name, column] = Object.entries(run.series.columns)[0]!;
    const changed = { ...run.series.columns, [name]: column.map((value, window) => (window < 2 ? value : value + 1)) };
    const other = { ...run, series: { ...run.series, columns: changed } };
    expect(branchDifference(run, other).differsFrom).toBe(run.series.t[2]);
  });

  it('do not differ by a column that only one of them has, until something happens in it', () => {
    const quiet = run.series.t.map((_, window) => (window < 3 ? 7 : 8));
    const other = {
      ...run,
      series: { ...run.series, columns: { ...run.series.columns, 'seatsInUse.x/system': quiet } },
    };
    expect(branchDifference(run, other).differsFrom).toBe(run.series.t[3]);
    expect(branchDifference(other, run).differsFrom).toBe(run.series.t[3]);
  });
});
