/**
 * Bursts of K LISTs at once on a fresh API server, as measured (data set `burst_memory.csv`: Kubernetes 1.31, 2,000 pods,
 * answers of 9.73 MiB before gzip, one core) and as the heap has them. One number per kind of LIST is taken from the
 * measurement, the resident memory per LIST in the largest burst; the smaller bursts and what streaming encoders save are
 * predicted with it.
 */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { ApiServerOptions } from './api-server.ts';
import { advance, Callers, createBench, flatCosts } from '../testing/bench.ts';

const LIST = 'list-pods-cache-json';
const MIB = 2 ** 20;
const ANSWER = 9.73 * MIB;

/** Resident memory after a burst of `k` LISTs of so many MiB each, on a server that had `idle` MiB, and long after it. */
function burst(k: number, perList: number, idle: number, apiServer: Partial<ApiServerOptions> = { heap: {} }) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, {
    costs: flatCosts({ [LIST]: { cpuMs: 124, bytes: perList * MIB, answerBytes: ANSWER } }, { apiServer: idle * MIB }),
    apiServer,
  });
  const callers = new Callers(simulation, controlPlane, { clients: k, timeout: seconds(120) });
  for (let client = 0; client < k; client++) callers.send(client, LIST);
  advance(simulation, seconds(100));
  const peak = controlPlane.servers[0]!.memoryBytes;
  advance(simulation, minutes(10));
  expect(callers.ok).toBe(k);
  const { memoryBytes, peakMemoryBytes } = controlPlane.servers[0]!;
  return { peak: peak / MIB, later: memoryBytes / MIB, highest: peakMemoryBytes / MIB };
}

/** k, measured peak in MiB. */
const fromEtcd = {
  idle: 387.4,
  perList: 57.1,
  peaks: [
    [1, 410.5],
    [10, 806.3],
    [30, 2017.8],
    [100, 6100.7],
  ],
} as const;
const fromCache = {
  idle: 398.1,
  perList: 25.0,
  peaks: [
    [1, 408.9],
    [10, 606],
    [30, 1028.2],
    [100, 2902.6],
  ],
} as const;

describe('bursts', () => {
  for (const [name, { idle, perList, peaks }] of Object.entries({ fromEtcd, fromCache })) {
    it(`${name}: peaks of all bursts are within 20 %`, () => {
      for (const [k, measured] of peaks) {
        const ratio = burst(k, perList, idle).peak / measured;
        expect([k, Math.abs(ratio - 1) < 0.2, ratio.toFixed(2)]).toEqual([k, true, ratio.toFixed(2)]);
      }
    });
  }

  it('with streaming encoders: 100 at once are within 20 % of the measured 1,486 MiB, 30 of 658 MiB', () => {
    for (const [k, measured] of [
      [30, 657.6],
      [100, 1485.6],
    ] as const) {
      const ratio = burst(k, fromCache.perList, 376.7, { heap: {}, savedCopies: 1.4 }).peak / measured;
      expect([k, Math.abs(ratio - 1) < 0.2, ratio.toFixed(2)]).toEqual([k, true, ratio.toFixed(2)]);
    }
  });

  it('counting held bytes has the peaks as well, but gives everything back at once', () => {
    for (const { idle, perList, peaks } of [fromEtcd, fromCache]) {
      for (const [k, measured] of peaks) {
        const { peak, later, highest } = burst(k, perList, idle, {});
        expect(Math.abs(highest / measured - 1)).toBeLessThan(0.2);
        expect([peak, later]).toEqual([idle, idle].map((mebibytes) => expect.closeTo(mebibytes, 6)));
      }
    }
  });

  it('nothing is given back between bursts', () => {
    const { peak, later } = burst(100, fromEtcd.perList, fromEtcd.idle);
    expect(later).toBe(peak);
  });
});

describe('a limit on resident memory', () => {
  it('kills with half of the memory live, because garbage counts', () => {
    // 30 LISTs hold 30 x 57.1 / 2 = 857 MiB live beside 194: a limit of 1,500 is exceeded by garbage alone.
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane } = createBench(simulation, {
      memory: 1500 * MIB,
      costs: flatCosts({ [LIST]: { cpuMs: 124, bytes: 57.1 * MIB } }, { apiServer: 387.4 * MIB }),
      apiServer: { heap: {} },
    });
    const server = controlPlane.servers[0]!;
    const callers = new Callers(simulation, controlPlane, { clients: 30 });
    for (let client = 0; client < 30; client++) {
      callers.send(client, LIST);
      expect(server.memory.heap!.liveBytes).toBeLessThan(1500 * MIB);
    }
    advance(simulation, seconds(10));
    expect(server.memoryKills).toBe(1);
    controlPlane.checkBooks();
  });

  it('GOMEMLIMIT saves such a server, and not one whose live memory does not fit', () => {
    for (const [clients, kills] of [
      [30, 0],
      [60, 1],
    ] as const) {
      const simulation = new Simulation({ seed: 1 });
      const { controlPlane } = createBench(simulation, {
        memory: 1500 * MIB,
        costs: flatCosts({ [LIST]: { cpuMs: 124, bytes: 57.1 * MIB } }, { apiServer: 387.4 * MIB }),
        apiServer: { heap: { softLimitBytes: 1350 * MIB } },
      });
      const callers = new Callers(simulation, controlPlane, { clients });
      for (let client = 0; client < clients; client++) callers.send(client, LIST);
      advance(simulation, seconds(60));
      expect(controlPlane.servers[0]!.memoryKills).toBe(kills);
    }
  });
});
