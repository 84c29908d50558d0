import { minutes, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { statusNames } from '../kubernetes/requests/api-request.ts';
import type { World } from './build.ts';
import { measure, runStart } from './kpis.ts';
import { clusterColumns, type ClusterColumn, type Observation } from './observe.ts';

interface Told {
  readonly requests?: readonly number[];
  readonly failures?: readonly number[];
  readonly columns?: Partial<Record<ClusterColumn, readonly number[]>>;
  readonly lockOut?: { readonly firstFailure: number; readonly firstSuccess: number };
  readonly groups?: readonly { sent: number; firstAttempts: number; ok: number }[];
  readonly servers?: readonly { busy: number; wasted: number; kills: number; peak: number }[];
  readonly alertAt?: number;
  /** What would become of user requests where none are sent; default the column. */
  readonly failingUsers?: readonly number[];
}

const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);

/** One cluster and one product, with whatever the test tells; windows of a minute from the start of the run. */
function kpisOf(told: Told) {
  const lengths = [told.requests, told.failures, ...Object.values(told.columns ?? {})].map((list) => list?.length ?? 0);
  const length = Math.max(...lengths);
  const filled = (list: readonly number[] | undefined, value: number): number[] =>
    Array.from({ length }, (_, i) => list?.[i] ?? value);
  const calm: Partial<Record<ClusterColumn, number>> = { apiSuccessShare: 1 };
  const columns = Object.fromEntries(
    (Object.keys(clusterColumns) as ClusterColumn[]).map((name) => [
      name,
      filled(told.columns?.[name], calm[name] ?? 0),
    ]),
  );
  const site = {
    id: 'large',
    cluster: {
      controlPlane: {
        settledGroups: () =>
          (told.groups ?? []).map(({ sent, firstAttempts, ok }) => ({
            sent,
            firstAttempts,
            ended: statusNames.map((name) => (name === 'ok' ? ok : 0)),
          })),
        servers: (told.servers ?? []).map(({ busy, wasted, kills, peak }) => ({
          busyTime: busy,
          cpu: { books: () => ({ busyTime: busy }) },
          wastedCpu: wasted,
          memoryKills: kills,
          peakMemoryBytes: peak,
        })),
      },
    },
  };
  const requests = filled(told.requests, 100);
  const failures = filled(told.failures, 0);
  const observation = {
    windows: Array.from({ length }, (_, i) => minutes(i)),
    sites: [
      {
        site,
        columns,
        failingUsers: told.failingUsers ?? columns.userErrorShare,
        userRequests: total(requests),
        userFailures: total(failures),
      },
    ],
    userRequests: new Map([
      ['', requests],
      ['chat', requests],
    ]),
    userFailures: new Map([
      ['', failures],
      ['chat', failures],
    ]),
  } as unknown as Observation;
  const world = {
    sites: [site],
    users: { products: [{ id: 'chat' }] },
    chronicle: { notes: told.alertAt === undefined ? [] : [{ kind: 'alert', at: told.alertAt }] },
    operators: { lockOuts: () => (told.lockOut === undefined ? [] : [{ cluster: 'large', ...told.lockOut }]) },
  } as unknown as World;
  // The trigger is ten minutes into the run.
  return measure(world, observation, (instant) => (instant - minutes(10)) / seconds(1));
}

const repeat = (value: number, times: number): number[] => Array.from({ length: times }, () => value);

describe('users', () => {
  it('first error: the first window with at least one failure in a thousand', () => {
    expect(kpisOf({ requests: repeat(1000, 3), failures: [0, 0.9, 1] })['firstUserError']).toBe(-600 + 120);
    expect(kpisOf({ requests: repeat(1000, 3), failures: [0, 0.9, 0] })['firstUserError']).toBeNull();
  });

  it('peak: the first window that reaches 95 % of the highest share', () => {
    const kpis = kpisOf({ failures: [0, 20, 39, 40, 38, 0] });
    expect(kpis['peakErrorShare']).toBe(0.4);
    expect(kpis['peakImpact']).toBe(-600 + 120);
  });

  it('no peak where fewer than one request in a thousand ever fails in a window', () => {
    const kpis = kpisOf({ requests: repeat(1000, 3), failures: [0, 0.9, 0.5] });
    expect(kpis['peakErrorShare']).toBeCloseTo(0.0009, 12);
    expect(kpis['peakImpact']).toBeNull();
  });

  it('outage: the time above one in a hundred', () => {
    expect(kpisOf({ failures: [0, 1, 1.1, 50, 1, 0] })['outageSeconds']).toBe(120);
  });

  it('affected: failed requests among all, not a mean of shares', () => {
    const kpis = kpisOf({
      requests: [1000, 10],
      failures: [0, 10],
      columns: { userErrorShare: [0, 1] },
    });
    expect(kpis['usersAffectedShare']).toBeCloseTo(10 / 1010, 12);
    expect(kpis.byCluster['large']!['usersAffectedShare']).toBeCloseTo(10 / 1010, 12);
  });

  it('a quiet day has no times and no shares', () => {
    const kpis = kpisOf({ requests: repeat(100, 30) });
    for (const name of ['firstSaturation', 'firstAlert', 'firstUserError', 'peakImpact', 'firstClusterRecovered']) {
      expect(kpis[name], name).toBeNull();
    }
    for (const name of ['peakErrorShare', 'outageSeconds', 'usersAffectedShare', 'clustersLost', 'lockoutSeconds']) {
      expect(kpis[name], name).toBe(0);
    }
  });

  it('products have their own', () => {
    const kpis = kpisOf({ failures: [0, 50] });
    expect(kpis.byProduct['chat']).toMatchObject({ firstUserError: -540, peakErrorShare: 0.5 });
  });
});

