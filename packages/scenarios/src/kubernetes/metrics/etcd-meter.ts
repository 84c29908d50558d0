import { ms, type Simulation, type Stream } from '@brownout/core';
import type { Etcd } from '../etcd/etcd.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import { metricNamed } from './catalogue.ts';
import { BucketHistogram } from './histogram.ts';

/** How often etcd commits what it has applied to its database file (server/storage/backend, defaultBatchInterval). */
const BACKEND_INTERVAL = ms(100);

/** Times the fsyncs of an etcd that is modelled with its disks (option `raft`), and counts its committed writes. */
export class EtcdMeter {
  /** By member. */
  readonly fsync: readonly BucketHistogram[];
  /** By member; filled only for a meter that has a simulation. */
  readonly backendCommit: readonly BucketHistogram[];
  committed = 0;
  readonly #etcd: Etcd;
  readonly #simulation: Simulation | undefined;
  readonly #stream: Stream | undefined;
  /** Number of the interval in which something was written last. */
  #interval = -1;

  /** With `simulation`, commits of the database file are timed too: by draws of their own, which change nothing else. */
  constructor(etcd: Etcd, release: KubernetesRelease, simulation?: Simulation) {
    this.#etcd = etcd;
    this.#simulation = simulation;
    this.#stream = simulation?.streams.get(`${etcd.name}/backend commit`);
    const edges = metricNamed('etcd_disk_wal_fsync_duration_seconds', release)!.buckets!;
    this.fsync = etcd.members.map(() => new BucketHistogram(edges));
    this.backendCommit = etcd.members.map(() => new BucketHistogram(edges));
    etcd.onCommitted(() => {
      this.committed++;
      this.#timeBackend();
    });
    if (etcd.raft !== undefined) {
      etcd.onFsync((member, duration) => this.fsync[member]!.observe(duration / 1_000_000));
    }
  }

  #timeBackend(): void {
    if (this.#simulation === undefined || this.#etcd.raft === undefined) return;
    const interval = Math.floor(this.#simulation.now / BACKEND_INTERVAL);
    if (interval === this.#interval) return;
    this.#interval = interval;
    this.backendCommit.forEach((times, member) => {
      if (!this.#etcd.isUp(member)) return;
      times.observe(this.#etcd.raft!.disks.sampleBackground(member, this.#stream!) / 1_000_000);
    });
  }
}
