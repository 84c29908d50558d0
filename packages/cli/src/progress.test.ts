import { expect, it } from 'vitest';
import { progressText } from './progress.ts';

const moment = '16:05 (+1 h 14 min)';

it('says how far, where, and how long it will still take', () => {
  const text = progressText({ share: 0.38, elapsedSeconds: 19, moment, columns: 80 });
  expect(text).toMatch(/^replaying █+░+ {2}38 % {2}16:05 \(\+1 h 14 min\) {2}31 s left$/);
});

it('says nothing about the time left before it can know', () => {
  expect(progressText({ share: 0.02, elapsedSeconds: 1, moment, columns: 80 })).not.toContain('left');
});

it.each([20, 40, 49, 50, 60, 80, 200])('fits into %i columns', (columns) => {
  for (const share of [0, 0.051, 0.5, 0.999, 1]) {
    expect(progressText({ share, elapsedSeconds: 3_000, moment, columns }).length).toBeLessThan(columns);
  }
});

it('the bar is full when the run is done, and not before', () => {
  expect(progressText({ share: 1, elapsedSeconds: 5, moment, columns: 80 })).not.toContain('░');
  expect(progressText({ share: 0.98, elapsedSeconds: 5, moment, columns: 80 })).toContain('98 %');
});
