/**
 * Limits that borrowing has to arrive at from given demands. Source: reference page of the control plane, section 4.4.
 */
import { adjustLimits } from '../borrowing.ts';
import { defaultPriorityLevels, seatsOfLevels } from '../priority-level.ts';

type Seats = Readonly<Record<string, number>>;

/** Demand of each level (those left out are idle) and the limits after the step. */
export interface BorrowingRow {
  readonly title: string;
  readonly demand: Seats;
  readonly limits: Seats;
}

const minima: Seats = {
  'node-high': 73,
  system: 50,
  'leader-election': 25,
  'workload-high': 49,
  'workload-low': 24,
  'global-default': 24,
  'catch-all': 13,
};

/**
 * Nominal seats, minimum, limit when all levels are idle, and the widest request of each default level at 600 seats.
 * Source: reference page of the control plane, table 4.3.
 */
export const defaultLevelSeats: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'node-high': [98, 73, 170, 15],
  system: [74, 50, 117, 12],
  'leader-election': [25, 25, 58, 4],
  'workload-high': [98, 49, 114, 15],
  'workload-low': [245, 24, 56, 37],
  'global-default': [49, 24, 56, 8],
  'catch-all': [13, 13, 30, Infinity],
};

/** The published rows. */
export const borrowingTable: readonly BorrowingRow[] = [
  {
    title: 'no demand',
    demand: {},
    limits: {
      system: 117,
      'node-high': 170,
      'leader-election': 58,
      'workload-high': 114,
      'workload-low': 56,
      'global-default': 56,
      'catch-all': 30,
    },
  },
  { title: 'workload-low 1000', demand: { 'workload-low': 1_000 }, limits: { ...minima, 'workload-low': 368 } },
  {
    title: 'workload-low 1000, system 40, node-high 60, workload-high 30, leader-election 5',
    demand: { 'workload-low': 1_000, system: 40, 'node-high': 60, 'workload-high': 30, 'leader-election': 5 },
    limits: { ...minima, 'workload-low': 368 },
  },
  {
    title: 'workload-high 1000, workload-low 50',
    demand: { 'workload-high': 1_000, 'workload-low': 50 },
    limits: { ...minima, 'workload-high': 367, 'workload-low': 50 },
  },
  { title: 'global-default 500', demand: { 'global-default': 500 }, limits: { ...minima, 'global-default': 368 } },
  {
    title: 'everybody 1000',
    demand: Object.fromEntries(Object.keys(minima).map((name) => [name, 1_000])),
    limits: {
      'node-high': 98,
      system: 74,
      'leader-election': 25,
      'workload-high': 98,
      'workload-low': 245,
      'global-default': 49,
      'catch-all': 13,
    },
  },
];

/** The limits of the default levels at 600 seats after a period in which demand was constant. */
export function limitsAfter(demand: Seats): Seats {
  const seats = seatsOfLevels(defaultPriorityLevels, 600);
  const limits = adjustLimits(
    defaultPriorityLevels.map((level, i) => ({
      ...seats[i]!,
      isExempt: level.type === 'Exempt',
      highWatermark: demand[level.name] ?? 0,
      smoothedDemand: demand[level.name] ?? 0,
      limit: seats[i]!.initial,
    })),
  );
  return Object.fromEntries(defaultPriorityLevels.map((level, i) => [level.name, limits[i]!]));
}
