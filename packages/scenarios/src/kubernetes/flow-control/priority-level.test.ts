import { expect, test } from 'vitest';
import { defaultPriorityLevels, seatsOfLevels } from './priority-level.ts';
import { defaultLevelSeats, limitsAfter } from './testing/borrowing-table.ts';

const seats = seatsOfLevels(defaultPriorityLevels, 600);
const idle = limitsAfter({});

test.each(Object.entries(defaultLevelSeats))(
  'the default level %s has its published seats at 600',
  (name, expected) => {
    const number = defaultPriorityLevels.findIndex((level) => level.name === name);
    const { nominal, min, max, requestSeatLimit } = seats[number]!;
    expect([nominal, min, idle[name], requestSeatLimit]).toEqual(expected);
    expect(max).toBe(nominal + 600);
  },
);

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
