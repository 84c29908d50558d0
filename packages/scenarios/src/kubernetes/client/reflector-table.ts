/** The state of many reflectors in columns, one row a client. */
import { noEvent } from '@brownout/core';
import { type ReflectorMemory, ReflectorState, type ReflectorStep } from './reflector-machine.ts';

/** See above. */
export class ReflectorTable {
  readonly state: Uint8Array;
  /** Event handle of what the client waits for. */
  readonly pending: Float64Array;
  /** Version of its store; 0 before the first LIST. */
  readonly revision: Float64Array;
  readonly hasSynced: Uint8Array;
  /** Server that has served the present request, and the version it served. */
  readonly server: Int16Array;
  readonly servedRevision: Float64Array;
  /** Slot of the open stream at that server, and when it was opened. */
  readonly slot: Int32Array;
  readonly openedAt: Float64Array;
  /** When its last stream ended; `-Infinity` before that. */
  readonly #endedAt: Float64Array;
  readonly #isVersionUnavailable: Uint8Array;
  readonly #isSecondList: Uint8Array;
  #syncedCount = 0;

  constructor(clients: number) {
    this.state = new Uint8Array(clients);
    this.pending = new Float64Array(clients).fill(noEvent);
    this.revision = new Float64Array(clients);
    this.hasSynced = new Uint8Array(clients);
    this.server = new Int16Array(clients);
    this.servedRevision = new Float64Array(clients);
    this.slot = new Int32Array(clients).fill(-1);
    this.openedAt = new Float64Array(clients);
    this.#endedAt = new Float64Array(clients).fill(-Infinity);
    this.#isVersionUnavailable = new Uint8Array(clients);
    this.#isSecondList = new Uint8Array(clients);
  }

  /** Clients whose store has been filled. */
  get syncedCount(): number {
    return this.#syncedCount;
  }

  stateOf(client: number): ReflectorState {
    return this.state[client] as ReflectorState;
  }

  isVersionUnavailable(client: number): boolean {
    return this.#isVersionUnavailable[client] === 1;
  }

  /** What the state machine looks at. */
  memory(client: number, usesWatchList: boolean): ReflectorMemory {
    return {
      isVersionUnavailable: this.isVersionUnavailable(client),
      isSecondList: this.#isSecondList[client] === 1,
      usesWatchList,
    };
  }

  /** Keeps what a step says beside its state. */
  note(client: number, { isVersionUnavailable, isSecondList }: ReflectorStep): void {
    if (isVersionUnavailable !== undefined) this.#isVersionUnavailable[client] = isVersionUnavailable ? 1 : 0;
    if (isSecondList !== undefined) this.#isSecondList[client] = isSecondList ? 1 : 0;
  }

  markSynced(client: number, revision: number): void {
    this.revision[client] = revision;
    if (this.hasSynced[client] === 0) this.#syncedCount++;
    this.hasSynced[client] = 1;
  }

  /** The present request is served by that server, from that version. */
  served(client: number, server: number, revision: number): void {
    this.server[client] = server;
    this.servedRevision[client] = revision;
  }

  opened(client: number, slot: number, now: number): void {
    this.state[client] = ReflectorState.streaming;
    this.slot[client] = slot;
    this.openedAt[client] = now;
  }

  /** Its stream is gone; it may have brought a later version than the store was known to have. */
  ended(client: number, now: number, revision = 0): void {
    this.revision[client] = Math.max(this.revision[client]!, revision);
    this.slot[client] = -1;
    this.#endedAt[client] = now;
  }

  /** When it had a stream last: now while one is open. */
  lastStreamAt(client: number, now: number): number {
    return this.state[client] === ReflectorState.streaming ? now : this.#endedAt[client]!;
  }

  /** The client's process is gone with its store. */
  reset(client: number): void {
    this.#endedAt[client] = -Infinity;
    if (this.hasSynced[client] === 1) this.#syncedCount--;
    this.hasSynced[client] = 0;
    this.revision[client] = 0;
    this.slot[client] = -1;
    this.#isVersionUnavailable[client] = 0;
    this.#isSecondList[client] = 0;
    this.state[client] = ReflectorState.idle;
  }
}
