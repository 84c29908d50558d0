/**
 * The conservation ledger: whatever came in was served, turned away, given up, or is still inside. Every component with
 * arrivals keeps a book; `check` balances all of them. What is inside is counted afresh by the component itself (by
 * walking its queue, say), never derived from the book, so a forgotten branch cannot balance by construction.
 */
import { SimulationError } from '../errors.ts';

/** What a book says at one moment; numbers are counts, or weights where one arrival stands for many. */
export interface Balance {
  readonly arrived: number;
  readonly served: number;
  /** By reason, in the order the reasons were declared. */
  readonly rejected: readonly { readonly reason: string; readonly count: number }[];
  readonly abandoned: number;
  readonly timedOut: number;
  readonly lost: number;
  /** As counted by the component. */
  readonly inside: number;
}

/** Anything that can be balanced: a `Book`, or a component that keeps its own counts. */
export interface Balanced {
  readonly name: string;
  balance(): Balance;
}

/** What a book needs from its component. */
export interface BookOptions {
  /** Why the component may reject; default one reason, `rejected`. `Book.rejected` takes a position in this list. */
  readonly rejectionReasons?: readonly string[];
  /** Counts what is inside right now, without looking at the book. */
  readonly countInside: () => number;
}

const ARRIVED = 0;
const SERVED = 1;
const ABANDONED = 2;
const TIMED_OUT = 3;
const LOST = 4;
const FIRST_REASON = 5;

/** One component's book: six kinds of entry in one typed array, an addition each. */
export class Book implements Balanced {
  readonly name: string;
  readonly #reasons: readonly string[];
  readonly #countInside: () => number;
  readonly #entries: Float64Array;

  constructor(name: string, options: BookOptions) {
    this.name = name;
    this.#reasons = options.rejectionReasons ?? ['rejected'];
    this.#countInside = options.countInside;
    this.#entries = new Float64Array(FIRST_REASON + this.#reasons.length);
  }

  /** Something came in. Every entry takes an amount, default 1. */
  arrived(amount = 1): void {
    this.#entries[ARRIVED]! += amount;
  }

  /** It was finished. */
  served(amount = 1): void {
    this.#entries[SERVED]! += amount;
  }

  /** The component said no. `reason` is a position in `rejectionReasons`. */
  rejected(reason = 0, amount = 1): void {
    const entry = FIRST_REASON + reason;
    if (!(entry >= FIRST_REASON && entry < this.#entries.length)) {
      throw new RangeError(`book "${this.name}": reason must be from 0 to ${this.#reasons.length - 1}, got ${reason}`);
    }
    this.#entries[entry]! += amount;
  }

  /** The caller left before it was served. */
  abandoned(amount = 1): void {
    this.#entries[ABANDONED]! += amount;
  }

  /** Its deadline passed. */
  timedOut(amount = 1): void {
    this.#entries[TIMED_OUT]! += amount;
  }

  /** No answer will ever come: a crash, a cut link. */
  lost(amount = 1): void {
    this.#entries[LOST]! += amount;
  }

  /** All entries, with what is inside counted now. */
  balance(): Balance {
    return {
      arrived: this.#entries[ARRIVED]!,
      served: this.#entries[SERVED]!,
      rejected: this.#reasons.map((reason, i) => ({ reason, count: this.#entries[FIRST_REASON + i]! })),
      abandoned: this.#entries[ABANDONED]!,
      timedOut: this.#entries[TIMED_OUT]!,
      lost: this.#entries[LOST]!,
      inside: this.#countInside(),
    };
  }
}

/** All books of a run. */
export class Ledger {
  readonly #books: Map<string, Balanced> = new Map();

  /** Opens a book; names are unique within a ledger. */
  book(name: string, options: BookOptions): Book {
    const book = new Book(name, options);
    this.enlist(book);
    return book;
  }

  /** Adds a component that keeps its own counts. */
  enlist(book: Balanced): void {
    if (this.#books.has(book.name)) throw new RangeError(`ledger: book "${book.name}" exists already`);
    this.#books.set(book.name, book);
  }

  /** The books by name, in the order they were opened. */
  get books(): readonly Balanced[] {
    return [...this.#books.values()];
  }

  /** Throws SimulationError for the first book that does not balance. */
  check(): void {
    for (const book of this.#books.values()) checkBalance(book);
  }
}

/** Throws SimulationError, naming the book and both sides, unless arrivals equal everything that became of them. */
export function checkBalance(book: Balanced): void {
  const balance = book.balance();
  const rejected = balance.rejected.reduce((sum, { count }) => sum + count, 0);
  const parts = [balance.served, rejected, balance.abandoned, balance.timedOut, balance.lost, balance.inside];
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (Math.abs(total - balance.arrived) <= tolerance([balance.arrived, ...parts]) && parts.every((part) => part >= 0))
    return;
  const reasons = balance.rejected.map(({ reason, count }) => `${reason} ${count}`).join(', ');
  throw new SimulationError(
    `book "${book.name}" does not balance: arrived ${balance.arrived}, accounted for ${total} ` +
      `(served ${balance.served} + rejected ${rejected} [${reasons}] + abandoned ${balance.abandoned} ` +
      `+ timed out ${balance.timedOut} + lost ${balance.lost} + inside ${balance.inside})`,
  );
}

/** Whole counts balance exactly; fractional weights to rounding. */
function tolerance(amounts: readonly number[]): number {
  return amounts.every(Number.isSafeInteger) ? 0 : 1e-9 * Math.max(1, ...amounts.map(Math.abs));
}
