/** Readers of the metrics of a cluster outside its API servers: etcd, nodes, names, users, the agents themselves. */
import { metricNamed } from '../../kubernetes/metrics/catalogue.ts';
import { EtcdMeter } from '../../kubernetes/metrics/etcd-meter.ts';
import type { KubernetesRelease } from '../../kubernetes/profiles/release.ts';
import { Status } from '../../kubernetes/requests/api-request.ts';
import type { Site } from '../site.ts';
import { highest } from './api-server-readers.ts';
import { gauge, highestRatio, type MetricReader, quantile, ratio } from './metric-reader.ts';

/** Requests and failures of users, by site and product: `site * products + product`. */
export interface UserCounts {
  readonly products: readonly { readonly id: string }[];
  readonly requests: Float64Array;
  readonly failures: Float64Array;
}

/**
 * Processor time for which an agent decodes a byte of an answer, in seconds: 100 MB a second (assumed; the API server needs
 * 42 us to encode a pod of 5.1 kB, which is 8 ns a byte, and decoding is the dearer of the two).
 */
const DECODE_SECONDS_PER_BYTE = 1e-8;

/** Processor time of the busiest member. */
export function etcdCpu(site: Site): MetricReader {
  const { etcd } = site.cluster.controlPlane;
  return highestRatio(() =>
    etcd.members.flatMap((member, index) => {
      const { busyTime, coreTime } = member.books();
      return [busyTime + etcd.writeCpu(index) + etcd.lightReadCpu(index), coreTime];
    }),
  );
}

/** Memory of the largest member that is up, of its limit. */
export function etcdMemory(site: Site): MetricReader {
  const { etcd } = site.cluster.controlPlane;
  const limit = site.cluster.options.controlPlane.etcd.memoryLimitBytes;
  return gauge(() =>
    highest(etcd.members.flatMap((_, member) => (etcd.isUp(member) ? [etcd.memoryBytes(member) / limit] : []))),
  );
}

/** Whether there is a leader. */
export function etcdLeader(site: Site): MetricReader {
  return gauge(() => (site.cluster.controlPlane.etcd.leader >= 0 ? 1 : 0));
}

/** Writes that wait to be committed. */
export function etcdPending(site: Site): MetricReader {
  return gauge(() => site.cluster.controlPlane.etcd.raft?.commits.pending.count ?? NaN);
}

/** Time of fsyncs. */
export function etcdFsync(site: Site, release: KubernetesRelease): MetricReader {
  const edges = metricNamed('etcd_disk_wal_fsync_duration_seconds', release)!.buckets!;
  const { fsync } = new EtcdMeter(site.cluster.controlPlane.etcd, release);
  const members = fsync.map((histogram) =>
    quantile(0.99, edges, () => {
      const { cumulative } = histogram.read({});
      return cumulative.map((count, i) => count - (cumulative[i - 1] ?? 0));
    }),
  );
  const size = edges.length + 1;
  const part = (all: ArrayLike<number>, member: number) => Array.from(all).slice(member * size, (member + 1) * size);
  return {
    read: () => members.flatMap((member) => Array.from(member.read())),
    value: (before, now, seconds) =>
      highest(
        members
          .map((member, i) => member.value(part(before, i), part(now, i), seconds))
          .filter((value) => !Number.isNaN(value)),
      ),
  };
}

/** The largest database file, in bytes or as a share of the quota. */
export function databaseSize(site: Site, isShare: boolean): MetricReader {
  return gauge(() => {
    const { storage } = site.cluster.controlPlane.etcd;
    return storage === undefined ? NaN : Math.max(...storage.fileBytes) / (isShare ? storage.quotaBytes : 1);
  });
}

/** Age of the oldest lease. A node that has just joined has none. */
export function leaseAge(site: Site, now: () => number): MetricReader {
  const { kubelets, options } = site.cluster;
  return gauge(() => {
    let oldest = Infinity;
    kubelets.exists.forEach((exists, node) => {
      const hasLease = node < options.nodes || kubelets.renewedAt[node]! > 0;
      if (exists === 1 && hasLease) oldest = Math.min(oldest, kubelets.renewedAt[node]!);
    });
    return oldest === Infinity ? NaN : (now() - oldest) / 1_000_000;
  });
}

/** Nodes that are not ready. */
export function nodesNotReady(site: Site, onlyLooks: boolean): MetricReader {
  return gauge(() => site.cluster.kubelets.countNotReady(onlyLooks));
}

/** Names that cannot be resolved. */
export function dnsFailures(site: Site): MetricReader {
  return gauge(() => site.cluster.nameFailureShare(1));
}

/** User requests that fail, of a product or of all. */
export function userErrors(index: number, product: string | undefined, users: UserCounts): MetricReader {
  const { products } = users;
  const first = product === undefined ? 0 : products.findIndex(({ id }) => id === product);
  if (first < 0) throw new RangeError(`metric user_error_share: expected the id of a product, got "${product}"`);
  const last = product === undefined ? products.length : first + 1;
  const sum = (counts: Float64Array): number => {
    let total = 0;
    for (let i = first; i < last; i++) total += counts[index * products.length + i]!;
    return total;
  };
  return ratio(() => [sum(users.failures), sum(users.requests)]);
}

/** Pods of the DaemonSet that are ready, of those wanted. */
export function readyShare(site: Site): MetricReader {
  const { daemonSet } = site.cluster;
  return gauge(() => {
    const wanted = daemonSet.isSelected.reduce((count, selected) => count + selected, 0);
    return wanted === 0 ? NaN : daemonSet.readyCount / wanted;
  });
}

/** What the agents use for themselves: the time to decode the answers that they get. */
export function agentCpu({ cluster }: Site): MetricReader {
  const { answers } = cluster.daemon;
  const seen = new Float64Array(answers.length);
  let seconds = 0;
  return {
    read: () => {
      answers.forEach(({ group, operation, others }, i) => {
        const count = group.ended[Status.ok]! - (others?.() ?? 0);
        seconds += (count - seen[i]!) * cluster.operations.responseBytes[operation]! * DECODE_SECONDS_PER_BYTE;
        seen[i] = count;
      });
      return [seconds, cluster.daemon.runningCount];
    },
    value: (before, now, elapsed) => (now[1]! > 0 ? (now[0]! - before[0]!) / elapsed / now[1]! : NaN),
  };
}

/** Requests of the agents that fail. */
export function agentErrors({ cluster }: Site): MetricReader {
  return ratio(() => {
    let failed = 0;
    let ended = 0;
    for (const group of cluster.daemon.groups) {
      const all = group.sent - group.inside;
      ended += all;
      failed += all - group.ended[Status.ok]!;
    }
    return [failed, ended];
  });
}
