import { minutes, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { residualLife } from './residual-life.ts';
import { exponentialTime } from './testing/bench.ts';

const COUNT = 4000;

function shareBelow(limit: number, lifetime: Parameters<typeof residualLife>[0]): number {
  const stream = new Simulation({ seed: 3 }).streams.get('life');
  let below = 0;
  for (let i = 0; i < COUNT; i++) if (residualLife(lifetime, stream) <= limit) below++;
  return below / COUNT;
}

it('of exponential lives is exponential, and of constant ones uniform', () => {
  const sigma = Math.sqrt(0.25 / COUNT);
  const exponential = exponentialTime(minutes(10));
  const constant = { mean: () => minutes(10), sample: () => minutes(10) };
  for (const share of [0.2, 0.5, 1, 1.5]) {
    const limit = share * minutes(10);
    expect(Math.abs(shareBelow(limit, exponential) - (1 - Math.exp(-share)))).toBeLessThan(4 * sigma);
    expect(Math.abs(shareBelow(limit, constant) - Math.min(share, 1))).toBeLessThan(4 * sigma);
  }
});
