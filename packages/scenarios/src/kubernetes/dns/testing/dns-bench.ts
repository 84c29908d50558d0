/** A CoreDNS Deployment before a control plane on the workbench, for tests: costs that are plain, clients that note answers. */
import { ms, seconds, type Simulation } from '@brownout/core';
import { ControlPlane, type ControlPlaneOptions } from '../../control-plane.ts';
import { OperationTable, operationNumber } from '../../requests/operation.ts';
import { advance, type BenchOptions, controlPlaneOptions, flatCosts } from '../../testing/bench.ts';
import { watchCacheFeatures } from '../../watch-cache/features.ts';
import { CoreDnsDeployment, type CoreDnsObserver } from '../core-dns-deployment.ts';
import { coreDnsObjects, type CoreDnsWatches, coreDnsWatches } from '../core-dns-operations.ts';
import { type CoreDnsOptions, manifestCoreDns } from '../core-dns-options.ts';
import type { InformerOperations } from '../informer-set.ts';
import { NameRecords } from '../name-records.ts';

/** What happened to a replica, in simulated seconds. */
export interface ReplicaEvent {
  readonly at: number;
  readonly replica: number;
  readonly what: string;
}

/** Everything a test of CoreDNS looks at. */
export interface DnsBench {
  readonly controlPlane: ControlPlane;
  readonly dns: CoreDnsDeployment;
  readonly records: NameRecords;
  readonly events: readonly ReplicaEvent[];
  /** Answers to `ask`, by query. */
  readonly answers: Map<number, number>;
}

/** What tests vary besides the Deployment's own options. */
export interface DnsBenchOptions extends BenchOptions {
  /** Names of the cluster, default 10, and how many of them are of headless Services, default none. */
  readonly names?: number;
  readonly headless?: number;
  /** Parts of the manifest to leave out. */
  readonly without?: readonly ('cache' | 'liveness')[];
  /** Informers are client-go's reflectors, and API servers have the watch caches of this release of 1.x. */
  readonly release?: number;
}

/** Builds it: one API server that informers reach without a balancer, so that a dead one refuses at once. */
export function createDnsBench(
  simulation: Simulation,
  changes: Partial<CoreDnsOptions> = {},
  bench: DnsBenchOptions = {},
): DnsBench {
  const watches = bench.release === undefined ? undefined : coreDnsWatches(watchCacheFeatures(bench.release));
  const operations = new OperationTable(bench.costs ?? flatCosts(), () => 1, watches?.declared ?? []);
  operations.resize({ pods: 0, nodes: 0, stored: coreDnsObjects({ pods: 1_000, services: 100, namespaces: 10 }) });
  const nothing = (): void => {};
  const events: ReplicaEvent[] = [];
  const controlPlane = new ControlPlane(
    simulation,
    'bench',
    { ...controlPlaneOptions(bench), ...watchCacheOf(bench, watches) },
    operations,
    {
      apiServerDied: () => dns.connectionsBroke(),
      apiServerReady: nothing,
      etcdMemberKilled: nothing,
      etcdMemberBack: nothing,
    },
  );
  const note = (replica: number, what: string): void =>
    void events.push({ at: simulation.now / seconds(1), replica, what });
  const observer: CoreDnsObserver = {
    coreDnsEnded: (replica, why) => note(replica, why),
    coreDnsReady: (replica) => note(replica, 'ready'),
  };
  const left: readonly string[] = bench.without ?? [];
  const manifest: object = Object.fromEntries(Object.entries(manifestCoreDns).filter(([key]) => !left.includes(key)));
  const answers = new Map<number, number>();
  const records = new NameRecords(bench.names ?? 10, bench.headless ?? 0);
  const dns: CoreDnsDeployment = new CoreDnsDeployment(
    simulation,
    'coredns',
    { ...(manifest as typeof manifestCoreDns), replicas: 1, ...changes },
    {
      controlPlane,
      operations: watches?.operations ?? lightOperations,
      records,
      observer,
      onAnswer: (query, answer) => answers.set(query, answer),
    },
  );
  if ((bench.apiServers ?? 1) === 1) {
    for (const group of controlPlane.groups) if (group.name.startsWith('coredns')) group.pinnedServer = 0;
  }
  return { controlPlane, dns, records, events, answers };
}

/**
 * Kills every API server, lets `during` happen at the beginning of the outage, keeps them dead for a while, and starts them
 * again. Returns the instant at which they are ready.
 */
export function outage(
  simulation: Simulation,
  controlPlane: ControlPlane,
  length: number,
  during: () => void = () => {},
): number {
  const end = simulation.now + length;
  for (const server of controlPlane.servers) server.kill('liveness');
  during();
  while (simulation.now < end) {
    advance(simulation, Math.min(STEP, end - simulation.now));
    for (const server of controlPlane.servers) if (server.isReady) server.kill('liveness');
  }
  for (const server of controlPlane.servers) server.resize(server.cpu.cores, Infinity);
  while (controlPlane.readyCount < controlPlane.balanced.length) advance(simulation, ms(10));
  return simulation.now;
}

function watchCacheOf(
  { release = 0 }: DnsBenchOptions,
  watches: CoreDnsWatches | undefined,
): Pick<ControlPlaneOptions, 'watchCache'> {
  if (watches === undefined) return {};
  const { types, reads } = watches;
  return { watchCache: { features: watchCacheFeatures(release), types, reads, bookmarkCpu: 0 } };
}

const STEP = ms(100);
const light = operationNumber('kubelet-sync');
const lightOperations: InformerOperations = {
  list: { services: light, endpointslices: light, namespaces: light },
  watch: light,
};
