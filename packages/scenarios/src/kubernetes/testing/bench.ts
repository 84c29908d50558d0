/**
 * A workbench for tests of the Kubernetes parts: costs that are plain numbers instead of formulas, a control plane and a
 * cluster of any size with the timings of Kubernetes, and clients that write down every answer they get.
 */
import { type Duration, ms, plus, seconds, type Simulation, us } from '@brownout/core';
import { Status, statusNames } from '../requests/api-request.ts';
import { Cluster, type ClusterObserver, type ClusterOptions } from '../cluster.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ApiServerOptions } from '../api-server/api-server.ts';
import { ControlPlane, type ControlPlaneObserver, type ControlPlaneOptions } from '../control-plane.ts';
import { createFlowControlConfiguration, type FlowControlSettings } from '../flow-control/configuration.ts';
import type { RequestDescription } from '../flow-control/flow-schema.ts';
import { breakGlassAdmin } from '../flow-control/identity.ts';
import {
  type ClusterCosts,
  type OperationCosts,
  type OperationName,
  operationNames,
  operationNumber,
  OperationTable,
} from '../requests/operation.ts';

/** What one operation costs: milliseconds of one core, bytes held. Everything left out costs nothing. */
export interface FlatCost {
  readonly cpuMs?: number;
  readonly etcdMs?: number;
  readonly bytes?: number;
  readonly etcdBytes?: number;
  /** Bytes of the answer; absent = as the table has it. */
  readonly answerBytes?: number;
}

/** Costs that do not depend on the size of the cluster; operations that are not named cost 1 ms at the API server. */
export function flatCosts(
  operations: Partial<Record<OperationName, FlatCost>> = {},
  baseline: { readonly apiServer?: number; readonly etcd?: number } = {},
): ClusterCosts {
  const flat = (value: number) => ({ evaluate: (): number => value });
  const named = operationNames.map((name): [OperationName, OperationCosts] => {
    const { cpuMs = 1, etcdMs = 0, bytes = 0, etcdBytes = 0, answerBytes } = operations[name] ?? {};
    return [
      name,
      {
        apiServerCpu: flat(cpuMs * 1000),
        etcdCpu: flat(etcdMs * 1000),
        apiServerMemory: flat(bytes),
        etcdMemory: flat(etcdBytes),
        ...(answerBytes === undefined ? {} : { responseBytes: flat(answerBytes) }),
      },
    ];
  });
  return {
    operations: Object.fromEntries(named) as Record<OperationName, OperationCosts>,
    apiServerBaseline: flat(baseline.apiServer ?? 0),
    etcdBaseline: flat(baseline.etcd ?? 0),
  };
}

/** What tests of a control plane vary; times are those of Kubernetes unless said otherwise. */
export interface BenchOptions {
  readonly apiServers?: number;
  readonly cores?: number;
  /** Bytes at which an API server is killed; default no limit. */
  readonly memory?: number;
  readonly etcdMembers?: number;
  readonly etcdCores?: number;
  readonly etcdMemory?: number;
  /** CPU of a connection and of a refusal; default none. */
  readonly connectionCpu?: Duration;
  readonly refusalCpu?: Duration;
  readonly flowControl?: FlowControlSettings;
  readonly costs?: ClusterCosts;
  readonly breakGlass?: { readonly cores: number; readonly memoryLimitBytes: number };
  /** Default true. */
  readonly usesExpressLane?: boolean;
  /** Seats a LIST asks for; default 1. */
  readonly listSeats?: number;
  /** Everything else of the API servers and of the control plane. */
  readonly apiServer?: Partial<ApiServerOptions>;
  readonly controlPlane?: Partial<ControlPlaneOptions>;
}

/** Options of a control plane: one API server of one core and one etcd member whose fsync takes 1 ms. */
export function controlPlaneOptions(options: BenchOptions = {}): ControlPlaneOptions {
  return {
    apiServers: options.apiServers ?? 1,
    apiServer: {
      cores: options.cores ?? 1,
      memoryLimitBytes: options.memory ?? Infinity,
      connectionCpu: options.connectionCpu ?? us(0),
      refusalCpu: options.refusalCpu ?? us(0),
      startTime: seconds(10),
      // A server that died is away for a while, so that a test sees what that does.
      firstWait: seconds(10),
      backoffBase: seconds(20),
      backoffCap: seconds(300),
      backoffReset: seconds(600),
      flowControl: {
        configuration: createFlowControlConfiguration(options.flowControl ?? {}),
        requestTimeout: seconds(60),
      },
      ...options.apiServer,
    },
    etcd: {
      members: options.etcdMembers ?? 1,
      coresPerMember: options.etcdCores ?? 1,
      memoryLimitBytes: options.etcdMemory ?? Infinity,
      fsync: { sample: () => ms(1) },
      restart: seconds(30),
      election: us(1_500_000),
      requestTimeout: seconds(7),
    },
    healthCheckInterval: seconds(5),
    healthyThreshold: 2,
    unhealthyThreshold: 2,
    roundTrip: ms(1),
    usesExpressLane: options.usesExpressLane ?? true,
    ...(options.breakGlass === undefined ? {} : { breakGlass: options.breakGlass }),
    ...options.controlPlane,
  };
}

/** Runs on for a while. */
export function advance(simulation: Simulation, time: number): void {
  simulation.runUntil(plus(simulation.now, time as Duration));
}

/** One thing that happened to a control plane. */
export interface BenchEvent {
  readonly at: number;
  readonly what: string;
}

/** A control plane on the workbench, and what has happened to it. */
export interface Bench {
  readonly controlPlane: ControlPlane;
  readonly events: readonly BenchEvent[];
}

