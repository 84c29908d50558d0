import { type Duration, forever, minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, createClusterBench } from '../testing/bench.ts';
import { RECORDS, setUpRegistry, TTL } from './testing/registry-bench.ts';

describe('while the API answers', () => {
  it('every record is asked for once a TTL, and none fails', () => {
    const { simulation, controlPlane, dns, failed } = setUpRegistry();
    advance(simulation, TTL);
    expect(dns.queries).toBe(RECORDS);
    advance(simulation, TTL);
    // A record lives its TTL from the answer, a few milliseconds after the question.
    expect(dns.queries).toBeGreaterThanOrEqual(2 * RECORDS - 1);
    expect(dns.queries).toBeLessThanOrEqual(2 * RECORDS);
    expect(failed).toEqual([]);
    expect(dns.failureShare(8)).toBe(0);
    controlPlane.checkBooks();
  });

  it('questions are spread evenly over the TTL', () => {
    const { simulation, dns } = setUpRegistry();
    for (let i = 0; i < 10; i++) {
      const before = dns.queries;
      advance(simulation, (TTL / 10) as Duration);
      // Binomial with n = 400, p = 0.1: standard deviation 6.
      expect(Math.abs(dns.queries - before - 40)).toBeLessThan(5 * 6);
    }
  });
});

describe('when the API is gone', () => {
  it('a record past its TTL is stale until it fails, and every instance counts its own', () => {
    const { simulation, controlPlane, dns, options } = setUpRegistry({ serveStale: minutes(1) });
    const onAll = (count: (node: number) => number): number => [0, 1, 2, 3].reduce((sum, node) => sum + count(node), 0);
    expect([dns.staleCount, dns.namesEach]).toEqual([0, 100]);
    controlPlane.block();
    advance(simulation, (TTL / 2) as Duration);
    // Of 400 records 20 run out in any minute: those of the last one are stale, all before it fail.
    expect(Math.abs(dns.staleCount - 20)).toBeLessThan(5 * 5);
    expect(Math.abs(dns.staleCount + dns.counts.failing - RECORDS / 2)).toBeLessThan(5 * 10);
    expect(onAll((node) => dns.staleOn(node))).toBe(dns.staleCount);
    expect(onAll((node) => dns.failingOn(node))).toBe(dns.counts.failing);
    controlPlane.unblock();
    advance(simulation, (options.negativeTtl + options.lookupTimeout + seconds(1)) as Duration);
    expect([dns.staleCount, dns.counts.failing]).toEqual([0, 0]);
  });

  it('a lookup fails surely or not at all, and the mean over instances and names is the share', () => {
    const { simulation, controlPlane, dns, options } = setUpRegistry();
    controlPlane.block();
    advance(simulation, (TTL / 3) as Duration);
    let sum = 0;
    for (let node = 0; node < options.instances; node++) {
      for (let name = 0; name < options.names; name++) {
        const probability = dns.failureProbability(node, name);
        expect([0, 1]).toContain(probability);
        expect(dns.failureProbability(node + options.instances, name)).toBe(probability);
        sum += probability;
      }
    }
    expect(sum).toBe(dns.counts.failing);
    expect(sum / RECORDS).toBeCloseTo(dns.failureShare(1), 12);
  });

  /** Shares of failing records at tenths of the TTL after the API has gone, for one seed. */
  function decay(seed: number): number[] {
    const { simulation, controlPlane, dns, options } = setUpRegistry({}, seed);
    advance(simulation, minutes(5));
    controlPlane.block();
    advance(simulation, options.patience);
    return Array.from({ length: 12 }, () => {
      advance(simulation, (TTL / 10) as Duration);
      return dns.counts.failing / dns.counts.records;
    });
  }

  it('records run out evenly over one TTL: the mean over replications follows the straight line', () => {
    const runs = Array.from({ length: 10 }, (_, seed) => decay(seed + 1));
    const n = runs.length * RECORDS;
    for (let tenth = 1; tenth <= 12; tenth++) {
      const expected = Math.min(1, tenth / 10);
      const mean = runs.reduce((sum, run) => sum + run[tenth - 1]!, 0) / runs.length;
      // Each record fails with this probability, independently: 99.9 % of means are within 3.3 standard deviations.
      const deviation = Math.sqrt((expected * (1 - expected)) / n);
      expect(Math.abs(mean - expected), `after ${tenth}/10 of the TTL`).toBeLessThanOrEqual(3.3 * deviation + 1e-9);
    }
  });

  it('a name fails for its users when their patience ends, not when the lookup does', () => {
    const { simulation, controlPlane, failed } = setUpRegistry({ lookupTimeout: seconds(30), patience: seconds(5) });
    controlPlane.block();
    advance(simulation, seconds(5) - 1);
    expect(failed).toEqual([]);
    advance(simulation, seconds(10));
    expect(failed.length).toBeGreaterThan(0);
  });

  it('failed lookups are repeated every negative TTL after their timeout', () => {
    const { simulation, controlPlane, dns } = setUpRegistry({ instances: 1, names: 100 });
    controlPlane.block();
    advance(simulation, TTL);
    advance(simulation, minutes(1));
    const before = dns.queries;
    advance(simulation, minutes(7));
    // Each of the 100 records: 2 s of waiting and 5 s of pause.
    expect(Math.abs(dns.queries - before - (100 * 420) / 7)).toBeLessThanOrEqual(100);
    expect(dns.counts.failing).toBe(100);
  });

  it('questions multiply: a lost API is asked far more often than a sound one', () => {
    const { simulation, controlPlane, dns } = setUpRegistry();
    controlPlane.block();
    advance(simulation, TTL);
    advance(simulation, minutes(1));
    const before = dns.queries;
    advance(simulation, minutes(1));
    const perSecond = (dns.queries - before) / 60;
    expect(perSecond / (RECORDS / 1200)).toBeGreaterThan(100);
  });

  it('a fast failure counts at once, without waiting for patience', () => {
    const { simulation, controlPlane, failed } = setUpRegistry({ patience: minutes(5) });
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(9));
    expect(failed.length).toBeGreaterThan(0);
  });

  it('everything is well again within a negative TTL and a lookup once the API is back', () => {
    const { simulation, controlPlane, dns } = setUpRegistry();
    controlPlane.block();
    advance(simulation, TTL);
    advance(simulation, minutes(2));
    expect(dns.counts.failing).toBe(RECORDS);
    controlPlane.unblock();
    advance(simulation, seconds(10));
    expect(dns.counts.failing).toBe(0);
    expect(dns.failureShare(8)).toBe(0);
    controlPlane.checkBooks();
  });
});

