import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Coalescer, type CoalescerOptions } from './coalescer.ts';

function coalescerWith(options: Partial<CoalescerOptions> = {}): { coalescer: Coalescer; log: string[] } {
  const log: string[] = [];
  const coalescer = new Coalescer({
    name: 'lookups',
    waitersPerKey: Infinity,
    callLimit: Infinity,
    onAsk: (key) => log.push(`ask ${key}`),
    onAnswer: (waiter, answer) => log.push(`${waiter} gets ${answer}`),
    ...options,
  });
  return { coalescer, log };
}

describe('coalescer', () => {
  it('asks once per key and tells all that waited, in order', () => {
    const { coalescer, log } = coalescerWith();
    expect([coalescer.join(5, 1), coalescer.join(5, 2), coalescer.join(6, 3), coalescer.join(5, 4)]).toEqual([
      'leads',
      'follows',
      'leads',
      'follows',
    ]);
    expect(coalescer.settle(5, 99)).toBe(3);
    expect(log).toEqual(['ask 5', 'ask 6', '1 gets 99', '2 gets 99', '4 gets 99']);
    expect([coalescer.isAsking(5), coalescer.isAsking(6), coalescer.calls, coalescer.waiting, coalescer.asked]).toEqual(
      [false, true, 1, 1, 2],
    );
  });

  it('turns waiters away at its limits', () => {
    const { coalescer } = coalescerWith({ waitersPerKey: 2, callLimit: 1 });
    expect([coalescer.join(1, 1), coalescer.join(1, 2), coalescer.join(1, 3), coalescer.join(2, 4)]).toEqual([
      'leads',
      'follows',
      'rejected',
      'rejected',
    ]);
    coalescer.settle(1, 0);
    expect([coalescer.join(2, 4), coalescer.rejected]).toEqual(['leads', 2]);
  });

  it('a waiter may leave; the call goes on, even for nobody', () => {
    const { coalescer, log } = coalescerWith();
    [1, 2, 3].forEach((waiter) => coalescer.join(7, waiter));
    expect([coalescer.leave(7, 3), coalescer.leave(7, 3), coalescer.leave(8, 1), coalescer.leave(7, 1)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    coalescer.join(7, 4);
    expect(coalescer.settle(7, 5)).toBe(2);
    expect(log).toEqual(['ask 7', '2 gets 5', '4 gets 5']);
    coalescer.join(9, 1);
    coalescer.leave(9, 1);
    expect(coalescer.settle(9, 5)).toBe(0);
  });

  it('a waiter that asks again while being told starts a new call', () => {
    const log: string[] = [];
    const coalescer: Coalescer = new Coalescer({
      name: 'lookups',
      waitersPerKey: Infinity,
      callLimit: Infinity,
      onAsk: (key) => log.push(`ask ${key}`),
      onAnswer: (waiter) => log.push(`${waiter} ${coalescer.join(1, waiter + 10)}`),
    });
    coalescer.join(1, 1);
    coalescer.join(1, 2);
    expect(coalescer.settle(1, 0)).toBe(2);
    expect(log).toEqual(['ask 1', 'ask 1', '1 leads', '2 follows']);
    expect(coalescer.waiting).toBe(2);
  });

  it('an upstream that answers on the spot works too', () => {
    const told: number[] = [];
    const coalescer: Coalescer = new Coalescer({
      name: 'lookups',
      waitersPerKey: 1,
      callLimit: 1,
      onAsk: (key) => coalescer.settle(key, key * 2),
      onAnswer: (_waiter, answer) => told.push(answer),
    });
    coalescer.join(1, 1);
    coalescer.join(2, 1);
    expect(told).toEqual([2, 4]);
  });

  it('an answer to nobody is a bug and says so', () => {
    const { coalescer } = coalescerWith();
    expect(() => coalescer.settle(3, 1)).toThrow('coalescer "lookups": settle(3) without a call under way');
    expect(() => coalescerWith({ waitersPerKey: 0 })).toThrow(
      'coalescer "lookups": waitersPerKey must be a whole number >= 1 or Infinity, got 0',
    );
  });

  it('every waiter is answered, leaves or is turned away exactly once', () => {
    const action = fc.record({
      kind: fc.constantFrom('join', 'join', 'join', 'leave', 'settle'),
      key: fc.integer({ min: 0, max: 5 }),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 300 }),
        fc.constantFrom(2, 5, Infinity),
        fc.constantFrom(2, Infinity),
        (actions, waitersPerKey, callLimit) => {
          const ends = new Map<number, number>();
          const inside = new Map<number, number>();
          const end = (waiter: number): void => {
            ends.set(waiter, (ends.get(waiter) ?? 0) + 1);
            inside.delete(waiter);
          };
          const { coalescer } = coalescerWith({ waitersPerKey, callLimit, onAsk: () => {}, onAnswer: end });
          let asked = 0;
          actions.forEach(({ kind, key, pick }, waiter) => {
            if (kind === 'join') {
              const result = coalescer.join(key, waiter);
              if (result === 'rejected') end(waiter);
              else inside.set(waiter, key);
              if (result === 'leads') asked++;
            } else if (kind === 'leave' && inside.size > 0) {
              const [leaver, leaversKey] = [...inside][pick % inside.size]!;
              expect(coalescer.leave(leaversKey, leaver)).toBe(true);
              end(leaver);
            } else if (kind === 'settle' && coalescer.isAsking(key)) {
              coalescer.settle(key, 0);
            }
            expect(coalescer.waiting).toBe(inside.size);
            expect(coalescer.joined).toBe(coalescer.answered + coalescer.left + coalescer.waiting);
            expect(coalescer.calls).toBeLessThanOrEqual(callLimit);
          });
          for (let key = 0; key <= 5; key++) if (coalescer.isAsking(key)) coalescer.settle(key, 0);
          const joins = actions.filter(({ kind }) => kind === 'join').length;
          expect([...ends.values()]).toEqual(new Array(joins).fill(1));
          expect(coalescer.asked).toBe(asked);
        },
      ),
      { seed: 20_241_211, numRuns: 300 },
    );
  });
});