/** Makes a control plane and writes down the deaths and returns of its processes. */
export function createBench(simulation: Simulation, options: BenchOptions = {}): Bench {
  const operations = new OperationTable(options.costs ?? flatCosts(), () => options.listSeats ?? 1);
  operations.resize({ pods: 0, nodes: 0 });
  const { events, observer } = eventLog(simulation);
  const controlPlane = new ControlPlane(simulation, 'bench', controlPlaneOptions(options), operations, observer);
  return { controlPlane, events };
}

function eventLog(simulation: Simulation): { events: BenchEvent[]; observer: ControlPlaneObserver } {
  const events: BenchEvent[] = [];
  const log = (what: string): void => void events.push({ at: simulation.now, what });
  const observer: ControlPlaneObserver = {
    apiServerDied: (server, reason, culprit) => log(`api-server ${server} died: ${reason} ${culprit}`.trim()),
    apiServerReady: (server) => log(`api-server ${server} ready`),
    etcdMemberKilled: (member) => log(`etcd ${member} killed`),
    etcdMemberBack: (member) => log(`etcd ${member} back`),
  };
  return { events, observer };
}

/** An answer as its client saw it; times in microseconds. */
export interface Reply {
  readonly client: number;
  readonly status: string;
  readonly at: number;
  readonly retryAfter: number;
}

/** Clients that send when told to and write down every answer. */
export class Callers {
  readonly replies: Reply[] = [];
  readonly group: ClientGroup;
  readonly #controlPlane: ControlPlane;
  readonly #number: number;

  constructor(
    simulation: Simulation,
    controlPlane: ControlPlane,
    options: {
      readonly name?: string;
      readonly clients?: number;
      readonly timeout?: Duration;
      readonly isInside?: boolean;
      readonly describe?: (client: number) => RequestDescription;
      readonly bytesPerSecond?: number;
      readonly lastStreamAt?: (client: number) => number;
    } = {},
  ) {
    this.#controlPlane = controlPlane;
    this.group = new ClientGroup({
      name: options.name ?? 'callers',
      describe: options.describe ?? (() => ({ ...breakGlassAdmin, verb: 'get', resource: 'pods' })),
      timeout: options.timeout ?? seconds(60),
      clients: options.clients ?? 1,
      bytesPerSecond: options.bytesPerSecond ?? Infinity,
      isInside: options.isInside ?? false,
      countsForAvailability: true,
      lastStreamAt: options.lastStreamAt,
      onReply: (client, status, retryAfter) =>
        this.replies.push({ client, status: statusNames[status]!, at: simulation.now, retryAfter }),
    });
    this.#number = controlPlane.join(this.group);
  }

  /** Sends one attempt. */
  send(client = 0, operation: OperationName = 'get', isUnauthorized = false): void {
    this.#controlPlane.send(this.#number, client, operationNumber(operation), client, false, isUnauthorized);
  }

  /** Answers of one status. */
  count(status: string): number {
    return this.replies.filter((reply) => reply.status === status).length;
  }

  /** Attempts that ended well, from the books. */
  get ok(): number {
    return this.group.ended[Status.ok]!;
  }
}

/** What tests of a whole cluster vary. */
export interface ClusterBenchOptions extends BenchOptions {
  readonly nodes?: number;
  readonly podsPerNode?: number;
  readonly joining?: number;
  readonly agent?: Partial<ClusterOptions['daemon']>;
  readonly registryDns?: ClusterOptions['registryDns'];
  readonly daemonSet?: ClusterOptions['daemonSet'];
  readonly blockLetsThrough?: ClusterOptions['blockLetsThrough'];
}

/** A whole cluster with the timings of Kubernetes; three API servers of four cores unless said otherwise. */
export function createClusterBench(
  simulation: Simulation,
  options: ClusterBenchOptions = {},
): { readonly cluster: Cluster; readonly events: readonly BenchEvent[] } {
  const { events, observer } = eventLog(simulation);
  const clusterObserver: ClusterObserver = { ...observer, nameFailed: () => {} };
  return { cluster: new Cluster(simulation, clusterOptions('bench', options), clusterObserver), events };
}

/** Options of such a cluster. */
export function clusterOptions(id: string, options: ClusterBenchOptions = {}): ClusterOptions {
  return {
    id,
    nodes: options.nodes ?? 10,
    podsPerNode: options.podsPerNode ?? 10,
    joining: options.joining ?? 0,
    costs: options.costs ?? flatCosts(),
    listSeats: () => options.listSeats ?? 1,
    controlPlane: controlPlaneOptions({ apiServers: 3, cores: 4, etcdMembers: 3, etcdCores: 4, ...options }),
    probes: { period: seconds(10), timeout: seconds(15), failureThreshold: 8 },
    kubelet: {
      renewInterval: seconds(10),
      renewJitter: 0.04,
      requestTimeout: seconds(10),
      leaseDuration: seconds(40),
      statusInterval: seconds(300),
    },
    leadership: { leaseDuration: seconds(15), renewDeadline: seconds(10), retryPeriod: seconds(2) },
    daemonSet: options.daemonSet ?? {
      controllerPace: { qps: 20, burst: 30 },
      schedulerPace: { qps: 50, burst: 100 },
      burstReplicas: 250,
    },
    daemon: {
      name: 'agent',
      namespace: 'telemetry',
      operation: 'list-pods-etcd-json',
      period: seconds(60),
      periodJitter: 0.1,
      timeout: seconds(60),
      startDelay: { sample: () => seconds(5) },
      ...options.agent,
    },
    coreDnsReplicas: 2,
    ...(options.registryDns === undefined ? {} : { registryDns: options.registryDns }),
    ...(options.blockLetsThrough === undefined ? {} : { blockLetsThrough: options.blockLetsThrough }),
  };
}
