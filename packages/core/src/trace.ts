/**
 * What happened and why: append-only records, each naming the record that caused it. Every record is folded into a
 * running digest; whether it is also kept is the caller's choice, so a full-size run costs a few nanoseconds a record and
 * the same run again, with records kept, explains itself. Counters, series and checks listen to records instead of being
 * woven into the models.
 */
import { Digest, wordOfName } from './digest.ts';
import type { Instant } from './time.ts';
import { TraceStore, type StoredRecord } from './trace-store.ts';

declare const kindBrand: unique symbol;
declare const recordBrand: unique symbol;

/** Number of a kind of record, from `Trace.kind`. */
export type TraceKind = number & { readonly [kindBrand]: 'kind' };

/** Number of a record, counted from 0 over the whole run whether or not records are kept. */
export type RecordId = number & { readonly [recordBrand]: 'record' };

/** The cause of what nobody caused: a trigger, an arrival from outside. */
export const noRecord: RecordId = -1 as RecordId;

/** Anything that knows the present instant; a `Simulation` is one. */
export interface Clock {
  readonly now: Instant;
}

/** Which records are kept: none, all, those of some kinds, or the most recent ones. */
export type TraceKeep = 'none' | 'all' | { readonly kinds: Iterable<string> } | { readonly last: number };

/** How much a trace remembers. */
export interface TraceOptions {
  /** Default `none`. */
  readonly keep?: TraceKeep;
  /** Records kept at most with `all` or `kinds`; later ones are only counted in `leftOut`. Default 1,000,000 (44 MB). */
  readonly keepLimit?: number;
}

/** A kept record, for people and for reports. */
export interface TraceRecord {
  readonly id: RecordId;
  readonly time: Instant;
  /** Name of the kind. */
  readonly kind: string;
  /** What it is about: a node, a request, a server. */
  readonly subject: number;
  /** What the kind says it is: a size, a duration, a level. */
  readonly value: number;
  readonly causedBy: RecordId;
}

/** Called for each record of one kind, at the instant it is made. */
export type TraceObserver = (subject: number, value: number, id: RecordId) => void;

/** The records of one run. */
export class Trace {
  readonly #clock: Clock;
  readonly #digest: Digest = new Digest();
  readonly #store: TraceStore;
  readonly #keptKinds: ReadonlySet<string> | 'none' | 'all';
  readonly #names: string[] = [];
  readonly #kinds: Map<string, TraceKind> = new Map();
  readonly #observers: (TraceObserver | undefined)[] = [];
  /** Per kind, the word folded for it: of its name, so that the order of registration does not matter. */
  #words: Int32Array = new Int32Array(64);
  /** Per kind, 1 when its records are kept. */
  #isKept: Uint8Array = new Uint8Array(64);
  #count = 0;

  constructor(clock: Clock, options: TraceOptions = {}) {
    const { keep = 'none', keepLimit = 1_000_000 } = options;
    const isRing = typeof keep === 'object' && 'last' in keep;
    const limit = isRing ? keep.last : keepLimit;
    if (!(Number.isSafeInteger(limit) && limit >= 1)) {
      throw new RangeError(`trace: ${isRing ? 'keep.last' : 'keepLimit'} must be a whole number >= 1, got ${limit}`);
    }
    this.#clock = clock;
    this.#store = new TraceStore(limit, isRing);
    this.#keptKinds = typeof keep === 'string' ? keep : 'last' in keep ? 'all' : new Set(keep.kinds);
  }

  /** How many records were made. */
  get count(): number {
    return this.#count;
  }

  /** How many records should have been kept and are not, because of a limit. */
  get leftOut(): number {
    return this.#store.leftOut;
  }

