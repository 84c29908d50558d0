import { minutes, seconds, type ServeStale, Simulation } from '@brownout/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import type { NameSource } from './name-store.ts';
import { NodeLocalCache, type NodeLocalCacheOptions } from './node-local-cache.ts';

/** Servers that fail as a test says. */
class Source implements NameSource {
  servfail = 0;
  silence = 0;

  servfailChance(): number {
    return this.servfail;
  }

  silenceChance(): number {
    return this.silence;
  }
}

const NODES = 20;
const NAMES = 50;

function setUp(changes: Partial<NodeLocalCacheOptions> = {}, seed = 1) {
  const simulation = new Simulation({ seed });
  const source = new Source();
  const options = { nodes: NODES, names: NAMES, ttl: seconds(30), retry: seconds(5), families: 2, ...changes };
  const cache = new NodeLocalCache(simulation, 'cache', options, source);
  advance(simulation, seconds(100));
  return { simulation, source, cache };
}

const serveStale = (mode: ServeStale['mode'], more: Partial<ServeStale> = {}): Partial<NodeLocalCacheOptions> => ({
  serveStale: { window: minutes(60), mode, ...more },
});

describe('queries to CoreDNS', () => {
  it('one for each family and entry in each TTL, and six times as many while answers are SERVFAIL', () => {
    const { simulation, source, cache } = setUp();
    const quiet = (NODES * NAMES * 2) / 30;
    expect(cache.queriesPerSecond).toBeCloseTo(quiet, 9);
    source.servfail = 1;
    advance(simulation, seconds(60));
    let sum = 0;
    for (let second = 0; second < 10; second++) {
      advance(simulation, seconds(1));
      sum += cache.queriesPerSecond;
    }
    // Every entry is tried again every 5 s: empty caches multiply the load on DNS servers.
    expect(sum).toBe(2 * NODES * NAMES * 2);
  });
});

it('a node that joined has no cache: what runs there meets what the servers do, at once', () => {
  const { source, cache } = setUp();
  source.servfail = 0.25;
  source.silence = 0.5;
  expect([cache.failureProbability(NODES - 1, 0), cache.failureProbability(NODES, 0)]).toEqual([0, 0.75]);
});

describe('a source that fails', () => {
  it('for a while: entries run out evenly over the TTL and are all back 5 s after it is well', () => {
    const { simulation, source, cache } = setUp();
    source.silence = 1;
    advance(simulation, seconds(15));
    expect(Math.abs(cache.failureShare(1) - 0.5)).toBeLessThan(0.08);
    expect(cache.failureShare(3)).toBeGreaterThan(0.8);
    advance(simulation, seconds(16));
    expect(cache.failureShare(1)).toBe(1);
    source.silence = 0;
    advance(simulation, seconds(6));
    expect(cache.counts).toEqual({ records: NODES * NAMES, failing: 0 });
  });

  it('now and then: as many fail as were told so, each until its next try', () => {
    const { simulation, source, cache } = setUp();
    source.servfail = 0.25;
    advance(simulation, minutes(10));
    // An entry is fresh for 30 s with 3/4 and failing for 5 s with 1/4: 1.25 s of 23.75 s.
    const expected = (0.25 * 5) / (0.75 * 30 + 0.25 * 5);
    const deviation = Math.sqrt((expected * (1 - expected)) / (NODES * NAMES));
    expect(Math.abs(cache.failureShare(1) - expected)).toBeLessThan(4 * deviation);
  });
});

describe('stale answers', () => {
  it.each([
    ['silence', 'immediate', 0],
    ['silence', 'verify', 0],
    ['servfail', 'immediate', 1],
    ['servfail', 'verify', 0],
  ] as const)('on %s in mode %s: share %i fails', (what, mode, share) => {
    const { simulation, source, cache } = setUp(serveStale(mode));
    source[what] = 1;
    advance(simulation, minutes(2));
    expect(cache.failureShare(1)).toBe(share);
    expect(cache.staleCount).toBe(share === 0 ? NODES * NAMES : 0);
  });

  it('a positive answer may be preferred to a SERVFAIL', () => {
    const { simulation, source, cache } = setUp(serveStale('immediate', { preferPositive: true }));
    source.servfail = 1;
    advance(simulation, minutes(2));
    expect(cache.failureShare(1)).toBe(0);
  });

  it('end with their window, counted from the moment an entry ran out', () => {
    const { simulation, source, cache } = setUp(serveStale('verify', { window: minutes(2) }));
    source.silence = 1;
    advance(simulation, seconds(119));
    expect(cache.failureShare(1)).toBe(0);
    advance(simulation, seconds(40));
    expect(cache.failureShare(1)).toBe(1);
  });
});

it('a lookup fails surely or not at all, and all entries together are the share, whatever happens', () => {
  const step = fc.record({ servfail: fc.constantFrom(0, 0.3, 1), seconds: fc.integer({ min: 1, max: 90 }) });
  const stale = fc.constantFrom({}, serveStale('immediate'), serveStale('verify', { window: seconds(40) }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), stale, (steps, changes) => {
      const { simulation, source, cache } = setUp(changes);
      for (const each of steps) {
        source.servfail = each.servfail;
        source.silence = each.servfail === 0.3 ? 0.2 : 0;
        advance(simulation, seconds(each.seconds));
        let failing = 0;
        for (let node = 0; node < NODES; node++) {
          for (let name = 0; name < NAMES; name++) failing += cache.failureProbability(node, name);
        }
        expect(failing).toBe(cache.counts.failing);
        const onAll = (count: (node: number) => number): number =>
          Array.from({ length: NODES }, (_, node) => count(node)).reduce((sum, one) => sum + one, 0);
        expect(onAll((node) => cache.failingOn(node))).toBe(failing);
        expect(onAll((node) => cache.staleOn(node))).toBe(cache.staleCount);
        expect(cache.failureShare(1)).toBeCloseTo(failing / (NODES * NAMES), 9);
      }
      source.servfail = 0;
      source.silence = 0;
      advance(simulation, seconds(40));
      expect(cache.failureShare(1)).toBe(0);
      expect(cache.staleCount).toBe(0);
    }),
    { numRuns: 30 },
  );
});

it('options that make no sense are refused by name', () => {
  expect(() => setUp({ ttl: seconds(0) })).toThrow('NodeLocal cache: ttl must be >= 1 s, got 0 us');
  expect(() => setUp({ nodes: 0 })).toThrow('NodeLocal cache: nodes must be a whole number >= 1, got 0');
});
