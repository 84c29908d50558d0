import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../simulation.ts';
import { plus, us, type Instant } from '../time.ts';
import { TtlCache, type LookupResult } from './ttl-cache.ts';

/** A cache as one would write it down in five minutes: a list in order of use, walked from end to end. */
class NaiveCache {
  readonly #capacity: number;
  readonly #staleWindow: number;
  readonly #entries: { key: number; value: number; expiresAt: number }[] = [];

  constructor(capacity: number, staleWindow: number) {
    this.#capacity = capacity;
    this.#staleWindow = staleWindow;
  }

  find(key: number, now: Instant): { result: 'fresh' | 'stale'; value: number } | undefined {
    const i = this.#entries.findIndex((entry) => entry.key === key);
    if (i < 0 || now >= this.#entries[i]!.expiresAt + this.#staleWindow) return undefined;
    const [entry] = this.#entries.splice(i, 1);
    this.#entries.push(entry!);
    return { result: now < entry!.expiresAt ? 'fresh' : 'stale', value: entry!.value };
  }

  put(key: number, expiresAt: number, value: number): void {
    if (!this.remove(key) && this.#entries.length === this.#capacity) this.#entries.shift();
    this.#entries.push({ key, value, expiresAt });
  }

  remove(key: number): boolean {
    const i = this.#entries.findIndex((entry) => entry.key === key);
    if (i >= 0) this.#entries.splice(i, 1);
    return i >= 0;
  }

  get size(): number {
    return this.#entries.length;
  }
}

const action = fc.record({
  kind: fc.constantFrom('lookup', 'lookup', 'lookup', 'put', 'put', 'putNegative', 'remove'),
  key: fc.integer({ min: 0, max: 12 }),
  gap: fc.integer({ min: 0, max: 40 }),
  ttl: fc.integer({ min: 0, max: 300 }),
});

describe('TTL cache with least-recently-used eviction', () => {
  it('agrees with a naive model on every lookup, whatever happened before', () => {
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 200 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0, 100),
        (actions, capacity, negativeCapacity, window) => {
          const simulation = new Simulation();
          const cache = new TtlCache(simulation, {
            name: 'under test',
            capacity,
            negativeCapacity,
            eviction: 'least recently used',
            serveStale: { window: us(window), mode: 'immediate' },
          });
          const positive = new NaiveCache(capacity, window);
          const negative = new NaiveCache(negativeCapacity, window);
          actions.forEach(({ kind, key, gap, ttl }, value) => {
            simulation.runUntil(plus(simulation.now, us(gap)));
            const now = simulation.now;
            if (kind === 'put') {
              cache.put(key, us(ttl), value);
              negative.remove(key);
              positive.put(key, now + ttl, value);
            } else if (kind === 'putNegative') {
              cache.putNegative(key, us(ttl), value);
              negative.put(key, now + ttl, value);
            } else if (kind === 'remove') {
              const wasNegative = negative.remove(key);
              expect(cache.remove(key)).toBe(positive.remove(key) || wasNegative);
            } else {
              const no = negative.find(key, now);
              const found = no ?? positive.find(key, now);
              const expected: LookupResult =
                found === undefined ? 'miss' : no?.result === 'fresh' ? 'negative' : found.result;
              expect(cache.lookup(key)).toBe(expected);
              if (found !== undefined)
                expect([cache.foundValue, cache.foundNegative]).toEqual([found.value, no !== undefined]);
            }
            expect(cache.counts.size).toBe(positive.size + negative.size);
          });
        },
      ),
      { seed: 20_241_211, numRuns: 400 },
    );
  });
});

describe('TTL cache with random eviction', () => {
  it('never answers what was not stored, never after its time, and never holds more than its capacity', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), fc.integer({ min: 1, max: 6 }), (actions, capacity) => {
        const simulation = new Simulation();
        const cache = new TtlCache(simulation, { name: 'under test', capacity });
        const stored = new Map<number, { value: number; expiresAt: number }>();
        let lookups = 0;
        actions.forEach(({ kind, key, gap, ttl }, value) => {
          simulation.runUntil(plus(simulation.now, us(gap)));
          if (kind === 'put') {
            cache.put(key, us(ttl), value);
            stored.set(key, { value, expiresAt: simulation.now + ttl });
          } else if (kind === 'remove') {
            cache.remove(key);
            stored.delete(key);
          } else if (kind === 'lookup') {
            lookups++;
            if (cache.lookup(key) === 'miss') return;
            expect(cache.foundValue).toBe(stored.get(key)?.value);
            expect(simulation.now).toBeLessThan(stored.get(key)!.expiresAt);
          }
          expect(cache.counts.size).toBeLessThanOrEqual(capacity);
        });
        const counts = cache.counts;
        expect(counts.lookups).toBe(lookups);
        expect(counts.fresh + counts.prefetch + counts.stale + counts.negative + counts.miss).toBe(lookups);
      }),
      { seed: 20_241_211, numRuns: 200 },
    );
  });
});
