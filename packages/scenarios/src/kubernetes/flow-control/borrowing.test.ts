import { expect, test } from 'vitest';
import { adjustLimits, type Borrower, fairFactor } from './borrowing.ts';
import { borrowingTable, limitsAfter } from './testing/borrowing-table.ts';

test.each(borrowingTable)('with $title the limits are the published ones', ({ demand, limits }) => {
  expect(limitsAfter(demand)).toMatchObject(limits);
});

test('the factor is what every level gets of its demand where no bound holds it', () => {
  const idle = [73, 50, 25, 49, 24, 24, 13].map((min) => ({ lower: min, upper: 600 + min, target: min }));
  expect(fairFactor(602, idle)).toBeCloseTo(602 / 258, 10);
});

test('a factor exists only where the bounds allow the sum', () => {
  expect(fairFactor(10, [{ lower: 11, upper: 20, target: 11 }])).toBeNaN();
  expect(fairFactor(10, [{ lower: 0, upper: 9, target: 5 }])).toBeNaN();
});

test('limits that have no solution stay as they are', () => {
  const exempt = level({ isExempt: true, nominal: 10, min: 10, max: 10 });
  const limited = level({ nominal: 10, min: 5, max: 12, limit: 7 });
  expect(adjustLimits([exempt, limited])).toEqual([10, 7]);
});

/**
 * Three levels as in kubernetes/apiserver, tag kubernetes-1.36.3, pkg/util/flowcontrol/exempt_borrowing_test.go:
 * nominal seats 150, 300 and 450 with a third, a half and two thirds lendable, and an exempt level beside them.
 */
const three = (exemptUse: number, mid = 1_000): Borrower[] => [
  level({ isExempt: true, highWatermark: exemptUse, smoothedDemand: exemptUse }),
  level({ nominal: 150, min: 100, max: 1_050, highWatermark: 1_000, smoothedDemand: 1_000 }),
  level({ nominal: 300, min: 150, max: 1_200, highWatermark: mid, smoothedDemand: mid }),
  level({ nominal: 450, min: 150, max: 1_350, highWatermark: 1_000, smoothedDemand: 1_000 }),
];

test('exempt requests that leave less than the minima push everybody to the minimum', () => {
  expect(adjustLimits(three(1_000))).toEqual([1_000, 100, 150, 150]);
});

test('exempt requests that leave half of the rest push everybody half way to the minimum', () => {
  expect(adjustLimits(three(250))).toEqual([250, 125, 225, 300]);
});

test('exempt requests that use what one level does not want leave the others their nominal seats', () => {
  expect(adjustLimits(three(150, 1))).toEqual([150, 150, 150, 450]);
});

function level(changes: Partial<Borrower>): Borrower {
  return { isExempt: false, nominal: 0, min: 0, max: 0, highWatermark: 0, smoothedDemand: 0, limit: 0, ...changes };
}
