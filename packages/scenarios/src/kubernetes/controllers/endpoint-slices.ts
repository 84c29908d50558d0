/**
 * The EndpointSlice controller: the endpoints of a service in slices of at most 100, five services at a time, one write for
 * each slice that changed. Changes of one service that come while it is worked on are written together afterwards; a service
 * whose writes failed waits 1 s, doubling to 1,000 s, and is dropped after 15 tries. Each write goes to every watcher of
 * EndpointSlices, a kube-proxy on each node above all, and that fan-out is what makes it dear.
 *
 * Source: kubernetes/kubernetes pkg/controller/endpointslice/endpointslice_controller.go (defaultSyncBackOff,
 * maxRetries 15); `--max-endpoints-per-slice` 100, `--concurrent-service-endpoint-syncs` 5,
 * `--endpointslice-updates-batch-period` 0. Slices keep the endpoints they were filled with (the controller prefers few
 * writes to full slices). Services may ask for topology hints, which make writes of their own: topology-hints.ts.
 */
import { type Duration, noTime, seconds, type Simulation } from '@brownout/core';
import type { DoublingBackoff } from '../client/backoff.ts';
import type { PaceOptions } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { NodeStore } from '../nodes/node-store.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import { ControllerClient } from './controller-client.ts';
import type { Controller } from './leader.ts';
import { TopologyHints } from './topology-hints.ts';
import { WorkQueue } from './work-queue.ts';

/** Settings of the controller. */
export interface EndpointSliceOptions {
  /** Endpoints of each service, at the start and as places for later ones. */
  readonly endpoints: readonly number[];
  /** Default 100. */
  readonly maxEndpointsPerSlice?: number;
  /** Default 5. */
  readonly workers?: number;
  /** Default none. */
  readonly batchPeriod?: Duration;
  /** Default 20 a second, burst 30. */
  readonly pace?: PaceOptions;
  /** Operation number of a slice write; default the built-in `object-update`. */
  readonly writeSlice?: number;
  /** Services with `service.kubernetes.io/topology-mode: Auto`, those with the lowest numbers; default none. */
  readonly topologyModeAuto?: number;
  /** Node that an endpoint runs on; needed where Services ask for hints. */
  readonly nodeOf?: (service: number, endpoint: number) => number;
}

/** Told when an endpoint is served as it is. */
export type SliceObserver = (service: number, endpoint: number, isServed: boolean) => void;

const BACKOFF: DoublingBackoff = { first: seconds(1), longest: seconds(1000) };
const MOST_RETRIES = 15;

