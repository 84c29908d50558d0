/**
 * Whether a slow etcd kills API servers that are well.
 *
 * The day: three idle API servers. Their kubelets probe /livez every 10 s, give each probe 15 s, and kill after the eighth
 * failure in a row. /livez reads one key of etcd and fails when that takes more than 2 s. At some instant every read of etcd
 * begins to take 3 s instead of 1 ms.
 *
 * Argued before the run:
 *
 * - Probes go out at 10, 20, 30 s, ... Each one after the instant fails 2 s after it was sent. The eighth of them kills. So
 *   with the slowness beginning at t, the death comes at 10 x (floor(t/10) + 8) + 2 s: 72 to 82 s later.
 * - All servers ask the same etcd at the same pace: they all die within one period, although none was short of anything.
 * - Slowness that is over before the eighth probe kills nobody: 60 s touch six probes, and the seventh finds etcd well and
 *   starts the count anew. So a bad minute is survived, ten bad minutes with a good one in each are too, and 90 s are not.
 * - What counts is 2 s, not the kubelet's 15 s: reads of 1.9 s kill nobody for ever, and a server whose /livez does not
 *   ask with a timeout of its own survives reads of 3 s as well.
 * - A killed server must fill its cache from the same etcd. With every read a hundred times as slow, so is that one.
 */
import { minutes, seconds, Simulation, us } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { startProbes } from '../api-server/probes.ts';
import type { EtcdCheckOptions } from '../api-server/etcd-check.ts';
import { advance, createBench, flatCosts } from '../testing/bench.ts';

const PROBE_MS = 1;

function day(check: EtcdCheckOptions | 'none' = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, events } = createBench(simulation, {
    apiServers: 3,
    cores: 4,
    connectionCpu: us(500),
    costs: flatCosts({ probe: { cpuMs: 1, etcdMs: PROBE_MS }, 'cache-fill': { cpuMs: 100, etcdMs: 100 } }),
    apiServer: check === 'none' ? {} : { etcdCheck: check },
  });
  startProbes(simulation, controlPlane, {
    period: seconds(10),
    timeout: seconds(15),
    failureThreshold: 8,
    dialsEachTime: true,
  });
  /** From now on a read of etcd takes so long; the three servers of the bench have one member and share it. */
  const slowDown = (second: number): void => controlPlane.etcd.members[0]!.setCores((3 * PROBE_MS) / 1000 / second);
  const recover = (): void => controlPlane.etcd.members[0]!.setCores(3);
  const deaths = (): readonly number[] =>
    events.filter(({ what }) => what.includes('died: liveness')).map(({ at }) => at / seconds(1));
  recover();
  return { simulation, controlPlane, slowDown, recover, deaths };
}

describe('slow etcd', () => {
  it('kills every healthy API server with the eighth probe, 72 to 82 s after it began', () => {
    for (const begins of [21, 25, 29.5]) {
      const { simulation, slowDown, deaths, controlPlane } = day();
      advance(simulation, seconds(begins));
      slowDown(3);
      advance(simulation, minutes(2));
      const expected = 10 * (Math.floor(begins / 10) + 8) + 2;
      expect(deaths()).toHaveLength(3);
      // Setting up the connection and checking who asks takes the probe less than a hundredth of a second.
      for (const death of deaths()) expect(Math.abs(death - expected)).toBeLessThan(0.01);
      controlPlane.checkBooks();
    }
  });

  it('that is over after 60 s kills nobody, however often it comes back; 90 s are too long', () => {
    for (const [bad, deathsExpected] of [
      [60, 0],
      [90, 3],
    ] as const) {
      const { simulation, slowDown, recover, deaths, controlPlane } = day();
      for (let minute = 0; minute < (deathsExpected === 0 ? 10 : 1); minute++) {
        advance(simulation, seconds(25));
        slowDown(3);
        advance(simulation, seconds(bad));
        recover();
      }
      advance(simulation, minutes(1));
      expect(deaths()).toHaveLength(deathsExpected);
      controlPlane.checkBooks();
    }
  });

  it('of 1.9 s a read kills nobody in an hour', () => {
    const { simulation, slowDown, deaths } = day();
    slowDown(1.9);
    advance(simulation, minutes(60));
    expect(deaths()).toEqual([]);
  });

  it('of 3 s kills nobody whose /livez asks without a timeout of its own', () => {
    const { simulation, slowDown, deaths } = day('none');
    slowDown(3);
    advance(simulation, minutes(60));
    expect(deaths()).toEqual([]);
  });

  it('keeps a killed server away as long as its cache cannot be filled', () => {
    const { simulation, slowDown, recover, controlPlane } = day();
    slowDown(3);
    advance(simulation, seconds(100));
    expect(controlPlane.readyCount).toBe(0);
    // 10 s of back-off, 10 s of start, and a fill of 100 ms that takes 300 s for the first and shared ones.
    advance(simulation, minutes(4));
    expect(controlPlane.readyCount).toBe(0);
    recover();
    advance(simulation, seconds(5));
    expect(controlPlane.readyCount).toBe(3);
    controlPlane.checkBooks();
  });
});
