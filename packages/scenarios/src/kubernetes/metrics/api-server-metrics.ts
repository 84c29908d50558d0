/** Metrics of kube-apiserver outside flow control, read at kubernetes-1.31.14, 1.34.10 and 1.36.3 of kubernetes/apiserver. */
import { freshWaitBuckets } from '../watch-cache/fresh-waits.ts';
import { exponentialBuckets, type MetricDefinition } from './metric.ts';

const endpoints = 'kubernetes/apiserver, pkg/endpoints/metrics/metrics.go';
const storage = 'kubernetes/apiserver, pkg/storage/etcd3/metrics/metrics.go';
const cacher = 'kubernetes/apiserver, pkg/storage/cacher/metrics/metrics.go';
const requestLabels = ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'] as const;
const withDryRun = ['verb', 'dry_run', 'group', 'version', 'resource', 'subresource', 'scope', 'component'] as const;
const longBuckets = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60] as const;
/** Types were told apart by one label until 1.33, and by group and name since. */
const byType = { labels: ['resource'], change: { since: '1.34', labels: ['group', 'resource'] } } as const;

/** Metrics of requests, storage and watch cache. */
export const apiServerMetrics: readonly MetricDefinition[] = [
  {
    name: 'apiserver_request_total',
    type: 'counter',
    help: 'Requests that were answered, by what was asked for and the status code.',
    labels: [...withDryRun, 'code'],
    source: endpoints,
    isFilled: true,
    simplification:
      'not counted is a request whose client left and that was stopped on the way; one that reaches the time limit of the server is counted and timed then',
  },
  {
    name: 'apiserver_request_duration_seconds',
    type: 'histogram',
    help: 'Time from the arrival of a request to the end of its answer.',
    labels: withDryRun,
    buckets: [0.005, 0.025, ...longBuckets],
    source: endpoints,
    isFilled: true,
    simplification:
      'renewals of leases that batches stand for (`heartbeats: aggregated`) are timed by the CPU they take',
  },
  {
    name: 'apiserver_request_sli_duration_seconds',
    type: 'histogram',
    help: 'The same without the time in the queues of priority and fairness, and without admission webhooks.',
    labels: requestLabels,
    buckets: longBuckets,
    source: endpoints,
    isFilled: true,
    simplification: 'time in admission webhooks is not taken out',
  },
  {
    name: 'apiserver_response_sizes',
    type: 'histogram',
    help: 'Bytes of answers before compression.',
    labels: requestLabels,
    buckets: exponentialBuckets(1000, 10, 7),
    source: endpoints,
    isFilled: true,
  },
  {
    name: 'apiserver_current_inflight_requests',
    type: 'gauge',
    help: 'Requests being executed, by kind.',
    labels: ['request_kind'],
    source: endpoints,
    isFilled: true,
    simplification: 'the number at the instant of the scrape, not the highest of the last second',
  },
  {
    name: 'apiserver_current_inqueue_requests',
    type: 'gauge',
    help: 'Requests waiting for a seat, by kind.',
    labels: ['request_kind'],
    source: endpoints,
    isFilled: true,
    simplification: 'the number at the instant of the scrape, not the highest of the last second',
  },
  {
    name: 'apiserver_request_terminations_total',
    type: 'counter',
    help: 'Requests that the server ended in self-defence.',
    labels: [...requestLabels, 'code'],
    source: endpoints,
    isFilled: true,
  },
  {
    name: 'apiserver_longrunning_requests',
    type: 'gauge',
    help: 'Watches and other requests without an end.',
    labels: requestLabels,
    source: endpoints,
    isFilled: true,
    simplification: 'watches only, and only where the watch cache is modelled',
  },
  {
    name: 'apiserver_storage_objects',
    type: 'gauge',
    help: 'Stored objects at the last count.',
    labels: ['resource'],
    source: storage,
    isFilled: true,
    simplification: 'counted every five seconds, not every minute',
  },
  {
    name: 'apiserver_resource_objects',
    type: 'gauge',
    help: 'Stored objects at the last count.',
    labels: ['group', 'resource'],
    since: '1.34',
    source: storage,
    isFilled: true,
    simplification: 'counted every five seconds, not every minute',
  },
  {
    name: 'apiserver_storage_size_bytes',
    type: 'gauge',
    help: 'Size of the database file.',
    labels: ['storage_cluster_id'],
    source: storage,
    isFilled: true,
  },
  {
    name: 'etcd_request_duration_seconds',
    type: 'histogram',
    help: 'Time of requests to etcd as the API server sees it.',
    labels: ['operation', 'type'],
    buckets: [0.005, 0.025, ...longBuckets],
    change: { since: '1.34', labels: ['operation', 'group', 'resource'] },
    source: storage,
    isFilled: true,
    simplification:
      'one request for each operation; light reads that take the short way are not timed, and neither are counts and compactions',
  },
  {
    name: 'apiserver_watch_cache_events_received_total',
    type: 'counter',
    help: 'Events that the watch cache took in.',
    ...byType,
    source: cacher,
    isFilled: true,
    simplification:
      'where the watch cache is modelled; bookmarks are not counted, and it runs on when the process is started again',
  },
  {
    name: 'apiserver_watch_cache_events_dispatched_total',
    type: 'counter',
    help: 'Events that the watch cache handed out.',
    ...byType,
    source: cacher,
    isFilled: true,
    simplification:
      'where the watch cache is modelled; each event once, where scrapes of 1.31 show two for each received, without bookmarks; it runs on when the process is started again',
  },
  {
    name: 'apiserver_watch_cache_initializations_total',
    type: 'counter',
    help: 'Times that the watch cache was filled.',
    ...byType,
    source: cacher,
    isFilled: true,
    simplification: 'where the watch cache is modelled; it runs on when the process is started again',
  },
  {
    name: 'apiserver_watch_cache_read_wait_seconds',
    type: 'histogram',
    help: 'Time that reads waited for the watch cache to be fresh enough.',
    ...byType,
    buckets: freshWaitBuckets,
    source: cacher,
    isFilled: true,
    simplification: 'where the watch cache is modelled; it runs on when the process is started again',
  },
  {
    name: 'apiserver_watch_cache_resource_version',
    type: 'gauge',
    help: 'Version of what the watch cache holds.',
    ...byType,
    source: cacher,
    isFilled: true,
    simplification: 'where the watch cache is modelled',
  },
  {
    name: 'watch_cache_capacity',
    type: 'gauge',
    help: 'Events that the history of the watch cache has room for.',
    ...byType,
    source: cacher,
    isFilled: true,
    simplification: 'where the watch cache is modelled',
  },
  {
    name: 'apiserver_terminated_watchers_total',
    type: 'counter',
    help: 'Watchers that were closed because they were too slow.',
    ...byType,
    source: cacher,
    isFilled: true,
    simplification: 'where the watch cache is modelled',
  },
  {
    name: 'kubernetes_feature_enabled',
    type: 'gauge',
    help: 'Feature gates: 1 when on.',
    labels: ['name', 'stage'],
    source: 'kubernetes/component-base, metrics/prometheus/feature/metrics.go',
    isFilled: true,
  },
];

/** Metrics of every process, as the Prometheus client library exports them. */
export const processMetrics: readonly MetricDefinition[] = [
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory.',
    labels: [],
    source: 'prometheus/client_golang, prometheus/process_collector.go',
    isFilled: true,
  },
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time used.',
    labels: [],
    source: 'prometheus/client_golang, prometheus/process_collector.go',
    isFilled: true,
    simplification: 'runs on when the process is started again, where a real one begins at 0',
  },
];
