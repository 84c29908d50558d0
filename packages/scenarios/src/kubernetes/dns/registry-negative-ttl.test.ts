/** Failures of the registry-backed tier that are remembered for longer and longer (RFC 9520). */
import { type Duration, forever, minutes, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import type { RegistryDnsOptions } from './registry-dns-options.ts';
import { RECORDS, setUpRegistry, TTL } from './testing/registry-bench.ts';

describe('a negative TTL that doubles', () => {
  const growing = { maxNegativeTtl: minutes(5) };

  /** When the one name of the one instance is asked for, in seconds after it was first. */
  function questions(changes: Partial<RegistryDnsOptions>, until: Duration): number[] {
    const { simulation, controlPlane, dns } = setUpRegistry({ instances: 1, names: 1, ...changes });
    controlPlane.block();
    const times: number[] = [];
    for (let at = 0; at < TTL + until; at += seconds(1)) {
      const before = dns.queries;
      advance(simulation, seconds(1));
      if (dns.queries > before) times.push(at / seconds(1));
    }
    return times.map((each) => each - times[0]!).filter((each) => each <= until / seconds(1));
  }

  it('is twice as long after each failure in a row, up to the longest', () => {
    // Each question waits its 2 s in vain, and then 5, 10, 20, 40, 80, 160, 300 and 300 s pass.
    expect(questions(growing, minutes(17))).toEqual([0, 7, 19, 41, 83, 165, 327, 629, 931]);
    expect(questions({ maxNegativeTtl: seconds(12) }, minutes(1))).toEqual([0, 7, 19, 33, 47]);
  });

  it('stays as it is where nothing longer is allowed', () => {
    const plain = questions({}, minutes(2));
    expect(plain.slice(0, 4)).toEqual([0, 7, 14, 21]);
    expect(questions({ maxNegativeTtl: seconds(5) }, minutes(2))).toEqual(plain);
  });

  it('starts from the first again once the API has answered', () => {
    const { simulation, controlPlane, dns } = setUpRegistry({ instances: 1, ...growing });
    controlPlane.block();
    advance(simulation, (TTL + minutes(20)) as Duration);
    controlPlane.unblock();
    advance(simulation, minutes(6));
    expect(dns.counts.failing).toBe(0);
    controlPlane.block();
    // The 100 names were renewed within 302 s, and run out again within as long from here on.
    advance(simulation, (TTL - minutes(6)) as Duration);
    const before = dns.queries;
    const failing = dns.counts.failing;
    advance(simulation, minutes(12));
    expect(failing).toBeLessThan(10);
    // Each has failed for 7 to 12 min by then: seven questions in the first 327 s, one more in the next 302 s.
    expect((dns.queries - before) / 100).toBeGreaterThan(7);
    expect((dns.queries - before) / 100).toBeLessThanOrEqual(8);
    controlPlane.checkBooks();
  });

  it('counts what the client-side limit fails, so that a tier that is too slow for itself asks less', () => {
    const parts = { instances: 1, names: 400, pace: { qps: 1, burst: 1 } };
    const [constant, longer] = [{}, growing].map((changes) => {
      const { simulation, controlPlane, dns } = setUpRegistry({ ...parts, ...changes });
      controlPlane.block();
      advance(simulation, (TTL + minutes(20)) as Duration);
      const before = dns.queries;
      advance(simulation, minutes(10));
      controlPlane.checkBooks();
      return (dns.queries - before) / 600;
    });
    // 400 names want 400 / 7 s = 57 a second, and 400 / 302 s = 1.3 a second: the limit of 1 is met by both.
    expect(constant).toBeCloseTo(1, 1);
    expect(longer).toBeGreaterThan(0.8);
    expect(longer).toBeLessThanOrEqual(1.01);
  });

  it('does not shorten the time for which stale answers are given, and lets applications wait less often', () => {
    // Mode verify: each question keeps applications waiting for 20 s, of which they bear 5 s; then the record is answered
    // for the negative TTL. 15 of 25 s fail with one of 5 s, and 15 of 320 s when it has grown to 5 min.
    const stale = {
      serveStale: forever,
      serveStaleMode: 'verify',
      lookupTimeout: seconds(20),
      patience: seconds(5),
    } as const;
    const { simulation, controlPlane, dns } = setUpRegistry({ ...stale, ...growing });
    controlPlane.block();
    advance(simulation, (TTL + minutes(20)) as Duration);
    let sum = 0;
    for (let second = 0; second < 640; second++) {
      advance(simulation, seconds(1));
      sum += dns.failureShare(1);
    }
    expect(sum / 640).toBeCloseTo(15 / 320, 2);
  });

  it.each([forever, minutes(6), seconds(4)])('refuses a longest time of %d us', (maxNegativeTtl) => {
    expect(() => setUpRegistry({ maxNegativeTtl })).toThrow(
      'maxNegativeTtl must be from negativeTtl, 5000000 us, to 5 min',
    );
  });

  /** Share of names that an API renews which lives for a minute after they have all failed for long. */
  function renewedByShortLife(changes: Partial<RegistryDnsOptions>): number {
    const { simulation, controlPlane, dns } = setUpRegistry(changes);
    controlPlane.block();
    advance(simulation, (TTL + minutes(20)) as Duration);
    expect(dns.counts.failing).toBe(RECORDS);
    controlPlane.unblock();
    advance(simulation, minutes(1));
    controlPlane.block();
    return 1 - dns.counts.failing / RECORDS;
  }

  it('lets a short life of the API renew no more names than are asked for in it', () => {
    expect(renewedByShortLife({})).toBe(1);
    // Each name is asked for once in 302 s, at a time of its own.
    const expected = 60 / 302;
    const deviation = Math.sqrt((expected * (1 - expected)) / RECORDS);
    expect(Math.abs(renewedByShortLife(growing) - expected)).toBeLessThan(4 * deviation);
  });
});
