import { describe, expect, it } from 'vitest';
import { firingsOf } from './alert-states.ts';

const timing = { forSeconds: 60, keepFiringSeconds: 0, start: 0, end: 300, stepSeconds: 30 };
const labels = { job: 'x' };

describe('an alert', () => {
  it('fires once its expression has held for as long as asked, and is over when it no longer does', () => {
    expect(firingsOf([{ labels, times: [30, 60, 90, 120] }], timing)).toEqual([
      { labels, since: 30, firedAt: 90, resolvedAt: 150 },
    ]);
  });

  it('begins to wait anew after a gap', () => {
    expect(firingsOf([{ labels, times: [30, 60, 120, 150] }], timing)).toEqual([]);
  });

  it('fires at once where nothing is to be waited for', () => {
    const [firing] = firingsOf([{ labels, times: [60] }], { ...timing, forSeconds: 0 });
    expect(firing).toEqual({ labels, since: 60, firedAt: 60, resolvedAt: 90 });
  });

  it('fires on for a while where that is asked', () => {
    const kept = { ...timing, forSeconds: 0, keepFiringSeconds: 60 };
    expect(firingsOf([{ labels, times: [30, 90] }], kept)).toEqual([
      { labels, since: 30, firedAt: 30, resolvedAt: 180 },
    ]);
  });

  it('is still firing where the run ends', () => {
    expect(firingsOf([{ labels, times: [240, 270, 300] }], timing)[0]).toMatchObject({
      firedAt: 300,
      resolvedAt: null,
    });
  });

  it('is one for each element, in the order in which they fire', () => {
    const late = { labels: { job: 'a' }, times: [120, 150, 180] };
    const early = { labels: { job: 'b' }, times: [30, 60, 90] };
    expect(firingsOf([late, early], timing).map((one) => one.labels)).toEqual([{ job: 'b' }, { job: 'a' }]);
  });
});
