/**
 * Walks through data from outside, one known key at a time, and says where it was when something is not as expected. What is not
 * asked for is never looked at, so a reader keeps nothing that it does not name.
 */
import { childOf, joinPath } from '../scenario/data-path.ts';
import { DocumentError } from '../scenario/document-error.ts';
import { show } from '../scenario/wording.ts';

/** Longest name, label or flag that is read; Kubernetes allows 253 characters in names. */
const longestName = 1_000;

/** Larger numbers stand for nothing that a cluster has. */
const largestNumber = 1e15;

/** One value of a file and its place. */
export class Cursor {
  readonly origin: string;
  readonly path: string;
  readonly value: unknown;

  constructor(origin: string, value: unknown, path = '') {
    this.origin = origin;
    this.value = value;
    this.path = path;
  }

  /** The value below a key; own keys only. */
  key(name: string): Cursor {
    return new Cursor(this.origin, childOf(this.value, name), joinPath(this.path, name));
  }

  /** Whether nothing stands here. */
  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** The items of a list. */
  items(): readonly Cursor[] {
    if (!Array.isArray(this.value)) return this.refuse('a list');
    return this.value.map((item: unknown, index) => new Cursor(this.origin, item, joinPath(this.path, index)));
  }

  /** The items of a list that may be left out. */
  itemsIfAny(): readonly Cursor[] {
    return this.isAbsent ? [] : this.items();
  }

  /** The keys of an object, none where there is none. */
  keys(): readonly string[] {
    if (this.isAbsent) return [];
    if (typeof this.value !== 'object' || Array.isArray(this.value)) return this.refuse('an object');
    return Object.keys(this.value as object);
  }

  /** A short text. */
  name(): string {
    if (typeof this.value !== 'string' || this.value === '') return this.refuse('a name');
    if (this.value.length > longestName) return this.refuse(`a name of at most ${longestName} characters`);
    return this.value;
  }

  /** A short text that may be left out. */
  nameIfAny(): string | undefined {
    return this.isAbsent || this.value === '' ? undefined : this.name();
  }

  /** A number from 0 up to what a cluster could have. */
  amount(): number {
    const number = this.value;
    if (typeof number !== 'number' || !(number >= 0 && number <= largestNumber)) {
      return this.refuse(`a number from 0 to ${largestNumber}`);
    }
    return number;
  }

  /** Ends the reading. */
  refuse(expected: string): never {
    const message = `expected ${expected}, got ${describe(this.value)}`;
    throw new DocumentError(this.origin, [{ path: this.path, message }]);
  }
}

/** What came, without its contents where it may hold secrets: texts of files are quoted only when short. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return show(value);
}
