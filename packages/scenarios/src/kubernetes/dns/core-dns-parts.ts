/** What a CoreDNS process works with, and whom it tells. */
import type { EventType } from '@brownout/core';
import type { InformerSet } from './informer-set.ts';
import type { NameRecords } from './name-records.ts';

/** Why a process ended. `evicted`: its pod was deleted, or its machine is gone. */
export type CoreDnsEnd = 'memory' | 'liveness' | 'restart' | 'evicted';

/** Told what happens to a process. */
export interface CoreDnsProcessObserver {
  /** It is gone and will be started again. */
  ended(process: number, why: CoreDnsEnd): void;
  /** It answers queries from now on; its informers may still be empty. */
  serving(process: number): void;
  /** All its informers have synced: /ready says so from now on, until it ends. */
  ready(process: number): void;
  /** A query it took is answered: a record's value or one of `Answer`. */
  answered(query: number, answer: number): void;
}

/** Timers of all processes; the argument is the process. */
export interface CoreDnsTimers {
  readonly start: EventType;
  readonly look: EventType;
  readonly probe: EventType;
  readonly probeLate: EventType;
}

/** What a process works with. */
export interface CoreDnsProcessParts {
  readonly records: NameRecords;
  readonly informers: InformerSet;
  readonly timers: CoreDnsTimers;
  readonly observer: CoreDnsProcessObserver;
}
