/** The client's end of watch streams: whom a watch cache tells what came over them, and how they ended. */

/** Clients that watch, such as the reflectors of all kubelets for one type; each is known by its subject. */
export interface WatchSource {
  /** The version that the subject's LIST or WATCH asks for; 0 = any. */
  askedRevision(subject: number): number;
  /**
   * Its LIST or WATCH is served by that server, from the state at `revision`; told before the answer comes. A LIST that etcd
   * serves has no more objects than its limit.
   */
  served(subject: number, server: number, revision: number, isFromEtcd: boolean): void;
  /**
   * Whether it wants to hear of events that go to every watcher one watcher at a time. Thousands of alike watchers that
   * do nothing but count are told once for all of them.
   */
  readonly hearsEach: boolean;
  /** Events have reached one watcher; it has seen everything up to `revision`. */
  received(subject: number, revision: number, events: number): void;
  /** Events have reached all watchers of this source that have no selector and are connected to that server. */
  receivedByAll(server: number, revision: number, events: number): void;
  /** The stream is over. The subject has seen everything up to `revision`, by events and bookmarks. */
  ended(subject: number, revision: number, hasReceived: boolean): void;
}

/** A stream to be opened. */
export interface WatchRequest {
  readonly source: number;
  readonly subject: number;
  /** It wants the events after this version. */
  readonly revision: number;
  /** Value of the type's index it selects, such as its node; -1 = events about every object. */
  readonly index: number;
  /** 0 = JSON, 1 = protobuf: watchers with the same encoding share the encoded object. */
  readonly encoding: number;
  /** `timeoutSeconds`, in microseconds: the server ends the stream then. */
  readonly timeout: number;
  /** How long it has been open already, in microseconds, where a run begins in the middle; default 0. */
  readonly age?: number;
  /** Events per second that the client takes at most; Infinity = it is never the client that is slow. */
  readonly eventsPerSecond: number;
}

/** Counts of what happened to watches. */
export interface WatchCounts {
  /** Events taken in, and those of them that went on to the watchers, if any. */
  received: number;
  dispatched: number;
  opened: number;
  /** Refused because their version was older than the ring: 410. */
  tooOld: number;
  /** Ended by their own timeout. */
  timedOut: number;
  /** Closed because they did not keep up. */
  evicted: number;
  /** Broken by the death of the server. */
  broken: number;
  /** Times that the cache was filled, that of before the run included. */
  initializations: number;
}

/** Nothing has happened. */
export function noWatchCounts(): WatchCounts {
  return { received: 0, dispatched: 0, opened: 0, tooOld: 0, timedOut: 0, evicted: 0, broken: 0, initializations: 0 };
}
