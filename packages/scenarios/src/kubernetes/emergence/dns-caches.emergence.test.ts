/**
 * What an outage of the API alone does to names: nothing, unless CoreDNS loses its memory, and then as fast as the caches
 * above it run out. 200 nodes, four replicas, all API servers dead for ten minutes from the first minute on.
 *
 * Argued before the run:
 *
 * - All mechanisms off: CoreDNS answers from memory, whatever the API does; endpoints cannot change; caches on the nodes are
 *   refreshed by CoreDNS. No lookup fails, during the outage or after it.
 * - D1: two of four replicas restart in minute 5 and cannot fill their informers. Proxies are not told. Each try meets one of
 *   them with 1/2, both tries of a lookup with 1/4: a quarter fails, at once, evenly, until the informers fill after the API
 *   is back. (The first version of the argument gave them one wait of their back-off, a minute; the run showed that the try
 *   after it can come too early as well.) With no restart nothing fails: that is the first point.
 * - D1 with NodeLocal caches (D7): all four restart. An entry lives on for the rest of its 30 s, which is anywhere between 0 and
 *   30 s, so failures rise on a straight line for 30 s, after the 5 s of lameduck. Without the caches all fail at once. D7 by
 *   itself is a cache over a source that answers: nothing.
 * - Serve-stale in those caches: a CoreDNS that is not synced says SERVFAIL, which goes into the cache of denials and is looked
 *   at first. In `immediate` it hides the stale answer, so nothing is gained; `verify` throws it away, so nothing fails. When
 *   CoreDNS is silent - its processes gone - nothing is cached, and both modes save all lookups.
 * - D2: nothing during the outage. When the API is back its caches are new, watches are too old, CoreDNS LISTs. At 82 of
 *   178 MB the LIST of 58,000 endpoints takes 1.3 to 2.7 times its store, and kills from 1.66 on: 74 % of 20 replicas are
 *   14.8 with a deviation of 2. They come one after the other and are back a second later, so that few are down together.
 *   With room for relists (more memory) nobody dies.
 */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { roomForRelists } from '../dns/core-dns-memory.ts';
import { type CoreDnsMemoryOptions, manifestMemoryLimit, observedListFactor } from '../dns/core-dns-options.ts';
import { manifestNodeLocalCache } from '../dns/node-local-cache.ts';
import {
  type CompleteDnsBench,
  type CompleteDnsBenchOptions,
  createCompleteDnsBench,
  eachSecond,
  killApi,
} from '../dns/testing/complete-dns-bench.ts';
import { advance } from '../testing/bench.ts';

const OUTAGE = minutes(10);
const RESTART = minutes(5);
const noWatch = (): void => {};

/** Share of failing lookups in each second from the beginning of the outage on, for 18 minutes. */
function episode(options: CompleteDnsBenchOptions, during: (bench: CompleteDnsBench) => void = noWatch) {
  const simulation = new Simulation({ seed: 3 });
  const bench = createCompleteDnsBench(simulation, options);
  const quiet = eachSecond(simulation, minutes(1), () => bench.cluster.nameService.failureShare(1));
  expect(Math.max(...quiet)).toBe(0);
  killApi(simulation, bench.cluster, OUTAGE);
  simulation.after(seconds(180), () => during(bench));
  let backAt = 0;
  const shares = eachSecond(simulation, minutes(18), () => {
    if (backAt === 0 && simulation.now > minutes(2) && bench.cluster.controlPlane.readyCount > 0) {
      backAt = simulation.now / seconds(1) - 60;
    }
    return bench.cluster.nameService.failureShare(1);
  });
  bench.cluster.controlPlane.checkBooks();
  return { simulation, bench, shares, backAt };
}

const twoRestarts = { restarts: [{ at: RESTART, replicas: 2 }] };
const allRestart = { restarts: [{ at: RESTART, replicas: 4 }] };
/** Old processes answer on for 5 s; the outage began in minute 1. */
const LOST = (RESTART - minutes(1)) / seconds(1) + 5;
const stale = (mode: 'immediate' | 'verify') => ({
  nodeLocalCache: { ...manifestNodeLocalCache, serveStale: { window: minutes(60), mode } },
});

describe('an outage of the API alone', () => {
  it.each([
    ['applications ask CoreDNS', {}],
    ['caches on the nodes, D7 alone', { nodeLocalCache: manifestNodeLocalCache }],
  ])('takes no name: %s', (_, dns) => {
    const { bench, shares, backAt } = episode({ dns });
    expect(backAt).toBeGreaterThan(600);
    expect(Math.max(...shares)).toBe(0);
    expect(bench.coreDns.endedProcesses).toBe(0);
  });
});

