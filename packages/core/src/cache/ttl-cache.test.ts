import { describe, expect, it } from 'vitest';
import { Simulation } from '../simulation.ts';
import { forever, hours, ms, plus, seconds, timeZero, us, type Instant } from '../time.ts';
import { TtlCache, type LookupResult, type TtlCacheOptions } from './ttl-cache.ts';

function at(count: number): Instant {
  return plus(timeZero, seconds(count));
}

function cacheWith(options: Partial<TtlCacheOptions> = {}): { simulation: Simulation; cache: TtlCache } {
  const simulation = new Simulation({ seed: 11 });
  return { simulation, cache: new TtlCache(simulation, { name: 'dns', capacity: 100, ...options }) };
}

/** Lookups of key 1 at the given times. */
function lookupsAt(simulation: Simulation, cache: TtlCache, times: readonly number[]): LookupResult[] {
  return times.map((time) => {
    simulation.runUntil(at(time));
    return cache.lookup(1);
  });
}

describe('TTL cache', () => {
  it('is fresh up to its TTL and a miss from then on', () => {
    const { simulation, cache } = cacheWith();
    expect(cache.lookup(1)).toBe('miss');
    cache.put(1, seconds(30), 77);
    expect(lookupsAt(simulation, cache, [0, 29.999999, 30])).toEqual(['fresh', 'fresh', 'miss']);
    expect([cache.foundValue, cache.foundNegative, cache.foundAge]).toEqual([77, false, us(29_999_999)]);
    expect(cache.counts).toMatchObject({ lookups: 4, fresh: 2, miss: 2, size: 1 });
  });

  it('keeps TTLs within their range, positive and negative apart', () => {
    const { simulation, cache } = cacheWith({
      minimumTtl: seconds(5),
      maximumTtl: seconds(30),
      maximumNegativeTtl: seconds(2),
    });
    cache.put(1, seconds(1));
    expect(lookupsAt(simulation, cache, [4.9, 5])).toEqual(['fresh', 'miss']);
    cache.put(1, hours(1));
    expect(lookupsAt(simulation, cache, [34.9, 35])).toEqual(['fresh', 'miss']);
    cache.putNegative(1, forever);
    expect(lookupsAt(simulation, cache, [36.9, 37])).toEqual(['negative', 'miss']);
  });

  it('a negative answer hides a positive one; a new positive one removes it', () => {
    const { simulation, cache } = cacheWith();
    cache.put(1, seconds(60));
    cache.putNegative(1, seconds(5));
    expect(lookupsAt(simulation, cache, [1, 5])).toEqual(['negative', 'fresh']);
    cache.putNegative(1, seconds(50));
    cache.put(1, seconds(60));
    expect(cache.lookup(1)).toBe('fresh');
  });

  it('serve-stale immediate: stale inside the window, then gone', () => {
    const { simulation, cache } = cacheWith({ serveStale: { window: seconds(100), mode: 'immediate' } });
    cache.put(1, seconds(30), 5);
    expect(lookupsAt(simulation, cache, [29, 30, 129.9, 130])).toEqual(['fresh', 'stale', 'stale', 'miss']);
    expect(cache.foundValue).toBe(5);
  });

  it('serve-stale verify: a miss that can fall back while the window lasts', () => {
    const { simulation, cache } = cacheWith({ serveStale: { window: seconds(100), mode: 'verify' } });
    cache.put(1, seconds(30), 5);
    expect(lookupsAt(simulation, cache, [30])).toEqual(['miss']);
    expect(cache.fallback(1)).toBe(true);
    expect(cache.foundValue).toBe(5);
    expect(cache.fallback(2)).toBe(false);
    simulation.runUntil(at(130));
    expect(cache.fallback(1)).toBe(false);
    expect(cache.counts.fallbacks).toBe(1);
  });

  it('without serve-stale there is nothing to fall back to', () => {
    const { simulation, cache } = cacheWith();
    cache.put(1, seconds(30));
    simulation.runUntil(at(30));
    expect(cache.fallback(1)).toBe(false);
  });

  it('a remembered failure shadows the stale answer, also when it is stale itself, unless positive is preferred', () => {
    const shadowed = (preferPositive: boolean): LookupResult[] => {
      const { simulation, cache } = cacheWith({ serveStale: { window: hours(1), mode: 'immediate', preferPositive } });
      cache.put(1, seconds(30));
      simulation.runUntil(at(40));
      cache.putNegative(1, seconds(5));
      const results = lookupsAt(simulation, cache, [41, 50]);
      expect(cache.foundNegative).toBe(!preferPositive);
      return results;
    };
    expect(shadowed(false)).toEqual(['negative', 'stale']);
    expect(shadowed(true)).toEqual(['stale', 'stale']);
  });

  it('prefetch: a popular entry in the last tenth of its TTL', () => {
    const { simulation, cache } = cacheWith({ prefetch: { hits: 3 } });
    cache.put(1, seconds(100));
    expect(lookupsAt(simulation, cache, [10, 20, 80, 91, 92])).toEqual([
      'fresh',
      'fresh',
      'fresh',
      'prefetch',
      'prefetch',
    ]);
    cache.put(1, seconds(100));
    expect(lookupsAt(simulation, cache, [93, 183])).toEqual(['fresh', 'fresh']);
    expect(cache.counts.prefetch).toBe(2);
  });

  it('prefetch: a pause starts the count of popularity anew, a refresh keeps it', () => {
    const { simulation, cache } = cacheWith({ prefetch: { hits: 3, gap: seconds(20), share: 0.5 } });
    cache.put(1, seconds(100));
    expect(lookupsAt(simulation, cache, [10, 20, 41, 51, 61])).toEqual([
      'fresh',
      'fresh',
      'fresh',
      'fresh',
      'prefetch',
    ]);
    cache.put(1, seconds(20));
    expect(lookupsAt(simulation, cache, [70, 72])).toEqual(['fresh', 'prefetch']);
  });

  it('holds no more than its capacity; random eviction spares no entry', () => {
    const { cache } = cacheWith({ capacity: 50 });
    for (let key = 0; key < 50; key++) cache.put(key, hours(1));
    for (let key = 1_000; key < 1_400; key++) cache.put(key, hours(1));
    const survivors = Array.from({ length: 50 }, (_, key) => cache.lookup(key)).filter(
      (result) => result === 'fresh',
    ).length;
    // Each of 400 insertions spares an entry with probability 49/50: expected 50 * 0.98^400 = 0.015 survivors.
    expect(survivors).toBeLessThan(3);
    expect(cache.counts).toMatchObject({ size: 50, evictions: 400 });
  });

  it('random eviction picks each entry equally often', () => {
    const losses = new Array<number>(10).fill(0);
    const { cache } = cacheWith({ capacity: 10 });
    for (let round = 0; round < 2_000; round++) {
      cache.clear();
      for (let key = 0; key <= 10; key++) cache.put(key, hours(1));
      for (let key = 0; key < 10; key++) if (cache.lookup(key) === 'miss') losses[key]!++;
    }
    // Chi-squared with 9 degrees of freedom, 0.1 % point 27.9.
    expect(losses.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)).toBeLessThan(27.9);
  });

  it('least recently used: the one nobody asked for leaves first', () => {
    const { cache } = cacheWith({ capacity: 3, eviction: 'least recently used' });
    for (const key of [1, 2, 3]) cache.put(key, hours(1));
    cache.lookup(1);
    cache.put(2, hours(1));
    cache.put(4, hours(1));
    expect([1, 2, 3, 4].map((key) => cache.lookup(key))).toEqual(['fresh', 'fresh', 'miss', 'fresh']);
  });

  it('a capacity of 0 caches nothing', () => {
    const { cache } = cacheWith({ capacity: 0, negativeCapacity: 1 });
    cache.put(1, hours(1));
    expect(cache.lookup(1)).toBe('miss');
    cache.putNegative(1, hours(1));
    expect(cache.lookup(1)).toBe('negative');
  });

  it('forgets one key, or everything at a restart', () => {
    const { cache } = cacheWith();
    cache.put(1, hours(1));
    cache.putNegative(2, hours(1));
    expect([cache.remove(1), cache.remove(1), cache.lookup(1)]).toEqual([true, false, 'miss']);
    cache.clear();
    expect(cache.lookup(2)).toBe('miss');
    expect(cache.counts.size).toBe(0);
  });

  it('refuses what cannot be meant', () => {
    expect(() => cacheWith({ capacity: 1.5 })).toThrow(
      'cache "dns": capacity must be a whole number >= 0 or Infinity, got 1.5',
    );
    expect(() => cacheWith({ minimumTtl: seconds(5), maximumTtl: ms(5) })).toThrow(
      'cache "dns": expected 0 <= minimumTtl <= maximumTtl, got 5000000 us and 5000 us',
    );
    expect(() => cacheWith({ prefetch: { hits: 0 } })).toThrow('cache "dns": prefetch.hits must be >= 1, got 0');
    expect(() => cacheWith({ prefetch: { hits: 1, share: 2 } })).toThrow(
      'cache "dns": prefetch.share must be in [0, 1], got 2',
    );
    expect(() => cacheWith({ serveStale: { window: us(-1), mode: 'verify' } })).toThrow(
      'serveStale.window must be >= 0, got -1 us',
    );
    expect(() => cacheWith().cache.putNegative(1, us(-1))).toThrow('cache "dns": ttl must be >= 0, got -1 us');
  });
});