/** The controller, and the slices as they are stored. */
export class EndpointSlices implements Controller {
  readonly #options: EndpointSliceOptions;
  readonly #size: number;
  readonly #client: ControllerClient;
  readonly queue: WorkQueue;
  /** Hints of the Services that ask for them; absent where none does. */
  readonly hints: TopologyHints | undefined;
  readonly #observer: SliceObserver;
  readonly #write: number;
  /** Per service and endpoint: whether the pod is ready, and whether the stored slice says so. */
  readonly #isReady: readonly Uint8Array[];
  readonly #isServed: readonly Uint8Array[];
  /** Per service: the slice being written, and what that write says. */
  readonly #inWork: Int32Array;
  readonly #written: Uint8Array[];
  #isRunning = false;
  #drops = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: EndpointSliceOptions,
    parts: { readonly controlPlane: ControlPlane; readonly observer: SliceObserver; readonly store?: NodeStore },
  ) {
    this.#options = options;
    this.#size = options.maxEndpointsPerSlice ?? 100;
    this.#observer = parts.observer;
    this.#write = options.writeSlice ?? operationNumber('object-update');
    this.#isReady = options.endpoints.map((count) => new Uint8Array(count).fill(1));
    this.#isServed = options.endpoints.map((count) => new Uint8Array(count).fill(1));
    this.#inWork = new Int32Array(options.endpoints.length).fill(-1);
    this.#written = options.endpoints.map(() => new Uint8Array(this.#size));
    const { pace } = options;
    const clientOptions = {
      name: 'endpointslice-controller',
      resource: 'endpointslices',
      ...(pace === undefined ? {} : { pace }),
    };
    this.#client = new ControllerClient(simulation, parts.controlPlane, clientOptions, (_purpose, service, status) =>
      this.#ended(service, status),
    );
    const queueOptions = { name: `${name} endpoint slices`, workers: options.workers ?? 5, backoff: BACKOFF };
    this.queue = new WorkQueue(simulation, queueOptions, (service) => this.#sync(service));
    this.hints = this.#makeHints(simulation, name, parts.store);
  }

  /** Services given up after fifteen failures in a row. */
  get drops(): number {
    return this.#drops;
  }

  /** Endpoints of a service that its stored slices name as ready. */
  served(service: number): number {
    return this.#isServed[service]!.reduce((sum, served) => sum + served, 0);
  }

  /** Slices of a service. */
  slices(service: number): number {
    return Math.ceil(this.#isReady[service]!.length / this.#size);
  }

  /** A process that starts looks at every service. */
  start(): void {
    this.stop();
    this.#isRunning = true;
    this.hints?.start();
    for (let service = 0; service < this.#isReady.length; service++) this.queue.add(service);
  }

  stop(): void {
    this.#isRunning = false;
    this.#client.stop();
    this.queue.clear();
    this.hints?.stop();
    this.#inWork.fill(-1);
  }

  /** The Ready condition of a pod behind the service is stored, and the controller's informer shows it. */
  endpointChanged(service: number, endpoint: number, isReady: boolean): void {
    this.#isReady[service]![endpoint] = isReady ? 1 : 0;
    if (!this.#isRunning) return;
    const { batchPeriod = noTime } = this.#options;
    if (batchPeriod > 0) this.queue.addAfter(service, batchPeriod);
    else this.queue.add(service);
  }

  #makeHints(simulation: Simulation, name: string, store: NodeStore | undefined): TopologyHints | undefined {
    const { endpoints, topologyModeAuto = 0, nodeOf } = this.#options;
    if (topologyModeAuto === 0) return undefined;
    if (store === undefined || nodeOf === undefined) {
      throw new TypeError('endpoint slices: expected a node store and "nodeOf" beside "topologyModeAuto", got none');
    }
    return new TopologyHints(simulation, name, {
      endpoints: endpoints.slice(0, topologyModeAuto),
      maxEndpointsPerSlice: this.#size,
      store,
      nodeOf,
      overloaded: (service) => this.queue.add(service),
    });
  }

  #sync(service: number): void {
    if (this.#hasHints(service)) this.hints!.plan(service, this.#isReady[service]!, this.#isServed[service]!);
    this.#writeNext(service);
  }

  #writeNext(service: number): void {
    const hasHints = this.#hasHints(service);
    const slice = hasHints ? this.hints!.nextWrite(service) : this.#nextSlice(service);
    if (slice < 0) {
      this.queue.forget(service);
      this.queue.done(service);
      return;
    }
    this.#inWork[service] = slice;
    const first = slice * this.#size;
    const ready = hasHints ? this.hints!.plannedReady(service) : this.#isReady[service]!;
    this.#written[service]!.set(ready.subarray(first, first + this.#size));
    this.#client.write(this.#write, 0, service);
  }

  #hasHints(service: number): boolean {
    return this.hints?.has(service) ?? false;
  }

  #nextSlice(service: number): number {
    const ready = this.#isReady[service]!;
    const served = this.#isServed[service]!;
    for (let endpoint = 0; endpoint < ready.length; endpoint++) {
      if (ready[endpoint] !== served[endpoint]) return Math.floor(endpoint / this.#size);
    }
    return -1;
  }

  #ended(service: number, status: Status): void {
    const slice = this.#inWork[service]!;
    this.#inWork[service] = -1;
    if (status === Status.ok) {
      this.#store(service, slice);
      if (this.#hasHints(service)) this.hints!.written(service, slice);
      this.#writeNext(service);
      return;
    }
    if (this.queue.failures(service) < MOST_RETRIES) {
      this.queue.addRateLimited(service);
    } else {
      this.#drops++;
      this.queue.forget(service);
    }
    this.queue.done(service);
  }

  #store(service: number, slice: number): void {
    const served = this.#isServed[service]!;
    const written = this.#written[service]!;
    const first = slice * this.#size;
    for (let i = 0; i < this.#size && first + i < served.length; i++) {
      if (served[first + i] === written[i]) continue;
      served[first + i] = written[i]!;
      this.#observer(service, first + i, written[i] === 1);
    }
  }
}
