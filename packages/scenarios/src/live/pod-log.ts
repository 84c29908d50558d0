/**
 * What a pod has written, as far as the model knows it: what the process was told to do when it started, and how its last
 * requests ended. A process writes what it meets - that a LIST of all pods timed out - and nothing of why, or of what
 * becomes of others. Pods of which the model knows no more than their number have no log here.
 */
import { CoreDnsDeployment } from '../kubernetes/dns/core-dns-deployment.ts';
import { Status } from '../kubernetes/requests/api-request.ts';
import type { Site } from '../operations/site.ts';
import type { Scenario } from '../scenario/document.ts';
import type { ScenarioRun } from '../scenario/scenario-run.ts';
import { nodeName } from './api-view.ts';
import type { ApiRow } from './answer.ts';

/** What clients inside the cluster call the API. */
const API = 'https://10.96.0.1:443';

/**
 * What client-go says of an attempt that ended so (documented: apimachinery pkg/api/errors and client-go rest/request.go,
 * wording of 1.30; net/http for what never reached a server).
 */
const errors: Readonly<Record<Status, (what: string, account: string) => string>> = {
  [Status.ok]: () => '',
  [Status.tooManyRequests]: () => 'the server has received too many requests and has asked us to try again later',
  [Status.unauthorized]: () => 'Unauthorized',
  [Status.serverError]: () => 'etcdserver: request timed out',
  [Status.timedOut]: (what) =>
    `Get "${API}${what}": net/http: request canceled (Client.Timeout exceeded while awaiting headers)`,
  [Status.refused]: (what) => `Get "${API}${what}": dial tcp 10.96.0.1:443: connect: connection refused`,
  [Status.reset]: (what) => `Get "${API}${what}": http2: client connection lost`,
  [Status.forbidden]: (_, account) =>
    `pods is forbidden: User "${account}" cannot list resource "pods" in API group "" at the cluster scope`,
  [Status.gatewayTimeout]: () =>
    'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** Lines of the log of a pod, oldest first; no row when there is no pod of that name. `refusal`: why the kubelet has none. */
export function logRows(run: ScenarioRun, site: number, pod: string): ApiRow[] {
  const { cluster } = run.world.sites[site]!;
  const dns = /^coredns-(\d{1,4})$/.exec(pod);
  if (dns !== null) return coreDnsLog(cluster, Number(dns[1]));
  const { agent } = run.scenario;
  if (!pod.startsWith(`${agent.name}-`)) return [];
  const place = pod.slice(agent.name.length + 1);
  return /^\d{5,6}$/.test(place) ? agentLog(run, cluster, Number(place)) : [];
}

function agentLog(run: ScenarioRun, { daemonSet, daemon, kubelets }: Site['cluster'], node: number): ApiRow[] {
  const { agent } = run.scenario;
  const isThere = kubelets.exists[node] === 1 && (daemonSet.isBound(node) || daemonSet.isSelected[node] === 1);
  if (!isThere) return [];
  if (daemon.isRunning[node] !== 1) {
    const pod = `${agent.name}-${String(node).padStart(5, '0')}`;
    return [{ refusal: `container "${agent.name}" in pod "${pod}" is waiting to start: ContainerCreating` }];
  }
  const account = `system:serviceaccount:${agent.namespace}:${agent.name}`;
  const told = taskOf(agent, node);
  return [
    line(null, 'info', `${agent.name} on ${nodeName(node)}: ${told.text}`),
    ...daemon.lastAttempts(node).map(({ request, status, at }) => {
      const isList = (request.verb ?? 'list') === 'list';
      const what = isList ? told.path : `/api/v1/namespaces/${agent.namespace}`;
      const doing = isList ? 'list pods' : `${request.verb ?? ''} ${request.name}`.trim();
      return status === Status.ok
        ? line(run.after(at), 'info', `${doing}: ok`)
        : line(run.after(at), 'error', `${doing}: failed: ${errors[status](what, account)}`);
    }),
  ];
}

/** What the agent was told: the same for all of them, as it stands in its configuration. */
function taskOf(
  { list, period, mode, requests, collectors }: Scenario['agent'],
  node: number,
): { readonly text: string; readonly path: string } {
  const query = [
    ...(list.selector === 'own-node' ? [`fieldSelector=spec.nodeName=${nodeName(node)}`] : []),
    ...(list.resourceVersion === '0' ? ['resourceVersion=0'] : []),
    ...(list.limit === undefined ? [] : [`limit=${list.limit}`]),
  ];
  const path = `/api/v1/pods${query.length === 0 ? '' : `?${query.join('&')}`}`;
  if (collectors !== undefined) return { path, text: 'asks the collectors of its cluster' };
  const every = (each: number): string => `every ${Number((each / 1_000_000).toFixed(1))}s`;
  if (requests === undefined)
    return { path, text: mode === 'watch' ? `watching ${path}` : `polling GET ${path} ${every(period)}` };
  const texts = requests.map(({ kind, period: own = period, perChange }) => {
    const what = kind === 'list' || kind === 'watch' ? `${kind} ${path}` : kind;
    return perChange === undefined ? `${what}${kind === 'watch' ? '' : ` ${every(own)}`}` : `${what} after each change`;
  });
  return { path, text: `told to ${texts.join(', ')}` };
}

/** CoreDNS says at its start that it serves, and until its informers have synced what it waits for (documented: coredns plugin/kubernetes
 * and plugin/ready; 1.11). */
function coreDnsLog({ coreDns }: Site['cluster'], replica: number): ApiRow[] {
  if (replica >= coreDns.replicas) return [];
  const process = coreDns instanceof CoreDnsDeployment ? coreDns.processes[replica] : undefined;
  const isReady = process?.isReady ?? replica < coreDns.syncedReplicas;
  const isServing = process?.isServing ?? true;
  return [
    ...(isReady ? [] : [line(null, 'info', 'plugin/kubernetes: waiting for Kubernetes API before starting server')]),
    ...(isServing && !isReady
      ? [line(null, 'warning', 'plugin/kubernetes: starting server with unsynced Kubernetes API')]
      : []),
    ...(isServing ? [line(null, 'print', '.:53'), line(null, 'print', 'CoreDNS-1.11.3')] : []),
    ...(isReady ? [] : [line(null, 'info', 'plugin/ready: Still waiting on: "kubernetes"')]),
  ];
}

function line(at: number | null, level: string, text: string): ApiRow {
  return { at, level, text };
}
