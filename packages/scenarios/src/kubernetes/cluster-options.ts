/** What a cluster is made of, and which operations its parts ask for. */
import type { ProbeOptions } from './api-server/probes.ts';
import type { CompleteOptions } from './complete-cluster.ts';
import type { ConfigurationOptions } from './configured-agents.ts';
import type { LetThrough } from './connections/network-block.ts';
import type { ControlPlaneOptions } from './control-plane.ts';
import type { DaemonSetOptions } from './controllers/daemon-set.ts';
import type { LeadershipOptions } from './controllers/leadership.ts';
import { type RegistryDnsOptions, sliceLookups } from './dns/registry-dns-options.ts';
import type { DaemonOptions } from './nodes/daemon.ts';
import type { KubeletOptions } from './nodes/kubelet.ts';
import type { ClusterCosts, DeclaredOperation, ListShape } from './requests/operation.ts';

/** Everything a cluster is made of. */
export interface ClusterOptions {
  readonly id: string;
  readonly nodes: number;
  /** Pods per node that were there before anything happens. */
  readonly podsPerNode: number;
  /** Machines that may join while it runs, at most; default none. */
  readonly joining?: number;
  /** Nodes that each node stands for in what requests cost: its cluster is a small model of a larger one. Default 1. */
  readonly standsFor?: number;
  readonly costs: ClusterCosts;
  /** Seats a LIST of so many objects takes (the work estimate of the profile). */
  readonly listSeats: (shape: ListShape) => number;
  readonly controlPlane: ControlPlaneOptions;
  readonly probes: ProbeOptions;
  readonly kubelet: KubeletOptions;
  readonly leadership: LeadershipOptions;
  readonly daemonSet: DaemonSetOptions;
  readonly daemon: DaemonOptions;
  /** The agents were on every node before, and what is rolled out is their configuration. Absent = a DaemonSet brings them. */
  readonly configuration?: ConfigurationOptions;
  readonly coreDnsReplicas: number;
  /** Whom a block of the admin API lets through unless it says so itself; default nobody. Mechanism D9 needs that. */
  readonly blockLetsThrough?: LetThrough;
  /** Absent: applications ask CoreDNS directly. */
  readonly registryDns?: RegistryDnsOptions;
  /** Operations that somebody may send who is no part of the cluster; default none. */
  readonly declared?: readonly DeclaredOperation[];
  /**
   * The complete parts in place of the plain ones: watch caches with kubelets, controllers and CoreDNS as reflectors on them,
   * the controller manager and the scheduler, a store of what the API knows about nodes. Absent = kubelets that only renew,
   * report and watch, one DaemonSet controller (`leadership`, `daemonSet`), CoreDNS that never fails.
   */
  readonly complete?: CompleteOptions;
}

/** Operations that parts of a cluster ask for beside the built-in ones. */
export function declaredBy({ complete, daemon, registryDns, declared = [] }: ClusterOptions): DeclaredOperation[] {
  return [
    ...(complete?.watches.declared ?? []),
    ...(daemon.declared ?? []),
    ...(registryDns?.reads === 'endpoint-slices' ? [sliceLookups(registryDns.names)] : []),
    ...declared,
  ];
}
