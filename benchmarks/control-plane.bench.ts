/**
 * One control plane with `nodes` nodes, their agents and controllers, at the measured unit costs and the sizes of the
 * largest cluster of the replay: `idle` (heartbeats only), `batched` (the same with `aggregateLeases`), `raft` (idle with
 * etcd's option `raft`), `complete` (idle, with every part that a document of profile 2024 turns on), `complete-batched` (the
 * same with `heartbeats: aggregated`), or `storm` (every agent lists all pods, as in the incident).
 * Prints one JSON line: what building took, what running took, and memory; with `profile`, then once more under the
 * sampling profiler.
 *
 *   control-plane.bench.ts idle|batched|raft|complete|complete-batched|storm <nodes> <simulated seconds> [profile]
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seconds, Simulation, type Instant } from '@brownout/core';
import { incidents, parseScenario, type Scenario } from '@brownout/scenarios';
import {
  Cluster,
  createFlowControlConfiguration,
  listSeatsBy,
  usualLeaseAggregate,
  workEstimate2024,
  type ClusterOptions,
} from '@brownout/scenarios/kubernetes';
import type { ControlPlaneRun } from './control-planes.ts';
import { clusterOptions } from '../packages/scenarios/src/scenario/build-cluster.ts';
import { cpuSeconds } from './measure.ts';
import { profiled } from './profile.ts';

const [kind = 'idle', nodeCount = '7500', span = '1000', ...flags] = process.argv.slice(2);
const nodes = Number(nodeCount);
const simulatedSeconds = Number(span);
const scenario = parseScenario(incidents.find(({ id }) => id === 'openai-2024-12-11')!.document(), 'openai-2024-12-11');
const largest = scenario.clusters.find(({ id }) => id === 'large-1')!;

const atOnce = { qps: 2_000, burst: nodes };

/** The largest cluster's machines whatever the number of nodes, so that growth shows what nodes cost and nothing else. */
function options(): ClusterOptions {
  const { kubernetes } = scenario;
  return {
    id: 'bench',
    nodes,
    podsPerNode: largest.podsPerNode,
    costs: scenario.costs,
    listSeats: listSeatsBy(workEstimate2024),
    controlPlane: {
      apiServers: largest.apiServers.replicas,
      apiServer: {
        cores: largest.apiServers.cores,
        // Large enough for the baseline of 20,000 nodes: whether it dies is another question.
        memoryLimitBytes: Math.max(largest.apiServers.memory, 16 * 2 ** 20 * nodes),
        connectionCpu: scenario.costs.connection,
        refusalCpu: scenario.costs.refusal,
        startTime: kubernetes.apiServerStart,
        backoffBase: kubernetes.crashBackoff.first,
        backoffCap: kubernetes.crashBackoff.longest,
        backoffReset: kubernetes.crashBackoff.resetAfter,
        flowControl: {
          configuration: createFlowControlConfiguration({}),
          requestTimeout: kubernetes.requestTimeout,
        },
      },
      etcd: {
        members: largest.etcd.members,
        coresPerMember: largest.etcd.cores,
        memoryLimitBytes: largest.etcd.memory,
        ...kubernetes.etcd,
        ...(kind === 'raft' ? { raft: {} } : {}),
      },
      ...kubernetes.loadBalancer,
    },
    probes: kubernetes.livenessProbe,
    kubelet: {
      renewInterval: kubernetes.nodeLeaseRenewInterval,
      renewJitter: kubernetes.nodeLeaseRenewJitter,
      requestTimeout: kubernetes.nodeLeaseRequestTimeout,
      leaseDuration: kubernetes.nodeLeaseDuration,
      statusInterval: kubernetes.nodeStatusReportFrequency,
      ...(kind === 'batched' ? { aggregateLeases: usualLeaseAggregate } : {}),
    },
    leadership: kubernetes.leaderElection,
    // All agents are there within seconds: the storm is what is measured, not its coming.
    daemonSet: { controllerPace: atOnce, schedulerPace: atOnce, burstReplicas: nodes },
    daemon: {
      name: 'telemetry-agent',
      namespace: 'telemetry',
      operation: 'list-pods-etcd-json',
      period: scenario.agent.period,
      periodJitter: scenario.agent.periodJitter,
      timeout: scenario.agent.timeout,
      startDelay: scenario.agent.startDelay,
    },
    coreDnsReplicas: largest.coreDnsReplicas,
  };
}

/** The same cluster as a document that names its profile builds it. */
function completeOptions(): ClusterOptions {
  const heartbeats = kind === 'complete-batched' ? 'aggregated' : 'individual';
  const kubernetes: Scenario['kubernetes'] = { ...scenario.kubernetes, profile: '2024', heartbeats };
  const complete = clusterOptions({ ...scenario, kubernetes }, { ...largest, nodes });
  const memoryLimitBytes = options().controlPlane.apiServer.memoryLimitBytes;
  const apiServer = { ...complete.controlPlane.apiServer, memoryLimitBytes };
  // The default quota of 2 GiB is reached by 20,000 nodes within eight minutes: ten minutes of renewals are kept.
  const storage = { ...complete.controlPlane.etcd.storage!, quotaBytes: 8 * 2 ** 30 };
  const etcd = { ...complete.controlPlane.etcd, storage };
  return { ...complete, id: 'bench', controlPlane: { ...complete.controlPlane, apiServer, etcd } };
}

function build(): { readonly simulation: Simulation; readonly cluster: Cluster } {
  const simulation = new Simulation({ seed: 1 });
  const nothing = (): void => {};
  const cluster = new Cluster(simulation, kind.startsWith('complete') ? completeOptions() : options(), {
    apiServerDied: nothing,
    apiServerReady: nothing,
    etcdMemberKilled: nothing,
    etcdMemberBack: nothing,
    nameFailed: nothing,
  });
  if (kind === 'storm') cluster.daemonSet.select(1);
  return { simulation, cluster };
}

/** Runs to the end and answers with the events it took; the books must balance. */
function run(simulation: Simulation, cluster: Cluster): number {
  simulation.runUntil(seconds(simulatedSeconds) as number as Instant);
  cluster.controlPlane.checkBooks();
  return simulation.eventCount;
}

setFlagsFromString('--expose-gc');
// Compiled code that is thrown away while the model is built would count as less memory of the model.
setFlagsFromString('--no-flush-bytecode');
const collect = runInNewContext('gc') as () => void;

function modelMemory(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function wallSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

const start = cpuSeconds();
const warmUp = build();
const buildSeconds = cpuSeconds() - start;
// Thrown away: afterwards the code is compiled, and what is measured is the model.
warmUp.simulation.runUntil(seconds(30) as number as Instant);
const memoryBefore = modelMemory();
const { simulation, cluster } = build();
const modelBytes = modelMemory() - memoryBefore;
const running = { wall: wallSeconds(), cpu: cpuSeconds() };
const events = run(simulation, cluster);
const result: ControlPlaneRun = {
  kind,
  nodes,
  simulatedSeconds,
  buildSeconds,
  runSeconds: cpuSeconds() - running.cpu,
  wallSeconds: wallSeconds() - running.wall,
  modelBytes,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
  events,
  profile: flags.includes('profile') ? profiled(() => void run(warmUp.simulation, warmUp.cluster)) : [],
};
process.stdout.write(`${JSON.stringify(result)}\n`);
