/**
 * Reads a running cluster into samples at an instant, as if every process were scraped at once. Counting and timing single
 * requests needs meters, which are attached before; everything else is read from the parts as they are.
 */
import type { Simulation } from '@brownout/core';
import type { Cluster } from '../cluster.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import type { KubernetesSettings } from '../profiles/settings.ts';
import { collectApiServers } from './collect-api-servers.ts';
import { collectClients, collectState } from './collect-clients.ts';
import { collectCoreDns, collectControllers } from './collect-components.ts';
import { collectEtcd } from './collect-etcd.ts';
import { EtcdMeter } from './etcd-meter.ts';
import { EtcdRequestMeter } from './etcd-request-meter.ts';
import type { Scrape } from './metric.ts';
import { attachRequestMeter, type RequestMeter } from './request-meter.ts';

/** What is recorded while a control plane runs. */
export interface Meters {
  readonly requests: RequestMeter;
  readonly etcd: EtcdMeter;
  readonly etcdRequests: EtcdRequestMeter;
}

/** How a cluster is read. */
export interface CollectOptions {
  readonly release: KubernetesRelease;
  /** Feature gates that are on; absent = not shown. */
  readonly gates?: ReadonlySet<string>;
  /** Absent = nothing that is counted or timed by request. */
  readonly meters?: Meters;
  /** Whether etcd is scraped; default true. A managed control plane does not show its etcd. */
  readonly showsEtcd?: boolean;
}

/** How a cluster with these settings is read: its release, its gates, and no etcd where a provider hides it. */
export function collectOptionsOf({ profile, apiServer }: KubernetesSettings, meters?: Meters): CollectOptions {
  return {
    release: profile.release,
    gates: apiServer.gates,
    showsEtcd: !profile.isManaged,
    ...(meters === undefined ? {} : { meters }),
  };
}

/** Begins to count and time requests of `controlPlane`, for `collectControlPlane`. */
export function attachMeters(simulation: Simulation, controlPlane: ControlPlane, release: KubernetesRelease): Meters {
  const requests = attachRequestMeter(simulation, controlPlane, release);
  return {
    requests,
    etcd: new EtcdMeter(controlPlane.etcd, release, simulation),
    etcdRequests: new EtcdRequestMeter(simulation, controlPlane, release),
  };
}

/** API servers, etcd members and clients of a control plane. */
export function collectControlPlane(
  name: string,
  controlPlane: ControlPlane,
  options: CollectOptions,
): readonly Scrape[] {
  const { release, gates, meters, showsEtcd = true } = options;
  return [
    ...collectApiServers(name, controlPlane, {
      release,
      ...(gates === undefined ? {} : { gates }),
      ...(meters === undefined ? {} : { meter: meters.requests, etcdMeter: meters.etcdRequests }),
    }),
    ...(showsEtcd
      ? collectEtcd(name, controlPlane.etcd, { release, ...(meters === undefined ? {} : { meter: meters.etcd }) })
      : []),
    ...collectClients(name, controlPlane, { release }),
  ];
}

/** The same, with its controllers and CoreDNS, and what kube-state-metrics shows of its nodes and DaemonSet. */
export function collectCluster(simulation: Simulation, cluster: Cluster, options: CollectOptions): readonly Scrape[] {
  const own = collectControlPlane(cluster.id, cluster.controlPlane, options);
  return [
    // Kubelets run without the API, and end with the last node.
    ...(cluster.kubelets.count > 0 ? own : own.filter(({ job }) => job !== 'kubelet')),
    ...collectControllers(cluster, options),
    ...collectCoreDns(cluster.coreDns, cluster.id, options),
    collectState(cluster, simulation.now, { release: options.release }),
  ];
}
