/** Faults that overlap: what is in force while they do, and what is left when one of them is over. */
import { describe, expect, it } from 'vitest';
import { smallScenario, withoutTrigger } from '../../test/small-scenario.ts';
import type { Site } from '../operations/site.ts';
import { ClusterFaults, type ClusterFaultSection } from './cluster-faults.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';

type Faults = NonNullable<ScenarioDocument['faults']>;
/** A fault without its times. */
type Timeless<Fault> = Fault extends unknown ? Omit<Fault, 'at'> : never;

const day: ScenarioDocument = {
  ...withoutTrigger(smallScenario({ nodes: 60 })),
  horizon: { start: '-2 min', end: '10 min' },
};

/** Ready API servers of the cluster "large" after so many minutes, of three in as many zones. */
function readyAt(minutes: readonly number[], faults: Faults): number[] {
  const clusters = day.clusters.map((one) => ({ ...one, apiServers: { ...one.apiServers, zones: 3 } }));
  const { series } = runScenario({ ...day, clusters, faults }, { seed: 1 });
  return minutes.map((minute) => series.columns['apiServersReady.large']![minute + 2]!);
}

/** Changes of a fault to one cluster, by which everything that is set is written down. */
function setUp() {
  const log: string[] = [];
  const cluster = {
    options: {},
    controlPlane: {
      etcd: { members: [0, 1], slowDisk: (member: number, factor: number) => log.push(`disk ${member} x ${factor}`) },
      webhooks: { setBackend: (name: string, backend: string) => log.push(`${name} ${backend}`) },
    },
    blockAdminApi: (letThrough: string, by: string) => log.push(`${by} lets ${letThrough} pass`),
    unblockAdminApi: (by: string) => log.push(`${by} lets all pass`),
  };
  const sites = [{ id: 'one', cluster }] as unknown as readonly Site[];
  const faults = new ClusterFaults(parseScenario(day, 'day'));
  const changeOf = (fault: Timeless<ClusterFaultSection>) =>
    faults.changeOf({ ...fault, at: 0 } as unknown as ClusterFaultSection, sites);
  const logged = (): string[] => log.splice(0);
  return { changeOf, logged };
}

describe('of two faults at one time', () => {
  it('the slower disk counts while both last, and then the other', () => {
    const { changeOf, logged } = setUp();
    const slow = changeOf({ kind: 'etcd-slow-disk', factor: 10 });
    const slower = changeOf({ kind: 'etcd-slow-disk', factor: 50, members: 1 });
    slower.begin(0);
    slow.begin(1);
    expect(logged()).toEqual(['disk 0 x 50', 'disk 0 x 50', 'disk 1 x 10']);
    slower.end();
    expect(logged()).toEqual(['disk 0 x 10']);
    slow.end();
    expect(logged()).toEqual(['disk 0 x 1', 'disk 1 x 1']);
  });

  it('a silent webhook hides that it would refuse, and is up when both are over', () => {
    const { changeOf, logged } = setUp();
    const refusing = changeOf({ kind: 'webhook-down', webhook: 'policy', backend: 'refusing' });
    const silent = changeOf({ kind: 'webhook-down', webhook: 'policy' });
    const other = changeOf({ kind: 'webhook-down', webhook: 'other' });
    for (const fault of [silent, refusing, other]) fault.begin(0);
    for (const fault of [silent, other, refusing]) fault.end();
    expect(logged()).toEqual([
      'policy silent',
      'policy silent',
      'other silent',
      'policy refusing',
      'other up',
      'policy up',
    ]);
  });

  it('a partition that lets nobody pass hides one that lets the system pass', () => {
    const { changeOf, logged } = setUp();
    const some = changeOf({ kind: 'network-partition', letThrough: 'system' });
    const all = changeOf({ kind: 'network-partition' });
    some.begin(0);
    all.begin(1);
    all.end();
    some.end();
    expect(logged()).toEqual([
      'fault lets system pass',
      'fault lets nobody pass',
      'fault lets system pass',
      'fault lets all pass',
    ]);
  });

  it('a machine that both keep away is back when both are over', () => {
    const crash = (at: string, until: string, servers: number) =>
      ({ kind: 'api-server-crash', at, until, servers, clusters: ['large'] }) as const;
    const loss = (at: string, until: string) =>
      ({ kind: 'zone-loss', at, until, zone: 1, clusters: ['large'] }) as const;
    const minutes = [0, 3, 5, 9];
    // Three servers, of which the first is in zone 1: two are gone at first, and one of them stays away.
    expect(readyAt(minutes, [crash('2 min', '4 min', 2), crash('2 min', '7 min', 1)])).toEqual([3, 1, 2, 3]);
    expect(readyAt(minutes, [loss('2 min', '4 min'), loss('2 min', '7 min')])).toEqual([3, 2, 2, 3]);
    expect(readyAt(minutes, [loss('2 min', '4 min'), crash('2 min', '7 min', 1)])).toEqual([3, 2, 2, 3]);
    expect(readyAt(minutes, [loss('2 min', '7 min'), crash('2 min', '4 min', 1)])).toEqual([3, 2, 2, 3]);
  });
});
