/** From a document to a control plane: flags to options, requests to operations with their measured costs. */
import {
  createProcessor,
  createRoundRobin,
  type Duration,
  ms,
  seconds,
  SharedCores,
  type Simulation,
  us,
} from '@brownout/core';
import { ControlPlane, type ControlPlaneObserver, type ControlPlaneOptions } from '../../kubernetes/control-plane.ts';
import { createFlowControlConfiguration } from '../../kubernetes/flow-control/configuration.ts';
import { defaultPriorityLevels } from '../../kubernetes/flow-control/priority-level.ts';
import {
  listSeatsBy,
  workEstimate2024,
  workEstimateCurrent,
  type WorkEstimateRules,
} from '../../kubernetes/flow-control/work-estimate.ts';
import { usualCancellation } from '../../kubernetes/profiles/options.ts';
import { flowSchemasOf } from '../../kubernetes/profiles/flow-schemas.ts';
import { profileNamed } from '../../kubernetes/profiles/release.ts';
import type { ApiServerFeatures, KubernetesSettings } from '../../kubernetes/profiles/settings.ts';
import { kubernetesSettings } from '../../kubernetes/profiles/settings-from-flags.ts';
import type { CpuFactory } from '../../kubernetes/requests/cpu-factory.ts';
import { OperationTable } from '../../kubernetes/requests/operation.ts';
import { measuredUnitCosts } from '../../kubernetes/unit-costs/unit-costs.ts';
import type { WatchedTypeParts } from '../../kubernetes/watch-cache/watched-type.ts';
import type { ControlPlaneScenario } from './document.ts';
import {
  type AnyRequester,
  baseCosts,
  declaredOperations,
  LEASE_GET,
  LEASE_PUT,
  pageNames,
  pagesOf,
  sizeOf,
} from './operations.ts';
import { type PageTokens, pageTokens } from './page-tokens.ts';
import { watchPartsOf } from './watchers.ts';

/** One TLS 1.3 handshake and the HTTP/2 preface; assumed, as in the costs of whole clusters. */
const CONNECTION: Duration = us(1_500);
/** Restart and election of etcd, as in whole clusters; nothing of the kind happens in these documents. */
const ETCD_RESTART = seconds(30);
const ETCD_ELECTION = ms(1_500);
/** The share of whole clusters to two digits, with which the committed predictions were made. */
const DECODE_SHARE = Math.round(100 * usualCancellation.decodeShare) / 100;

/** One API server has no balancer in front: clients that dial it while it is gone are refused at once. */
const NEVER = 1_000_000;

/** A control plane that runs, and how to ask it for something. */
export interface Machine {
  readonly controlPlane: ControlPlane;
  /** What clients that watch send, by their name. */
  readonly watched: ReadonlyMap<string, WatchedTypeParts>;
  /** Numbers of the operations that a client asks for one after the other: the pages of a list, or one request. */
  pages(client: AnyRequester): readonly number[];
  /** What becomes of further pages when their version is gone; undefined where there are none. */
  tokens(client: AnyRequester): PageTokens | undefined;
  /** Numbers of the operations that renew and read a lease. */
  readonly leasePut: number;
  readonly leaseGet: number;
  /** Core-microseconds that the processes of a kind have used so far, background left out. */
  apiServerCpu(): number;
  etcdCpu(): number;
}

/** Builds the control plane of a document; `costFactor` multiplies measured CPU. */
export function createMachine(simulation: Simulation, scenario: ControlPlaneScenario, costFactor: number): Machine {
  const settings = kubernetesSettings(profileNamed(scenario.profile), scenario.flags, scenario.apiServers.cores);
  const { features } = settings.apiServer;
  const isShared = scenario.sharedCores > 0;
  const watch = watchPartsOf(scenario, settings, costFactor);
  const table = (folds: boolean): OperationTable => {
    const declared = [
      ...declaredOperations(scenario, gatesOf(features), costFactor, folds),
      ...(watch?.declared ?? []),
    ];
    const operations = new OperationTable(baseCosts(scenario, costFactor), listSeatsBy(rulesOf(features)), declared);
    operations.resize(sizeOf(scenario));
    return operations;
  };
  const operations = table(isShared);
  const options = {
    ...optionsOf(scenario, settings),
    ...(watch === undefined ? {} : { watchCache: watch.watchCache }),
  };
  const controlPlane = new ControlPlane(simulation, 'control-plane', options, operations, silent);
  const folded = isShared ? foldedCpu(scenario, controlPlane, operations, table(false)) : (): number => 0;
  return {
    controlPlane,
    watched: watch?.watched ?? new Map(),
    pages: (client) => {
      const pages = pagesOf(scenario, client);
      const names = pageNames(client.name);
      const further = Array.from({ length: pages - 1 }, (_, page) =>
        operations.number(page === pages - 2 ? names.last : names.between),
      );
      return [operations.number(client.name), ...further];
    },
    tokens: pageTokens(simulation, scenario, settings, controlPlane),
    leasePut: operations.number(LEASE_PUT),
    leaseGet: operations.number(LEASE_GET),
    apiServerCpu: () => controlPlane.servers.reduce((sum, server) => sum + server.busyTime, 0) - folded(),
    etcdCpu: () => etcdCpuOf(controlPlane) + folded(),
  };
}