describe('a client-side limit', () => {
  const pace = { qps: 5, burst: 10 };

  it('is not felt while names run out one by one', () => {
    const limited = setUpRegistry({ pace });
    const free = setUpRegistry();
    for (const { simulation } of [limited, free]) advance(simulation, TTL);
    expect(limited.dns.queries).toBe(free.dns.queries);
    expect(limited.failed).toEqual([]);
  });

  it('holds questions about a lost API to its rate, at every instance', () => {
    const { simulation, controlPlane, dns } = setUpRegistry({ pace });
    controlPlane.block();
    advance(simulation, TTL);
    const before = dns.queries;
    advance(simulation, minutes(10));
    // A hundred names at each of four instances, all failing, want 100 / 7 s = 14 a second and get 5.
    expect((dns.queries - before) / 600).toBeCloseTo(4 * 5, 0);
    expect(dns.counts.failing).toBe(RECORDS);
  });

  it('slows the recovery of names to its rate', () => {
    const { simulation, controlPlane, dns } = setUpRegistry({ pace });
    controlPlane.block();
    advance(simulation, TTL);
    advance(simulation, minutes(2));
    controlPlane.unblock();
    advance(simulation, seconds(8));
    // At most 5 a second and a burst of 10 at each of four instances.
    expect(RECORDS - dns.counts.failing).toBeLessThanOrEqual(4 * (8 * 5 + 10));
    expect(RECORDS - dns.counts.failing).toBeGreaterThan(0);
    advance(simulation, seconds(40));
    expect(dns.counts.failing).toBe(0);
    controlPlane.checkBooks();
  });

  it('fails a question at once that would wait longer than a lookup may', () => {
    const { simulation, controlPlane, dns } = setUpRegistry({ instances: 1, names: 400, pace: { qps: 1, burst: 1 } });
    controlPlane.block();
    advance(simulation, TTL);
    const before = dns.queries;
    advance(simulation, minutes(1));
    expect(dns.queries - before).toBeLessThanOrEqual(61);
    expect(dns.counts.failing).toBe(400);
    controlPlane.checkBooks();
  });
});

