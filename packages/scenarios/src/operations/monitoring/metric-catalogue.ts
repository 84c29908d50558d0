/**
 * The metrics that alerts and health gates may read, each as one number for a cluster. Where a real part exports that number
 * as it stands, the metric has its name; the others are what a recording rule makes of the exported series in `from`.
 */

/** Unit of a metric; times in seconds, shares 0 to 1. */
export type MetricUnit = 'share' | 'seconds' | 'bytes' | 'per second' | 'cores' | 'count';

/** One metric. */
export interface MetricDescription {
  readonly unit: MetricUnit;
  readonly meaning: string;
  /** Series that the real parts export and that it is made from. */
  readonly from: readonly string[];
  /**
   * Whether the scrape has its target inside the cluster, so that monitoring which needs the cluster's DNS or API loses it
   * together with them. What is measured at the edge, where users come in, is seen all the same.
   */
  readonly isScrapedInCluster: boolean;
}

const inCluster = true;
const requests = 'apiserver_request_total';
const durations = 'apiserver_request_duration_seconds';
const perVerb = 'p99 over all API servers since the scrape before; what has not been answered yet is not in it';

function row(
  unit: MetricUnit,
  meaning: string,
  from: readonly string[],
  isScrapedInCluster: boolean = inCluster,
): MetricDescription {
  return { unit, meaning, from, isScrapedInCluster };
}

/** Name of a metric. */
export type MetricName =
  | 'apiserver_request_error_ratio'
  | 'apiserver_cpu_share'
  | 'apiserver_memory_share'
  | 'process_resident_memory_bytes'
  | 'apiserver_up_share'
  | 'apiserver_oom_kills_per_second'
  | 'apiserver_get_latency_p99_seconds'
  | 'apiserver_list_latency_p99_seconds'
  | 'apiserver_write_latency_p99_seconds'
  | 'apiserver_429_per_second'
  | 'apiserver_5xx_per_second'
  | 'apiserver_seats_in_use_share'
  | 'apiserver_current_inqueue_requests'
  | 'apiserver_queue_wait_p99_seconds'
  | 'node_lease_age_seconds'
  | 'nodes_not_ready'
  | 'etcd_cpu_share'
  | 'etcd_memory_share'
  | 'etcd_server_has_leader'
  | 'etcd_server_proposals_pending'
  | 'etcd_wal_fsync_p99_seconds'
  | 'etcd_mvcc_db_total_size_in_bytes'
  | 'etcd_db_quota_share'
  | 'dns_failure_share'
  | 'user_error_share'
  | 'daemonset_ready_share'
  | 'agent_cpu_cores'
  | 'agent_request_error_ratio';

/** All metrics by name. */
export const metricCatalogue: Readonly<Record<MetricName, MetricDescription>> = {
  apiserver_request_error_ratio: row(
    'share',
    'requests of clients other than the agents that failed, of all that ended; 1 when some wait and none ended',
    ['rest_client_requests_total'],
  ),
  apiserver_cpu_share: row('share', 'processor time of the busiest API server, of its cores', [
    'process_cpu_seconds_total{job="kube-apiserver"}',
  ]),
  apiserver_memory_share: row('share', 'resident memory of the largest API server, of its limit', [
    'process_resident_memory_bytes{job="kube-apiserver"}',
  ]),
  process_resident_memory_bytes: row('bytes', 'resident memory of the largest API server', [
    'process_resident_memory_bytes{job="kube-apiserver"}',
  ]),
  apiserver_up_share: row('share', 'API servers that are ready, of all behind the balancer', [
    'up{job="kube-apiserver"}',
  ]),
  apiserver_oom_kills_per_second: row('per second', 'API servers killed for their memory', [
    'kube_pod_container_status_restarts_total',
  ]),
  apiserver_get_latency_p99_seconds: row('seconds', `time of GETs: ${perVerb}`, [`${durations}{verb="GET"}`]),
  apiserver_list_latency_p99_seconds: row('seconds', `time of LISTs: ${perVerb}`, [`${durations}{verb="LIST"}`]),
  apiserver_write_latency_p99_seconds: row('seconds', `time of writes: ${perVerb}`, [
    `${durations}{verb=~"POST|PUT|PATCH|DELETE"}`,
  ]),
  apiserver_429_per_second: row('per second', 'requests answered 429', [`${requests}{code="429"}`]),
  apiserver_5xx_per_second: row('per second', 'requests answered 500 or 504', [`${requests}{code=~"5.."}`]),
  apiserver_seats_in_use_share: row('share', 'seats in use of the fullest priority level that has a limit', [
    'apiserver_flowcontrol_current_executing_seats',
    'apiserver_flowcontrol_current_limit_seats',
  ]),
  apiserver_current_inqueue_requests: row('count', 'requests that wait for a seat, over all API servers', [
    'apiserver_current_inqueue_requests',
  ]),
  apiserver_queue_wait_p99_seconds: row('seconds', 'wait for a seat of requests that got one: p99', [
    'apiserver_flowcontrol_request_wait_duration_seconds',
  ]),
  node_lease_age_seconds: row('seconds', 'age of the oldest lease of a node that exists', ['kube_lease_renew_time']),
  nodes_not_ready: row('count', 'nodes whose lease is older than the lease duration', ['kube_node_status_condition']),
  etcd_cpu_share: row('share', 'processor time of the busiest etcd member, of its cores', [
    'process_cpu_seconds_total{job="etcd"}',
  ]),
  etcd_memory_share: row('share', 'resident memory of the largest etcd member, of its limit', [
    'process_resident_memory_bytes{job="etcd"}',
  ]),
  etcd_server_has_leader: row('count', '1 while the members have a leader', ['etcd_server_has_leader']),
  etcd_server_proposals_pending: row('count', 'writes that wait to be committed; where etcd has raft', [
    'etcd_server_proposals_pending',
  ]),
  etcd_wal_fsync_p99_seconds: row(
    'seconds',
    'time of an fsync of the log: p99 of the slowest member; where etcd has raft',
    ['etcd_disk_wal_fsync_duration_seconds'],
  ),
  etcd_mvcc_db_total_size_in_bytes: row('bytes', 'largest database file; where etcd has a quota', [
    'etcd_mvcc_db_total_size_in_bytes',
  ]),
  etcd_db_quota_share: row('share', 'largest database file, of the size at which writes are refused', [
    'etcd_mvcc_db_total_size_in_bytes',
    'etcd_server_quota_backend_bytes',
  ]),
  dns_failure_share: row('share', 'lookups of one name that fail now', [
    'coredns_dns_responses_total{rcode="SERVFAIL"}',
  ]),
  user_error_share: row(
    'share',
    'user requests that fail, of one product or of all',
    ['requests and failures that the edge counts'],
    !inCluster,
  ),
  daemonset_ready_share: row('share', 'pods of the DaemonSet that are ready, of those wanted', [
    'kube_daemonset_status_number_ready',
    'kube_daemonset_status_desired_number_scheduled',
  ]),
  agent_cpu_cores: row('cores', 'processor time of one agent of the DaemonSet, on average over those that run', [
    'container_cpu_usage_seconds_total',
  ]),
  agent_request_error_ratio: row('share', "requests of the DaemonSet's agents that failed, of all that ended", [
    'rest_client_requests_total',
  ]),
};

/** All names, in the order of the catalogue. */
export const metricNames: readonly MetricName[] = Object.keys(metricCatalogue) as MetricName[];

/** A metric as rules and gates name it. */
export interface MetricReference {
  readonly metric: MetricName;
  /** Id of the product, for `user_error_share`; default all products together. */
  readonly product?: string | undefined;
}
