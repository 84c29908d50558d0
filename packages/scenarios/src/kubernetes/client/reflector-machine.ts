/**
 * What a reflector does next, as a pure function: the loop of client-go's `ListAndWatch` (tools/cache/reflector.go) as
 * states and outcomes. What each row costs, and how long its waits are, is not its business.
 *
 *   waitToList -> list -> watch -> streaming --ends--> watch          the usual year
 *       ^          |        |         |
 *       +--failed--+--------+--410----+
 *                         waitToWatch: refused or 429, no new LIST
 */

/** Where a reflector is. */
export const ReflectorState = {
  /** Not started, or stopped. */
  idle: 0,
  /** A LIST is on its way: version "0" the first time, then the last one seen; "" when that was not available. */
  listing: 1,
  /** Back-off before the loop starts over, with a LIST or a WatchList. */
  waitingToList: 2,
  /** A WATCH is on its way. */
  watching: 3,
  /** Back-off inside the watch loop. */
  waitingToWatch: 4,
  /** The stream is open. */
  streaming: 5,
  /** A WATCH that asks for the present state first (WatchList) is on its way, or sends that state. */
  streamingList: 6,
  /** Back-off before the next WatchList. */
  waitingToStreamList: 7,
} as const;

/** One of the values of `ReflectorState`. */
export type ReflectorState = (typeof ReflectorState)[keyof typeof ReflectorState];

/** How the present step ended. */
export const Outcome = {
  /** LIST answered, WATCH accepted, WatchList complete up to its bookmark. */
  ok: 0,
  /** 410, "expired": the version is too old for the server. */
  expired: 1,
  /** "Too large resource version": the server is behind it. */
  tooLarge: 2,
  /** Nobody listens. */
  refused: 3,
  /** 429, after the retries within the request. */
  tooManyRequests: 4,
  /** The connection broke, after the retries within the request. */
  broken: 5,
  /** Any other failure. */
  failed: 6,
  /** A stream ended without an error: by its timeout, by the server closing it, or by a broken connection. */
  ended: 7,
  /** The same, less than a second after it was opened and without one event. */
  endedAtOnce: 8,
  /** The back-off is over. */
  waited: 9,
} as const;

/** One of the values of `Outcome`. */
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** What a reflector remembers besides its version. */
export interface ReflectorMemory {
  /** It asks for the most recent state next, because its version was not available. */
  readonly isVersionUnavailable: boolean;
  /** The LIST under way is already the second of its turn. */
  readonly isSecondList: boolean;
  /** It starts with WatchList instead of LIST. */
  readonly usesWatchList: boolean;
}

/** What comes next. */
export interface ReflectorStep {
  readonly state: ReflectorState;
  /** New values; absent = as before. */
  readonly isVersionUnavailable?: boolean;
  readonly isSecondList?: boolean;
  /** The store holds the present state now. */
  readonly isSynced?: boolean;
}

const { listing, waitingToList, watching, waitingToWatch, streaming, streamingList, waitingToStreamList } =
  ReflectorState;

/** Whether a reflector does nothing until its back-off is over. */
export function isWaiting(state: ReflectorState): boolean {
  return state === waitingToList || state === waitingToWatch || state === waitingToStreamList;
}

/** The step after an outcome; undefined when the outcome cannot happen in that state. */
export function nextReflectorStep(
  state: ReflectorState,
  outcome: Outcome,
  memory: ReflectorMemory,
): ReflectorStep | undefined {
  switch (state) {
    case listing:
      return afterList(outcome, memory);
    case watching:
      return afterWatch(outcome);
    case streaming:
      return afterStream(outcome);
    case streamingList:
      return afterStreamedList(outcome);
    case waitingToList:
      return outcome === Outcome.waited ? turn(memory) : undefined;
    case waitingToWatch:
      return outcome === Outcome.waited ? { state: watching } : undefined;
    case waitingToStreamList:
      return outcome === Outcome.waited ? { state: streamingList } : undefined;
    default:
      return undefined;
  }
}

/** How a turn of `ListAndWatch` begins. */
export function turn({ usesWatchList }: Pick<ReflectorMemory, 'usesWatchList'>): ReflectorStep {
  return usesWatchList ? { state: streamingList } : { state: listing, isSecondList: false };
}

/** "Expired" and "too large" are worth one more LIST at once, for the most recent state; everything else waits. */
function afterList(outcome: Outcome, { isSecondList }: ReflectorMemory): ReflectorStep | undefined {
  switch (outcome) {
    case Outcome.ok:
      return { state: watching, isVersionUnavailable: false, isSynced: true };
    case Outcome.expired:
    case Outcome.tooLarge:
      return isSecondList
        ? { state: waitingToList, isVersionUnavailable: true }
        : { state: listing, isVersionUnavailable: true, isSecondList: true };
    case Outcome.refused:
    case Outcome.tooManyRequests:
    case Outcome.broken:
    case Outcome.failed:
      return { state: waitingToList };
    default:
      return undefined;
  }
}

/** A server that is away or busy is worth waiting for without a LIST; a broken start counts as a stream without events. */
function afterWatch(outcome: Outcome): ReflectorStep | undefined {
  switch (outcome) {
    case Outcome.ok:
      return { state: streaming };
    case Outcome.refused:
    case Outcome.tooManyRequests:
      return { state: waitingToWatch };
    case Outcome.expired:
    case Outcome.tooLarge:
    case Outcome.broken:
    case Outcome.failed:
      return { state: waitingToList };
    default:
      return undefined;
  }
}

function afterStream(outcome: Outcome): ReflectorStep | undefined {
  switch (outcome) {
    case Outcome.ended:
      return { state: watching };
    case Outcome.tooManyRequests:
      return { state: waitingToWatch };
    case Outcome.expired:
    case Outcome.endedAtOnce:
    case Outcome.failed:
      return { state: waitingToList };
    default:
      return undefined;
  }
}

/** Any error but refused, 429 and expired falls back to a plain LIST. */
function afterStreamedList(outcome: Outcome): ReflectorStep | undefined {
  switch (outcome) {
    case Outcome.ok:
      return { state: streaming, isVersionUnavailable: false, isSynced: true };
    case Outcome.refused:
    case Outcome.tooManyRequests:
      return { state: waitingToStreamList };
    case Outcome.expired:
    case Outcome.tooLarge:
      return { state: streamingList, isVersionUnavailable: true };
    case Outcome.ended:
      return { state: streamingList };
    case Outcome.broken:
    case Outcome.endedAtOnce:
    case Outcome.failed:
      return { state: listing, isSecondList: false };
    default:
      return undefined;
  }
}