describe('serving stale', () => {
  it('without a limit no name ever fails', () => {
    const { simulation, controlPlane, dns, failed } = setUpRegistry({ instances: 1, serveStale: forever });
    controlPlane.block();
    advance(simulation, minutes(120));
    expect(failed).toEqual([]);
    expect(dns.counts.failing).toBe(0);
  });

  it('with a limit a name fails that long after its TTL, whatever its lookups do', () => {
    const { simulation, controlPlane, failed, dns } = setUpRegistry({ serveStale: minutes(10) });
    controlPlane.block();
    advance(simulation, minutes(10) - 1);
    expect(failed).toEqual([]);
    advance(simulation, minutes(10));
    expect(Math.abs(dns.counts.failing - RECORDS / 2)).toBeLessThan(5 * Math.sqrt(RECORDS * 0.25));
    advance(simulation, minutes(10) + 2);
    expect(dns.counts.failing).toBe(RECORDS);
  });

  it('refusals do not end it either', () => {
    const { simulation, controlPlane, failed } = setUpRegistry({ serveStale: minutes(10) });
    for (let i = 0; i < 3; i++) {
      controlPlane.servers[0]!.kill('liveness');
      advance(simulation, minutes(1));
    }
    expect(failed).toEqual([]);
  });
});

describe('what users see', () => {
  it('a request fails unless every name it needs is answered by the instance it asks', () => {
    const { simulation, controlPlane, dns } = setUpRegistry({ instances: 1, names: 10 });
    expect(dns.failureShare(3)).toBe(0);
    controlPlane.block();
    while (dns.counts.failing < 5) advance(simulation, seconds(1));
    const p = dns.counts.failing / 10;
    expect(dns.failureShare(1)).toBeCloseTo(p, 12);
    expect(dns.failureShare(3)).toBeCloseTo(1 - (1 - p) ** 3, 12);
    expect(dns.failureShare(0)).toBe(0);
  });

  it('instances that fail alike or differently are averaged over requests, not over names', () => {
    const { simulation, controlPlane, dns, failed } = setUpRegistry({ instances: 2, names: 20 });
    controlPlane.block();
    advance(simulation, minutes(8));
    const shares = [0, 1].map(
      (instance) => failed.filter(({ record }) => Math.floor(record / 20) === instance).length / 20,
    );
    const expected = shares.reduce((sum, share) => sum + (1 - (1 - share) ** 4) / 2, 0);
    expect(dns.failureShare(4)).toBeCloseTo(expected, 12);
  });

  it('a cluster with the tier asks the tier', () => {
    const simulation = new Simulation({ seed: 1 });
    const { cluster } = createClusterBench(simulation, {
      registryDns: {
        instances: 1,
        names: 10,
        ttl: minutes(1),
        negativeTtl: seconds(5),
        lookupTimeout: seconds(2),
        patience: seconds(1),
        serveStale: seconds(0),
      },
    });
    advance(simulation, minutes(2));
    expect(cluster.nameFailureShare(4)).toBe(0);
    cluster.blockAdminApi();
    advance(simulation, minutes(2));
    expect(cluster.nameFailureShare(4)).toBe(1);
  });
});

describe('stale answers in mode verify', () => {
  const stale = { serveStale: minutes(60), lookupTimeout: seconds(20), patience: seconds(5), negativeTtl: seconds(5) };

  it('come too late for applications that wait less long than the tier does', () => {
    // The whole TTL over: every record asks, waits 20 s of which 5 s are bearable, and answers stale for 5 s: 15 of 25 s fail.
    const shareAfter = (
      mode: 'immediate' | 'verify',
      cut: (parts: ReturnType<typeof setUpRegistry>) => void,
    ): number => {
      const parts = setUpRegistry({ ...stale, serveStaleMode: mode });
      cut(parts);
      advance(parts.simulation, minutes(25));
      let sum = 0;
      for (let second = 0; second < 100; second++) {
        advance(parts.simulation, seconds(1));
        sum += parts.dns.failureShare(1);
      }
      return sum / 100;
    };
    const silent = ({ controlPlane }: ReturnType<typeof setUpRegistry>): void => controlPlane.block();
    expect(shareAfter('verify', silent)).toBeCloseTo(15 / 25, 2);
    expect(shareAfter('immediate', silent)).toBe(0);
  });

  it('end with their window, and with an answer of the API', () => {
    const { simulation, controlPlane, dns } = setUpRegistry({
      ...stale,
      serveStale: minutes(10),
      serveStaleMode: 'verify',
    });
    controlPlane.block();
    advance(simulation, minutes(40));
    expect(dns.failureShare(1)).toBe(1);
    controlPlane.unblock();
    advance(simulation, minutes(1));
    expect(dns.failureShare(1)).toBe(0);
  });
});