  /** The number of a kind of record; the same name gives the same number. */
  kind(name: string): TraceKind {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    if (name === '') throw new RangeError('trace: a kind needs a name, got an empty string');
    const kind = this.#names.length as TraceKind;
    this.#names.push(name);
    this.#kinds.set(name, kind);
    this.#observers.push(undefined);
    if (kind >= this.#words.length) this.#growKinds();
    this.#words[kind] = wordOfName(name);
    this.#isKept[kind] = isKept(this.#keptKinds, name) ? 1 : 0;
    return kind;
  }

  /**
   * Makes a record at the present instant. `subject` is a 32-bit integer; `causedBy` is an earlier record or `noRecord`.
   * Returns the record's number, to be handed on as the cause of what follows from it.
   */
  record(kind: TraceKind, subject: number, value: number, causedBy: RecordId): RecordId {
    const id = this.#count;
    if (!(kind >= 0 && kind < this.#names.length && causedBy >= -1 && causedBy < id)) this.#refuse(kind, causedBy);
    this.#count = id + 1;
    const time = this.#clock.now;
    this.#digest.add(time, this.#words[kind]!, subject, value, causedBy);
    if (this.#isKept[kind] === 1) this.#store.add(id, time, kind, subject, value, causedBy);
    const observer = this.#observers[kind];
    if (observer !== undefined) observer(subject, value, id as RecordId);
    return id as RecordId;
  }

  /** Calls `observer` for every later record of that kind, after those that were registered before. */
  observe(kind: TraceKind, observer: TraceObserver): void {
    const before = this.#observers[kind];
    this.#observers[kind] =
      before === undefined
        ? observer
        : (subject, value, id) => {
            before(subject, value, id);
            observer(subject, value, id);
          };
  }

  /** The kept record with that number. */
  get(id: RecordId): TraceRecord | undefined {
    const stored = this.#store.find(id);
    return stored === undefined ? undefined : this.#readable(stored);
  }

  /** All kept records, oldest first. */
  *records(): Generator<TraceRecord, void, undefined> {
    for (let position = 0; position < this.#store.size; position++) yield this.#readable(this.#store.at(position));
  }

  /** The record, what caused it, what caused that, and so on: to the trigger, or as far as records were kept. */
  causes(id: RecordId): TraceRecord[] {
    const chain: TraceRecord[] = [];
    let record = this.get(id);
    while (record !== undefined) {
      chain.push(record);
      record = this.get(record.causedBy);
    }
    return chain;
  }

  /** 16 hexadecimal digits for all records so far: equal for equal runs, different for any difference in any field. */
  digest(): string {
    return this.#digest.toString();
  }

  /**
   * The digest as it would be after more records of one kind at the present instant, without a cause. They are not made:
   * the run can go on, and be asked again later.
   */
  digestAfter(kind: TraceKind, rows: Iterable<readonly [subject: number, value: number]>): string {
    const digest = this.#digest.copy();
    for (const [subject, value] of rows) digest.add(this.#clock.now, this.#words[kind]!, subject, value, noRecord);
    return digest.toString();
  }

  #readable(stored: StoredRecord): TraceRecord {
    return {
      ...stored,
      id: stored.id as RecordId,
      kind: this.#names[stored.kind]!,
      causedBy: stored.causedBy as RecordId,
    };
  }

  #growKinds(): void {
    const words = new Int32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
    const kept = new Uint8Array(2 * this.#isKept.length);
    kept.set(this.#isKept);
    this.#isKept = kept;
  }

  #refuse(kind: number, causedBy: number): never {
    if (!(kind >= 0 && kind < this.#names.length)) {
      throw new RangeError(`trace: expected a kind made by kind() (there are ${this.#names.length}), got ${kind}`);
    }
    throw new RangeError(
      `trace: "${this.#names[kind]}" expects an earlier record (0 to ${this.#count - 1}) or noRecord as its cause, got ${causedBy}`,
    );
  }
}

function isKept(kinds: ReadonlySet<string> | 'none' | 'all', name: string): boolean {
  return typeof kinds === 'string' ? kinds === 'all' : kinds.has(name);
}
