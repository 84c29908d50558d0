/** Readers of the metrics of a cluster's API servers. */
import type { Simulation } from '@brownout/core';
import { metricNamed } from '../../kubernetes/metrics/catalogue.ts';
import type { BucketHistogram } from '../../kubernetes/metrics/histogram.ts';
import { attachRequestMeter, RequestMeter } from '../../kubernetes/metrics/request-meter.ts';
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import type { KubernetesRelease } from '../../kubernetes/profiles/release.ts';
import { Status } from '../../kubernetes/requests/api-request.ts';
import type { Site } from '../site.ts';
import { errorShare } from './error-share.ts';
import { gauge, highestRatio, type MetricReader, perSecond, quantile } from './metric-reader.ts';

/** Failed requests of everybody but the agents, from the books of the clients. */
export function errorRatio(site: Site): MetricReader {
  const counts = (one: ArrayLike<number>) => ({ ok: one[0]!, ended: one[1]!, waiting: one[2]! });
  return {
    read: () => {
      const { ok, ended, waiting } = site.apiCounts();
      return [ok, ended, waiting];
    },
    value: (before, now) => errorShare(counts(before), counts(now)),
  };
}

/** Processor time of the busiest server. */
export function cpuShare(site: Site): MetricReader {
  return highestRatio(() =>
    site.cluster.controlPlane.balanced.flatMap((server) => [server.busyTime, server.cpu.books().coreTime]),
  );
}

/** Memory of the largest server that has a process, in bytes or as a share of its limit. */
export function memory(site: Site, isShare: boolean): MetricReader {
  return gauge(() => {
    const running = site.cluster.controlPlane.balanced.filter((server) => !server.isGone);
    return highest(running.map((server) => server.memoryBytes / (isShare ? server.memoryLimitBytes : 1)));
  });
}

/** Servers that are ready, of all. */
export function upShare(site: Site): MetricReader {
  const { controlPlane } = site.cluster;
  return gauge(() => controlPlane.readyCount / controlPlane.balanced.length);
}

/** Kills for memory. */
export function memoryKills(site: Site): MetricReader {
  return perSecond(() => sum(site.cluster.controlPlane.balanced.map((server) => server.memoryKills)));
}

/** Answers 429. */
export function rejections(site: Site): MetricReader {
  return perSecond(() => sum(site.cluster.controlPlane.balanced.map((server) => server.rejections)));
}

/** Answers 500 and 504. */
export function serverErrors(site: Site): MetricReader {
  return perSecond(() =>
    sum(
      site.cluster.controlPlane
        .settledGroups()
        .map(({ ended }) => (ended[Status.serverError] ?? 0) + (ended[Status.gatewayTimeout] ?? 0)),
    ),
  );
}

/** Seats of the fullest limited level of any server. */
export function seatsInUse(site: Site): MetricReader {
  return gauge(() =>
    highest(
      site.cluster.controlPlane.balanced.flatMap((server) =>
        server.flowControl.levels
          .filter(({ limit }) => Number.isFinite(limit) && limit > 0)
          .map(({ seatsInUse: used, limit }) => used / limit),
      ),
    ),
  );
}

/** Requests that wait for a seat. */
export function inQueue(site: Site): MetricReader {
  return gauge(() =>
    sum(
      site.cluster.controlPlane.balanced.flatMap((server) =>
        server.flowControl.levels.map((level) => level.requestsWaiting),
      ),
    ),
  );
}

/** How the meters of requests are attached. */
export interface MeterContext {
  readonly simulation: Simulation;
  readonly release: KubernetesRelease;
}

/** The time that requests with one of these verbs take. */
export function latency(site: Site, verbs: readonly string[], context: MeterContext): MetricReader {
  const edges = metricNamed('apiserver_request_duration_seconds', context.release)!.buckets!;
  const { controlPlane } = site.cluster;
  const meter = meterOf(controlPlane, context);
  return quantile(0.99, edges, () =>
    byServer(controlPlane, edges, (server) =>
      meter.requestSeries
        .filter((series) => series.server === server && verbs.includes(series.labels['verb'] ?? ''))
        .map((series) => series.duration),
    ),
  );
}

/** The time that requests wait for their seats. */
export function queueWait(site: Site, context: MeterContext): MetricReader {
  const edges = metricNamed('apiserver_flowcontrol_request_wait_duration_seconds', context.release)!.buckets!;
  const { controlPlane } = site.cluster;
  const meter = meterOf(controlPlane, context);
  return quantile(0.99, edges, () =>
    byServer(controlPlane, edges, (server) =>
      meter.flowSeries.filter((series) => series.server === server).map((series) => series.waitExecuted),
    ),
  );
}

/** A control plane has one meter at a time; whoever comes second reads it too. */
function meterOf(controlPlane: ControlPlane, { simulation, release }: MeterContext): RequestMeter {
  const present = controlPlane.requestObserver;
  if (present instanceof RequestMeter) return present;
  if (present !== undefined) {
    throw new RangeError('monitoring: expected a control plane without an observer of requests, got one that has one');
  }
  return attachRequestMeter(simulation, controlPlane, release);
}

/** Counts by bucket, summed over histograms, one server after the other. */
function byServer(
  { servers }: ControlPlane,
  edges: readonly number[],
  histogramsOf: (server: number) => readonly BucketHistogram[],
): number[] {
  return servers.flatMap(({ index }) => {
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (const histogram of histogramsOf(index)) {
      const { cumulative } = histogram.read({});
      cumulative.forEach((count, i) => (counts[i]! += count - (cumulative[i - 1] ?? 0)));
    }
    return counts;
  });
}

/** The largest of these; NaN of none. */
export function highest(values: readonly number[]): number {
  return values.length === 0 ? NaN : Math.max(...values);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
