/** Which branch belongs to which run, kept while the reader looks at other screens. */
import type { Run } from '../engine/run.ts';
import type { Exercise } from '../exercise-context.ts';
import { BranchBook } from './branch-book.ts';
import { changesOf } from './changes.ts';
import type { Opened } from './opened.ts';

const books = new WeakMap<Run, BranchBook>();
/** The book that was made last: when another run is looked at, nobody wants its answers any more. */
let latest: BranchBook | undefined;

/** The book of a run; of one that was sent, with its changes. */
export function bookOf({ engine, answers }: Exercise, run: Run, { shared, baseline }: Opened): BranchBook {
  let book = books.get(run);
  if (book === undefined) {
    book = new BranchBook(engine, answers, run);
    books.set(run, book);
    latest?.close();
    latest = book;
    if (shared !== undefined && baseline === run) book.change(changesOf(shared));
  }
  return book;
}

/** A branch that is watched goes on in the book it came from. */
export function keepBook(branch: Run, book: BranchBook): void {
  books.set(branch, book);
}
