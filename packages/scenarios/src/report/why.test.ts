import { expect, it } from 'vitest';
import { sampleResult } from '../../test/sample-result.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Loop } from '../scenario/why/loop.ts';
import { reportText } from './report.ts';
import { plainStyle } from './style.ts';
import { causeLines, loopLines } from './why.ts';

const loop = (change: Partial<Loop>): Loop => ({
  cluster: 'large',
  id: 'client-retries',
  name: 'client retries',
  from: 'attempts fail',
  to: 'clients try again',
  seen: true,
  gain: { overall: 0.95, median: 0.9, peak: 1.2 },
  firstSeen: 1_200,
  lastSeen: 3_000,
  activeSeconds: 1_500,
  activeAfterCauseSeconds: 600,
  sustainedSeconds: 300,
  evidence: { failures: 10 },
  ...change,
});

const explained: RunResult = {
  ...sampleResult,
  causes: [
    { ...sampleResult.causes[0]!, because: '' },
    { ...sampleResult.causes[1]!, because: 'a request needs its names' },
    sampleResult.causes[2]!,
  ],
  loops: [
    loop({}),
    loop({ id: 'reconnect-storm', name: 'reconnect storm', gain: { overall: 0.99, median: 1, peak: 2 } }),
    loop({ cluster: 'small', activeAfterCauseSeconds: null }),
    loop({ id: 'wasted-work', name: 'barely there', gain: { overall: 0.01, median: 0.01, peak: 0.02 } }),
    loop({ id: 'cold-caches', name: 'never there', seen: false, gain: null, firstSeen: null, lastSeen: null }),
  ],
};

it('each link stands with the mechanism that joins it to the one above', () => {
  expect(causeLines(explained, 100, plainStyle)).toEqual([
    '15:15:30      +25 min  large: first user requests fail',
    '15:15:25      +24 min  because large: first cached name has run out',
    `${' '.repeat(25)}(a request needs its names)`,
    '14:56:30  +5 min 30 s  because large: agent rolled out, 7500 nodes',
  ]);
});

it('loops stand by cluster from small to large and by gain; what was not seen or hardly mattered is left out', () => {
  const lines = loopLines(explained, 90, plainStyle);
  expect(lines).toHaveLength(4);
  expect(lines[1]).toMatch(/^small +client retries +0\.95 +1\.20 +15:11-15:41 +25 min/);
  expect(lines[2]).toMatch(/^large +reconnect storm +0\.99 +2\.00 +15:11-15:41 +25 min +10 min$/);
  expect(lines[3]).toMatch(/^large +client retries/);
});

it.each([60, 80, 100, 120])('fits in %i columns', (width) => {
  const text = reportText(explained, { width });
  expect(text).toContain('WHY IT WENT ON');
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
});

it('a result without loops, of an older engine, is told without them', () => {
  expect(reportText(sampleResult)).not.toContain('WHY IT WENT ON');
});
