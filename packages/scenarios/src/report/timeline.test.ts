import { expect, it } from 'vitest';
import { sampleResult } from '../../test/sample-result.ts';
import type { TimelineEntry } from '../scenario/result.ts';
import { plainStyle } from './style.ts';
import { comparisonLines, joinEntries, timelineLines } from './timeline.ts';

function entry(t: number, text: string, cluster?: string, change: Partial<TimelineEntry> = {}): TimelineEntry {
  return { t, clock: '00:00:00', kind: 'k', text, ...(cluster === undefined ? {} : { cluster }), ...change };
}

it('the same of several clusters is told once, with the clusters in order', () => {
  const [line, ...others] = joinEntries([entry(0, 'down', 'b'), entry(60, 'down', 'a'), entry(90, 'down', 'b')]);
  expect(others).toEqual([]);
  expect(line).toMatchObject({ t: 0, text: 'down', clusters: ['b', 'a'], count: 3 });
});

it('what is more than two minutes after the first, of another kind, or published, is told apart', () => {
  const lines = joinEntries([
    entry(0, 'down', 'a'),
    entry(121, 'down', 'b'),
    entry(121, 'down', 'c', { kind: 'other' }),
    entry(122, 'down', undefined, { published: true }),
  ]);
  expect(lines.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
});

it('numbers that differ become an ellipsis', () => {
  const [line] = joinEntries([entry(0, 'rolled out, 100 nodes', 'a'), entry(1, 'rolled out, 2000 nodes', 'b')]);
  expect(line?.text).toBe('rolled out … nodes');
});

it('published facts stand beside the simulated ones where there is room', () => {
  const wide = timelineLines(sampleResult, 110, plainStyle);
  const narrow = timelineLines(sampleResult, 80, plainStyle);
  expect(wide[0]).toMatch(/simulated +published$/);
  expect(wide.find((line) => line.includes('minor customer'))).toMatch(
    /^15:16:00 +\+25 min +» minor customer impact begins$/,
  );
  expect(narrow).toContain('15:16:00      +25 min  » published: minor customer impact begins');
});

it('says how many facts lie beyond the end of the run instead of printing them', () => {
  const lines = timelineLines(sampleResult, 80, plainStyle);
  expect(lines.at(-1)).toBe('the run ends here; one published fact about the time after it left out');
  expect(lines.join('\n')).not.toContain('all clusters recovered');
});

it('a fact without a simulated time says why', () => {
  const text = comparisonLines(sampleResult, 80, plainStyle).join('\n');
  expect(text).toContain('traffic is steered away\n    published 15:27 (+36 min)     simulated: not in this run');
  expect(text).toContain('all clusters recovered\n    published 19:38 (+4 h 47 min) simulated: the run ends before');
  expect(text).toContain('published 15:41 (+50 min)     simulated 15:40 (+49 min), 1 min earlier');
});
