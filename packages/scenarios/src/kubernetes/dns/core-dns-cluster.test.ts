/**
 * CoreDNS in a cluster whose API servers drown: applications ask it directly. The names survive the API servers' deaths,
 * unless the processes that keep them die of what the deaths make them do.
 */
import { seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster.ts';
import { operationNumber } from '../requests/operation.ts';
import { advance, clusterOptions, flatCosts } from '../testing/bench.ts';
import { CoreDnsDeployment } from './core-dns-deployment.ts';
import {
  type CoreDnsMemoryOptions,
  manifestCoreDns,
  manifestMemoryLimit,
  observedListFactor,
} from './core-dns-options.ts';
import { NameRecords } from './name-records.ts';

const sync = operationNumber('kubelet-sync');
const operations = { list: { services: sync, endpointslices: sync, namespaces: sync }, watch: sync };
const NODES = 200;
const LENGTH = 600;
const atOnce = { qps: 1_000, burst: NODES };

/** 82 MB of the 170 MiB that the manifests allow. */
const tight: CoreDnsMemoryOptions = {
  limitBytes: manifestMemoryLimit,
  pods: 58_000,
  services: 0,
  listFactor: observedListFactor,
  listHold: seconds(1),
};

/**
 * Shares of failing lookups each second of ten minutes, of which the agents run four. Three servers of four cores finish
 * 8 LISTs a second where 10 are asked for, and 33 at once are all that fits into one: they die, and die again when the agents are back.
 */
function episode(memory?: CoreDnsMemoryOptions): { failing: number[]; apiDeaths: number; dnsDeaths: number } {
  const simulation = new Simulation({ seed: 1 });
  let apiDeaths = 0;
  const nothing = (): void => {};
  const options = clusterOptions('test', {
    nodes: NODES,
    memory: 2e9,
    costs: flatCosts({ 'list-pods-etcd-json': { cpuMs: 1500, bytes: 60e6 } }),
    agent: { period: seconds(20) },
    daemonSet: { controllerPace: atOnce, schedulerPace: atOnce, burstReplicas: NODES },
  });
  const cluster = new Cluster(simulation, options, {
    apiServerDied: () => {
      apiDeaths++;
      dns.connectionsBroke();
    },
    apiServerReady: nothing,
    etcdMemberKilled: nothing,
    etcdMemberBack: nothing,
    nameFailed: nothing,
  });
  const replicas = Math.ceil(NODES / 16);
  const dns: CoreDnsDeployment = new CoreDnsDeployment(
    simulation,
    'coredns',
    { ...manifestCoreDns, replicas, ...(memory === undefined ? {} : { memory }) },
    { controlPlane: cluster.controlPlane, operations, records: new NameRecords(300) },
  );
  const failing: number[] = [];
  for (let second = 0; second < LENGTH; second++) {
    if (second === 60) cluster.daemonSet.select(1);
    if (second === 300) cluster.daemonSet.select(0);
    advance(simulation, seconds(1));
    failing.push(dns.failureShare(3));
  }
  cluster.controlPlane.checkBooks();
  return { failing, apiDeaths, dnsDeaths: dns.endedProcesses };
}

describe('API servers that die of their agents again and again', () => {
  it('take no name with them: informers answer on', () => {
    const { failing, apiDeaths, dnsDeaths } = episode();
    expect(apiDeaths).toBeGreaterThanOrEqual(6);
    expect(dnsDeaths).toBe(0);
    expect(Math.max(...failing)).toBe(0);
  });

  it('take CoreDNS along where it has no room for a relist: D2 becomes D1, and ends after the API is well again', () => {
    const { failing, dnsDeaths } = episode(tight);
    expect(dnsDeaths).toBeGreaterThan(3);
    // About half of the processes: a quarter of the lookups fail twice, before the proxies know.
    expect(Math.max(...failing)).toBeGreaterThan(0.1);
    expect(Math.max(...failing.slice(0, 60))).toBe(0);
    expect(failing.at(-1)).toBe(0);
  });

  it('and do not with twice the room', () => {
    const { failing, dnsDeaths } = episode({ ...tight, limitBytes: 2 * manifestMemoryLimit });
    expect(dnsDeaths).toBe(0);
    expect(Math.max(...failing)).toBe(0);
  });
});
