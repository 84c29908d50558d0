/**
 * Which revisions etcd still has. The API servers compact it at every turn of their compactor to the revision of the turn
 * before (kubernetes/apiserver, etcd3/compact.go), so a revision lives for one to two intervals, 5 to 10 minutes by default.
 * Reading an older one fails: "mvcc: required revision has been compacted".
 */
export class CompactionMarks {
  /** Revision of the previous turn, -1 before the first. */
  #mark = -1;
  #compacted = 0;

  /** The compactor has its turn, and the store is at `revision`. */
  turn(revision: number): void {
    if (this.#mark >= 0) this.compactTo(this.#mark);
    this.#mark = revision;
  }

  /** Everything older than `revision` is gone; what was gone before stays so. */
  compactTo(revision: number): void {
    this.#compacted = Math.max(this.#compacted, revision);
  }

  /** Whether the store can no longer be read as it was at `revision`. */
  isCompacted(revision: number): boolean {
    return revision < this.#compacted;
  }
}
