/**
 * The cases in which kubernetes/apiserver tests its own fair queues (tag kubernetes-1.36.3,
 * pkg/util/flowcontrol/fairqueuing/queueset/queueset_test.go), with the shares and margins that are right there.
 */
import type { ClosedLoopCase, ClosedLoopClient } from './closed-loop.ts';

/** A case and what has to come out. */
export interface UpstreamCase {
  readonly name: string;
  /** What it shows, in words. */
  readonly shows: string;
  readonly run: ClosedLoopCase;
  /**
   * By period: how far, relatively, each client's average may be from its share; or, with `isFair` false, how far at
   * least it has to be.
   */
  readonly margins: readonly { readonly margin: number; readonly isFair: boolean }[];
  /** Shares of the clients where the max-min fair division of the demands does not say it. */
  readonly expected?: readonly number[];
  /** Reason of the rejections that have to occur; left out = none may. */
  readonly rejects?: string;
}

/** Times are in nanoseconds, as there. */
const second = 1_000_000_000;
const almostSecond = second - 1;
const fair = (margin: number): { readonly margin: number; readonly isFair: true } => ({ margin, isFair: true });
const unfair = (margin: number): { readonly margin: number; readonly isFair: false } => ({ margin, isFair: false });

/** The cases in which every request is one kind of call in a closed loop. */
export const upstreamCases: readonly UpstreamCase[] = [
  {
    name: 'Baseline',
    shows: 'one thread keeps one seat busy without a gap',
    run: {
      limit: 1,
      queuing: { queues: 9, queueLengthLimit: 8, handSize: 3 },
      clients: [client(1_001_001_001, 1, 21, 0)],
      evaluation: 20 * second,
    },
    margins: [fair(0)],
  },
  {
    name: 'Exempt',
    shows: 'an exempt level has no limit',
    run: {
      limit: Infinity,
      clients: [{ ...client(1_001_001_001, 5, 20, second), seats: 3 }],
      evaluation: 40 * second,
    },
    margins: [fair(1e-8)],
    expected: [7.5],
  },
  {
    name: 'HandSize1',
    shows: 'two equal flows, one queue each, share four seats',
    run: {
      limit: 4,
      queuing: { queues: 9, queueLengthLimit: 8, handSize: 1 },
      clients: [client(1_001_001_001, 8, 20, almostSecond), client(2_002_002_002, 8, 20, almostSecond)],
      evaluation: 50 * second,
    },
    margins: [fair(0.01)],
  },
  {
    name: 'HandSize3',
    shows: 'two equal flows, three queues each',
    run: {
      limit: 4,
      queuing: { queues: 8, queueLengthLimit: 16, handSize: 3 },
      clients: [client(400_900_100_100, 8, 30, almostSecond), client(300_900_200_200, 8, 30, almostSecond)],
      evaluation: 60 * second,
    },
    margins: [fair(0.03)],
  },
  {
    name: 'Expect equal',
    shows: 'two flows that both want more than half get half each',
    run: {
      limit: 4,
      queuing: { queues: 9, queueLengthLimit: 8, handSize: 1 },
      clients: [client(1_001_001_001, 8, 20, second), client(2_002_002_002, 7, 30, second / 2)],
      evaluation: 40 * second,
    },
    margins: [fair(0.01)],
  },
  {
    name: 'Expect unequal',
    shows: 'a flow that wants less than its half gets all it wants',
    run: {
      limit: 3,
      queuing: { queues: 9, queueLengthLimit: 6, handSize: 1 },
      clients: [client(1_001_001_001, 4, 20, almostSecond), client(2_002_002_002, 2, 20, almostSecond)],
      evaluation: 20 * second,
    },
    margins: [fair(0.01)],
  },
  {
    name: 'Different widths',
    shows: 'seats are shared, not requests',
    run: {
      limit: 6,
      queuing: { queues: 64, queueLengthLimit: 13, handSize: 7 },
      clients: [
        client(10_010_010_010_010, 13, 10, almostSecond),
        { ...client(20_020_020_020_020, 7, 10, almostSecond), seats: 2 },
      ],
      evaluation: 20 * second,
    },
    margins: [fair(0.155)],
  },
  {
    name: 'Too wide',
    shows: 'requests wider than the limit take their turns alone and get their share',
    run: {
      limit: 6,
      queuing: { queues: 64, queueLengthLimit: 35, handSize: 7 },
      clients: [
        { ...client(40_040_040_040_040, 15, 21, almostSecond), seats: 2 },
        { ...client(50_050_050_050_050, 15, 21, almostSecond), seats: 2 },
        { ...client(60_060_060_060_060, 15, 21, almostSecond), seats: 2 },
        { ...client(70_070_070_070_070, 15, 21, almostSecond), seats: 2 },
        { ...client(90_090_090_090_090, 15, 21, almostSecond), seats: 7 },
      ],
      evaluation: 225 * second,
    },
    margins: [fair(0.33)],
  },
  windup('Windup, upper bound', 'seats saved up while they were of no use are not cashed in', fair(0.26)),
  windup('Windup, lower bound', 'but some of them are: fairness has a memory', unfair(0.1)),
  {
    name: 'No queues',
    shows: 'without queues whoever comes back sooner gets more',
    run: {
      limit: 4,
      clients: [client(1_001_001_001, 6, 10, 57_000_000), client(2_002_002_002, 4, 15, 750_000_000)],
      evaluation: 13 * second,
    },
    margins: [unfair(0.2)],
    rejects: 'concurrency-limit',
  },
];

