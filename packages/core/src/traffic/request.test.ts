import { describe, expect, it } from 'vitest';
import { ms, plus, seconds, timeZero, type Instant } from '../time.ts';
import { noDeadline } from './deadline.ts';
import { noRequest, type Attempt, type AttemptOwner } from './attempt.ts';
import { RequestTable } from './request.ts';

function at(count: number): Instant {
  return plus(timeZero, seconds(count));
}

/** A caller that writes down what it hears and closes nothing by itself. */
function callerOn(table: RequestTable): { owner: number; heard: string[] } {
  const heard: string[] = [];
  const caller: AttemptOwner = {
    name: 'caller',
    attemptAnswered: (attempt, isGood, retryAfter) => heard.push(`${attempt} ${isGood ? 'yes' : 'no'} ${retryAfter}`),
    attemptLost: (attempt) => heard.push(`${attempt} lost`),
  };
  return { owner: table.register(caller), heard };
}

describe('request table', () => {
  it('keeps what a request and its attempts are made of', () => {
    const table = new RequestTable();
    const { owner } = callerOn(table);
    const request = table.openRequest(owner, at(1), at(9), 42);
    const attempt = table.openAttempt(request, at(2), at(5));
    expect([table.labelOfRequest(request), table.arrivedAt(request), table.deadlineOfRequest(request)]).toEqual([
      42,
      at(1),
      at(9),
    ]);
    expect([table.requestOf(attempt), table.labelOf(attempt), table.sentAt(attempt)]).toEqual([request, 42, at(2)]);
    expect([table.remaining(attempt, at(4)), table.remaining(attempt, at(6))]).toEqual([seconds(1), 0]);
    expect([table.attemptCountOf(request), table.ageOf(request, at(4))]).toEqual([1, seconds(3)]);
    const patient = table.openAttempt(request, at(2), noDeadline);
    expect(table.remaining(patient, at(4))).toBe(Infinity);
  });

  it('tells the caller that waits, and books an answer for one that has gone as in vain', () => {
    const table = new RequestTable();
    const { owner, heard } = callerOn(table);
    const ledger = table.ledgerOf(owner);
    const request = table.openRequest(owner, at(0), noDeadline, 0);
    const first = table.openAttempt(request, at(0), at(1));
    table.addWork(first, 30);
    table.closeAttempt(first, 'timed out');
    expect([table.isWanted(first), table.requestOf(first)]).toEqual([false, noRequest]);
    const second = table.openAttempt(request, at(1), at(2));
    expect(second).not.toBe(first);
    table.addWork(second, 10);
    table.answer(second, true, ms(5));
    table.closeAttempt(second, 'served');
    table.answer(first, true);
    table.closeRequest(request, 'served');
    expect(heard).toEqual([`${second} yes 5000`]);
    expect([ledger.lateAnswers, ledger.servedInVain, ledger.throughput, ledger.goodput]).toEqual([1, 1, 2, 1]);
    expect([ledger.work, ledger.usefulWork, ledger.wastedWorkShare, ledger.retryAmplification]).toEqual([
      40, 10, 0.75, 2,
    ]);
  });

  it('uses a row again only after both ends of an attempt', () => {
    const table = new RequestTable();
    const { owner } = callerOn(table);
    const request = table.openRequest(owner, at(0), noDeadline, 0);
    const first = table.openAttempt(request, at(0), at(1));
    table.closeAttempt(first, 'timed out');
    const second = table.openAttempt(request, at(0), at(1));
    table.lose(first);
    const third = table.openAttempt(request, at(0), at(1));
    expect([second === first, third]).toEqual([false, first]);
  });

  it('grows, and its ledger agrees with its rows', () => {
    const table = new RequestTable(2);
    const { owner } = callerOn(table);
    const other = callerOn(table).owner;
    for (let i = 0; i < 100; i++) {
      const request = table.openRequest(i % 4 === 0 ? other : owner, at(i), noDeadline, i);
      table.openAttempt(request, at(i), noDeadline);
      if (i % 2 === 0) table.closeRequest(request, 'abandoned');
    }
    const ledger = table.ledgerOf(owner);
    expect([ledger.requests, ledger.requestsInside, table.countRequestsInside(owner)]).toEqual([75, 50, 50]);
    expect([table.countAttempts(owner, 'waiting'), table.countAttempts(other, 'at the server')]).toEqual([75, 25]);
    expect(table.labelOf(99 as Attempt)).toBe(99);
  });

  it('a broken protocol ends the run', () => {
    const table = new RequestTable();
    const { owner } = callerOn(table);
    const request = table.openRequest(owner, at(0), noDeadline, 0);
    const attempt = table.openAttempt(request, at(0), noDeadline);
    table.answer(attempt, false);
    expect(() => table.answer(attempt, true)).toThrow(`request table: attempt ${attempt} was answered twice`);
    table.closeAttempt(attempt, 'rejected');
    expect(() => table.closeAttempt(attempt, 'rejected')).toThrow(
      `request table: the caller of attempt ${attempt} has already gone`,
    );
    table.closeRequest(request, 'rejected');
    expect(() => table.closeRequest(request, 'served')).toThrow(`request table: request ${request} has already ended`);
    expect(() => new RequestTable(0)).toThrow('request table: capacity must be a whole number >= 1, got 0');
  });
});
