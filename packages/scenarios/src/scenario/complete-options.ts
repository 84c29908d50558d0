/**
 * The complete parts of a cluster whose document names its profile: controllers, watches and CoreDNS as the flags of the
 * release set them.
 */
import { seconds } from '@brownout/core';
import { clusterWatches } from '../kubernetes/cluster-watches.ts';
import type { CompleteOptions } from '../kubernetes/complete-cluster.ts';
import {
  electionOf,
  endpointSlicesOf,
  garbageCollectorOf,
  nodeLifecycleOf,
  taintEvictionOf,
  watchCacheFeaturesOf,
  watchCacheTimingOf,
  workEstimateOf,
} from '../kubernetes/profiles/options.ts';
import type { KubernetesSettings } from '../kubernetes/profiles/settings.ts';
import { hasInformer, informerOf } from './build-agent.ts';
import { dnsOptions } from './build-dns.ts';
import type { Scenario } from './document.ts';

/** Three zones, as regions have them (assumed). */
const ZONES = 3;
/** Namespaces decide next to nothing: CoreDNS watches them (assumed). */
const NAMESPACES = 50;
/** From the order to stop to the end of an agent that heeds SIGTERM (assumed). */
const STOP_TIME = seconds(1);

/** Options of the complete parts of a cluster. */
export function completeOptions(
  scenario: Scenario,
  cluster: Scenario['clusters'][number],
  settings: KubernetesSettings,
): CompleteOptions {
  const { controllerManager, scheduler } = settings;
  const { topologyModeAuto = 0 } = scenario.kubernetes;
  const pace = { qps: controllerManager.qps, burst: controllerManager.burst };
  // One replica of each component on each machine of the control plane.
  const candidates = cluster.apiServers.replicas;
  return {
    controllers: {
      manager: {
        leaderElection: { ...electionOf(settings, controllerManager.leaderElection), candidates },
        nodeLifecycle: nodeLifecycleOf(settings),
        taintEviction: taintEvictionOf(settings),
        endpointSlices: endpointSlicesOf(settings, Math.round(topologyModeAuto * cluster.services)),
        daemonSet: { pace, burstReplicas: scenario.kubernetes.daemonSetBurstReplicas },
        garbageCollector: garbageCollectorOf(settings),
        podGarbageCollector: { pace },
      },
      scheduler: {
        leaderElection: { ...electionOf(settings, scheduler.leaderElection), candidates },
        scheduler: { pace: { qps: scheduler.qps, burst: scheduler.burst } },
      },
      podWorkers: {
        startTime: scenario.agent.startDelay,
        stopTime: { sample: () => STOP_TIME },
        failsAfter: scenario.agent.podsFailAfter,
      },
      services: cluster.services,
    },
    watches: clusterWatches({
      features: watchCacheFeaturesOf(settings),
      nodes: cluster.nodes,
      writeEstimate: workEstimateOf(settings),
      ...watchCacheTimingOf(settings),
      nodeWatches: scenario.kubernetes.nodeWatches,
      ...(hasInformer(scenario.agent) ? { agent: informerOf(scenario.agent) } : {}),
    }),
    ...dnsOptions(scenario, cluster, settings),
    zones: ZONES,
    namespaces: NAMESPACES,
  };
}
