import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forever, seconds, us, type Instant } from '../time.ts';
import { TokenBucket } from './token-bucket.ts';

const setup = fc.record({
  rate: fc.integer({ min: 1, max: 2000 }),
  burst: fc.integer({ min: 1, max: 50 }),
  initial: fc.nat(50),
});
const asks = fc.array(
  fc.record({
    after: fc.oneof(fc.nat(2000), fc.nat(2_000_000)),
    tokens: fc.integer({ min: 1, max: 60 }),
    do: fc.nat(3),
  }),
);

test('level, answers and waiting times agree with exact big integers', () => {
  fc.assert(
    fc.property(setup, asks, ({ rate, burst, initial }, commands) => {
      const start = Math.min(initial, burst);
      const bucket = new TokenBucket({ name: 'tested', rate, burst, initial: start });
      const [inflow, unit, most] = [BigInt(rate), 1_000_000n, BigInt(burst) * 1_000_000n];
      let level = BigInt(start) * unit;
      let now = 0;
      for (const { after, tokens, do: what } of commands) {
        now += after;
        level += BigInt(after) * inflow;
        if (level > most) level = most;
        const want = BigInt(tokens) * unit;
        const missing = want > level ? want - level : 0n;
        const wait = want > most ? forever : Number((missing + inflow - 1n) / inflow);
        const at = now as Instant;
        if (what === 0) expect(bucket.timeUntil(at, tokens)).toBe(wait);
        else if (what === 1) {
          expect(bucket.take(at, tokens)).toBe(missing === 0n);
          if (missing === 0n) level -= want;
        } else if (what === 2) {
          expect(bucket.reserve(at, tokens)).toBe(wait);
          if (want <= most) level -= want;
        } else {
          bucket.put(at, tokens);
          level = level + want > most ? most : level + want;
        }
        expect(bucket.available(at)).toBe(Number(level) / 1e6);
      }
    }),
    { seed: 41, numRuns: 300 },
  );
});

test('after the time it names the tokens are there, a microsecond before they are not', () => {
  fc.assert(
    fc.property(setup, fc.integer({ min: 1, max: 50 }), ({ rate, burst }, tokens) => {
      fc.pre(tokens <= burst);
      const bucket = (): TokenBucket => new TokenBucket({ name: 'tested', rate, burst, initial: 0 });
      const wait = bucket().timeUntil(0 as Instant, tokens);
      expect(bucket().take((wait - 1) as Instant, tokens)).toBe(false);
      expect(bucket().take(wait as number as Instant, tokens)).toBe(true);
    }),
    { seed: 42, numRuns: 200 },
  );
});

test('a slow rate is exact in its own period: one token in ten seconds', () => {
  const bucket = new TokenBucket({ name: 'tested', rate: 1, per: seconds(10), burst: 2, initial: 0 });
  for (let second = 1; second < 10; second++) expect(bucket.take((second * 1_000_000) as Instant)).toBe(false);
  expect(bucket.take(10_000_000 as Instant)).toBe(true);
  expect(bucket.timeUntil(10_000_001 as Instant)).toBe(us(9_999_999));
});

test('as a retry budget it lives on what requests bring: one retry for ten of them', () => {
  const bucket = new TokenBucket({ name: 'retries', rate: 0, burst: 5, initial: 0 });
  let retries = 0;
  for (let request = 1; request <= 100; request++) {
    bucket.put(request as Instant, 0.1);
    if (bucket.take(request as Instant)) retries++;
  }
  expect(retries).toBe(10);
  expect([bucket.timeUntil(100 as Instant), bucket.reserve(100 as Instant)]).toEqual([forever, forever]);
});

test('bad input is refused at the door in the name of the bucket', () => {
  const make = (options: object): TokenBucket => new TokenBucket({ name: 'client', rate: 5, burst: 10, ...options });
  expect(() => make({ rate: -1 })).toThrow('token bucket "client": rate must be >= 0 and finite, got -1');
  expect(() => make({ burst: 0 })).toThrow('token bucket "client": burst must be > 0 and finite, got 0');
  expect(() => make({ per: 0 })).toThrow('token bucket "client": per must be > 0, got 0');
  expect(() => make({ initial: 11 })).toThrow('token bucket "client": initial must be in 0..10, got 11');
  expect(() => make({}).take(0 as Instant, -1)).toThrow('token bucket "client": tokens must be >= 0, got -1');
  const bucket = make({});
  bucket.take(5 as Instant);
  expect(() => bucket.take(4 as Instant)).toThrow('token bucket "client": time went back from 5 to 4');
});
