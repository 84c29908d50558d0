/** What each API server answers when it is scraped. */
import type { ApiServer } from '../api-server/api-server.ts';
import type { ControlPlane } from '../control-plane.ts';
import { type LevelReadings, SeatPool } from '../flow-control/seat-pool.ts';
import { featureGates, gateState } from '../profiles/feature-gates.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import type { Status } from '../requests/api-request.ts';
import { FamilyList } from './families.ts';
import type { NumberSample, Scrape } from './metric.ts';
import { countInside, type FlowCounts, type InsideCounts } from './inside-counts.ts';
import { codeOf, requestLabels } from './request-labels.ts';
import type { EtcdRequestMeter } from './etcd-request-meter.ts';
import type { RequestMeter } from './request-meter.ts';

/** What a scrape of the API servers may use beside the control plane itself. */
export interface ApiServerScrapeOptions {
  readonly release: KubernetesRelease;
  /** Gates that are on; absent = their metric is left out. */
  readonly gates?: ReadonlySet<string>;
  /** Absent = nothing that is counted or timed by request. */
  readonly meter?: RequestMeter;
  readonly etcdMeter?: EtcdRequestMeter;
}

const microsecondsPerSecond = 1_000_000;

/** One scrape for each server that has a process now; the others do not answer. */
export function collectApiServers(
  name: string,
  controlPlane: ControlPlane,
  options: ApiServerScrapeOptions,
): readonly Scrape[] {
  const counts = countInside(controlPlane);
  return controlPlane.servers.flatMap((server) =>
    server.isGone
      ? []
      : [
          {
            job: 'kube-apiserver',
            instance: `${name}/api-server-${server.index}`,
            families: familiesOf(controlPlane, server, counts[server.index]!, options),
          },
        ],
  );
}

function familiesOf(
  controlPlane: ControlPlane,
  server: ApiServer,
  counts: InsideCounts,
  { release, gates, meter, etcdMeter }: ApiServerScrapeOptions,
): Scrape['families'] {
  const list = new FamilyList(release);
  if (meter !== undefined) addRequests(list, server.index, meter);
  const kinds = ['mutating', 'readOnly'] as const;
  for (const [name, of] of [
    ['apiserver_current_inflight_requests', counts.executing],
    ['apiserver_current_inqueue_requests', counts.waiting],
  ] as const) {
    list.numbers(
      name,
      kinds.map((kind) => ({ labels: { request_kind: kind }, value: of[kind] })),
    );
  }
  addLevels(list, server);
  addFlows(list, counts);
  if (meter !== undefined) addFlowSeries(list, server.index, meter);
  addStorage(list, controlPlane);
  list.histograms('etcd_request_duration_seconds', etcdMeter?.read(server.index) ?? []);
  addWatchCache(list, controlPlane, server.index);
  addGates(list, release, gates);
  list.number('process_resident_memory_bytes', server.memoryBytes);
  list.number('process_cpu_seconds_total', server.busyTime / microsecondsPerSecond);
  return list.families;
}

function addRequests(list: FamilyList, server: number, meter: RequestMeter): void {
  const series = meter.requestSeries.filter((one) => one.server === server);
  for (const [name, of] of [
    ['apiserver_request_total', 'answers'],
    ['apiserver_request_terminations_total', 'terminations'],
  ] as const) {
    list.numbers(
      name,
      series.flatMap((one) =>
        Array.from(one[of], (value, status) => ({
          labels: { ...one.labels, code: codeOf(status as Status, one.request) },
          value,
        })).filter(({ value }) => value > 0),
      ),
    );
  }
  list.histograms(
    'apiserver_request_duration_seconds',
    series.map(({ labels, duration }) => duration.read(labels)),
  );
  list.histograms(
    'apiserver_request_sli_duration_seconds',
    series.map(({ labels, sli }) => sli.read(labels)),
  );
  list.histograms(
    'apiserver_response_sizes',
    series.map(({ labels, size }) => size.read(labels)),
  );
}

function addLevels(list: FamilyList, server: ApiServer): void {
  const { configuration, levels } = server.flowControl;
  if (!configuration.usesPriorityAndFairness) return;
  const add = (name: string, valueOf: (level: LevelReadings, number: number) => number): void =>
    list.numbers(
      `apiserver_flowcontrol_${name}`,
      levels.map((level, number) => ({ labels: { priority_level: level.name }, value: valueOf(level, number) })),
    );
  const { seats } = configuration;
  const total = configuration.maxRequestsInflight + configuration.maxMutatingRequestsInflight;
  add('nominal_limit_seats', (_, number) => seats[number]!.nominal);
  add('lower_limit_seats', (_, number) => seats[number]!.min);
  add('upper_limit_seats', (_, number) => seats[number]!.max);
  // The exempt level has no limit; upstream shows the seats of the server.
  add('current_limit_seats', (level) => (Number.isFinite(level.limit) ? level.limit : total));
  const demands = levels.filter((level): level is SeatPool => level instanceof SeatPool);
  for (const name of ['highWatermark', 'smoothed'] as const) {
    list.numbers(
      `apiserver_flowcontrol_demand_seats_${name === 'smoothed' ? 'smoothed' : 'high_watermark'}`,
      demands.map((level) => ({ labels: { priority_level: level.name }, value: level.demand[name] })),
    );
  }
}

