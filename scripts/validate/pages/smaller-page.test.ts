import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFileName, dataText } from '../data-file.ts';
import type { TableResult, VariantResult } from '../results.ts';
import { row, smallStudy } from '../testing/small-study.ts';
import { wholeRunsOf } from '../whole-runs.ts';
import { smallerPage } from './smaller-page.ts';
import { usuallyLost, wordsOf } from './smaller-verdicts.ts';

/** Runs with these outages, in minutes, in which these clusters are lost. */
function variant(id: string, minutes: readonly number[], lost: readonly string[] = []): VariantResult {
  const clusters = Object.fromEntries(
    ['a', 'b', 'c'].map((one) => [`${one}/clustersLost`, lost.includes(one) ? 1 : 0]),
  );
  const rows = minutes.map((value, i) =>
    row(i + 1, {
      outageSeconds: value * 60,
      usersAffectedShare: value / 1_000,
      clustersLost: lost.length,
      firstClusterRecovered: null,
      lastClusterRecovered: null,
      lockoutSeconds: 0,
      ...clusters,
    }),
  );
  return { id, title: id, asked: minutes.length, rows };
}

const ten = (from: number): number[] => Array.from({ length: 10 }, (_, i) => from + i);
const baseline = variant('as-it-was', ten(60), ['a', 'b']);
const quiet = variant('quiet', ten(0).fill(0));
const longer = variant('longer', ten(70), ['a', 'b']);

describe('a verdict in words', () => {
  it('says first what is lost, then what becomes of the outage', () => {
    expect(wordsOf(quiet, baseline)).toBe('nothing lost, no outage');
    expect(wordsOf(longer, baseline)).toBe('longer outage');
    expect(wordsOf(variant('x', ten(50), ['a']), baseline)).toBe('fewer lost, shorter outage');
    expect(wordsOf(variant('x', ten(60), ['a', 'b', 'c']), baseline)).toBe('more lost');
    expect(wordsOf(variant('x', ten(60), ['a', 'c']), baseline)).toBe('others lost');
    expect(wordsOf(variant('x', ten(0).fill(0), ['a', 'b']), baseline)).toBe('no outage');
  });

  it('sees no difference where some pairs go one way and some the other, and says nothing of a few', () => {
    const mixed = ten(60).map((minutes, i) => minutes + (i < 7 ? 5 : -5));
    expect(wordsOf(variant('x', mixed, ['a', 'b']), baseline)).toBe('no difference seen');
    expect(wordsOf(variant('x', [10, 10, 10], ['a', 'b']), baseline)).toBe('too few runs to say');
  });

  it('counts a cluster as lost when it is in more than half of the runs', () => {
    const runs = [['a', 'b'], ['a'], ['b'], ['a']].map((lost) => variant('x', [1], lost).rows[0]!);
    expect(usuallyLost(runs)).toEqual(['a']);
  });
});

describe('the page of the smaller model', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'brownout-smaller-'));
    mkdirSync(join(folder, 'data'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const size = { replications: 10, draws: 0, decisive: [] };
  const isOfToday = (hash: string): boolean => hash === 'hash';
  const table = (id: string, variants: readonly VariantResult[]): TableResult => ({ id, title: id, variants });
  const commit = (one: TableResult): void => {
    writeFileSync(join(folder, 'data', dataFileName('small', one.id)), dataText('small', size, one));
  };

  it('shows each row beside the whole, where there are runs of it', () => {
    commit(table('bands', [variant('as-it-was', [90, 100], ['a', 'b'])]));
    commit(table('mitigations', [variant('as-it-was', []), variant('quiet', [5], ['a'])]));
    const text = smallerPage(
      smallStudy(),
      [table('mitigations', [baseline, quiet, longer])],
      wholeRunsOf(folder, 'small', isOfToday),
    );
    expect(text).toContain('**Every number on this page is from the smaller model');
    expect(text).toContain('All 30 runs asked for are there.');
    expect(text).toContain(
      '| **as-it-was** (baseline) | 10 | a, b | 2 | 0 of 10 |  |  | 2 | a, b | 95 [90, 100] | yes |',
    );
    expect(text).toContain(
      '| quiet | 10 | none | 0 | 10 of 10 | nothing lost, no outage | 10, 0 of 10 | 1 | a | 5 | **no** |',
    );
    expect(text).toContain('| longer | 10 | a, b | 2 | 0 of 10 | longer outage | 0, 10 of 10 | 0 |  |  |  |');
    expect(text).toContain('| longer | 10 | **+10** |');
    expect(text).toContain('- **nothing lost, no outage:** quiet\n- **longer outage:** longer\n');
    expect(text).not.toContain('## Recovery');
  });

  it('leaves out runs of the whole of another document', () => {
    const old = variant('as-it-was', [90, 100], ['a']);
    commit(table('bands', [{ ...old, rows: old.rows.map((one) => ({ ...one, hash: 'old' })) }]));
    expect(wholeRunsOf(folder, 'small', isOfToday)('mitigations', 'as-it-was')).toEqual([]);
    expect(wholeRunsOf(folder, 'small', () => true)('mitigations', 'as-it-was')).toHaveLength(2);
  });

  it('judges no band, and answers questions from the draws', () => {
    const draws = variant('draw', [0, 0, 30, 60], ['a']);
    const bands = table('bands', [
      { ...baseline, rows: baseline.rows.map((one) => ({ ...one, measures: { ...one.measures, firstAlert: 390 } })) },
    ]);
    const text = smallerPage(smallStudy(), [bands, table('draws', [draws])], wholeRunsOf(folder, 'small', isOfToday));
    expect(text).toContain('| 1 first alert | 5 to 10 min | 7 | 6.5 | 0 |  | 0 |');
    expect(text).not.toContain('Verdict');
    expect(text).toContain('100 % [72, 100] (10 of 10) | 50 % [15, 85] (2 of 4) |');
    expect(text).toContain('Clusters lost, in how many of the 4 draws: 1 in 4.');
    expect(text).toContain('There are too few draws yet to say what decides.');
  });
});
