import { describe, expect, it } from 'vitest';
import { Simulation } from '../simulation.ts';
import { runTwice } from '../testing/run-twice.ts';
import { forever, ms, noTime, plus, seconds, timeZero, us, type Duration } from '../time.ts';
import { Trace } from '../trace.ts';
import type { Attempt } from './attempt.ts';
import { HedgingClient, type HedgingClientOptions } from './hedging-client.ts';
import { RequestTable } from './request.ts';
import { RatioBudget, ThrottleBudget } from './retry-budget.ts';

/** What the scripted server does with its n-th attempt; the last line repeats. */
type Reply = { readonly after: number; readonly good?: boolean; readonly retryAfter?: Duration } | 'refuse' | 'lose';

function clientWith(
  script: readonly Reply[],
  options: Partial<HedgingClientOptions> = {},
): { simulation: Simulation; table: RequestTable; client: HedgingClient; log: string[]; run: () => string[] } {
  const simulation = new Simulation({ seed: 5 });
  const table = new RequestTable(1);
  const log: string[] = [];
  let count = 0;
  const say = (what: string): void => void log.push(`${what} @${simulation.now / 1_000}`);
  const submit = (attempt: Attempt): void => {
    say('try');
    const reply = script[Math.min(count++, script.length - 1)]!;
    if (reply === 'refuse') table.answer(attempt, false);
    else if (reply === 'lose') table.lose(attempt);
    else simulation.after(ms(reply.after), () => table.answer(attempt, reply.good ?? true, reply.retryAfter ?? noTime));
  };
  const client = new HedgingClient(simulation, {
    name: 'web',
    table,
    server: { submit },
    delay: ms(10),
    cancel: () => say('cancel'),
    onOutcome: (_, outcome) => say(outcome),
    ...options,
  });
  const run = (): string[] => {
    client.send();
    simulation.runUntil(plus(timeZero, seconds(100)));
    expect(simulation.pendingCount).toBe(0);
    expect(client.ledger.requestsInside).toBe(0);
    expect(table.countAttempts(client.owner, 'at the server')).toBe(0);
    expect(client.ledger.attemptsWaiting).toBe(0);
    return log;
  };
  return { simulation, table, client, log, run };
}