function addFlows(list: FamilyList, { flows }: InsideCounts): void {
  const add = (name: string, valueOf: (flow: FlowCounts) => number): void =>
    list.numbers(
      `apiserver_flowcontrol_${name}`,
      [...flows.values()].map((flow) => ({
        labels: { priority_level: flow.level, flow_schema: flow.schema },
        value: valueOf(flow),
      })),
    );
  add('current_executing_requests', (flow) => flow.executing);
  add('current_executing_seats', (flow) => flow.executingSeats);
  add('current_inqueue_requests', (flow) => flow.waiting);
  add('current_inqueue_seats', (flow) => flow.waitingSeats);
}

function addFlowSeries(list: FamilyList, server: number, meter: RequestMeter): void {
  const series = meter.flowSeries.filter((one) => one.server === server);
  const labelled = series.map((one) => ({ ...one, labels: { priority_level: one.level, flow_schema: one.schema } }));
  list.numbers(
    'apiserver_flowcontrol_rejected_requests_total',
    labelled.flatMap(({ labels, rejected }) =>
      [...rejected].map(([reason, value]) => ({ labels: { ...labels, reason }, value })),
    ),
  );
  list.numbers(
    'apiserver_flowcontrol_dispatched_requests_total',
    labelled.map(({ labels, dispatched: value }) => ({ labels, value })),
  );
  list.histograms(
    'apiserver_flowcontrol_request_wait_duration_seconds',
    labelled.flatMap(({ labels, waitExecuted, waitRejected }) => [
      waitExecuted.read({ ...labels, execute: 'true' }),
      waitRejected.read({ ...labels, execute: 'false' }),
    ]),
  );
  list.histograms(
    'apiserver_flowcontrol_request_execution_seconds',
    labelled.map(({ labels, execution }) => execution.read({ ...labels, type: 'regular' })),
  );
  list.histograms(
    'apiserver_flowcontrol_work_estimated_seats',
    labelled.map(({ labels, seats }) => seats.read(labels)),
  );
}

/** Types that some operation reads or writes, with how many objects of them are stored. */
function addStorage(list: FamilyList, { operations, etcd }: ControlPlane): void {
  const objects = new Map<string, number>();
  for (let number = 0; number < operations.count; number++) {
    objects.set(operations.definition(number).resource ?? 'pods', operations.objects[number]!);
  }
  const samples: NumberSample[] = [...objects].map(([resource, value]) => ({ labels: { group: '', resource }, value }));
  list.numbers('apiserver_storage_objects', samples);
  list.numbers('apiserver_resource_objects', samples);
  const file = etcd.storage?.fileBytes[0];
  if (file !== undefined) {
    list.numbers('apiserver_storage_size_bytes', [{ labels: { storage_cluster_id: 'etcd-0' }, value: file }]);
  }
}

/** Types are told apart by group as well from 1.34 on; built-in ones other than leases are in the core group. */
function addWatchCache(list: FamilyList, { watchCaches }: ControlPlane, server: number): void {
  if (watchCaches === undefined) return;
  const { types } = watchCaches.server(server);
  const add = (name: string, valueOf: (cache: (typeof types)[number]) => number): void =>
    list.numbers(
      name,
      types.map((cache) => ({ labels: { resource: cache.type.resource }, value: valueOf(cache) })),
    );
  add('apiserver_watch_cache_resource_version', (cache) => cache.revision);
  add('watch_cache_capacity', (cache) => cache.ring.capacity);
  add('apiserver_watch_cache_events_received_total', (cache) => cache.counts.received);
  add('apiserver_watch_cache_events_dispatched_total', (cache) => cache.counts.dispatched);
  add('apiserver_terminated_watchers_total', (cache) => cache.counts.evicted);
  add('apiserver_watch_cache_initializations_total', (cache) => cache.counts.initializations);
  list.histograms(
    'apiserver_watch_cache_read_wait_seconds',
    types.map((cache) => cache.waits.times.read({ resource: cache.type.resource })),
  );
  list.numbers(
    'apiserver_longrunning_requests',
    types.map(({ type, watchers }) => ({
      labels: { ...requestLabels({ user: '', groups: [], verb: 'watch', resource: type.resource }) },
      value: watchers,
    })),
  );
}

function addGates(list: FamilyList, release: KubernetesRelease, gates: ReadonlySet<string> | undefined): void {
  if (gates === undefined) return;
  const known = [...featureGates.values()].filter((gate) => gateState(gate, release) !== '-');
  list.numbers(
    'kubernetes_feature_enabled',
    known.map((gate) => {
      const stage = gateState(gate, release).split(' ')[0]!;
      return {
        labels: { name: gate.name, stage: stage === 'ga' ? '' : stage.toUpperCase() },
        value: gates.has(gate.name) ? 1 : 0,
      };
    }),
  );
}
