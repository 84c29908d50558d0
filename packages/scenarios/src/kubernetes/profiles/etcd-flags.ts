/**
 * Flags of etcd, as released with each Kubernetes: 3.5 with 1.29 to 1.31 and 3.6 from 1.34 on (kubeadm's table of supported
 * versions). Read at v3.5.16 and v3.6.5 of etcd-io/etcd.
 */
import { minutes, ms, noTime } from '@brownout/core';
import { type FlagDefinition, rowsOf } from './flag.ts';

const row = rowsOf('etcd');
const embed = 'etcd-io/etcd, server/embed/config.go';
const mebibyte = 1024 * 1024;

/** Flags of one member. */
export const etcdFlags: readonly FlagDefinition[] = [
  row('heartbeat-interval', 'milliseconds', ms(100), embed, 'time between two heartbeats of the leader', {
    min: ms(1),
  }),
  row('election-timeout', 'milliseconds', ms(1000), embed, 'silence after which a follower stands for election', {
    min: ms(1),
    max: ms(50_000),
  }),
  row(
    'snapshot-count',
    'count',
    [
      ['1.29', 100_000],
      ['1.34', 10_000],
    ],
    'etcd-io/etcd, server/etcdserver/server.go: 100,000 in 3.5, 10,000 in 3.6; kubeadm sets 10,000 in both',
  ),
  row(
    'quota-backend-bytes',
    'bytes',
    0,
    'etcd-io/etcd, server/storage/quota.go: 0 stands for 2 GiB',
    'database size at which writes are refused',
  ),
  row('max-request-bytes', 'bytes', 1.5 * mebibyte, embed),
  row('max-txn-ops', 'count', 128, embed),
  row(
    'backend-batch-interval',
    'duration',
    noTime,
    'etcd-io/etcd, server/storage/backend/backend.go: 0 stands for 100 ms',
  ),
  row('backend-batch-limit', 'count', 0, 'etcd-io/etcd, server/storage/backend/backend.go: 0 stands for 10,000'),
  row('auto-compaction-mode', 'text', 'periodic', embed),
  row('auto-compaction-retention', 'text', '0', `${embed}: off, because the API servers compact`),
  row('pre-vote', 'boolean', true, embed),
  row('max-snapshots', 'count', 5, embed),
  row('max-wals', 'count', 5, embed),
  row('experimental-compaction-batch-limit', 'count', 1000, 'etcd-io/etcd, server/mvcc/kvstore.go'),
  row('compaction-batch-limit', 'count', [['1.34', 1000]], 'etcd-io/etcd, server/storage/mvcc/kvstore.go'),
  row('experimental-watch-progress-notify-interval', 'duration', minutes(10), `${embed}; kubeadm sets 5 s`),
  row('watch-progress-notify-interval', 'duration', [['1.34', minutes(10)]], `${embed}; kubeadm sets 5 s`),
];
