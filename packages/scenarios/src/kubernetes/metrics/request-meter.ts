/**
 * Counts and times the requests of one control plane, as its API servers would. Attach it (`attachRequestMeter`) and read it
 * when somebody scrapes; without one nothing is recorded and nothing is spent.
 */
import type { Duration, Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import type { RequestDescription } from '../flow-control/flow-schema.ts';
import type { RejectReason } from '../flow-control/seat-pool.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import { Phase, Status, statusNames } from '../requests/api-request.ts';
import type { RequestObserver } from '../requests/request-observer.ts';
import { RowTimes } from '../requests/row-times.ts';
import { metricNamed } from './catalogue.ts';
import { BucketHistogram } from './histogram.ts';
import { codeOf, requestLabels } from './request-labels.ts';
import type { Labels } from './metric.ts';

/** What one API server has counted of requests with the same labels since its process began. */
export interface RequestSeries {
  readonly server: number;
  readonly labels: Labels;
  readonly request: RequestDescription;
  /** Answers by status. */
  readonly answers: Float64Array;
  /** Answers that the server gave in self-defence: rejections, and its own time limit. */
  readonly terminations: Float64Array;
  readonly duration: BucketHistogram;
  readonly sli: BucketHistogram;
  readonly size: BucketHistogram;
}

/** The same for the requests of one FlowSchema at one level. */
export interface FlowSeries {
  readonly server: number;
  readonly schema: string;
  readonly level: string;
  dispatched: number;
  readonly rejected: Map<RejectReason, number>;
  readonly waitExecuted: BucketHistogram;
  readonly waitRejected: BucketHistogram;
  readonly execution: BucketHistogram;
  readonly seats: BucketHistogram;
}

/** The series that one kind of request goes into: those of a client group with one operation at one server. */
interface Kind {
  readonly requests: RequestSeries;
  readonly flow: FlowSeries | undefined;
}

/** See the head of this file. */
export class RequestMeter implements RequestObserver {
  readonly release: KubernetesRelease;
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #kinds: (Kind | undefined)[] = [];
  readonly #requests = new Map<string, RequestSeries>();
  readonly #flows = new Map<string, FlowSeries>();
  /** By row: when it arrived and when it got its seats, NaN when it has not, or is counted already. */
  readonly #arrivedAt = new RowTimes();
  readonly #startedAt = new RowTimes();

  constructor(simulation: Simulation, controlPlane: ControlPlane, release: KubernetesRelease) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.release = release;
  }

  /** All series with anything in them, in the order they began. */
  get requestSeries(): readonly RequestSeries[] {
    return [...this.#requests.values()];
  }

  get flowSeries(): readonly FlowSeries[] {
    return [...this.#flows.values()];
  }

  arrived(request: number): void {
    this.#arrivedAt.set(request, this.#simulation.now);
    this.#startedAt.set(request, NaN);
  }

  executing(request: number): void {
    const { flow } = this.#kindOf(request);
    this.#startedAt.set(request, this.#simulation.now);
    if (flow === undefined) return;
    flow.dispatched++;
    flow.waitExecuted.observe(this.#secondsSince(this.#arrivedAt.get(request)));
    flow.seats.observe(this.#seatsOf(request));
  }

  rejected(request: number, reason: RejectReason): void {
    const { flow } = this.#kindOf(request);
    if (flow !== undefined) this.#countRejection(flow, request, reason);
  }

  /** Upstream takes a request whose client left the queue for one that timed out there. */
  abandoned(request: number): void {
    const { requests } = this.#controlPlane;
    if (requests.server[request]! < 0 || requests.phase[request] !== Phase.queued) return;
    const { flow } = this.#kindOf(request);
    if (flow !== undefined) this.#countRejection(flow, request, 'time-out');
  }

  /**
   * Upstream counts and times requests in their handlers. What authentication or authorization turns away never gets there;
   * what flow control turns away is counted, and not timed (pkg/server/filters, pkg/endpoints/metrics).
   */
  answered(request: number, status: Status): void {
    if (this.#controlPlane.requests.server[request]! < 0) return;
    const arrivedAt = this.#arrivedAt.get(request);
    this.#arrivedAt.set(request, NaN);
    if (Number.isNaN(arrivedAt) || codeOf(status) === '') return;
    const { requests: series, flow } = this.#kindOf(request);
    const startedAt = this.#startedAt.get(request);
    const hasExecuted = !Number.isNaN(startedAt);
    if (hasExecuted) flow?.execution.observe(this.#secondsSince(startedAt));
    if (status === Status.unauthorized || status === Status.forbidden) return;
    series.answers[status]! += 1;
    if (!hasExecuted || status === Status.gatewayTimeout) series.terminations[status]! += 1;
    if (!hasExecuted) return;
    series.duration.observe(this.#secondsSince(arrivedAt));
    series.sli.observe(this.#secondsSince(startedAt));
    const { operations, requests } = this.#controlPlane;
    series.size.observe(status === Status.ok ? operations.responseBytes[requests.operation[request]!]! : 0);
  }

  /** Its time is that of its CPU: neither the queue nor the commit of a light write takes it out of the first bucket. */
  booked(group: number, operation: number, server: number): void {
    const { requests: series, flow } = this.#kindAt(group, operation, server);
    const taken = this.#controlPlane.operations.idleTime[operation]! / 1_000_000;
    series.answers[Status.ok]! += 1;
    series.duration.observe(taken);
    series.sli.observe(taken);
    series.size.observe(this.#controlPlane.operations.responseBytes[operation]!);
    if (flow === undefined) return;
    flow.dispatched++;
    flow.waitExecuted.observe(0);
    flow.execution.observe(taken);
    flow.seats.observe(1);
  }

  /** Counters of a process end with it; the next one begins at nothing. */
  serverEnded(server: number): void {
    for (const [key, series] of this.#requests) if (series.server === server) this.#requests.delete(key);
    for (const [key, series] of this.#flows) if (series.server === server) this.#flows.delete(key);
    this.#kinds.length = 0;
  }

  #countRejection(flow: FlowSeries, request: number, reason: RejectReason): void {
    flow.rejected.set(reason, (flow.rejected.get(reason) ?? 0) + 1);
    flow.waitRejected.observe(this.#secondsSince(this.#arrivedAt.get(request)));
  }

  #secondsSince(instant: number): number {
    return ((this.#simulation.now - instant) as Duration) / 1_000_000;
  }

  #seatsOf(request: number): number {
    const { operations, requests, groups, servers } = this.#controlPlane;
    const { seats } = servers[0]!.flowControl.configuration;
    const most = seats[groups[requests.group[request]!]!.level]?.requestSeatLimit ?? 1;
    return Math.min(operations.seats[requests.operation[request]!]!, most);
  }

  #kindOf(request: number): Kind {
    const { requests } = this.#controlPlane;
    return this.#kindAt(requests.group[request]!, requests.operation[request]!, requests.server[request]!);
  }

  #kindAt(group: number, operation: number, server: number): Kind {
    const { operations, servers } = this.#controlPlane;
    const key = (group * operations.count + operation) * servers.length + server;
    return (this.#kinds[key] ??= this.#createKind(group, server));
  }

  /** All clients of a group ask for the same thing, so the first one describes them. */
  #createKind(group: number, server: number): Kind {
    const request = this.#controlPlane.groups[group]!.describe(0);
    return { requests: this.#seriesOf(server, request), flow: this.#flowOf(server, request) };
  }

  #seriesOf(server: number, request: RequestDescription): RequestSeries {
    const labels = requestLabels(request);
    return entry(this.#requests, `${server} ${Object.values(labels).join(' ')}`, () => ({
      server,
      labels,
      request,
      answers: new Float64Array(statusNames.length),
      terminations: new Float64Array(statusNames.length),
      duration: this.#histogram('apiserver_request_duration_seconds'),
      sli: this.#histogram('apiserver_request_sli_duration_seconds'),
      size: this.#histogram('apiserver_response_sizes'),
    }));
  }

  /** Without priority and fairness there are no schemas, and nothing of this is exported. */
  #flowOf(server: number, request: RequestDescription): FlowSeries | undefined {
    const { configuration } = this.#controlPlane.servers[server]!.flowControl;
    const { schema, level } = configuration.classify(request);
    if (schema < 0 || level < 0) return undefined;
    const names = { schema: configuration.flowSchemas[schema]!.name, level: configuration.priorityLevels[level]!.name };
    return entry(this.#flows, `${server} ${names.level} ${names.schema}`, () => ({
      server,
      ...names,
      dispatched: 0,
      rejected: new Map(),
      waitExecuted: this.#histogram('apiserver_flowcontrol_request_wait_duration_seconds'),
      waitRejected: this.#histogram('apiserver_flowcontrol_request_wait_duration_seconds'),
      execution: this.#histogram('apiserver_flowcontrol_request_execution_seconds'),
      seats: this.#histogram('apiserver_flowcontrol_work_estimated_seats'),
    }));
  }

  #histogram(name: string): BucketHistogram {
    return new BucketHistogram(metricNamed(name, this.release)!.buckets!);
  }
}

/** Records the requests of `controlPlane` from now on. A control plane has one meter at a time. */
export function attachRequestMeter(
  simulation: Simulation,
  controlPlane: ControlPlane,
  release: KubernetesRelease,
): RequestMeter {
  const meter = new RequestMeter(simulation, controlPlane, release);
  controlPlane.requestObserver = meter;
  return meter;
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = create();
  map.set(key, made);
  return made;
}
