import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBalance } from '../metrics/ledger.ts';
import { fifo, lifo } from '../queueing/discipline.ts';
import { createStation, type Station } from '../queueing/station.ts';
import { Simulation } from '../simulation.ts';
import { forever, ms, plus, us, type Duration } from '../time.ts';
import type { Attempt, Request } from './attempt.ts';
import { HedgingClient, type HedgingClientOptions } from './hedging-client.ts';
import { outcomes, type Outcome } from './outcome.ts';
import { RequestTable } from './request.ts';
import { RatioBudget } from './retry-budget.ts';

const fate = fc.record({
  kind: fc.constantFrom('answer', 'answer', 'answer', 'reject', 'refuse at once', 'answer at once', 'lose'),
  after: fc.integer({ min: 0, max: 60 }),
  cancelled: fc.constantFrom('stops', 'stops later', 'goes on'),
});
const step = fc.record({
  kind: fc.constantFrom('send', 'send', 'send', 'abandon'),
  gap: fc.integer({ min: 0, max: 25 }),
  pick: fc.nat(),
});
const setup = fc.record({
  delay: fc.integer({ min: 0, max: 30 }).map((delay) => ms(delay)),
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  requestTimeout: fc.constantFrom<Duration>(forever, ms(5), ms(45)),
  refusal: fc.constantFrom('final' as const, 'next' as const),
  isBudgeted: fc.boolean(),
});

/** A client, and what is known about its requests from outside. */
function watched(
  simulation: Simulation,
  table: RequestTable,
  options: Omit<HedgingClientOptions, 'name' | 'table' | 'onOutcome'>,
): { client: HedgingClient; open: Set<Request>; send: () => void; check: () => void } {
  const open = new Set<Request>();
  const ended = new Map<Outcome, number>(outcomes.map((outcome) => [outcome, 0]));
  let sent = 0;
  const client = new HedgingClient(simulation, {
    name: 'web',
    table,
    ...options,
    onOutcome: (request, outcome) => {
      ended.set(outcome, ended.get(outcome)! + 1);
      open.delete(request);
    },
  });
  const send = (): void => {
    sent++;
    const before = client.ledger.requestsInside;
    const request = client.send();
    if (client.ledger.requestsInside > before) open.add(request);
  };
  const check = (): void => {
    const { ledger } = client;
    checkBalance(client);
    expect(ledger.requests).toBe(sent);
    for (const outcome of outcomes) expect(ledger.requestsEnded(outcome)).toBe(ended.get(outcome));
    expect(ledger.attemptsWaiting).toBe(table.countAttempts(client.owner, 'waiting'));
    expect(ledger.attemptsEnded('served')).toBe(ledger.goodput);
    expect(client.hedges).toBeLessThanOrEqual(((options.maxAttempts ?? 2) - 1) * sent);
    expect(client.hedges).toBeGreaterThanOrEqual(0);
  };
  return { client, open, send, check };
}

describe('hedging client', () => {
  it('every request has one outcome, every attempt two ends, whatever servers do with what is not wanted', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 50 }),
        fc.array(fate, { minLength: 1, maxLength: 40 }),
        setup,
        (steps, fates, { isBudgeted, ...options }) => {
          const simulation = new Simulation({ seed: 9 });
          const table = new RequestTable(1);
          const stops = new Map<Attempt, () => void>();
          let submitted = 0;
          const submit = (attempt: Attempt): void => {
            const { kind, after, cancelled } = fates[submitted++ % fates.length]!;
            table.addWork(attempt, 1);
            if (kind.endsWith('at once')) return table.answer(attempt, kind === 'answer at once');
            let isDone = false;
            const finish = (end: () => void): void => {
              if (isDone) return;
              isDone = true;
              stops.delete(attempt);
              end();
            };
            simulation.after(ms(after), () =>
              finish(() => (kind === 'lose' ? table.lose(attempt) : table.answer(attempt, kind === 'answer'))),
            );
            const stop = (): void => finish(() => table.lose(attempt));
            if (cancelled === 'stops') stops.set(attempt, stop);
            if (cancelled === 'stops later') stops.set(attempt, () => void simulation.after(ms(3), stop));
          };
          const { client, open, send, check } = watched(simulation, table, {
            ...options,
            server: { submit },
            cancel: (attempt) => stops.get(attempt)?.(),
            ...(isBudgeted ? { budget: new RatioBudget({ retriesPerRequest: 0.5, reserve: 2 }) } : {}),
          });
          for (const { kind, gap, pick } of steps) {
            simulation.runUntil(plus(simulation.now, us(gap * 1_000)));
            if (kind === 'send') send();
            else if (open.size > 0) client.abandon([...open][pick % open.size]!);
            check();
          }
          simulation.runUntil(plus(simulation.now, ms(60_000)));
          check();
          expect(client.ledger.attempts).toBe(submitted);
          expect(client.ledger.requestsInside).toBe(0);
          expect(table.countAttempts(client.owner, 'at the server')).toBe(0);
          expect([client.ledger.work, client.ledger.usefulWork]).toEqual([submitted, client.ledger.goodput]);
          expect(simulation.pendingCount).toBe(0);
        },
      ),
      { seed: 20_241_211, numRuns: 400 },
    );
  });

  it('the books balance when cancelling one attempt makes the station throw out its twin', () => {
    let thrownOut = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), setup, (steps, { isBudgeted, ...options }) => {
        const simulation = new Simulation({ seed: 9 });
        const table = new RequestTable(1);
        const station: Station = createStation(simulation, {
          name: 'server',
          servers: 1,
          queueLimit: isBudgeted ? 5 : Infinity,
          // The newest is served first, so that cancelling it brings the turn of its older twin.
          discipline: options.maxAttempts > 2 ? lifo : fifo,
          codel: { target: ms(2), interval: ms(20), spared: 0 },
          onServed: (job) => table.answer(job as Attempt, true),
          onRejected: (job) => table.answer(job as Attempt, false),
        });
        const { client, open, send, check } = watched(simulation, table, {
          ...options,
          server: { submit: (attempt) => station.arrive(attempt, ms(15)) },
          cancel: (attempt) => {
            // Not inside: it has just left, and its answer is on the way.
            if (station.cancel(attempt)) table.lose(attempt);
          },
        });
        for (const { kind, gap, pick } of steps) {
          simulation.runUntil(plus(simulation.now, us(gap * 400)));
          if (kind === 'send') send();
          else if (open.size > 0) client.abandon([...open][pick % open.size]!);
          check();
          checkBalance(station);
        }
        simulation.runUntil(plus(simulation.now, ms(60_000)));
        check();
        thrownOut += station.books().waitedTooLong;
        expect([client.ledger.requestsInside, station.inside, simulation.pendingCount]).toEqual([0, 0, 0]);
      }),
      { seed: 20_241_211, numRuns: 120 },
    );
    expect(thrownOut).toBeGreaterThan(100);
  });
});
