/**
 * What each member's log holds, as far as raft compares logs: the place and the term of its last entry. Entries before
 * the last common one are the same everywhere (raft's log matching), so two numbers stand for a log.
 */

/** The logs of one cluster, in columns by member. */
export class Logs {
  /** Place of the last entry a member has received, and the term it was proposed in. */
  readonly entry: Float64Array;
  readonly term: Float64Array;
  /** Terms that wrote entries, with the place of the first: ascending, a short list. */
  readonly #terms: { readonly term: number; readonly first: number }[] = [];

  constructor(members: number) {
    this.entry = new Float64Array(members);
    this.term = new Float64Array(members);
  }

  /** A leader begins to write at place `first`; what earlier terms had there is gone. */
  begin(term: number, first: number): void {
    while (this.#terms.length > 0 && this.#terms.at(-1)!.first >= first) this.#terms.pop();
    this.#terms.push({ term, first });
  }

  /** A member has received everything up to the leader's entry. */
  receive(member: number, entry: number, term: number): void {
    this.entry[member] = entry;
    this.term[member] = term;
  }

  /** A member turns out to have no more than `entry`: the rest was not durable, or never arrived. */
  cutTo(member: number, entry: number): void {
    if (entry >= this.entry[member]!) return;
    this.entry[member] = entry;
    this.term[member] = Math.min(this.term[member]!, this.#termOf(entry));
  }

  /** Whether `voter` may vote for `candidate`: its own log is not newer. */
  isUpToDate(candidate: number, voter: number): boolean {
    const newer = this.term[candidate]! - this.term[voter]!;
    return newer > 0 || (newer === 0 && this.entry[candidate]! >= this.entry[voter]!);
  }

  #termOf(entry: number): number {
    for (let i = this.#terms.length - 1; i >= 0; i--) if (this.#terms[i]!.first <= entry) return this.#terms[i]!.term;
    return 0;
  }
}
