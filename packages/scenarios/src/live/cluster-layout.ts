/** What of a cluster is constant over a run, as frames show it. */
import type { Site } from '../operations/site.ts';
import type { ClusterLayout } from './frame.ts';

/** Clients that join later are shown together. */
export const OTHERS = 'others';

/** See the head of this file. */
export function clusterLayout({ id, isStaging, cluster }: Site): ClusterLayout {
  const { controlPlane, kubelets, coreDns } = cluster;
  const names = new Set(controlPlane.groups.map(({ name }) => name));
  return {
    id,
    isStaging,
    nodes: kubelets.exists.length,
    servers: controlPlane.servers.length,
    breakGlassServer: controlPlane.breakGlassServer,
    etcdMembers: controlPlane.etcd.members.length,
    coreDnsReplicas: coreDns.replicas,
    levels: controlPlane.servers[0]!.flowControl.levels.map(({ name }) => name),
    groups: [...names, OTHERS],
  };
}
