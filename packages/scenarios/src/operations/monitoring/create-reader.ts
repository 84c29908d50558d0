/** From the name of a metric to what reads it in a cluster. */
import type { Site } from '../site.ts';
import * as api from './api-server-readers.ts';
import * as cluster from './cluster-readers.ts';
import type { MetricName, MetricReference } from './metric-catalogue.ts';
import type { MetricReader } from './metric-reader.ts';

/** What readers need beside the cluster. */
export interface ReaderContext extends api.MeterContext {
  readonly users: cluster.UserCounts;
  /** The reader must not move the run at all: for people who look at what no rule asks for. Default false. */
  readonly onlyLooks?: boolean;
}

type Create = (site: Site, context: ReaderContext) => MetricReader;

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE', 'APPLY'];

const creators: Readonly<Record<Exclude<MetricName, 'user_error_share'>, Create>> = {
  apiserver_request_error_ratio: api.errorRatio,
  apiserver_cpu_share: api.cpuShare,
  apiserver_memory_share: (site) => api.memory(site, true),
  process_resident_memory_bytes: (site) => api.memory(site, false),
  apiserver_up_share: api.upShare,
  apiserver_oom_kills_per_second: api.memoryKills,
  apiserver_get_latency_p99_seconds: (site, context) => api.latency(site, ['GET'], context),
  apiserver_list_latency_p99_seconds: (site, context) => api.latency(site, ['LIST'], context),
  apiserver_write_latency_p99_seconds: (site, context) => api.latency(site, WRITES, context),
  apiserver_429_per_second: api.rejections,
  apiserver_5xx_per_second: api.serverErrors,
  apiserver_seats_in_use_share: api.seatsInUse,
  apiserver_current_inqueue_requests: api.inQueue,
  apiserver_queue_wait_p99_seconds: api.queueWait,
  node_lease_age_seconds: (site, { simulation }) => cluster.leaseAge(site, () => simulation.now),
  nodes_not_ready: (site, { onlyLooks = false }) => cluster.nodesNotReady(site, onlyLooks),
  etcd_cpu_share: cluster.etcdCpu,
  etcd_memory_share: cluster.etcdMemory,
  etcd_server_has_leader: cluster.etcdLeader,
  etcd_server_proposals_pending: cluster.etcdPending,
  etcd_wal_fsync_p99_seconds: (site, { release }) => cluster.etcdFsync(site, release),
  etcd_mvcc_db_total_size_in_bytes: (site) => cluster.databaseSize(site, false),
  etcd_db_quota_share: (site) => cluster.databaseSize(site, true),
  dns_failure_share: cluster.dnsFailures,
  daemonset_ready_share: cluster.readyShare,
  agent_cpu_cores: cluster.agentCpu,
  agent_request_error_ratio: cluster.agentErrors,
};

/** Reads `reference` in the cluster with this place in the list of sites. */
export function createReader(
  { metric, product }: MetricReference,
  site: Site,
  index: number,
  context: ReaderContext,
): MetricReader {
  if (metric === 'user_error_share') return cluster.userErrors(index, product, context.users);
  return creators[metric](site, context);
}
