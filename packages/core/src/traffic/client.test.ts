import { describe, expect, it } from 'vitest';
import { Simulation } from '../simulation.ts';
import { forever, ms, plus, seconds, timeZero, us, type Duration, type Instant } from '../time.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { Client, type ClientOptions } from './client.ts';
import type { Attempt } from './attempt.ts';
import { RequestTable } from './request.ts';
import { QuotaBudget, RatioBudget } from './retry-budget.ts';
import { fixedRetry, noRetry } from './retry.ts';

function at(count: number): Instant {
  return plus(timeZero, seconds(count));
}

/** What the scripted server does with its n-th attempt. */
type Reply = { readonly after: Duration; readonly good: boolean; readonly retryAfter?: Duration } | 'refuse' | 'drop';

/** A client before a server that follows a script; the last line of the script repeats. */
function clientWith(
  script: readonly Reply[],
  options: Partial<ClientOptions> = {},
): {
  simulation: Simulation;
  table: RequestTable;
  client: Client;
  log: string[];
} {
  const simulation = new Simulation({ seed: 5 });
  const table = new RequestTable();
  const log: string[] = [];
  let count = 0;
  const submit = (attempt: Attempt): void => {
    log.push(`try @${simulation.now / 1e6}`);
    const reply = script[Math.min(count++, script.length - 1)]!;
    if (reply === 'refuse') table.answer(attempt, false);
    else if (reply === 'drop') simulation.after(ms(1), () => table.lose(attempt));
    else simulation.after(reply.after, () => table.answer(attempt, reply.good, reply.retryAfter ?? us(0)));
  };
  const client = new Client(simulation, {
    name: 'web',
    table,
    server: { submit },
    onOutcome: (request, outcome) => log.push(`${table.labelOfRequest(request)} ${outcome} @${simulation.now / 1e6}`),
    ...options,
  });
  return { simulation, table, client, log };
}

const slow: Reply = { after: seconds(10), good: true };
const quick: Reply = { after: ms(100), good: true };
const no: Reply = { after: ms(100), good: false };

