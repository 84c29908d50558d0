import { describe, expect, it } from 'vitest';
import { SimulationError } from '../errors.ts';
import { Book, Ledger, type Balanced } from './ledger.ts';

describe('a ledger', () => {
  it('balances when everything that arrived is accounted for', () => {
    const queue: number[] = [];
    const ledger = new Ledger();
    const book = ledger.book('station "store"', {
      rejectionReasons: ['queue full', 'shedding'],
      countInside: () => queue.length,
    });
    book.arrived(10);
    book.served(3);
    book.rejected(0);
    book.rejected(1, 2);
    book.abandoned();
    book.timedOut();
    book.lost();
    queue.push(1);
    ledger.check();
    expect(book.balance().rejected).toEqual([
      { reason: 'queue full', count: 1 },
      { reason: 'shedding', count: 2 },
    ]);
  });

  it('names the book and both sides when it does not balance', () => {
    const ledger = new Ledger();
    ledger.book('quiet', { countInside: () => 0 });
    const book = ledger.book('station "api"', { rejectionReasons: ['queue full'], countInside: () => 2 });
    book.arrived(5);
    book.served(2);
    book.rejected();
    book.timedOut();
    expect(() => ledger.check()).toThrow(SimulationError);
    expect(() => ledger.check()).toThrow(
      'book "station "api"" does not balance: arrived 5, accounted for 6 (served 2 + rejected 1 [queue full 1] + ' +
        'abandoned 0 + timed out 1 + lost 0 + inside 2)',
    );
  });

  it('fails when the component miscounts what is inside, even if the entries are right', () => {
    const book = new Book('leaky', { countInside: () => -1 });
    book.arrived(1);
    book.served(2);
    const ledger = new Ledger();
    ledger.enlist(book);
    expect(() => ledger.check()).toThrow('inside -1');
    const broken = new Ledger();
    broken.enlist({ name: 'broken', balance: () => ({ ...book.balance(), inside: NaN }) });
    expect(() => broken.check()).toThrow('inside NaN');
  });

  it('notices one lost among 10^15, but not the rounding of fractional weights', () => {
    const exact = new Ledger();
    const many = exact.book('many', { countInside: () => 0 });
    many.arrived(1e15);
    many.served(1e15 - 1);
    expect(() => exact.check()).toThrow('does not balance');
    const weighted = new Ledger();
    const flow = weighted.book('flow', { countInside: () => 0 });
    for (let i = 0; i < 10; i++) flow.arrived(0.1);
    flow.served(1);
    weighted.check();
    flow.served(0.001);
    expect(() => weighted.check()).toThrow('does not balance');
  });

  it('balances components that keep their own counts', () => {
    const own: Balanced = {
      name: 'own',
      balance: () => ({ arrived: 2, served: 1, rejected: [], abandoned: 0, timedOut: 0, lost: 0, inside: 1 }),
    };
    const ledger = new Ledger();
    ledger.enlist(own);
    ledger.check();
    expect(ledger.books).toEqual([own]);
  });

  it('refuses two books of one name and reasons that were not declared', () => {
    const ledger = new Ledger();
    const book = ledger.book('a', { countInside: () => 0 });
    expect(() => ledger.book('a', { countInside: () => 0 })).toThrow('ledger: book "a" exists already');
    expect(() => book.rejected(1)).toThrow(new RangeError('book "a": reason must be from 0 to 0, got 1'));
    expect(() => book.rejected(-1)).toThrow('got -1');
  });
});
