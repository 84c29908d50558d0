/**
 * The database file of each member. Every write adds a version; superseded versions stay until compaction takes them,
 * compaction leaves free pages in the file, and only defragmentation makes the file smaller. The quota looks at the file.
 *
 * What the quota refuses (server/storage/quota.go, server/etcdserver/apply/capped.go, api/v3rpc/quota.go): a put, or a
 * transaction with a put in either branch, when file size + 256 + key + value reaches the quota; the member then raises
 * the NOSPACE alarm, and from then on every member refuses such writes when it applies them, until the alarm is disarmed
 * by hand. Reads, deletes and compaction pass. For the API server that means: creates, updates, graceful deletes and the
 * removal of finalizers are refused; a delete that needs no update is a transaction with a delete only, and passes. Its
 * own compaction begins with a put of `compact_rev_key` (kubernetes/apiserver, etcd3/compact.go) and fails with that.
 */
import type { OperationTable, WriteEffect } from '../requests/operation.ts';
import { CompactionMarks } from './compaction-marks.ts';
import type { StorageOptions } from './options.ts';

const DEFAULT_QUOTA = 2 * 1024 * 1024 * 1024;
/** What etcd's estimate charges a put for metadata besides key and value. */
const QUOTA_OVERHEAD = 256;
const TOMBSTONE_BYTES = 64;

const CREATE = 0;
const UPDATE = 1;
const GRACEFUL_DELETE = 2;
const DELETE = 3;
const effectNumbers: Readonly<Record<WriteEffect, number>> = {
  create: CREATE,
  update: UPDATE,
  'graceful-delete': GRACEFUL_DELETE,
  delete: DELETE,
};

/** Database of one cluster: the same content everywhere, a file per member. */
export class Storage {
  readonly quotaBytes: number;
  /** Size of each member's file, in bytes. */
  readonly fileBytes: Float64Array;
  /** Whether the NOSPACE alarm is on. */
  isAlarmed = false;
  compactions = 0;
  failedCompactions = 0;
  readonly #options: StorageOptions;
  readonly #operations: OperationTable;
  readonly #effects: Uint8Array;
  /** No member's file is smaller. */
  #leastFile: number;
  #liveBytes: number;
  #historyBytes: number;
  /** History there was at the compactor's previous turn: what the next compaction takes. */
  #compactable = 0;
  #hasMark = false;
  readonly #marks = new CompactionMarks();

  constructor(members: number, options: StorageOptions, operations: OperationTable) {
    this.#options = options;
    this.quotaBytes = options.quotaBytes < 0 ? Infinity : options.quotaBytes || DEFAULT_QUOTA;
    this.#operations = operations;
    this.#leastFile = options.liveBytes + options.historyBytes;
    this.#liveBytes = options.liveBytes;
    this.#historyBytes = options.historyBytes;
    this.fileBytes = new Float64Array(members).fill(options.liveBytes + options.historyBytes);
    this.#effects = Uint8Array.from(
      { length: operations.count },
      (_, number) => effectNumbers[operations.definition(number).effect ?? 'update'],
    );
  }

  /** Bytes of versions in the file, live and superseded; the rest of the file is free pages. */
  get usedBytes(): number {
    return this.#liveBytes + this.#historyBytes;
  }

  /** Bytes of the newest version of every key. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  /** Whether a write has a put in it, which is what the quota counts. */
  isPut(operation: number): boolean {
    return this.#effects[operation] !== DELETE;
  }

  /** Whether a put of `operation`'s object would reach the quota at this member. */
  isFullFor(member: number, operation: number): boolean {
    const cost = QUOTA_OVERHEAD + this.#operations.storedBytes[operation]!;
    return this.isPut(operation) && this.fileBytes[member]! + cost >= this.quotaBytes;
  }

  /** A committed write changes the database. The caller has looked at the alarm. */
  apply(operation: number): void {
    const bytes = this.#operations.storedBytes[operation]! + this.#options.overheadBytes;
    switch (this.#effects[operation]) {
      case CREATE:
        this.#liveBytes += bytes;
        break;
      case UPDATE:
        this.#historyBytes += Math.min(bytes, this.#liveBytes);
        this.#liveBytes = Math.max(this.#liveBytes, bytes);
        break;
      case GRACEFUL_DELETE:
        this.#supersede(bytes);
        this.#historyBytes += bytes + TOMBSTONE_BYTES;
        break;
      default:
        this.#supersede(bytes);
        this.#historyBytes += TOMBSTONE_BYTES;
    }
    this.#grow();
  }

  /** Whether the database can no longer be read as it was at `revision`. */
  isCompacted(revision: number): boolean {
    return this.#marks.isCompacted(revision);
  }

  /** The API servers' compactor has its turn: a put, of `revision`, then the history that was there at its previous turn goes. */
  compact(revision: number): boolean {
    if (this.isAlarmed) {
      this.failedCompactions++;
      return false;
    }
    this.#historyBytes += this.#options.overheadBytes;
    this.#grow();
    if (this.#hasMark) {
      this.#historyBytes -= this.#compactable;
      this.compactions++;
    }
    this.#hasMark = true;
    this.#compactable = this.#historyBytes;
    this.#marks.turn(revision);
    return true;
  }

  /** Somebody compacts to the newest `revision` by hand, without the API servers' put: all history goes. */
  compactAll(revision: number): void {
    this.#historyBytes = 0;
    this.#compactable = 0;
    this.#marks.compactTo(revision);
    this.compactions++;
  }

  /** Copies a member's content into a new file; returns how long that blocks the member, in microseconds. */
  defragment(member: number): number {
    this.fileBytes[member] = this.usedBytes;
    this.#leastFile = Math.min(this.#leastFile, this.usedBytes);
    return Math.ceil((this.usedBytes / this.#options.defragBytesPerSecond) * 1_000_000);
  }

  #supersede(bytes: number): void {
    const superseded = Math.min(bytes, this.#liveBytes);
    this.#liveBytes -= superseded;
    this.#historyBytes += superseded;
  }

  /** New versions take free pages first. */
  #grow(): void {
    const used = this.usedBytes;
    if (used <= this.#leastFile) return;
    this.#leastFile = used;
    for (let member = 0; member < this.fileBytes.length; member++) {
      if (this.fileBytes[member]! < used) this.fileBytes[member] = used;
    }
  }
}
