import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { quietResult, sampleResult } from '../../test/sample-result.ts';
import type { RunResult } from '../scenario/result.ts';
import { headline } from './headline.ts';
import { resultJson } from './json.ts';
import { reportText } from './report.ts';
import type { Style } from './style.ts';

/** Every meaning in its own brackets, one character wide on each side of a word: enough to see what is painted. */
const visible: Style = {
  strong: (text) => `<strong>${text}</strong>`,
  faint: (text) => text,
  bad: (text) => `<bad>${text}</bad>`,
  warn: (text) => `<warn>${text}</warn>`,
  good: (text) => `<good>${text}</good>`,
  published: (text) => `<published>${text}</published>`,
};

function section(text: string, title: string): string {
  const from = text.indexOf(`\n${title}`);
  const to = text.indexOf('\n\n', from + 1);
  return from < 0 ? '' : text.slice(from + 1, to < 0 ? undefined : to);
}

it.each([72, 120])('the whole report at %i columns is as it was read and approved', (width) => {
  const file = new URL(`../../test/golden/report-${width}.txt`, import.meta.url);
  const text = reportText(sampleResult, { width });
  if (process.env['BROWNOUT_UPDATE'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

it.each([20, 60, 80, 100, 132])('no line is wider than %i columns, or 60', (width) => {
  for (const line of reportText(sampleResult, { width }).split('\n')) {
    expect(line.length, line).toBeLessThanOrEqual(Math.max(60, width));
  }
});

it('says the same with and without colours', () => {
  const painted = reportText(sampleResult, { width: 110, style: visible });
  expect(painted.replace(/<\/?[a-z]+>/g, '')).toBe(reportText(sampleResult, { width: 110 }));
});

it('paints what failed, what is well again, what deserves a look and what was published', () => {
  const painted = reportText(sampleResult, { width: 80, style: visible });
  expect(painted).toContain('<bad>large: API server … out of memory (3 times)</bad>');
  expect(painted).toContain('<good>large: cluster recovered</good>');
  expect(painted).toContain('<warn>large: alert: API requests fail</warn>');
  expect(painted).toContain('<published>» published: rollout begins</published>');
});

it('the outcome is the first thing said, and again the last where that is asked for', () => {
  const text = reportText(sampleResult, { endsWithOutcome: true, width: 400 });
  expect(text.split('\n')[1]).toBe(headline(sampleResult));
  expect(text.trimEnd().split('\n').at(-1)).toBe(`In short: ${headline(sampleResult)}`);
});

it('a run that was stopped has a state, not an outcome', () => {
  const text = reportText(quietResult, { isPartial: true, endsWithOutcome: true, width: 200 });
  expect(text.split('\n')[1]).toMatch(/^So far: A quiet day/);
  expect(text).toContain('In short, so far: A quiet day');
});

it.each<[string, RunResult, string]>([
  [
    'a lost cluster',
    sampleResult,
    '1 of 2 clusters loses its control plane; users see errors from 15:16 (+25 min), and at the peak, 15:40 (+49 min), 73 % of their requests fail. It is well again at 15:51 (+1 h); operators are locked out for up to 25 min.',
  ],
  [
    'a quiet day',
    quietResult,
    'A quiet day: no API server is saturated, no cluster is lost, no user notices anything.',
  ],
  [
    'saturation that nobody noticed',
    { ...quietResult, kpis: { ...quietResult.kpis, firstSaturation: 1_200 } },
    'API servers are saturated from 15:11 (+20 min), but no cluster is lost and no user notices.',
  ],
  [
    'clusters that do not come back',
    { ...sampleResult, kpis: { ...sampleResult.kpis, clustersLost: 2, lastClusterRecovered: null, lockoutSeconds: 0 } },
    '2 of 2 clusters lose their control plane; users see errors from 15:16 (+25 min), and at the peak, 15:40 (+49 min), 73 % of their requests fail. Not all are well again when the run ends, 16:21 (+1 h 30 min).',
  ],
  [
    'a control plane lost without users noticing',
    { ...sampleResult, kpis: { ...sampleResult.kpis, firstUserError: null, peakImpact: null, peakErrorShare: 0 } },
    '1 of 2 clusters loses its control plane; users notice nothing. It is well again at 15:51 (+1 h); operators are locked out for up to 25 min.',
  ],
  [
    'user errors without a lost cluster',
    { ...sampleResult, kpis: { ...sampleResult.kpis, clustersLost: 0, lockoutSeconds: 0 } },
    'No cluster loses its control plane for five minutes in a row; users see errors from 15:16 (+25 min), and at the peak, 15:40 (+49 min), 73 % of their requests fail.',
  ],
])('in one sentence: %s', (_name, result, sentence) => {
  expect(headline(result)).toBe(sentence);
});

it('says of the recovery of lost clusters that none was lost, or that none came back', () => {
  const numbers = (clustersLost: number): string => {
    const kpis = { ...sampleResult.kpis, clustersLost, firstClusterRecovered: null, lastClusterRecovered: null };
    return section(reportText({ ...sampleResult, kpis }), 'IN NUMBERS');
  };
  expect(numbers(0)).toMatch(/^last cluster recovered +none was lost$/m);
  expect(numbers(1)).toMatch(/^last cluster recovered +never$/m);
});

it('sets the KPIs beside those of the baseline and says what changed', () => {
  const text = section(reportText(quietResult, { baseline: sampleResult }), 'IN NUMBERS, BESIDE THE BASELINE');
  expect(text).toMatch(/^first alert +15:13 \(\+23 min\) +never +no longer happens$/m);
  expect(text).toMatch(/^user errors at the peak +73 % +0 % +73 points less$/m);
  expect(text).toMatch(/^user errors above 1 % +40 min +0 s +40 min less$/m);
  expect(text).toMatch(/^API servers killed for memory +1,234 +1,234 +the same$/m);
});

it('shows what each mitigation changed, and says so when it changed nothing', () => {
  const mitigations = [
    {
      id: 'a',
      title: 'First',
      parameters: { bake: '30 min' },
      difference: ['rollout.waves[1].bake: (absent) -> "30 min"'],
    },
    { id: 'b', title: 'Second', parameters: {}, difference: [] },
  ];
  expect(section(reportText({ ...sampleResult, mitigations }), 'MITIGATED BY')).toBe(
    [
      'MITIGATED BY',
      'First (a, bake=30 min)',
      '  rollout.waves[1].bake: (absent) -> "30 min"',
      'Second (b)',
      '  changes nothing in this scenario',
    ].join('\n'),
  );
});

it('warns when the books of the run do not balance', () => {
  const [book, ...others] = sampleResult.conservation;
  const conservation = book === undefined ? [] : [{ ...book, served: 3 }, ...others];
  expect(reportText({ ...sampleResult, conservation })).toContain(
    '! the book "large/agent" does not balance: this result cannot be trusted',
  );
});

it('a result without series, causes or products leaves those sections out', () => {
  const bare: RunResult = {
    ...sampleResult,
    series: { windowSeconds: 60, t: [], columns: {}, units: {} },
    causes: [],
    kpis: { ...sampleResult.kpis, byProduct: {} },
    comparison: [],
  };
  const text = reportText(bare);
  for (const title of ['OVER TIME', 'WHY THE', 'PRODUCT BY PRODUCT', 'PUBLISHED AND'])
    expect(text).not.toContain(title);
});

it('the JSON is the result, each list of numbers on one line', () => {
  const text = resultJson(sampleResult);
  expect(JSON.parse(text)).toEqual(sampleResult);
  expect(text).toContain('"apiServerCpu.large": [0.1,0.1,0.3,1,0.99,0.98,1,0.2,0.1,0.1]');
  expect(text.endsWith('}\n')).toBe(true);
});
