import { minutes, seconds } from '@brownout/core';
import { expect, it } from 'vitest';
import { createLoopBench } from '../testing/loop-bench.ts';
import { dnsRefreshes } from './dns-refreshes.ts';

/**
 * 400 records that live for a minute, each read in 60 ms of one core: 0.4 of it. For a minute and a half nobody gets through
 * to the API, and every record runs out; then the way is free again.
 */
function afterAnInterruption(negativeTtl: number) {
  const registryDns = {
    instances: 1,
    names: 400,
    ttl: minutes(1),
    negativeTtl: seconds(negativeTtl),
    lookupTimeout: seconds(2),
    patience: seconds(1),
    serveStale: seconds(0),
  };
  const bench = createLoopBench(1, { get: { cpuMs: 60 } }, { registryDns });
  const { cluster } = bench.site;
  bench.run(2);
  cluster.controlPlane.block();
  bench.run(2);
  cluster.controlPlane.unblock();
  bench.run(6);
  return { loop: bench.find(dnsRefreshes), failing: cluster.registryDns!.counts.failing };
}

// Argued before it was run: asked again after 5 s, and waiting 2 s each time, 400 records make 57 reads a second, 3.4 cores
// of work for one. None is in time, and each failure is one more read.
it('a short negative TTL keeps names unresolved although the API is back, with gain 1', () => {
  const { loop, failing } = afterAnInterruption(5);
  expect(failing).toBeGreaterThan(350);
  expect(loop.gain!.median).toBeGreaterThan(0.95);
  expect(loop.lastSeen).toBe(9 * 60);
});

// Asked again after a minute, as often as when all is well: 0.4 cores.
it('a negative TTL as long as the TTL lets them recover, and nothing feeds on itself', () => {
  const { loop, failing } = afterAnInterruption(60);
  expect(failing).toBe(0);
  expect(loop.seen).toBe(false);
  expect(loop.evidence['repeats']).toBeGreaterThan(100);
});