describe('saturation', () => {
  it.each([
    ['cores above 95 %', { apiServerCpu: [0.5, 0.95, 0.951] }, 2],
    ['a rejection', { apiRejections: [0, 1, 0] }, 1],
    ['a kill for memory', { apiMemoryKills: [1, 0, 0] }, 0],
  ])('is the first minute with %s', (_name, columns, window) => {
    expect(kpisOf({ columns })['firstSaturation']).toBe(-600 + window * 60);
  });
});

describe('loss and recovery', () => {
  const share = (...values: number[]): { columns: { apiSuccessShare: number[] } } => ({
    columns: { apiSuccessShare: values },
  });

  it('a cluster is lost after five minutes below half of its API requests', () => {
    expect(kpisOf(share(...repeat(0.49, 4), 0.9, ...repeat(0.4, 4)))['clustersLost']).toBe(0);
    expect(kpisOf(share(1, ...repeat(0.49, 5), 1))['clustersLost']).toBe(1);
    expect(kpisOf(share(...repeat(0.5, 20)))['clustersLost']).toBe(0);
  });

  it('it has recovered at the start of ten calm minutes after the last bad one', () => {
    const kpis = kpisOf(share(1, ...repeat(0.1, 6), ...repeat(1, 9), 0.98, ...repeat(1, 10)));
    expect(kpis['firstClusterRecovered']).toBe(-600 + 17 * 60);
    expect(kpis['lastClusterRecovered']).toBe(-600 + 17 * 60);
  });

  it('a relapse puts the recovery off', () => {
    const kpis = kpisOf(share(...repeat(0.1, 6), ...repeat(1, 15), 0.1, ...repeat(1, 15)));
    expect(kpis['lastClusterRecovered']).toBe(-600 + 22 * 60);
  });

  it('users must be well too', () => {
    const kpis = kpisOf({
      columns: {
        apiSuccessShare: [...repeat(0.1, 6), ...repeat(1, 20)],
        userErrorShare: [...repeat(0.5, 11), ...repeat(0, 15)],
      },
    });
    expect(kpis['lastClusterRecovered']).toBe(-600 + 11 * 60);
  });

  it('and would be, where all of them were steered away', () => {
    const kpis = kpisOf({
      columns: { apiSuccessShare: [...repeat(0.1, 6), ...repeat(1, 20)] },
      failingUsers: [...repeat(0.5, 11), ...repeat(0, 15)],
    });
    expect(kpis['lastClusterRecovered']).toBe(-600 + 11 * 60);
    expect(kpis['firstUserError']).toBeNull();
  });

  it('what has not recovered by the end has no time', () => {
    const kpis = kpisOf(share(...repeat(0.1, 6), ...repeat(1, 9)));
    expect(kpis['clustersLost']).toBe(1);
    expect(kpis['lastClusterRecovered']).toBeNull();
    expect(kpis['firstClusterRecovered']).toBeNull();
  });

  it('unavailable: the time below half, lost or not', () => {
    expect(kpisOf(share(1, 0.4, 1, 0.4, 1))['controlPlaneUnavailableSeconds']).toBe(120);
  });
});

describe('lock-out', () => {
  const windows = { requests: repeat(100, 30) };
  it('from the first action that failed to the first that succeeded', () => {
    const lockOut = { firstFailure: minutes(12), firstSuccess: minutes(20) };
    expect(kpisOf({ ...windows, lockOut })['lockoutSeconds']).toBe(480);
  });

  it('that has not ended lasts to the end of the run', () => {
    const lockOut = { firstFailure: minutes(12), firstSuccess: -1 };
    expect(kpisOf({ ...windows, lockOut })['lockoutSeconds']).toBe(18 * 60);
  });

  it('no failure, no lock-out', () => {
    const lockOut = { firstFailure: -1, firstSuccess: minutes(20) };
    expect(kpisOf({ ...windows, lockOut })['lockoutSeconds']).toBe(0);
  });
});

describe('ratios', () => {
  it('are over all attempts and all cores', () => {
    const kpis = kpisOf({
      requests: [100],
      groups: [
        { sent: 300, firstAttempts: 100, ok: 90 },
        { sent: 100, firstAttempts: 100, ok: 100 },
      ],
      servers: [
        { busy: 1000, wasted: 250, kills: 2, peak: 7 },
        { busy: 1000, wasted: 0, kills: 1, peak: 9 },
      ],
      alertAt: minutes(31),
    });
    expect(kpis).toMatchObject({
      workAmplification: 2,
      goodputShare: 190 / 400,
      wastedWorkShare: 0.125,
      apiServerOomKills: 3,
      peakApiServerMemoryBytes: 9,
      firstAlert: 21 * 60,
    });
    expect(kpis.byCluster['large']).toMatchObject({ workAmplification: 2, apiServerOomKills: 3 });
  });

  it('of nothing are unknown', () => {
    const kpis = kpisOf({ requests: [100] });
    expect([kpis['workAmplification'], kpis['goodputShare'], kpis['wastedWorkShare']]).toEqual([null, null, null]);
  });
});

describe('runs of windows', () => {
  const isBad = (value: number): boolean => value > 0;
  it.each([
    [[0, 1, 1, 1], 3, 1],
    [[1, 1, 0, 1, 1, 1], 3, 3],
    [[1, 1, 0, 1, 1], 3, -1],
    [[], 1, -1],
    [[1], 1, 0],
  ])('%j holds %d in a row from %d', (values, length, expected) => {
    expect(runStart(values, length, isBad)).toBe(expected);
  });
});