describe('D1: CoreDNS restarts while the API is away', () => {
  it('two of four fail a quarter of the lookups, from the restart until their informers fill', () => {
    const { shares, backAt } = episode({ dns: twoRestarts });
    expect(Math.abs(shares.findIndex((share) => share > 0) - LOST)).toBeLessThanOrEqual(2);
    // 5 s of waiting for informers at the start, in which nobody answers; then SERVFAIL. Both count alike.
    for (let second = LOST + 1; second < backAt; second++) expect(shares[second]).toBe(0.25);
    // Reflectors wait up to a minute between tries, and a try may still find the balancer or a cache unready: two waits.
    expect(shares.findLastIndex((share) => share > 0) - backAt).toBeLessThan(130);
    expect(shares.at(-1)).toBe(0);
  });
});

describe('D7: caches above CoreDNS run out while D1 holds', () => {
  it('failures rise on a straight line over one TTL, where without caches they jump', () => {
    const { shares } = episode({ dns: { ...allRestart, nodeLocalCache: manifestNodeLocalCache } });
    for (const after of [6, 12, 18, 24, 30]) {
      // 12,000 entries at random phases, looked at once a second.
      expect(Math.abs(shares[LOST + after]! - Math.min(1, after / 30))).toBeLessThan(0.07);
    }
    expect(shares[LOST + 33]).toBe(1);
    expect(shares.at(-1)).toBe(0);
    const { shares: bare } = episode({ dns: allRestart });
    expect(bare[LOST - 2]).toBe(0);
    expect(bare[LOST + 2]).toBe(1);
  });

  it('serve-stale helps in `verify`, and in `immediate` not against SERVFAIL', () => {
    const { shares: verify } = episode({ dns: { ...allRestart, ...stale('verify') } });
    expect(Math.max(...verify)).toBe(0);
    const { shares: immediate } = episode({ dns: { ...allRestart, ...stale('immediate') } });
    // In the 5 s in which starting processes are silent, entries run out into a stale answer, and 5 s later into SERVFAIL.
    expect(immediate[LOST + 40]).toBe(1);
  });

  it('where CoreDNS is gone altogether both modes save all lookups', () => {
    const remove = ({ coreDns }: CompleteDnsBench): void => {
      for (let replica = 0; replica < 4; replica++) coreDns.evict(replica);
    };
    for (const mode of ['verify', 'immediate'] as const) {
      const { shares, bench } = episode({ dns: stale(mode) }, remove);
      expect(Math.max(...shares)).toBe(0);
      expect(bench.dns.nodeLocalCache!.staleCount).toBe(200 * 60);
      // In `verify` the answer comes when the query to CoreDNS has been given up.
      expect(bench.dns.lookupWait(0, 0)).toBe(mode === 'verify' ? seconds(5) : 0);
    }
  });
});

describe('D2: relists when the API is back', () => {
  const tight: CoreDnsMemoryOptions = {
    limitBytes: manifestMemoryLimit,
    pods: 58_000,
    services: 0,
    listFactor: observedListFactor,
    listHold: seconds(1),
  };

  it('kill three quarters of the processes, after the outage and not during it', () => {
    const { bench, shares, backAt } = episode({ replicas: 20, coreDns: { memory: tight } });
    const first = shares.findIndex((share) => share > 0);
    expect(first).toBeGreaterThanOrEqual(backAt - 1);
    expect(first - backAt).toBeLessThan(60);
    // 14.8 with a deviation of 2; a process that starts again survives in 97 %.
    expect(Math.abs(bench.coreDns.endedProcesses - 15.2)).toBeLessThan(6);
    expect(shares.at(-1)).toBe(0);
  });

  it('and none with room for them', () => {
    const memory = { ...tight, limitBytes: roomForRelists(tight) };
    const { bench, shares } = episode({ replicas: 20, coreDns: { memory } });
    expect(bench.coreDns.endedProcesses).toBe(0);
    expect(Math.max(...shares)).toBe(0);
  });
});

it('the same seed gives the same episode twice', () => {
  const once = episode({ dns: { ...twoRestarts, nodeLocalCache: manifestNodeLocalCache } });
  const twice = episode({ dns: { ...twoRestarts, nodeLocalCache: manifestNodeLocalCache } });
  expect(twice.shares).toEqual(once.shares);
  advance(once.simulation, seconds(1));
});
