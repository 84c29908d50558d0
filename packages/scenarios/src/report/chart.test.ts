import { expect, it } from 'vitest';
import { sampleResult } from '../../test/sample-result.ts';
import type { RunResult } from '../scenario/result.ts';
import { binned, chartLines } from './chart.ts';
import { plainStyle } from './style.ts';

it('each column shows the worst window it covers, so no peak is averaged away', () => {
  expect(binned([0, 0.1, 1, 0.2], 2)).toEqual([0.1, 1]);
  expect(binned([1, 2, 3], 3)).toEqual([1, 2, 3]);
  expect(binned([3, 1, 2, 5, 4], 2)).toEqual([3, 5]);
});

it('draws the worst cluster and names the peak', () => {
  const lines = chartLines(sampleResult, 80, plainStyle);
  expect(lines.slice(0, 4)).toEqual([
    'API server CPU, busiest cluster: peak 100 %, reached 15:11',
    '100 %│   ████',
    '     │   ████',
    '  0 %│▂▂▇████▅▂▂',
  ]);
  expect(lines).toContain('API requests that fail, worst cluster: peak 100 %, reached 15:21');
});

it('a share too small for a block still shows, and nothing shows as nothing', () => {
  const columns = { userErrorShare: [0, 0.0001, 0, 1] };
  const result: RunResult = {
    ...sampleResult,
    series: { windowSeconds: 60, t: [0, 60, 120, 180], columns, units: {} },
  };
  const lines = chartLines(result, 80, plainStyle);
  expect(lines[3]).toBe('  0 %│ ▁ █');
});

it('marks the trigger and round clock times on its axis', () => {
  const t = Array.from({ length: 390 }, (_, minute) => (minute - 30) * 60);
  const series = { windowSeconds: 60, t, columns: { userErrorShare: t.map(() => 0) }, units: {} };
  const [ticks = '', labels = '', note] = chartLines({ ...sampleResult, series }, 100, plainStyle).slice(-3);
  expect(labels.match(/\d\d:\d\d/g)).toEqual(['15:00', '16:00', '17:00', '18:00', '19:00', '20:00']);
  expect(labels.indexOf('16:00')).toBe(ticks.indexOf('┴', ticks.indexOf('┴') + 1));
  expect(ticks).toContain('▲');
  expect(note).toBe('      ▲ trigger, 14:51 PST');
});

it('paints only the columns that are bad', () => {
  const lines = chartLines(sampleResult, 80, { ...plainStyle, bad: (text) => `[${text}]` });
  expect(lines[3]).toBe('  0 %│▂▂▇[████]▅▂▂');
});