/**
 * Seats held after the reply: think time, pad, final seats, limit, clients, and the shares where they are not the fair
 * ones.
 */
const separations: readonly (readonly [number, number, number, number, number, number?])[] = [
  [1, 0, 1, 1, 1],
  [1, 0, 1, 2, 1],
  [1, 0, 2, 2, 1],
  [1, 0, 1, 1, 2],
  [1, 0, 1, 2, 2],
  [1, 0, 2, 2, 2],
  [0, 1, 1, 1, 1, 0.5],
  [0, 1, 1, 2, 1],
  [0, 1, 2, 2, 1, 0.5],
  [0, 1, 1, 1, 2, 0.25],
  [0, 1, 1, 2, 2, 0.5],
  [0, 1, 2, 2, 2, 0.25],
  [1, 0.5, 1, 1, 1],
  [1, 0.5, 1, 2, 1],
  [1, 0.5, 2, 2, 1],
  [1, 0.5, 1, 1, 2, 1 / 3],
  [1, 0.5, 1, 2, 2],
  [1, 0.5, 2, 2, 2, 1 / 3],
  [0.5, 1, 1, 1, 1, 0.5],
  [0.5, 1, 1, 2, 1],
  [0.5, 1, 2, 2, 1, 0.5],
  [0.5, 1, 1, 1, 2, 0.25],
  [0.5, 1, 1, 2, 2, 0.5],
  [0.5, 1, 2, 2, 2, 0.25],
];

/** The cases of requests whose seats stay taken after the reply. */
export const separationCases: readonly UpstreamCase[] = separations.map(
  ([think, pad, finalSeats, limit, clients, share]): UpstreamCase => ({
    name: `Separations: think ${think} s, pad ${pad} s on ${finalSeats}, limit ${limit}, clients ${clients}`,
    shows: 'seats held after the reply count against the limit and not as execution',
    run: {
      limit,
      queuing: { queues: 9, queueLengthLimit: 8, handSize: 3 },
      clients: [1_001_001_001, 2_002_002_002]
        .slice(0, clients)
        .map((hash) => ({ ...client(hash, 1, 25, think * second), finalSeats, pad: pad * second })),
      evaluation: 24 * second,
    },
    // The original asks for equality, and gets it because it adds up seconds as floating-point numbers; the staggered
    // starts cost 20 ns of 24 s.
    margins: [fair(1e-8)],
    ...(share === undefined ? {} : { expected: Array.from({ length: clients }, () => share) }),
  }),
);

function windup(name: string, shows: string, secondHalf: UpstreamCase['margins'][number]): UpstreamCase {
  return {
    name,
    shows,
    run: {
      limit: 3,
      queuing: { queues: 9, queueLengthLimit: 6, handSize: 1 },
      clients: [client(1_001_001_001, 2, 40, -1), { ...client(2_002_002_002, 2, 40, -1), isSplit: true }],
      evaluation: 40 * second,
    },
    margins: [fair(0.01), secondHalf],
  };
}

function client(hash: number, threads: number, calls: number, think: number): ClosedLoopClient {
  return { hash, threads, calls, execution: second, think };
}
