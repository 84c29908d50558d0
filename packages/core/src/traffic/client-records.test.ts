import { describe, expect, it } from 'vitest';
import { Simulation } from '../simulation.ts';
import { ms, plus, seconds, timeZero, us } from '../time.ts';
import { Trace, type RecordId } from '../trace.ts';
import type { Attempt } from './attempt.ts';
import { Client } from './client.ts';
import { RequestTable } from './request.ts';
import { fixedRetry } from './retry.ts';

describe('what a client records', () => {
  it('records each step with its cause, through sub-requests and the reasons of a server', () => {
    const simulation = new Simulation({ seed: 5 });
    const trace = new Trace(simulation, { keep: 'all' });
    const table = new RequestTable();
    const full = trace.kind('store full');
    const store = (attempt: Attempt): void =>
      table.answer(attempt, false, us(0), trace.record(full, 1, 0, table.recordOf(attempt)));
    const inner: Client = new Client(simulation, {
      name: 'app',
      table,
      server: { submit: store },
      retry: fixedRetry({ delay: seconds(1), maxAttempts: 2 }),
      trace,
      onOutcome: (request) =>
        table.answer(table.labelOfRequest(request) as Attempt, false, us(0), table.recordOfRequest(request)),
    });
    const submit = (attempt: Attempt): void => void inner.sendFor(attempt, attempt);
    new Client(simulation, { name: 'web', table, server: { submit }, attemptTimeout: ms(1_500), trace }).send(7);
    simulation.runUntil(plus(timeZero, seconds(60)));
    const told = [...trace.records()].map(({ id, kind, value, causedBy }) => `${id} ${kind} ${value} <- ${causedBy}`);
    expect(told).toEqual([
      '0 web request 7 <- -1',
      '1 web attempt 1 <- 0',
      '2 app request 0 <- 1',
      '3 app attempt 1 <- 2',
      '4 store full 0 <- 3',
      '5 app attempt rejected 0 <- 4',
      '6 app attempt 2 <- 5',
      '7 store full 0 <- 6',
      '8 app attempt rejected 0 <- 7',
      '9 app rejected 1000000 <- 8',
      '10 web attempt rejected 1000000 <- 9',
      '11 web rejected 1000000 <- 10',
    ]);
    expect(trace.causes(11 as RecordId).map(({ kind }) => kind)).toEqual([
      'web rejected',
      'web attempt rejected',
      'app rejected',
      'app attempt rejected',
      'store full',
      'app attempt',
      'app attempt rejected',
      'store full',
      'app attempt',
      'app request',
      'web attempt',
      'web request',
    ]);
  });
});
