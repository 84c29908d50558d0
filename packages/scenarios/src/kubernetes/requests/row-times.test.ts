import { expect, it } from 'vitest';
import { RowTimes } from './row-times.ts';

it('every row has its own instant, however far it is from those before it', () => {
  const times = new RowTimes();
  times.set(3, 30);
  // Rows of an API server of its own have no client that tells of them, so numbers may be left out.
  times.set(50_000, 500);
  times.set(4, 40);
  times.set(3, NaN);
  expect([3, 4, 5, 50_000, 49_999, 60_000].map((row) => times.get(row))).toEqual([NaN, 40, NaN, 500, NaN, NaN]);
});
