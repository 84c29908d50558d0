/** What each etcd member answers when it is scraped. */
import type { Etcd } from '../etcd/etcd.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import type { EtcdMeter } from './etcd-meter.ts';
import { FamilyList } from './families.ts';
import type { Scrape } from './metric.ts';

/** One scrape for each member that is up. */
export function collectEtcd(
  name: string,
  etcd: Etcd,
  options: { readonly release: KubernetesRelease; readonly meter?: EtcdMeter },
): readonly Scrape[] {
  return etcd.members.flatMap((_, member) => {
    if (!etcd.isUp(member)) return [];
    const list = new FamilyList(options.release);
    list.number('etcd_server_has_leader', etcd.leader >= 0 ? 1 : 0);
    list.number('etcd_server_is_leader', etcd.leader === member ? 1 : 0);
    list.number('etcd_server_leader_changes_seen_total', etcd.raft?.elections.won);
    list.number('etcd_server_proposals_committed_total', options.meter?.committed);
    if (etcd.raft !== undefined) {
      const { commits, elections, reads } = etcd.raft;
      list.number('etcd_server_proposals_applied_total', commits.committed - commits.appliers.unapplied(member));
      list.number('etcd_server_proposals_pending', commits.pending.count);
      list.number('etcd_server_proposals_failed_total', commits.failed);
      list.number('etcd_server_heartbeat_send_failures_total', elections.lateHeartbeats);
      list.number('etcd_server_read_indexes_failed_total', reads.failed);
      list.number('etcd_server_slow_read_indexes_total', reads.slow[member]);
    }
    list.number('etcd_server_quota_backend_bytes', etcd.storage?.quotaBytes);
    list.number('etcd_mvcc_db_total_size_in_bytes', etcd.storage?.fileBytes[member]);
    list.number('etcd_mvcc_db_total_size_in_use_in_bytes', etcd.storage?.usedBytes);
    const fsync = options.meter?.fsync[member]?.read({});
    list.histograms('etcd_disk_wal_fsync_duration_seconds', fsync === undefined ? [] : [fsync]);
    const backend = options.meter?.backendCommit[member]?.read({});
    list.histograms('etcd_disk_backend_commit_duration_seconds', backend === undefined ? [] : [backend]);
    list.number('process_resident_memory_bytes', etcd.memoryBytes(member));
    const cpu = etcd.members[member]!.books().busyTime + etcd.writeCpu(member) + etcd.lightReadCpu(member);
    list.number('process_cpu_seconds_total', cpu / 1_000_000);
    return [{ job: 'etcd', instance: `${name}/etcd-${member}`, families: list.families }];
  });
}
