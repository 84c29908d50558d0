import { medianInterval, shareInterval } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { VariantResult } from '../results.ts';
import { row, smallStudy } from '../testing/small-study.ts';
import {
  asMinutes,
  asPercent,
  bar,
  countText,
  differenceText,
  medianText,
  number,
  runsText,
  shareText,
  table,
} from './markdown.ts';
import { mitigationsPage, ranked } from './mitigations-page.ts';
import { thresholdSection } from './threshold-section.ts';

describe('numbers', () => {
  it('are shown in their unit, and what never came as that', () => {
    expect([number(1_350, asMinutes), number(0.1234, asPercent), number(Infinity, asMinutes)]).toEqual([
      '22.5',
      '12.3',
      'never',
    ]);
    expect(medianText(medianInterval([60, 120, 180, 240, 300, 360]), asMinutes)).toBe('3.5 [1, 6]');
    expect(medianText(medianInterval([60, 60, 60]), asMinutes)).toBe('1');
    expect(medianText(undefined, asMinutes)).toBe('-');
  });

  it('of differences are bold where the interval leaves out zero', () => {
    const six = (value: number): number[] => Array.from({ length: 6 }, () => value);
    const minutes = (...values: readonly number[]): string => differenceText(medianInterval(values), asMinutes);
    expect(minutes(-60, -60, -120, -120, -180, -180)).toBe('**-2 [-3, -1]**');
    expect(minutes(-60, -60, 0, 0, 60, 60)).toBe('0 [-1, +1]');
    expect(minutes(...six(Infinity))).toBe('**never any more**');
    expect(minutes(...six(-Infinity))).toBe('**now at all**');
  });

  it('of differences are not bold with fewer than six pairs, of which no interval is worth 95 %', () => {
    expect(differenceText(medianInterval([-60]), asMinutes)).toBe('-1');
    expect(differenceText(medianInterval([-60, -60, -120, -120, -180]), asMinutes)).toBe('-2 [-3, -1]');
  });

  it('of shares say how many they rest on', () => {
    expect(shareText(shareInterval(15, 20))).toBe('75 % [53, 89] (15 of 20)');
    expect(bar(0.34)).toBe('███░░░░░░░');
  });

  it('of runs say when some are missing', () => {
    const variant = { id: 'x', title: '', asked: 2, rows: [row(1, {})] };
    expect(runsText(variant)).toBe('1 of 2');
    expect(countText([{ id: 'a', title: '', variants: [variant] }, undefined])).toContain('Partial: 1 of the 2 runs');
    expect(countText([{ id: 'a', title: '', variants: [{ ...variant, asked: 1 }] }])).toBe(
      'All 1 runs asked for are there.',
    );
  });

  it('stand in tables', () => {
    expect(table(['A', 'B'], [['x', '1']])).toBe('| A | B |\n| --- | ---: |\n| x | 1 |');
  });
});

function outage(
  id: string,
  minutes: readonly number[],
  other: Readonly<Record<string, number | null>> = {},
): VariantResult {
  const rows = minutes.map((value, i) =>
    row(i + 1, { outageSeconds: value * 60, usersAffectedShare: 0.1, lockoutSeconds: 0, clustersLost: 1, ...other }),
  );
  return { id, title: id, asked: minutes.length, rows };
}

describe('the page of mitigations', () => {
  const variants = [
    outage('as-it-was', [60, 70, 80, 90, 100, 110], { firstClusterRecovered: 600, lastClusterRecovered: 1_200 }),
    outage('worse', [61, 71, 81, 91, 101, 111], { firstClusterRecovered: 600, lastClusterRecovered: null }),
    outage('better', [0, 0, 0, 0, 0, 0], { clustersLost: 0, firstClusterRecovered: null, lastClusterRecovered: null }),
  ];
  const text = mitigationsPage(smallStudy(), [{ id: 'mitigations', title: '', variants }]);

  it('ranks by outage', () => {
    expect(ranked(variants).map(({ id }) => id)).toEqual(['better', 'as-it-was', 'worse']);
    expect(text.indexOf('| better |')).toBeLessThan(text.indexOf('| **as-it-was** (baseline) |'));
  });

  it('gives differences pair by pair', () => {
    expect(text).toContain('| worse | 6 | **+1** | 0 | 0 | 0 | 0 | **never any more** |');
    expect(text).toContain('| better | 6 | **-85 [-110, -60]** | 0 | 0 | **-1** | **-10** | **-20** |');
  });

  it('says which mitigations change nothing here', () => {
    expect(text).toContain('Not run, because they change nothing in this incident:');
  });
});

it('the curve by size shows what was run of it, and nothing when nothing was', () => {
  const some = {
    id: 'n100-class',
    title: '',
    asked: 10,
    rows: [row(1, { clustersLost: 0 }), row(2, { clustersLost: 1 })],
  };
  const text = thresholdSection(smallStudy(), [{ id: 'threshold', title: '', variants: [some] }]);
  expect(text).toContain('| 100 | 2 of 10 | 1 of 2 | █████░░░░░ | 9 to 91 % | none | never |');
  expect(text).not.toContain('| 200 |');
  expect(thresholdSection(smallStudy(), [])).toBe('');
});
