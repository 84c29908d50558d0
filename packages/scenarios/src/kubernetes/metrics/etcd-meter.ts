import type { Etcd } from '../etcd/etcd.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import { metricNamed } from './catalogue.ts';
import { BucketHistogram } from './histogram.ts';

/** Times the fsyncs of an etcd that is modelled with its disks (option `raft`), and counts its committed writes. */
export class EtcdMeter {
  /** By member. */
  readonly fsync: readonly BucketHistogram[];
  committed = 0;

  constructor(etcd: Etcd, release: KubernetesRelease) {
    const edges = metricNamed('etcd_disk_wal_fsync_duration_seconds', release)!.buckets!;
    this.fsync = etcd.members.map(() => new BucketHistogram(edges));
    etcd.onCommitted(() => {
      this.committed++;
    });
    if (etcd.raft !== undefined) {
      etcd.onFsync((member, duration) => this.fsync[member]!.observe(duration / 1_000_000));
    }
  }
}
