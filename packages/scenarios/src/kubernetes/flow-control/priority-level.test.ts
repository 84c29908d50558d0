import { expect, test } from 'vitest';
import { adjustLimits } from './borrowing.ts';
import { defaultPriorityLevels, seatsOfLevels } from './priority-level.ts';

/** Nominal, minimum, limit when idle, seats of one request. Source: reference page of the control plane, table 4.3. */
const table: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'node-high': [98, 73, 170, 15],
  'system': [74, 50, 117, 12],
  'leader-election': [25, 25, 58, 4],
  'workload-high': [98, 49, 114, 15],
  'workload-low': [245, 24, 56, 37],
  'global-default': [49, 24, 56, 8],
  'catch-all': [13, 13, 30, Infinity],
};

const seats = seatsOfLevels(defaultPriorityLevels, 600);
const idle = adjustLimits(
  defaultPriorityLevels.map((level, i) => ({
    ...seats[i]!,
    isExempt: level.type === 'Exempt',
    highWatermark: 0,
    smoothedDemand: 0,
    limit: seats[i]!.initial,
  })),
);

test.each(Object.entries(table))('the default level %s has its published seats at 600', (name, expected) => {
  const number = defaultPriorityLevels.findIndex((level) => level.name === name);
  const { nominal, min, max, requestSeatLimit } = seats[number]!;
  expect([nominal, min, idle[number], requestSeatLimit]).toEqual(expected);
  expect(max).toBe(nominal + 600);
});

test('the default levels add up to 602 nominal and 258 minimal seats', () => {
  expect(seats.reduce((sum, level) => sum + level.nominal, 0)).toBe(602);
  expect(seats.reduce((sum, level) => sum + level.min, 0)).toBe(258);
});

test('an exempt level has no seats of its own', () => {
  expect(seats[0]).toEqual({ nominal: 0, min: 0, max: 600, initial: 0, requestSeatLimit: Infinity });
});

test('a level starts with half of what it could lend already lent', () => {
  expect(seats.map((level) => level.initial)).toEqual([0, 86, 62, 25, 74, 135, 37, 13]);
});

test('a borrowing limit in percent of the nominal seats caps what a level may hold', () => {
  const [first] = seatsOfLevels(
    [
      {
        name: 'one',
        type: 'Limited',
        nominalConcurrencyShares: 100,
        lendablePercent: 50,
        borrowingLimitPercent: 67,
        limitResponse: { type: 'Reject' },
      },
    ],
    12,
  );
  expect(first).toMatchObject({ nominal: 12, min: 6, max: 20 });
});
