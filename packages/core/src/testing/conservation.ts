import { checkBalance, Ledger, type Balanced } from '../metrics/ledger.ts';

/**
 * Throws unless every book balances: arrived = served + rejected + abandoned + timed out + lost + inside. Unlike
 * `Ledger.check` it names all books that do not, and it refuses a ledger without a single arrival, which proves nothing.
 */
export function expectConserved(books: Ledger | Balanced | readonly Balanced[]): void {
  const list = books instanceof Ledger ? books.books : 'balance' in books ? [books] : books;
  const arrived = list.reduce((sum, book) => sum + book.balance().arrived, 0);
  if (arrived === 0)
    throw new Error(`expectConserved: nothing arrived in any of ${list.length} books, so nothing was tested`);
  const failures = list.map(imbalanceOf).filter((message) => message !== undefined);
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

function imbalanceOf(book: Balanced): string | undefined {
  try {
    checkBalance(book);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