describe('client', () => {
  it('sends a request and reports its one outcome', () => {
    const { simulation, client, log } = clientWith([quick]);
    client.send(7);
    simulation.runUntil(at(100));
    expect(log).toEqual(['try @0', '7 served @0.1']);
    expect(simulation.pendingCount).toBe(0);
  });

  it('times an attempt out, retries, and books the late answer as in vain', () => {
    const retry = fixedRetry({ delay: seconds(1), maxAttempts: 3 });
    const { simulation, table, client, log } = clientWith([slow, no, quick], { attemptTimeout: seconds(2), retry });
    client.send(1);
    simulation.runUntil(at(100));
    expect(log).toEqual(['try @0', 'try @3', 'try @4.1', '1 served @4.2']);
    expect([
      client.ledger.attemptsEnded('timed out'),
      client.ledger.attemptsEnded('rejected'),
      client.ledger.servedInVain,
    ]).toEqual([1, 1, 1]);
    expect(table.countAttempts(client.owner, 'at the server')).toBe(0);
  });

  it('gives the reason of the last attempt as outcome when the policy gives up', () => {
    const retry = fixedRetry({ delay: seconds(1), maxAttempts: 2 });
    const rejected = clientWith([slow, no], { attemptTimeout: seconds(2), retry });
    rejected.client.send();
    rejected.simulation.runUntil(at(100));
    expect(rejected.log.at(-1)).toBe('0 rejected @3.1');
    const timedOut = clientWith([no, slow], { attemptTimeout: seconds(2), retry });
    timedOut.client.send();
    timedOut.simulation.runUntil(at(100));
    expect(timedOut.log.at(-1)).toBe('0 timed out @3.1');
  });

  it('an overall timeout spans all attempts; a retry that could not begin in time is not made', () => {
    const retry = fixedRetry({ delay: seconds(1), maxAttempts: 9 });
    const { simulation, client, log } = clientWith([slow], {
      attemptTimeout: seconds(2),
      requestTimeout: seconds(5.5),
      retry,
    });
    client.send();
    simulation.runUntil(at(100));
    expect(log).toEqual(['try @0', 'try @3', '0 timed out @5.5']);
    expect(client.ledger.attemptsEnded('timed out')).toBe(2);
  });

  it('an attempt that the deadline cuts short is told the shorter deadline', () => {
    const { simulation, table, client } = clientWith([slow], {
      attemptTimeout: seconds(4),
      requestTimeout: seconds(3),
    });
    client.send();
    simulation.runUntil(at(1));
    expect(table.remaining(0 as Attempt, simulation.now)).toBe(seconds(2));
  });

  it('sub-requests inherit what is left of their parent deadline, and only that', () => {
    const { simulation, table, client } = clientWith([slow], { requestTimeout: seconds(3) });
    client.send();
    const patient = new Client(simulation, {
      name: 'inner',
      table,
      server: { submit: () => {} },
      requestTimeout: seconds(60),
    });
    const hasty = new Client(simulation, {
      name: 'hasty',
      table,
      server: { submit: () => {} },
      requestTimeout: seconds(1),
    });
    simulation.at(at(1), () => {
      expect(table.deadlineOfRequest(patient.sendFor(0 as Attempt))).toBe(at(3));
      expect(table.deadlineOfRequest(hasty.sendFor(0 as Attempt))).toBe(at(2));
    });
    simulation.at(at(4), () => patient.sendFor(0 as Attempt));
    simulation.runUntil(at(9));
    expect([patient.ledger.requests, patient.ledger.attempts, patient.ledger.requestsEnded('timed out')]).toEqual([
      2, 1, 2,
    ]);
  });

  it('abandons by patience or on request, and the server still finishes', () => {
    const { simulation, client, log } = clientWith([slow], { patience: seconds(3), requestTimeout: seconds(8) });
    client.send(1);
    const second = client.send(2);
    simulation.at(at(1), () => client.abandon(second));
    simulation.runUntil(at(100));
    expect(log.slice(2)).toEqual(['2 abandoned @1', '1 abandoned @3']);
    expect([client.ledger.attemptsEnded('abandoned'), client.ledger.servedInVain]).toEqual([2, 2]);
  });

  it('can be abandoned between two attempts', () => {
    const { simulation, client, log } = clientWith([no], { retry: fixedRetry({ delay: seconds(5), maxAttempts: 3 }) });
    const request = client.send();
    simulation.at(at(2), () => client.abandon(request));
    expect(simulation.runUntil(at(100))).toBe('empty');
    expect(log).toEqual(['try @0', '0 abandoned @2']);
  });

  it('finds a loss out by its timeout; without one the request is lost', () => {
    const retry = fixedRetry({ delay: us(0), maxAttempts: 2 });
    const withTimeout = clientWith(['drop', quick], { attemptTimeout: seconds(1), retry });
    withTimeout.client.send();
    withTimeout.simulation.runUntil(at(9));
    expect(withTimeout.log).toEqual(['try @0', 'try @1', '0 served @1.1']);
    const without = clientWith(['drop'], { retry });
    without.client.send();
    without.simulation.runUntil(at(9));
    expect(without.log).toEqual(['try @0', '0 lost @0.001']);
  });

  it('honours Retry-After: at least that long, and not at all for "forever"', () => {
    const retry = fixedRetry({ delay: seconds(1), maxAttempts: 3 });
    const later = clientWith([{ ...no, retryAfter: seconds(4) }, { ...no, retryAfter: ms(10) }, quick], { retry });
    later.client.send();
    later.simulation.runUntil(at(99));
    expect(later.log).toEqual(['try @0', 'try @4.1', 'try @5.2', '0 served @5.3']);
    const never = clientWith([{ ...no, retryAfter: forever }], { retry });
    never.client.send();
    never.simulation.runUntil(at(99));
    expect(never.log).toEqual(['try @0', '0 rejected @0.1']);
  });

  it('a budget denies retries and says how many', () => {
    const { simulation, client } = clientWith([no], {
      retry: fixedRetry({ delay: ms(1), maxAttempts: 4 }),
      budget: new RatioBudget({ retriesPerRequest: 0, reserve: 5 }),
    });
    for (let i = 0; i < 10; i++) client.send();
    simulation.runUntil(at(9));
    expect([client.ledger.attempts, client.ledger.retriesDenied, client.ledger.requestsEnded('rejected')]).toEqual([
      15, 10, 10,
    ]);
  });

  it('tells the quota why a retry was needed: a timeout costs double', () => {
    const budget = new QuotaBudget({ tokens: 20 });
    const { simulation, client } = clientWith([slow], {
      attemptTimeout: ms(100),
      retry: fixedRetry({ delay: ms(1), maxAttempts: 9 }),
      budget,
    });
    client.send();
    simulation.runUntil(at(99));
    expect(client.ledger.attempts).toBe(3);
  });

  it('an open breaker refuses at once, without an attempt, and lets probes through later', () => {
    const breaker = new CircuitBreaker({ name: 'db', minimumCalls: 2, openFor: seconds(10), probes: 1 });
    const { simulation, client, log } = clientWith([no, no, quick], { gate: breaker });
    client.send(1);
    client.send(2);
    simulation.at(at(5), () => client.send(3));
    simulation.at(at(11), () => client.send(4));
    simulation.at(at(12), () => client.send(5));
    simulation.runUntil(at(99));
    expect(log.slice(4)).toEqual(['3 rejected @5', 'try @11', '4 served @11.1', 'try @12', '5 served @12.1']);
    expect([client.ledger.refusedLocally, client.ledger.attempts, breaker.state]).toEqual([1, 4, 'closed']);
  });

  it('a caller that leaves tells the breaker nothing, a timeout tells it all', () => {
    const timesOpened = (options: Partial<ClientOptions>): number => {
      const breaker = new CircuitBreaker({ name: 'db', minimumCalls: 3, openFor: seconds(60) });
      const { simulation, client } = clientWith([slow], { gate: breaker, ...options });
      const requests = [0, 1, 2, 3].map((label) => client.send(label));
      if (options.attemptTimeout === undefined && options.patience === undefined)
        simulation.at(at(1), () => requests.forEach((request) => client.abandon(request)));
      simulation.runUntil(at(5));
      return breaker.timesOpened;
    };
    expect([
      timesOpened({ attemptTimeout: seconds(2) }),
      timesOpened({ patience: seconds(2) }),
      timesOpened({}),
    ]).toEqual([1, 0, 0]);
  });

  it('copes with a server that refuses inside submit', () => {
    const { simulation, client, log } = clientWith(['refuse'], {
      attemptTimeout: seconds(1),
      retry: fixedRetry({ delay: us(0), maxAttempts: 3 }),
    });
    client.send();
    expect(simulation.runUntil(at(9))).toBe('empty');
    expect(log).toEqual(['try @0', 'try @0', 'try @0', '0 rejected @0']);
  });

  it('leaves no event behind once everything has ended', () => {
    const { simulation, client } = clientWith([quick], {
      attemptTimeout: seconds(60),
      requestTimeout: seconds(90),
      retry: noRetry,
    });
    for (let i = 0; i < 1_000; i++) client.send();
    simulation.runUntil(at(1));
    expect([simulation.pendingCount, client.ledger.goodput]).toEqual([0, 1_000]);
  });

  it('an answer at the very instant of the deadline is late', () => {
    for (const options of [{ attemptTimeout: seconds(10) }, { attemptTimeout: seconds(60), patience: seconds(10) }]) {
      const simulation = new Simulation();
      const table = new RequestTable();
      const departure = simulation.event('departure', (attempt) => table.answer(attempt as Attempt, true), 'release');
      const server = { submit: (attempt: Attempt) => void departure.after(seconds(10), attempt) };
      const client = new Client(simulation, { name: 'web', table, server, ...options });
      client.send();
      simulation.runUntil(at(60));
      expect(client.ledger.requestsEnded('patience' in options ? 'abandoned' : 'timed out')).toBe(1);
      expect(client.ledger.servedInVain).toBe(1);
    }
  });

  it('refuses what cannot be meant', () => {
    expect(() => clientWith([quick], { attemptTimeout: us(0) })).toThrow(
      'client "web": attemptTimeout must be > 0, got 0 us',
    );
    expect(() => clientWith([quick], { patience: us(-5) })).toThrow(
      'client "web": patience must be a finite duration >= 0, got -5 us',
    );
  });
});
