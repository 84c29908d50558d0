/** What the clients of a control plane, and kube-state-metrics beside it, answer when they are scraped. */
import type { Cluster } from '../cluster.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import type { Status } from '../requests/api-request.ts';
import { FamilyList } from './families.ts';
import type { NumberSample, Scrape } from './metric.ts';
import { codeOf, requestLabels } from './request-labels.ts';

/** HTTP methods of verbs as client-go labels them: reads of all kinds are GET. */
const reads: ReadonlySet<string> = new Set(['LIST', 'WATCH']);

/** What Prometheus usually calls the kubelets, whichever of their requests a group stands for. */
const kubelets = 'kubelet';

/** One scrape for each group of clients that has sent anything; the job is the name of the group, for kubelets `kubelet`. */
export function collectClients(
  name: string,
  controlPlane: ControlPlane,
  options: { readonly release: KubernetesRelease },
): readonly Scrape[] {
  return controlPlane
    .settledGroups()
    .filter((group) => group.sent > 0)
    .map((group) => {
      const request = group.describe(0);
      const { verb = 'GET' } = requestLabels(request);
      const method = reads.has(verb) ? 'GET' : verb;
      const byCode = new Map<string, number>();
      group.ended.forEach((count, status) => {
        const code = codeOf(status as Status, request) || '<error>';
        if (count > 0) byCode.set(code, (byCode.get(code) ?? 0) + count);
      });
      const list = new FamilyList(options.release);
      const samples = [...byCode].map(([code, value]) => ({ labels: { code, method, host: name }, value }));
      list.numbers('rest_client_requests_total', samples);
      return group.name.startsWith(kubelets)
        ? { job: kubelets, instance: `${name}/${group.name}`, families: list.families }
        : { job: group.name, instance: name, families: list.families };
    });
}

/**
 * What kube-state-metrics shows of nodes and of the DaemonSet. A node's condition Ready is Unknown when its lease is older
 * than the kubelets' lease duration, and True otherwise.
 */
export function collectState(cluster: Cluster, now: number, options: { readonly release: KubernetesRelease }): Scrape {
  const list = new FamilyList(options.release);
  list.numbers('kube_node_status_condition', conditions(cluster, now));
  const labels = { namespace: cluster.options.daemon.namespace, daemonset: cluster.options.daemon.name };
  const nodes = Array.from(cluster.daemonSet.isSelected.keys());
  const count = (holds: (node: number) => boolean): readonly NumberSample[] => [
    { labels, value: nodes.filter(holds).length },
  ];
  list.numbers(
    'kube_daemonset_status_desired_number_scheduled',
    count((node) => cluster.daemonSet.isSelected[node] === 1),
  );
  list.numbers(
    'kube_daemonset_status_current_number_scheduled',
    count((node) => cluster.daemonSet.isSelected[node] === 1 && cluster.daemonSet.isBound(node)),
  );
  return { job: 'kube-state-metrics', instance: cluster.id, families: list.families };
}

function conditions(cluster: Cluster, now: number): readonly NumberSample[] {
  const { exists, renewedAt } = cluster.kubelets;
  const oldest = now - cluster.options.kubelet.leaseDuration;
  const samples: NumberSample[] = [];
  for (let node = 0; node < exists.length; node++) {
    if (exists[node] === 0) continue;
    const isHeard = renewedAt[node]! >= oldest;
    for (const [status, value] of [
      ['true', isHeard ? 1 : 0],
      ['false', 0],
      ['unknown', isHeard ? 0 : 1],
    ] as const) {
      samples.push({ labels: { node: `node-${node}`, condition: 'Ready', status }, value });
    }
  }
  return samples;
}
