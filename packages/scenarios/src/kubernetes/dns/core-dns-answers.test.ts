import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { Answer, DnsCache } from './core-dns-answers.ts';
import { type DnsCacheOptions, manifestCache, nodeLocalCache } from './core-dns-options.ts';

/** A cache in front of a source whose answer the test sets, and how often that was asked. */
function setUp(
  changes: Partial<DnsCacheOptions> = {},
  options: DnsCacheOptions = manifestCache,
  recordTtl = seconds(30),
) {
  const simulation = new Simulation({ seed: 1 });
  const source = { answer: 1, asked: 0 };
  const cache = new DnsCache(simulation, 'cache', { ...options, ...changes }, recordTtl, () => {
    source.asked++;
    return source.answer;
  });
  return { simulation, cache, source };
}

/** Seconds for which an answer is repeated without asking again. */
function lifetime(answer: number, options: DnsCacheOptions, recordTtl = seconds(30)): number {
  const { simulation, cache, source } = setUp({}, options, recordTtl);
  source.answer = answer;
  while (source.asked < 2) {
    cache.answer(0);
    advance(simulation, ms(500));
  }
  return simulation.now / seconds(1) - 0.5;
}

describe('TTLs of the cache plugin', () => {
  it('30 s for successes and denials, 5 s for failures', () => {
    expect(lifetime(1, manifestCache)).toBe(30);
    expect(lifetime(Answer.denied, manifestCache)).toBe(30);
    expect(lifetime(Answer.failed, manifestCache)).toBe(5);
  });

  it('never less than 5 s, and the cap goes before the record', () => {
    expect(lifetime(1, manifestCache, seconds(1))).toBe(5);
    expect(lifetime(Answer.denied, manifestCache, seconds(1))).toBe(5);
    expect(lifetime(1, manifestCache, minutes(10))).toBe(30);
  });

  it('NodeLocal DNSCache keeps denials 5 s', () => {
    expect(lifetime(1, nodeLocalCache)).toBe(30);
    expect(lifetime(Answer.denied, nodeLocalCache)).toBe(5);
  });

  it('silence is not remembered, nor is a failure where that is off', () => {
    expect(lifetime(Answer.silence, manifestCache)).toBe(0.5);
    expect(lifetime(Answer.failed, { ...manifestCache, servfailTtl: seconds(0) })).toBe(0.5);
  });
});

describe('room', () => {
  it('a full store gives a random entry away, and the fill is a share of both stores', () => {
    const { cache, source } = setUp({ successCapacity: 100, denialCapacity: 100 });
    for (let name = 0; name < 150; name++) cache.answer(name);
    expect(cache.fillShare).toBe(0.5);
    const before = source.asked;
    for (let name = 0; name < 150; name++) cache.answer(name);
    // 100 of 150 are there at the start; every miss evicts one at random, the early ones more often than the last.
    expect(source.asked - before).toBeGreaterThan(50);
    expect(source.asked - before).toBeLessThan(150);
  });

  it('a kind without room is asked for every time (recent kubeadm, cluster zone)', () => {
    const { cache, source } = setUp({ successCapacity: 0, denialCapacity: 0 });
    for (let i = 0; i < 5; i++) cache.answer(0);
    expect(source.asked).toBe(5);
    expect(cache.fillShare).toBe(0);
  });

  it('a process that died has nothing', () => {
    const { cache, source } = setUp();
    cache.answer(0);
    cache.clear();
    cache.answer(0);
    expect(source.asked).toBe(2);
  });
});

describe('serve_stale', () => {
  const stale = { window: minutes(60) } as const;

  it('off by default: what ran out is gone', () => {
    const { simulation, cache, source } = setUp();
    cache.answer(0);
    advance(simulation, seconds(31));
    source.answer = Answer.silence;
    expect(cache.answer(0)).toBe(Answer.silence);
  });

  it('immediate answers with what it has and refreshes behind it', () => {
    const { simulation, cache, source } = setUp({ serveStale: { ...stale, mode: 'immediate' } });
    cache.answer(0);
    advance(simulation, seconds(31));
    source.answer = 2;
    expect(cache.answer(0)).toBe(1);
    expect(cache.answer(0)).toBe(2);
  });

  it('immediate: a failure of the refresh shadows the stale success from then on', () => {
    const { simulation, cache, source } = setUp({ serveStale: { ...stale, mode: 'immediate' } });
    cache.answer(0);
    advance(simulation, seconds(31));
    source.answer = Answer.failed;
    expect(cache.answer(0)).toBe(1);
    expect(cache.answer(0)).toBe(Answer.failed);
  });

  it('unless positive answers are preferred (newest option)', () => {
    const { simulation, cache, source } = setUp({ serveStale: { ...stale, mode: 'immediate', preferPositive: true } });
    cache.answer(0);
    advance(simulation, seconds(31));
    source.answer = Answer.failed;
    for (let i = 0; i < 5; i++) expect(cache.answer(0)).toBe(1);
  });

  it('verify asks first, and answers stale only when that fails', () => {
    const { simulation, cache, source } = setUp({ serveStale: { ...stale, mode: 'verify' } });
    cache.answer(0);
    advance(simulation, seconds(31));
    source.answer = Answer.failed;
    expect(cache.answer(0)).toBe(1);
    source.answer = Answer.silence;
    expect(cache.answer(0)).toBe(1);
    source.answer = 2;
    expect(cache.answer(0)).toBe(2);
    advance(simulation, minutes(62));
    source.answer = Answer.failed;
    expect(cache.answer(0)).toBe(Answer.failed);
  });
});

it('prefetch: a popular name never runs out', () => {
  const { simulation, cache, source } = setUp({ prefetch: { hits: 3 } });
  for (let second = 0; second < 300; second++) {
    cache.answer(0);
    if (second === 40) source.answer = Answer.failed;
    if (second === 41) source.answer = 1;
    advance(simulation, seconds(1));
  }
  // Refreshed each 27 s, when a tenth of 30 s is left.
  expect(source.asked).toBe(1 + Math.floor(299 / 27));
});
