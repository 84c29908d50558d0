import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBalance } from '../metrics/ledger.ts';
import { Simulation } from '../simulation.ts';
import { forever, ms, plus, us, type Duration } from '../time.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { Client } from './client.ts';
import { outcomes, type Outcome } from './outcome.ts';
import type { Attempt, Request } from './attempt.ts';
import { RequestTable } from './request.ts';
import { RatioBudget } from './retry-budget.ts';
import { fullJitter } from './retry.ts';

const fate = fc.record({
  kind: fc.constantFrom('answer', 'answer', 'answer', 'refuse at once', 'lose', 'reject'),
  after: fc.integer({ min: 0, max: 200 }),
});
const step = fc.record({
  kind: fc.constantFrom('send', 'send', 'send', 'abandon'),
  gap: fc.integer({ min: 0, max: 60 }),
  pick: fc.nat(),
});

describe('client', () => {
  it('every request has one outcome, every attempt two ends, and the books balance at every moment', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.array(fate, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(forever, ms(30), ms(90)),
        fc.constantFrom(forever, ms(150)),
        fc.constantFrom(forever, ms(120)),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (steps, fates, attemptTimeout, requestTimeout, patience, maxAttempts, guarded) => {
          const simulation = new Simulation({ seed: 9 });
          const table = new RequestTable(1);
          const open = new Set<Request>();
          const ended = new Map<Outcome, number>(outcomes.map((outcome) => [outcome, 0]));
          let submitted = 0;
          const answer = (attempt: Attempt, kind: string): void =>
            kind === 'lose' ? table.lose(attempt) : table.answer(attempt, kind === 'answer');
          const submit = (attempt: Attempt): void => {
            const { kind, after } = fates[submitted++ % fates.length]!;
            table.addWork(attempt, 1);
            if (kind === 'refuse at once') table.answer(attempt, false);
            else simulation.after(ms(after), () => answer(attempt, kind));
          };
          const client = new Client(simulation, {
            name: 'web',
            table,
            server: { submit },
            attemptTimeout: attemptTimeout as Duration,
            requestTimeout: requestTimeout as Duration,
            patience: patience as Duration,
            retry: fullJitter({ base: ms(5), cap: ms(40), maxAttempts }),
            ...(guarded
              ? {
                  budget: new RatioBudget({ retriesPerRequest: 0.5, reserve: 3 }),
                  gate: new CircuitBreaker({
                    name: 'b',
                    minimumCalls: 3,
                    window: ms(100),
                    openFor: ms(50),
                    probes: 1,
                  }),
                }
              : {}),
            onOutcome: (request, outcome) => {
              ended.set(outcome, ended.get(outcome)! + 1);
              open.delete(request);
            },
          });
          let sent = 0;
          const check = (): void => {
            const { ledger } = client;
            checkBalance(client);
            expect(ledger.requests).toBe(sent);
            for (const outcome of outcomes) expect(ledger.requestsEnded(outcome)).toBe(ended.get(outcome));
            expect(ledger.requestsInside).toBe(table.countRequestsInside(client.owner));
            expect(ledger.attempts).toBe(submitted);
            expect(ledger.attemptsWaiting).toBe(table.countAttempts(client.owner, 'waiting'));
          };
          for (const { kind, gap, pick } of steps) {
            simulation.runUntil(plus(simulation.now, us(gap * 1_000)));
            if (kind === 'send') {
              sent++;
              const before = client.ledger.requestsInside;
              const request = client.send();
              if (client.ledger.requestsInside > before) open.add(request);
            } else if (open.size > 0) {
              client.abandon([...open][pick % open.size]!);
            }
            check();
          }
          simulation.runUntil(plus(simulation.now, ms(60_000)));
          check();
          expect(client.ledger.requestsInside).toBe(0);
          expect(table.countAttempts(client.owner, 'at the server')).toBe(0);
          expect(client.ledger.work).toBe(submitted);
          expect(client.ledger.usefulWork).toBe(client.ledger.goodput);
          expect(client.ledger.attempts).toBeLessThanOrEqual(maxAttempts * sent);
          expect(simulation.pendingCount).toBe(0);
        },
      ),
      { seed: 20_241_211, numRuns: 300 },
    );
  });
});
