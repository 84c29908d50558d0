/**
 * Priority levels as data, and the seats each one gets from a server's concurrency. Field names are those of the
 * PriorityLevelConfiguration object; values and formulas are those of kubernetes/apiserver, tag kubernetes-1.36.3,
 * pkg/apis/flowcontrol/bootstrap/default.go and pkg/util/flowcontrol/apf_controller.go.
 */

/** How many queues a level has, how many of them one flow may use, and how many requests wait in each. */
export interface Queuing {
  readonly queues: number;
  readonly handSize: number;
  /** Requests that may wait in one queue while no seat is free. */
  readonly queueLengthLimit: number;
}

/** What happens to a request that finds no seat: it waits in a queue, or it is rejected at once. */
export type LimitResponse = { readonly type: 'Queue'; readonly queuing: Queuing } | { readonly type: 'Reject' };

/** A level whose requests share a limited number of seats. */
export interface LimitedPriorityLevel {
  readonly name: string;
  readonly type: 'Limited';
  readonly nominalConcurrencyShares: number;
  /** Share of the nominal seats that other levels may use while they are idle here, 0..100. */
  readonly lendablePercent: number;
  /** Seats this level may borrow, in percent of its nominal seats; left out = as many as the server has. */
  readonly borrowingLimitPercent?: number;
  readonly limitResponse: LimitResponse;
}

/** A level whose requests never wait and are never rejected. Its seats are counted, not limited. */
export interface ExemptPriorityLevel {
  readonly name: string;
  readonly type: 'Exempt';
  readonly nominalConcurrencyShares: number;
  readonly lendablePercent: number;
}

/** One PriorityLevelConfiguration. */
export type PriorityLevel = LimitedPriorityLevel | ExemptPriorityLevel;

/** The seats of one level at one server, before any borrowing. */
export interface LevelSeats {
  /** ceil(server seats x shares / all shares). */
  readonly nominal: number;
  /** What is left when everything lendable is lent. */
  readonly min: number;
  /** What the level may hold when it borrows all it is allowed to. */
  readonly max: number;
  /** The limit a level is born with; the first borrowing step, in the same instant, replaces it. */
  readonly initial: number;
  /** The widest estimate a request of this level gets before the estimator's own cap; Infinity = only that cap. */
  readonly requestSeatLimit: number;
}

const exempt: PriorityLevel = { name: 'exempt', type: 'Exempt', nominalConcurrencyShares: 0, lendablePercent: 0 };

const catchAll: PriorityLevel = {
  name: 'catch-all',
  type: 'Limited',
  nominalConcurrencyShares: 5,
  lendablePercent: 0,
  limitResponse: { type: 'Reject' },
};

/** The two levels every API server has, whatever the cluster's configuration says. */
export const mandatoryPriorityLevels: readonly PriorityLevel[] = [exempt, catchAll];

/** The levels of a cluster nobody has configured: two mandatory ones and the six suggested ones. */
export const defaultPriorityLevels: readonly PriorityLevel[] = [
  exempt,
  queued('node-high', 40, 25, 64, 6),
  queued('system', 30, 33, 64, 6),
  queued('leader-election', 10, 0, 16, 4),
  queued('workload-high', 40, 50, 128, 6),
  queued('workload-low', 100, 90, 128, 6),
  queued('global-default', 20, 50, 128, 6),
  catchAll,
];

/** Share of a level's nominal seats that one request may take at most. Source: apf_controller.go. */
const requestShareOfLevel = 0.15;

/**
 * Divides `serverSeats` among `levels`; the result has the same order. Rounding up lets the sum exceed `serverSeats`. How wide
 * one request may be follows from `requestScale` times the seats; default 1.
 */
export function seatsOfLevels(
  levels: readonly PriorityLevel[],
  serverSeats: number,
  requestScale = 1,
): readonly LevelSeats[] {
  const shares = levels.reduce((sum, level) => sum + level.nominalConcurrencyShares, 0);
  return levels.map((level) => seatsOfLevel(level, serverSeats, shares, requestScale));
}

function seatsOfLevel(level: PriorityLevel, serverSeats: number, shares: number, requestScale: number): LevelSeats {
  const nominal = shares === 0 ? 0 : Math.ceil((serverSeats * level.nominalConcurrencyShares) / shares);
  const lendable = Math.round((nominal * level.lendablePercent) / 100);
  return {
    nominal,
    min: nominal - lendable,
    max: nominal + borrowable(level, nominal, serverSeats),
    initial: nominal - Math.floor(lendable / 2),
    requestSeatLimit: requestSeatLimit(level, Math.round(nominal * requestScale)),
  };
}

function borrowable(level: PriorityLevel, nominal: number, serverSeats: number): number {
  if (level.type === 'Exempt' || level.borrowingLimitPercent === undefined) return serverSeats;
  return Math.round((nominal * level.borrowingLimitPercent) / 100);
}

function requestSeatLimit(level: PriorityLevel, nominal: number): number {
  if (level.type === 'Exempt' || level.limitResponse.type === 'Reject') return Infinity;
  const byHand = Math.floor(nominal / level.limitResponse.queuing.handSize);
  return Math.max(1, Math.min(Math.ceil(requestShareOfLevel * nominal), byHand));
}

function queued(
  name: string,
  nominalConcurrencyShares: number,
  lendablePercent: number,
  queues: number,
  handSize: number,
): PriorityLevel {
  const queuing: Queuing = { queues, handSize, queueLengthLimit: 50 };
  return {
    name,
    type: 'Limited',
    nominalConcurrencyShares,
    lendablePercent,
    limitResponse: { type: 'Queue', queuing },
  };
}
