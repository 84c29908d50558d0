import { expect, test } from 'vitest';
import { runClosedLoop } from './testing/closed-loop.ts';
import { separationCases, upstreamCases } from './testing/upstream-cases.ts';
import { judge, validationPage } from './testing/validation-page.ts';

const cases = [...upstreamCases, ...separationCases];

test.each(cases)('$name: $shows', (given) => {
  const { expected, simulated } = judge(given);
  simulated.forEach((averages, period) => {
    const { margin, isFair } = given.margins[period]!;
    averages.forEach((average, client) => {
      const off = Math.abs(average - expected[period]![client]!) / expected[period]![client]!;
      if (isFair) expect(off).toBeLessThanOrEqual(margin);
      else expect(off).toBeGreaterThan(margin);
    });
  });
});

test.each(cases)('$name: every call is accounted for and no seat is left in use', (given) => {
  const { pool, executed, rejected, reasons, maxSeatsInUse } = runClosedLoop(given.run);
  expect(reasons).toEqual(given.rejects === undefined ? [] : [given.rejects]);
  expect(pool.dispatched).toBe(executed.reduce((sum, count) => sum + count, 0));
  expect(pool.submitted).toBe(pool.finished + rejected.reduce((sum, count) => sum + count, 0));
  expect(pool).toMatchObject({ seatsInUse: 0, seatsWaiting: 0, requestsWaiting: 0, requestsExecuting: 0 });
  expect(maxSeatsInUse).toBeLessThanOrEqual(given.run.limit);
});

test('the page in the docs says what the cases give', async () => {
  await expect(validationPage()).toMatchFileSnapshot('../../../../../docs/validation/flow-control.md');
});
