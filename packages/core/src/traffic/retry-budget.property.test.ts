import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plus, seconds, timeZero, us, type Instant } from '../time.ts';
import { QuotaBudget, RatioBudget, ThrottleBudget, WindowedBudget, type RetryReason } from './retry-budget.ts';

type Step = { readonly kind: 'request' | 'retry' | 'served'; readonly gap: number; readonly timedOut: boolean };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('request' as const, 'retry' as const, 'served' as const),
    gap: fc.integer({ min: 0, max: 400_000 }),
    timedOut: fc.boolean(),
  }),
  { maxLength: 400 },
);
const runs = { seed: 20_241_211, numRuns: 200 };

function reasonOf(step: Step): RetryReason {
  return step.timedOut ? 'timed out' : 'rejected';
}

describe('retry budgets never exceed their bound', () => {
  it('ratio: retries <= reserve + ratio * requests, at every moment', () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 0, max: 10 }),
        fc.constantFrom(0, 0.1, 0.25, 1),
        (history, reserve, ratio) => {
          const budget = new RatioBudget({ retriesPerRequest: ratio, reserve });
          let requests = 0;
          let retries = 0;
          for (const step of history) {
            if (step.kind === 'request') {
              requests++;
              budget.requestBegan();
            } else if (step.kind === 'retry' && budget.tryRetry()) {
              retries++;
            }
            expect(retries).toBeLessThanOrEqual(reserve + ratio * requests + 1e-6);
          }
        },
      ),
      runs,
    );
  });

  it('windowed: retries of any nine tenths of the window <= reserve + ratio * requests of the window', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const budget = new WindowedBudget({ window: seconds(10), retriesPerRequest: 0.2, minimumRetriesPerSecond: 1 });
        const requests: Instant[] = [];
        const retries: Instant[] = [];
        let now = timeZero;
        for (const step of history) {
          now = plus(now, us(step.gap));
          if (step.kind === 'request') {
            requests.push(now);
            budget.requestBegan(now);
          } else if (budget.tryRetry(now)) {
            retries.push(now);
            const recentRetries = retries.filter((at) => at > now - seconds(9)).length;
            const recentRequests = requests.filter((at) => at > now - seconds(10)).length;
            expect(recentRetries).toBeLessThanOrEqual(10 + 0.2 * recentRequests + 1e-6);
          }
        }
      }),
      runs,
    );
  });

  it('quota: what was spent never exceeds what there was plus what was earned', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const budget = new QuotaBudget({ tokens: 50 });
        let spent = 0;
        let earned = 0;
        for (const step of history) {
          const reason = reasonOf(step);
          if (step.kind === 'retry') spent += budget.tryRetry(timeZero, reason) ? (step.timedOut ? 10 : 5) : 0;
          else if (step.kind === 'served') {
            budget.requestServed(timeZero, step.timedOut ? 1 : 0, reason);
            earned += step.timedOut ? 10 : 1;
          }
          expect(spent).toBeLessThanOrEqual(50 + earned);
        }
      }),
      runs,
    );
  });

  it('throttle: no retry while failures outweigh successes by more than half of the tokens', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const budget = new ThrottleBudget({ maxTokens: 10, tokenRatio: 0.1 });
        let tokens = 10;
        for (const step of history) {
          if (step.kind === 'request') {
            budget.attemptFailed();
            tokens = Math.max(0, tokens - 1);
          } else if (step.kind === 'served') {
            budget.requestServed();
            tokens = Math.min(10, tokens + 0.1);
          } else {
            expect(budget.tryRetry()).toBe(tokens > 5);
          }
        }
      }),
      runs,
    );
  });
});
