/** Metrics of the controllers, of kube-state-metrics about what is stored, and of CoreDNS. */
import { workQueueBuckets } from '../controllers/work-queue.ts';
import { coreDnsBuckets } from '../dns/queries-on-cores.ts';
import type { MetricDefinition, MetricType } from './metric.ts';

const workqueue = 'kubernetes/component-base, metrics/prometheus/workqueue/metrics.go';
const stateMetrics = 'kubernetes/kube-state-metrics, internal/store';

/** Ends the `differs in` of what needs kube-controller-manager and kube-scheduler as processes. */
const withControllers = 'where the controllers are modelled as processes';

function queue(name: string, type: MetricType, help: string): MetricDefinition {
  return {
    name: `workqueue_${name}`,
    type,
    help,
    labels: ['name'],
    source: workqueue,
    isFilled: true,
    simplification: withControllers,
    ...(type === 'histogram' ? { buckets: workQueueBuckets } : {}),
  };
}

/** Metrics of a process that uses client-go: its requests and its work queues. */
export const clientMetrics: readonly MetricDefinition[] = [
  {
    name: 'rest_client_requests_total',
    type: 'counter',
    help: 'Requests that were answered, by status code; <error> when none came.',
    labels: ['code', 'method', 'host'],
    source: 'kubernetes/component-base, metrics/prometheus/restclient/metrics.go',
    isFilled: true,
    simplification: 'host is the name of the control plane: attempts are not kept apart by server',
  },
  queue('depth', 'gauge', 'Keys waiting, those included that are being worked on and were added again.'),
  queue('adds_total', 'counter', 'Keys added that were not waiting yet.'),
  queue('retries_total', 'counter', 'Keys asked for later, after a failure or a delay.'),
  queue('unfinished_work_seconds', 'gauge', 'Time spent so far on keys being worked on.'),
  queue('longest_running_processor_seconds', 'gauge', 'Longest of those times.'),
  queue('queue_duration_seconds', 'histogram', 'Time that keys waited.'),
  queue('work_duration_seconds', 'histogram', 'Time that keys were worked on.'),
];

function nodeCollector(name: string, type: MetricType, help: string): MetricDefinition {
  return {
    name: `node_collector_${name}`,
    type,
    help,
    labels: ['zone'],
    source: 'kubernetes/kubernetes, pkg/controller/nodelifecycle/metrics.go',
    isFilled: true,
    simplification: `${withControllers}; zones are numbered`,
  };
}

/** Metrics of kube-controller-manager and kube-scheduler beside those of their requests and queues. */
export const controllerMetrics: readonly MetricDefinition[] = [
  {
    name: 'leader_election_master_status',
    type: 'gauge',
    help: '1 when the process holds the lease.',
    labels: ['name'],
    source: 'kubernetes/component-base, metrics/prometheus/clientgo/leaderelection/metrics.go',
    isFilled: true,
    simplification: withControllers,
  },
  nodeCollector('zone_size', 'gauge', 'Nodes of a zone in the last pass.'),
  nodeCollector('unhealthy_nodes_in_zone', 'gauge', 'Those of them that were not ready.'),
  nodeCollector('zone_health', 'gauge', 'Share of nodes that were ready, in percent.'),
  nodeCollector('evictions_total', 'counter', 'NoExecute taints written.'),
];

function daemonSet(name: string, help: string): MetricDefinition {
  return {
    name: `kube_daemonset_status_${name}`,
    type: 'gauge',
    help,
    labels: ['namespace', 'daemonset'],
    source: `${stateMetrics}/daemonset.go`,
    isFilled: true,
  };
}

/** Metrics about stored objects. */
export const stateMetricsOfObjects: readonly MetricDefinition[] = [
  {
    name: 'kube_node_status_condition',
    type: 'gauge',
    help: 'Condition of a node: 1 for the status it has.',
    labels: ['node', 'condition', 'status'],
    source: `${stateMetrics}/node.go`,
    isFilled: true,
    simplification:
      'condition Ready only; a node is Unknown when its lease is older than the grace period at the instant read',
  },
  daemonSet('desired_number_scheduled', 'Nodes that should run the pod.'),
  daemonSet('current_number_scheduled', 'Nodes that run at least one.'),
];

const withCoreDns = 'where CoreDNS is modelled with its informers';
const dns = 'coredns/coredns, plugin/metrics/vars/vars.go';

/** Metrics of one CoreDNS process. */
export const coreDnsMetrics: readonly MetricDefinition[] = [
  {
    name: 'coredns_dns_requests_total',
    type: 'counter',
    help: 'Queries.',
    labels: ['server', 'zone', 'view', 'proto', 'family', 'type'],
    source: dns,
    isFilled: true,
    simplification: `${withCoreDns}; queries are over UDP and IPv4 and ask for A; those of \`dns.lookups\` come as a rate, in parts of a query`,
  },
  {
    name: 'coredns_dns_responses_total',
    type: 'counter',
    help: 'Answers by code.',
    labels: ['server', 'zone', 'view', 'rcode', 'plugin'],
    source: dns,
    isFilled: true,
    simplification: `${withCoreDns}; plugin says kubernetes for answers from the cache as well`,
  },
  {
    name: 'coredns_dns_request_duration_seconds',
    type: 'histogram',
    help: 'Time to answer.',
    labels: ['server', 'zone', 'view'],
    buckets: coreDnsBuckets,
    source: dns,
    isFilled: true,
    simplification: `${withCoreDns}, of queries that are simulated one by one`,
  },
  {
    name: 'coredns_cache_hits_total',
    type: 'counter',
    help: 'Answers from the cache.',
    labels: ['server', 'type', 'zones', 'view'],
    source: 'coredns/coredns, plugin/cache/metrics.go',
    isFilled: true,
    simplification: `${withCoreDns}; in serve_stale verify, an expired entry counts as a miss`,
  },
  {
    name: 'coredns_cache_misses_total',
    type: 'counter',
    help: 'Lookups that the cache had no answer for.',
    labels: ['server', 'zones', 'view'],
    source: 'coredns/coredns, plugin/cache/metrics.go',
    isFilled: true,
    simplification: `${withCoreDns}; in serve_stale verify, an expired entry counts as a miss`,
  },
  {
    name: 'coredns_cache_entries',
    type: 'gauge',
    help: 'Entries in the cache.',
    labels: ['server', 'type', 'zones', 'view'],
    source: 'coredns/coredns, plugin/cache/metrics.go',
    isFilled: true,
    simplification: withCoreDns,
  },
];
