/** What a group of reflectors is told, and whom it tells. */
import type { Duration } from '@brownout/core';
import type { RequestDescription } from '../flow-control/flow-schema.ts';
import type { ClientGroup } from './client-group.ts';
import type { PaceOptions } from './paced-client.ts';

/** Names of the operations that a reflector sends. */
export interface ReflectorOperations {
  /** LIST with version "0" and a limit of 500, which the cache ignores. */
  readonly listAny: string;
  /** LIST with the last version seen, without a limit so that the cache serves it. */
  readonly listSeen: string;
  /** LIST without a version: the most recent state. */
  readonly listNewest: string;
  /** Of a LIST that etcd serves in pages; absent = etcd serves all of it at once. */
  readonly pages?: PageOperations;
  /** WATCH from the last version seen. */
  readonly watch: string;
  /** WATCH that sends the present state first; absent = the client does not use WatchList. */
  readonly watchList?: string;
}

/** Names of the operations by which a LIST goes on after its first page. */
export interface PageOperations {
  readonly further: string;
  /** A further page whose version etcd has compacted away. */
  readonly expired: string;
  /** What follows on that: everything, without a limit, with version "0" or without one, as the LIST began. */
  readonly wholeAny: string;
  readonly wholeNewest: string;
}

/** The connections of clients that have several reflectors. */
export interface SharedConnections {
  /** Reflectors of the same clients that were made before; absent = these are the first. */
  readonly beside?: ClientGroup | undefined;
  /** When any of the client's streams was open last, which keeps its connection from idling out: see `ClientGroupOptions`. */
  readonly lastStreamAt: (client: number) => number;
}

/** A group of reflectors. */
export interface ReflectorsOptions {
  readonly name: string;
  readonly clients: number;
  /** What flow control sees of a client's requests, but for the verb. */
  readonly describe: (client: number) => Omit<RequestDescription, 'verb'>;
  readonly isInside?: boolean;
  /** Connections that others of the same clients use as well; absent = a connection of its own for each client. */
  readonly connections?: SharedConnections;
  readonly countsForAvailability?: boolean;
  /** Upstream plural name of the type it watches. */
  readonly resource: string;
  readonly operations: ReflectorOperations;
  /** Value of the type's index that a client selects, such as its node; absent = it hears of every object. */
  readonly index?: (client: number) => number;
  /** Default protobuf for built-in types, as all components of Kubernetes ask for. */
  readonly encoding?: 'json' | 'protobuf';
  /** Client-side limit of LISTs, and of repeated WATCHes; first WATCHes pass. Absent = none. */
  readonly pace?: PaceOptions;
  /** A LIST ends after this long: the server's request timeout. Default 60 s. */
  readonly listTimeout?: Duration;
  /** Whether `onChange` is called for each client even where all hear the same; default for up to 16 clients. */
  readonly hearsEach?: boolean;
  /** Events per second that a client takes at most; absent = it never is the slow side. */
  readonly eventsPerSecond?: (client: number) => number;
}

/** Told what the stores of the clients contain. */
export interface ReflectorsObserver {
  /** The store has been filled by a LIST, or again by one. */
  onSynced(client: number): void;
  /**
   * Events have come over the stream; the store is at `revision`. Not called for each of many that hear the same, nor for
   * clients with a limited rate.
   */
  onChange?(client: number, events: number, revision: number): void;
  /** The stream is open: the store follows. */
  onStreaming?(client: number): void;
  /** The stream is gone: from now on the store shows the past. */
  onLost?(client: number): void;
}

/** What became of LISTs and watches so far. */
export interface ReflectorCounts {
  /** LISTs and WatchLists begun, first and second of a turn. */
  lists: number;
  /** LISTs that asked for the most recent state. */
  listsNewest: number;
  watches: number;
  /** Streams ended: by timeout, eviction or a broken connection. */
  ended: number;
  /** Versions found too old: 410. */
  expired: number;
}
