/** Metrics of an etcd member, read at v3.5.16 and v3.6.5 of etcd-io/etcd. */
import { exponentialBuckets, type MetricDefinition, type MetricType } from './metric.ts';

const server = 'etcd-io/etcd, server/etcdserver/metrics.go';
const mvcc = 'etcd-io/etcd, server/mvcc/metrics.go (3.6: server/storage/mvcc/metrics.go)';

function row(name: string, type: MetricType, source: string, help: string): MetricDefinition {
  return { name, type, help, labels: [], source, isFilled: true };
}

/** Metrics of one member; those of the log, of proposals and of sizes are filled where etcd is modelled with them. */
export const etcdMetrics: readonly MetricDefinition[] = [
  row('etcd_server_has_leader', 'gauge', server, '1 when the member knows a leader.'),
  row('etcd_server_is_leader', 'gauge', server, '1 when the member leads.'),
  row('etcd_server_leader_changes_seen_total', 'counter', server, 'Changes of the leader.'),
  row('etcd_server_proposals_committed_total', 'counter', server, 'Writes that were committed.'),
  row('etcd_server_proposals_applied_total', 'counter', server, 'Writes that were applied.'),
  row('etcd_server_proposals_pending', 'gauge', server, 'Writes waiting to be committed.'),
  row('etcd_server_proposals_failed_total', 'counter', server, 'Writes that failed.'),
  row('etcd_server_heartbeat_send_failures_total', 'counter', server, 'Heartbeats that went out late.'),
  row('etcd_server_read_indexes_failed_total', 'counter', server, 'Reads whose confirmation failed.'),
  {
    ...row('etcd_server_slow_read_indexes_total', 'counter', server, 'Reads whose confirmation was late.'),
    simplification:
      'counted when a confirmation takes as long as the time limit of a request, not for answers out of date',
  },
  row('etcd_server_quota_backend_bytes', 'gauge', server, 'Size at which writes are refused.'),
  row('etcd_mvcc_db_total_size_in_bytes', 'gauge', mvcc, 'Size of the database file.'),
  row('etcd_mvcc_db_total_size_in_use_in_bytes', 'gauge', mvcc, 'Bytes of it that hold something.'),
  {
    name: 'etcd_disk_wal_fsync_duration_seconds',
    type: 'histogram',
    help: 'Time of an fsync of the log.',
    labels: [],
    buckets: exponentialBuckets(0.001, 2, 14),
    source: 'etcd-io/etcd, server/wal/metrics.go (3.6: server/storage/wal/metrics.go)',
    isFilled: true,
  },
  {
    name: 'etcd_disk_backend_commit_duration_seconds',
    type: 'histogram',
    help: 'Time of a commit of the database file.',
    labels: [],
    buckets: exponentialBuckets(0.001, 2, 14),
    source: 'etcd-io/etcd, server/mvcc/backend/metrics.go (3.6: server/storage/backend/metrics.go)',
    isFilled: true,
    simplification:
      'with raft: one fsync of the same disk for each 100 ms in which something was written; it delays nobody, and pages written before it are not timed',
  },
];
