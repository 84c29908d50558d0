/** What a cluster has when its parts are the complete ones: watch caches and everybody who watches, controllers, CoreDNS. */
import type { Simulation } from '@brownout/core';
import type { ClusterWatches } from './cluster-watches.ts';
import type { CompleteControllersOptions } from './complete-controllers.ts';
import type { ControlPlane, ControlPlaneOptions } from './control-plane.ts';
import { ClusterDns, type ClusterDnsOptions, type ClusterDnsParts } from './dns/cluster-dns.ts';
import { CoreDnsDeployment } from './dns/core-dns-deployment.ts';
import { coreDnsObjects } from './dns/core-dns-operations.ts';
import type { CoreDnsOptions } from './dns/core-dns-options.ts';
import { CoreDns } from './dns/core-dns.ts';
import { NameRecords } from './dns/name-records.ts';
import type { ClusterNameServers } from './dns/name-store.ts';
import type { KubeletOptions } from './nodes/kubelet.ts';
import { NodeStore } from './nodes/node-store.ts';
import type { ClusterSize } from './requests/operation.ts';

/** The complete parts. */
export interface CompleteOptions {
  readonly controllers: CompleteControllersOptions;
  readonly watches: ClusterWatches;
  readonly coreDns: CoreDnsOptions;
  /** What stands around CoreDNS; absent = a Service that always knows its replicas, and nothing else. */
  readonly dns?: ClusterDnsOptions;
  /** Failure zones, filled evenly node by node. */
  readonly zones: number;
  readonly namespaces: number;
}

/** The control plane's options with the caches that the watches need. */
export function withWatches(options: ControlPlaneOptions, complete: CompleteOptions | undefined): ControlPlaneOptions {
  return complete === undefined ? options : { ...options, watchCache: complete.watches.watchCache };
}

/** What the API stores about nodes; undefined where nobody looks at it. */
export function createStore(
  options: { readonly nodes: number; readonly podsPerNode: number; readonly joining?: number },
  complete: CompleteOptions | undefined,
): NodeStore | undefined {
  return complete && new NodeStore({ ...options, zones: complete.zones });
}

/** The kubelets' options with the store they write to and the watches they keep. */
export function withStore(
  options: KubeletOptions,
  store: NodeStore | undefined,
  complete: CompleteOptions | undefined,
): KubeletOptions {
  if (store === undefined || complete === undefined) return options;
  const { kubelets: podWatches, nodeWatches } = complete.watches;
  return { ...options, rules: { ...options.rules, store }, podWatches, ...(nodeWatches && { nodeWatches }) };
}

/** Objects besides pods and nodes. */
export function sizeOf(pods: number, nodes: number, complete: CompleteOptions | undefined): ClusterSize {
  if (complete === undefined) return { pods, nodes };
  const { namespaces, controllers } = complete;
  return { pods, nodes, stored: coreDnsObjects({ pods, services: controllers.services, namespaces }) };
}

/** What stands around CoreDNS, as far as it must be there before the controllers; undefined where nothing does. */
export function createDns(
  simulation: Simulation,
  name: string,
  replicas: number,
  complete: CompleteOptions | undefined,
  parts: Omit<ClusterDnsParts, 'store'> & { readonly store: NodeStore | undefined },
): ClusterDns | undefined {
  const { store } = parts;
  if (complete?.dns === undefined || store === undefined) return undefined;
  const coreDns = { ...complete.coreDns, replicas };
  return new ClusterDns(simulation, `${name}/dns`, complete.dns, coreDns, { ...parts, store });
}

/** CoreDNS as a Deployment that can fail, or as servers that never do. */
export function createCoreDns(
  simulation: Simulation,
  name: string,
  replicas: number,
  controlPlane: ControlPlane,
  complete: CompleteOptions | undefined,
  dns: ClusterDns | undefined,
): ClusterNameServers {
  if (complete === undefined) return new CoreDns(replicas);
  const { coreDns, watches, controllers } = complete;
  const service = dns && { proxies: dns.hosting.proxies, pods: dns.hosting.pods };
  const deployment = new CoreDnsDeployment(
    simulation,
    `${name}/coredns`,
    { ...coreDns, replicas },
    {
      controlPlane,
      operations: watches.coreDns,
      records: new NameRecords(controllers.services, complete.dns?.headless ?? 0),
      ...(service && { service }),
    },
  );
  dns?.run(deployment);
  return deployment;
}
