/** Times the requests of API servers to etcd, as the servers see them: from asking to the answer. */
import type { Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import type { EtcdRequestListener } from '../etcd/options.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import { RowTimes } from '../requests/row-times.ts';
import { metricNamed } from './catalogue.ts';
import { BucketHistogram } from './histogram.ts';
import type { HistogramSample, Labels } from './metric.ts';

/** Requests with the same labels of one life of one server. */
interface Series {
  readonly server: number;
  readonly life: number;
  readonly labels: Labels;
  readonly duration: BucketHistogram;
}

/** Attach it by `attachMeters`; without one nothing is recorded. */
export class EtcdRequestMeter implements EtcdRequestListener {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #edges: readonly number[];
  /** By server, operation and group of clients; and by server and labels, which several of these may share. */
  readonly #kinds: (Series | undefined)[] = [];
  readonly #series = new Map<string, Series>();
  /** By row: when etcd was asked, NaN = it was not. */
  readonly #askedAt = new RowTimes();

  constructor(simulation: Simulation, controlPlane: ControlPlane, release: KubernetesRelease) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#edges = metricNamed('etcd_request_duration_seconds', release)!.buckets!;
    controlPlane.etcd.requestListener = this;
  }

  asked(request: number): void {
    this.#askedAt.set(request, this.#simulation.now);
  }

  /** What a server asked that has died since is not counted by anybody. */
  answered(request: number): void {
    const since = this.#askedAt.get(request);
    if (Number.isNaN(since)) return;
    this.#askedAt.set(request, NaN);
    if (this.#controlPlane.requests.server[request]! < 0) return;
    this.#seriesOf(request).duration.observe((this.#simulation.now - since) / 1_000_000);
  }

  /** What one server shows. */
  read(server: number): readonly HistogramSample[] {
    const { life } = this.#controlPlane.servers[server]!;
    return [...this.#series.values()]
      .filter((one) => one.server === server && one.life === life)
      .map(({ labels, duration }) => duration.read(labels));
  }

  #seriesOf(request: number): Series {
    const { requests, operations, servers, groups } = this.#controlPlane;
    const server = requests.server[request]!;
    const place = requests.operation[request]! * servers.length + server;
    // Rows without a client are the server's own.
    const group = requests.client[request]! < 0 ? 0 : 1 + requests.group[request]!;
    const key = group * operations.count * servers.length + place;
    const known = this.#kinds[key];
    if (known?.life === servers[server]!.life) return known;
    const about = group === 0 ? undefined : groups[group - 1]!.describe(requests.client[request]!);
    return (this.#kinds[key] = this.#open(server, this.#labelsOf(requests.operation[request]!, about)));
  }

  /** Several operations may have the same labels. */
  #open(server: number, labels: Labels): Series {
    const { life } = this.#controlPlane.servers[server]!;
    const key = `${server} ${Object.values(labels).join(' ')}`;
    const found = this.#series.get(key);
    if (found?.life === life) return found;
    const made: Series = { server, life, labels, duration: new BucketHistogram(this.#edges) };
    this.#series.set(key, made);
    return made;
  }

  /** `type` is the resource with its group behind it; later releases have both apart (etcd3/metrics/metrics.go). */
  #labelsOf(number: number, about: { readonly resource?: string; readonly apiGroup?: string } | undefined): Labels {
    const { path, isList, effect, resource: read = 'pods' } = this.#controlPlane.operations.definition(number);
    const { resource = read, apiGroup: group = '' } = about ?? {};
    // A graceful deletion puts the object with its deletionTimestamp first.
    const written = effect === 'create' || effect === 'delete' ? effect : 'update';
    const operation = path === 'write' ? written : isList ? 'list' : 'get';
    return { operation, type: group === '' ? resource : `${resource}.${group}`, group, resource };
  }
}