const silent: ControlPlaneObserver = {
  apiServerDied: () => {},
  apiServerReady: () => {},
  etcdMemberKilled: () => {},
  etcdMemberBack: () => {},
};

/**
 * etcd's CPU of writes is a delay in the model of etcd, not work on its cores. Where API server and etcd share cores it must
 * take them from the API server, so it is done there; this is how much it is.
 */
function foldedCpu(
  scenario: ControlPlaneScenario,
  controlPlane: ControlPlane,
  operations: OperationTable,
  unfolded: OperationTable,
): () => number {
  const writers = controlPlane.groups;
  const costOf = (name: string): number => {
    const client = scenario.clients.find((one) => one.name === name);
    if (client === undefined || client.kind === 'watchers') return 0;
    const operation = operations.number(client.kind === 'leases' ? LEASE_PUT : name);
    return operations.definition(operation).path === 'write' ? unfolded.etcdCpu[operation]! : 0;
  };
  return () => writers.reduce((sum, group) => sum + group.ended[0]! * costOf(group.name), 0);
}

function etcdCpuOf({ etcd }: ControlPlane): number {
  return etcd.members.reduce(
    (sum, member, index) => sum + member.books().busyTime + etcd.writeCpu(index) + etcd.lightReadCpu(index),
    0,
  );
}

function gatesOf(features: ApiServerFeatures): Parameters<typeof declaredOperations>[1] {
  return {
    ConsistentListFromCache: features.consistentListFromCache,
    StreamingCollectionEncoding: features.streamingCollectionEncodingToJson,
    ListFromCacheSnapshot: features.listFromCacheSnapshot,
  };
}

function rulesOf(features: ApiServerFeatures): WorkEstimateRules {
  const base = features.sizeBasedListCostEstimate ? workEstimateCurrent : workEstimate2024;
  return { ...base, hasConsistentListFromCache: features.consistentListFromCache };
}

function optionsOf(scenario: ControlPlaneScenario, settings: KubernetesSettings): ControlPlaneOptions {
  const { apiServers, etcd, schedulingQuantum, sharedCores } = scenario;
  const flags = settings.apiServer;
  const createCpu = cpuFactory(scenario);
  const takesTurns = schedulingQuantum > 0;
  return {
    apiServers: apiServers.replicas,
    apiServer: {
      cores: apiServers.cores,
      memoryLimitBytes: apiServers.memory,
      listMemory: apiServers.listMemory ?? 'at-once',
      connectionCpu: CONNECTION,
      refusalCpu: Math.round(measuredUnitCosts.bareRequest) as Duration,
      startTime: apiServers.startTime,
      firstWait: apiServers.restart,
      backoffBase: (2 * apiServers.restart) as Duration,
      backoffCap: seconds(300),
      backoffReset: seconds(600),
      enforcesRequestTimeout: true,
      cancellation: { decodeShare: DECODE_SHARE },
      flowControl: {
        configuration: createFlowControlConfiguration({
          enablePriorityAndFairness: flags.enablePriorityAndFairness,
          maxRequestsInflight: flags.maxRequestsInflight,
          maxMutatingRequestsInflight: flags.maxMutatingRequestsInflight,
          flowSchemas: merged(flowSchemasOf(settings.profile.release), scenario.flowSchemas),
          priorityLevels: merged(defaultPriorityLevels, scenario.priorityLevelConfigurations),
        }),
        requestTimeout: flags.requestTimeout,
      },
      createCpu,
      ...(takesTurns ? { schedulingQuantum } : {}),
    },
    etcd: {
      members: etcd.members,
      coresPerMember: etcd.cores,
      memoryLimitBytes: etcd.memory,
      listMemory: apiServers.listMemory ?? 'at-once',
      fsync: { sample: () => etcd.fsync },
      restart: ETCD_RESTART,
      election: ETCD_ELECTION,
      requestTimeout: settings.etcd.requestTimeout,
      createCpu,
    },
    healthCheckInterval: seconds(1),
    healthyThreshold: 1,
    unhealthyThreshold: apiServers.replicas === 1 ? NEVER : 1,
    roundTrip: ms(1),
    usesExpressLane: !takesTurns && sharedCores === 0,
  };
}

/** Stated objects replace those of the same name. */
function merged<T extends { readonly name: string }>(defaults: readonly T[], stated: readonly T[]): readonly T[] {
  const names = new Set(stated.map(({ name }) => name));
  return [...defaults.filter(({ name }) => !names.has(name)), ...stated];
}

/** Turns or ideal sharing, on cores of its own or of the one machine; what runs in the background is not to be had. */
function cpuFactory({ schedulingQuantum, sharedCores, apiServers, etcd }: ControlPlaneScenario): CpuFactory {
  const create: CpuFactory =
    schedulingQuantum > 0
      ? (simulation, options) => createRoundRobin(simulation, { ...options, quantum: schedulingQuantum })
      : createProcessor;
  if (sharedCores === 0) return create;
  const left = sharedCores - apiServers.background - etcd.background;
  const machine = new SharedCores({ name: 'machine', cores: left });
  return (simulation, options) =>
    machine.join(options.cores, options.onServed, (onServed) => create(simulation, { ...options, onServed }));
}