describe('hedging client', () => {
  it('sends no hedge when the answer comes before the delay ends', () => {
    const { run, client } = clientWith([{ after: 9 }]);
    expect(run()).toEqual(['try @0', 'served @9']);
    expect(client.hedges).toBe(0);
  });

  it('uses the first answer, cancels the other attempt, and books an answer that comes all the same as in vain', () => {
    const { run, client } = clientWith([{ after: 50 }, { after: 5 }]);
    expect(run()).toEqual(['try @0', 'try @10', 'cancel @15', 'served @15']);
    const { ledger } = client;
    expect([ledger.attemptsEnded('served'), ledger.attemptsEnded('abandoned'), ledger.servedInVain]).toEqual([1, 1, 1]);
    expect(ledger.retryAmplification).toBe(2);
  });

  it('the first attempt may win over its hedge', () => {
    expect(clientWith([{ after: 12 }, { after: 50 }]).run()).toEqual(['try @0', 'try @10', 'cancel @12', 'served @12']);
  });

  it('goes on at the same delay up to maxAttempts', () => {
    const { run } = clientWith([{ after: 100 }], { maxAttempts: 3 });
    expect(run().slice(0, 4)).toEqual(['try @0', 'try @10', 'try @20', 'cancel @100']);
  });

  it('a delay of 0 sends the hedge at the same instant', () => {
    expect(clientWith([{ after: 7 }, { after: 3 }], { delay: noTime }).run()).toEqual([
      'try @0',
      'try @0',
      'cancel @3',
      'served @3',
    ]);
  });

  it('a refusal is final unless said otherwise', () => {
    expect(clientWith([{ after: 50 }, 'refuse']).run()).toEqual(['try @0', 'try @10', 'cancel @10', 'rejected @10']);
    expect(clientWith(['refuse']).run()).toEqual(['try @0', 'rejected @0']);
  });

  it('a refusal can bring the next attempt on at once, or when the server says', () => {
    const next = { refusal: 'next', maxAttempts: 3 } as const;
    expect(clientWith(['refuse', { after: 2 }], next).run()).toEqual(['try @0', 'try @0', 'served @2']);
    expect(clientWith(['refuse'], next).run()).toEqual(['try @0', 'try @0', 'try @0', 'rejected @0']);
    const later = { after: 1, good: false, retryAfter: ms(40) };
    expect(clientWith([later, { after: 2 }], next).run()).toEqual(['try @0', 'try @41', 'served @43']);
    const never = { after: 1, good: false, retryAfter: forever };
    expect(clientWith([never], next).run()).toEqual(['try @0', 'rejected @1']);
    expect(clientWith([{ after: 30 }, never], next).run()).toEqual(['try @0', 'try @10', 'served @30']);
  });

  it('a request ends with its deadline, whatever is under way', () => {
    const { run, client } = clientWith([{ after: 50 }], { requestTimeout: ms(20) });
    expect(run()).toEqual(['try @0', 'try @10', 'cancel @20', 'cancel @20', 'timed out @20']);
    expect(client.ledger.attemptsEnded('timed out')).toBe(2);
    expect(client.ledger.lateAnswers).toBe(2);
  });

  it('a lost attempt is hedged like a slow one; when all are lost the request is lost, or ends with its deadline', () => {
    expect(clientWith(['lose', { after: 3 }]).run()).toEqual(['try @0', 'try @10', 'served @13']);
    expect(clientWith(['lose']).run()).toEqual(['try @0', 'try @10', 'lost @10']);
    const limited = { requestTimeout: ms(20) };
    expect(clientWith(['lose', { after: 3 }], limited).run()).toEqual(['try @0', 'try @10', 'served @13']);
    expect(clientWith(['lose'], limited).run()).toEqual(['try @0', 'try @10', 'timed out @20']);
  });

  it('the caller may leave, and a sub-request has at most the deadline of its parent', () => {
    const { simulation, table, client, log } = clientWith([{ after: 50 }]);
    const request = client.send();
    simulation.runUntil(plus(timeZero, ms(12)));
    client.abandon(request);
    expect(log).toEqual(['try @0', 'try @10', 'cancel @12', 'cancel @12', 'abandoned @12']);
    const parent = clientWith([{ after: 50 }], { requestTimeout: ms(20), table });
    parent.client.send();
    expect(table.deadlineOf(2 as Attempt)).toBe(ms(20));
    client.sendFor(2 as Attempt);
    expect(log.at(-1)).toBe('try @12');
    simulation.runUntil(plus(timeZero, ms(20)));
    expect(log.at(-1)).toBe('timed out @20');
  });

  it('a budget bounds the hedges of all requests; one that was refused is not asked for again', () => {
    const budget = new RatioBudget({ retriesPerRequest: 0.1, reserve: 2 });
    const { simulation, client } = clientWith([{ after: 1_000 }], { budget, maxAttempts: 5 });
    for (let i = 0; i < 100; i++) simulation.at(plus(timeZero, seconds(i)), () => client.send());
    simulation.runUntil(plus(timeZero, seconds(200)));
    expect(client.hedges).toBe(11);
    expect(client.ledger.retriesDenied).toBeGreaterThanOrEqual(89);
    expect(client.ledger.retriesDenied).toBeLessThanOrEqual(100);
    expect(client.ledger.goodput).toBe(100);
  });

  it('a throttle of failures stops hedging while the server fails', () => {
    const budget = new ThrottleBudget({ maxTokens: 4, tokenRatio: 0.1 });
    const { simulation, client } = clientWith([{ after: 20, good: false }], { budget });
    for (let i = 0; i < 10; i++) simulation.at(plus(timeZero, seconds(i)), () => client.send());
    simulation.runUntil(plus(timeZero, seconds(200)));
    expect(client.hedges).toBe(2);
  });

  it('names what decided a request as the cause of its end', () => {
    const simulation = new Simulation({ seed: 5 });
    const trace = new Trace(simulation, { keep: 'all' });
    const table = new RequestTable();
    let count = 0;
    const submit = (attempt: Attempt): void =>
      void simulation.after(ms(count++ === 0 ? 50 : 5), () => table.answer(attempt, true));
    new HedgingClient(simulation, { name: 'web', table, server: { submit }, delay: ms(10), trace }).send();
    simulation.runUntil(plus(timeZero, seconds(1)));
    const records = [...trace.records()];
    const kinds = records.map(({ kind }) => kind);
    expect(kinds).toEqual([
      'web request',
      'web attempt',
      'web attempt',
      'web attempt served',
      'web attempt abandoned',
      'web served',
    ]);
    expect(records.map(({ causedBy }) => records.findIndex(({ id }) => id === causedBy))).toEqual([-1, 0, 0, 2, 1, 3]);
  });

  it('gives the same run for the same seed', () => {
    runTwice((seed, options) => {
      const simulation = new Simulation({ seed });
      const trace = new Trace(simulation, options);
      const table = new RequestTable();
      const work = simulation.streams.get('server/work');
      const submit = (attempt: Attempt): void =>
        void simulation.after(us(Math.round(work.uniform() * 30_000)), () => table.answer(attempt, true));
      const client = new HedgingClient(simulation, { name: 'web', table, server: { submit }, delay: ms(10), trace });
      for (let i = 0; i < 200; i++) simulation.at(plus(timeZero, ms(i)), () => client.send());
      simulation.runUntil(plus(timeZero, seconds(1)));
      return trace;
    });
  });

  it('refuses what cannot be meant', () => {
    expect(() => clientWith([], { maxAttempts: 0 })).toThrow(
      'hedging client "web": maxAttempts must be a whole number >= 1, got 0',
    );
    expect(() => clientWith([], { requestTimeout: noTime })).toThrow(
      'hedging client "web": requestTimeout must be > 0, got 0 us',
    );
  });
});
