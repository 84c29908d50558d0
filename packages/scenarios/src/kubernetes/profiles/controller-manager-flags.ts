/** Flags of kube-controller-manager, and of the scheduler with its configuration fields. */
import { hours, minutes, seconds, noTime } from '@brownout/core';
import { type FlagDefinition, type FlagRow, rowsOf } from './flag.ts';

const row = rowsOf('kube-controller-manager');
const scheduler = rowsOf('kube-scheduler');
const general = 'kubernetes/kubernetes, pkg/controller/apis/config/v1alpha1/defaults.go';
const lifecycle = 'kubernetes/kubernetes, cmd/kube-controller-manager/app/options/nodelifecyclecontroller.go';
const election = 'kubernetes/component-base, config/v1alpha1/defaults.go';
const schedulerDefaults = 'kubernetes/kubernetes, pkg/scheduler/apis/config/v1/defaults.go';
const share = { min: 0, max: 1 };

/** How many workers each controller has. Source: pkg/controller/<name>/config/v1alpha1/defaults.go of kubernetes/kubernetes. */
const workers: readonly (readonly [flag: string, controller: string, workers: number, models?: string])[] = [
  ['concurrent-cron-job-syncs', 'cronjob', 5],
  ['concurrent-daemonset-syncs', 'daemon', 2],
  ['concurrent-deployment-syncs', 'deployment', 5],
  ['concurrent-endpoint-syncs', 'endpoint', 5],
  ['concurrent-ephemeralvolume-syncs', 'volume/ephemeral', 5],
  ['concurrent-gc-syncs', 'garbagecollector', 20, 'garbage collector: workers'],
  ['concurrent-horizontal-pod-autoscaler-syncs', 'podautoscaler', 5],
  ['concurrent-job-syncs', 'job', 5],
  ['concurrent-namespace-syncs', 'namespace', 10],
  ['concurrent-rc-syncs', 'replication', 5],
  ['concurrent-replicaset-syncs', 'replicaset', 5],
  ['concurrent-resource-quota-syncs', 'resourcequota', 5],
  ['concurrent-service-endpoint-syncs', 'endpointslice', 5, 'EndpointSlices: workers'],
  ['concurrent-service-syncs', 'service', 1],
  ['concurrent-serviceaccount-token-syncs', 'serviceaccount', 5],
  ['concurrent-statefulset-syncs', 'statefulset', 5],
  ['concurrent-ttl-after-finished-syncs', 'ttlafterfinished', 5],
];

/** Flags of kube-controller-manager. */
export const controllerManagerFlags: readonly FlagDefinition[] = [
  row('node-monitor-period', 'duration', seconds(5), general, 'node lifecycle: how often node health is looked at'),
  row(
    'node-monitor-grace-period',
    'duration',
    [
      ['1.29', seconds(40)],
      ['1.34', seconds(50)],
    ],
    'kubernetes/kubernetes, pkg/controller/nodelifecycle/config/v1alpha1/defaults.go: 40 s, since 1.32 50 s',
    'node lifecycle: how long a node may be silent before it is Unknown',
  ),
  row(
    'node-startup-grace-period',
    'duration',
    minutes(1),
    `${lifecycle}, defaults.go of the controller`,
    'node lifecycle: how long a node whose object came before its kubelet may be silent before it is Unknown',
  ),
  row('node-eviction-rate', 'number', 0.1, lifecycle, 'node lifecycle: nodes tainted per second in a healthy zone', {
    min: 0,
  }),
  row(
    'secondary-node-eviction-rate',
    'number',
    0.01,
    lifecycle,
    'node lifecycle: the same in a zone with partial disruption',
    {
      min: 0,
    },
  ),
  row(
    'large-cluster-size-threshold',
    'count',
    50,
    lifecycle,
    'node lifecycle: nodes of a zone above which the secondary rate is not 0',
    {
      min: 0,
    },
  ),
  row(
    'unhealthy-zone-threshold',
    'number',
    0.55,
    lifecycle,
    'node lifecycle: share of silent nodes that makes a zone disrupted',
    share,
  ),
  row('kube-api-qps', 'number', 20, general, 'client-side rate limit'),
  row('kube-api-burst', 'count', 30, general, 'client-side rate limit', { min: 0 }),
  ...leaderElection(row),
  ...workers.map(([flag, controller, count, models]) =>
    row(
      flag,
      'count',
      count,
      `kubernetes/kubernetes, pkg/controller/${controller}/config/v1alpha1/defaults.go`,
      models,
      {
        min: 1,
      },
    ),
  ),
  row(
    'endpointslice-updates-batch-period',
    'duration',
    noTime,
    'kubernetes/kubernetes, pkg/controller/endpointslice/config/types.go',
    'EndpointSlices: time for which pod changes are gathered',
  ),
  row(
    'max-endpoints-per-slice',
    'count',
    100,
    'kubernetes/kubernetes, pkg/controller/endpointslice/config/v1alpha1/defaults.go',
    'EndpointSlices: endpoints in one slice',
    { min: 1, max: 1000 },
  ),
  row(
    'terminated-pod-gc-threshold',
    'count',
    12_500,
    'kubernetes/kubernetes, pkg/controller/podgc/config/v1alpha1/defaults.go',
  ),
  row('min-resync-period', 'duration', hours(12), 'kubernetes/controller-manager, config/v1alpha1/defaults.go'),
  row('controller-start-interval', 'duration', noTime, 'kubernetes/controller-manager, config/v1alpha1/defaults.go'),
  row('use-service-account-credentials', 'boolean', false, general),
  row('feature-gates', 'gates', '', 'kubernetes/client-go, features/known_features.go', 'see the table of gates'),
];

/** Flags of kube-scheduler, and fields of its configuration under their own names. */
export const schedulerFlags: readonly FlagDefinition[] = [
  scheduler('kube-api-qps', 'number', 50, schedulerDefaults, 'client-side rate limit'),
  scheduler('kube-api-burst', 'count', 100, schedulerDefaults, 'client-side rate limit', { min: 0 }),
  ...leaderElection(scheduler),
  scheduler('parallelism', 'count', 16, schedulerDefaults, undefined, { min: 1 }),
  scheduler('percentageOfNodesToScore', 'count', 0, schedulerDefaults, undefined, { min: 0, max: 100 }),
  scheduler('podInitialBackoffSeconds', 'seconds', seconds(1), schedulerDefaults, undefined, { min: 1 }),
  scheduler('podMaxBackoffSeconds', 'seconds', seconds(10), schedulerDefaults, undefined, { min: 1 }),
  scheduler('feature-gates', 'gates', '', 'kubernetes/client-go, features/known_features.go', 'see the table of gates'),
];

function leaderElection(write: FlagRow): readonly FlagDefinition[] {
  return [
    write('leader-elect', 'boolean', true, election),
    write('leader-elect-lease-duration', 'duration', seconds(15), election, 'age at which others take the lease', {
      min: 1,
    }),
    write('leader-elect-renew-deadline', 'duration', seconds(10), election, 'time after which a leader gives up', {
      min: 1,
    }),
    write('leader-elect-retry-period', 'duration', seconds(2), election, 'time between two tries', { min: 1 }),
  ];
}
