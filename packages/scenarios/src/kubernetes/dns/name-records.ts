/**
 * The names of a cluster as the API holds them, and how each has changed: what an informer knows is the history up to a
 * revision, so a copy is one number and a stale copy an older number.
 */

/** A name that does not exist, as a value. */
export const ABSENT = -1;

/** Names with the history of their values; every change is a new revision. */
export class NameRecords {
  /** Revisions at which a name changed, and its value from then on; revision 0 is the start of the run. */
  readonly #revisions: number[][];
  readonly #values: number[][];
  readonly #isHeadless: Uint8Array;
  /** Values that the API does not know yet. */
  readonly #moved = new Map<number, number>();
  #revision = 0;

  /** `count` names with value 0, of which the last `headless` belong to Services without a virtual address. */
  constructor(count: number, headless = 0) {
    if (!(Number.isInteger(count) && count >= 0)) {
      throw new RangeError(`name records: count must be a whole number >= 0, got ${count}`);
    }
    if (!(Number.isInteger(headless) && headless >= 0 && headless <= count)) {
      throw new RangeError(`name records: headless must be a whole number from 0 to ${count}, got ${headless}`);
    }
    this.#revisions = Array.from({ length: count }, () => [0]);
    this.#values = Array.from({ length: count }, () => [0]);
    this.#isHeadless = new Uint8Array(count).fill(1, count - headless);
  }

  /** Names that were ever there. */
  get count(): number {
    return this.#values.length;
  }

  /** Names of headless Services, whose answers come from EndpointSlices. */
  get headlessCount(): number {
    return this.#isHeadless.reduce((sum, each) => sum + each, 0);
  }

  /** The revision of the last change. */
  get revision(): number {
    return this.#revision;
  }

  isHeadless(name: number): boolean {
    return this.#isHeadless[name] === 1;
  }

  /** Share of the names that somebody finds who knows Services, or also their EndpointSlices. */
  foundShare(knowsServices: boolean, knowsSlices: boolean): number {
    if (this.count === 0) return knowsServices ? 1 : 0;
    const { headlessCount } = this;
    const withAddress = knowsServices ? this.count - headlessCount : 0;
    return (withAddress + (knowsSlices ? headlessCount : 0)) / this.count;
  }

  /** Whether the value as of a revision is where the name really is now. */
  isCurrent(name: number, revision: number): boolean {
    const moved = this.#moved.get(name);
    return this.valueAt(name, revision) === (moved ?? this.#values[name]!.at(-1));
  }

  /** The name's address changes, and the API does not know yet; `change` tells it. */
  move(name: number, value: number): void {
    this.#moved.set(name, value);
  }

  /** Something changes in the API: an address, or with `ABSENT` the name is deleted. */
  change(name: number, value: number): void {
    if (this.#moved.get(name) === value) this.#moved.delete(name);
    this.#revision++;
    this.#revisions[name]!.push(this.#revision);
    this.#values[name]!.push(value);
  }

  /** The value of a name as of a revision. */
  valueAt(name: number, revision: number): number {
    const revisions = this.#revisions[name];
    if (revisions === undefined) return ABSENT;
    let place = revisions.length - 1;
    while (place > 0 && revisions[place]! > revision) place--;
    return this.#values[name]![place]!;
  }

  /** Names whose value at `revision` is not the present one. */
  staleCount(revision: number): number {
    if (revision === this.#revision) return 0;
    let count = 0;
    for (let name = 0; name < this.count; name++) {
      if (this.valueAt(name, revision) !== this.#values[name]!.at(-1)) count++;
    }
    return count;
  }
}
