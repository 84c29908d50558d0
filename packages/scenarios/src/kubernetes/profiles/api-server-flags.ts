/**
 * Flags of kube-apiserver. Defaults were read at the tags kubernetes-1.29.14 to 1.36.3 of kubernetes/apiserver and did not
 * change between them unless a row says so; ranges are those of the `Validate` functions beside them.
 */
import { hours, minutes, seconds, noTime } from '@brownout/core';
import { type FlagDefinition, rowsOf } from './flag.ts';

const row = rowsOf('kube-apiserver');
const server = 'kubernetes/apiserver, pkg/server/options/server_run_options.go and pkg/server/config.go';
const etcd = 'kubernetes/apiserver, pkg/server/options/etcd.go and pkg/storage/storagebackend/config.go';
const serving = 'kubernetes/apiserver, pkg/server/options/serving.go and pkg/server/secure_serving.go';
const own = 'kubernetes/kubernetes, pkg/controlplane/apiserver/options/options.go';

/** Flags with a type of their own. */
export const apiServerFlags: readonly FlagDefinition[] = [
  row('max-requests-inflight', 'count', 400, server, 'seats of the server, and the limit of reads without APF', {
    min: 0,
  }),
  row(
    'max-mutating-requests-inflight',
    'count',
    200,
    server,
    'seats of the server, and the limit of writes without APF',
    {
      min: 0,
    },
  ),
  row(
    'enable-priority-and-fairness',
    'boolean',
    true,
    'kubernetes/apiserver, pkg/server/options/feature.go',
    'fair queues and levels, or two counters',
  ),
  row(
    'request-timeout',
    'duration',
    minutes(1),
    server,
    'time after which the server answers 504; patience in queues',
    {
      min: 0,
    },
  ),
  row('min-request-timeout', 'seconds', minutes(30), server, undefined, { min: 0 }),
  row('goaway-chance', 'number', 0, server, 'share of requests after which a client connects anew', {
    min: 0,
    max: 0.02,
  }),
  row('livez-grace-period', 'duration', noTime, server, undefined, { min: 0 }),
  row('shutdown-delay-duration', 'duration', noTime, server, 'time a server that is told to stop goes on serving', {
    min: 0,
  }),
  row('shutdown-send-retry-after', 'boolean', false, server, '429 for late arrivals while a server stops'),
  row(
    'shutdown-watch-termination-grace-period',
    'duration',
    noTime,
    server,
    'time over which the watches of a stopping server end, one by one',
    { min: 0 },
  ),
  row(
    'storage-initialization-timeout',
    'duration',
    [['1.31', minutes(1)]],
    server,
    'watch cache: longest time that readiness waits for it',
    { min: 0 },
  ),
  row(
    'http2-max-streams-per-connection',
    'count',
    0,
    `${serving}: 0 stands for 100`,
    'requests at once on one connection',
  ),
  row('disable-http2-serving', 'boolean', [['1.31', false]], serving),
  row('watch-cache', 'boolean', true, etcd),
  row('default-watch-cache-size', 'count', 100, `${etcd}: only 0 has a meaning, and turns the cache off`),
  row('watch-cache-sizes', 'text', '', etcd),
  row('delete-collection-workers', 'count', 1, etcd),
  row('enable-garbage-collector', 'boolean', true, etcd),
  row(
    'etcd-compaction-interval',
    'duration',
    minutes(5),
    etcd,
    'history kept by etcd, and how often the rest is dropped',
  ),
  row('etcd-count-metric-poll-period', 'duration', minutes(1), etcd),
  row('etcd-db-metric-poll-interval', 'duration', seconds(30), etcd),
  row('etcd-healthcheck-timeout', 'duration', seconds(2), etcd, 'patience of /livez with etcd'),
  row('etcd-readycheck-timeout', 'duration', seconds(2), etcd),
  row(
    'lease-reuse-duration-seconds',
    'seconds',
    minutes(1),
    'kubernetes/apiserver, pkg/storage/etcd3/lease_manager.go',
  ),
  row('storage-media-type', 'text', 'application/vnd.kubernetes.protobuf', own),
  row(
    'default-unreachable-toleration-seconds',
    'seconds',
    seconds(300),
    'kubernetes/kubernetes, plugin/pkg/admission/defaulttolerationseconds/admission.go',
    'taint eviction: time a pod stays on a node that is Unknown',
  ),
  row(
    'default-not-ready-toleration-seconds',
    'seconds',
    seconds(300),
    'kubernetes/kubernetes, plugin/pkg/admission/defaulttolerationseconds/admission.go',
  ),
  row('event-ttl', 'duration', hours(1), own),
  row('max-connection-bytes-per-sec', 'bytes', 0, own),
  row('profiling', 'boolean', true, 'kubernetes/apiserver, pkg/server/options/feature.go'),
  row('feature-gates', 'gates', '', 'kubernetes/apiserver, pkg/features/kube_features.go', 'see the table of gates'),
  ...namesOnly(),
];

/** Paths, names and addresses that a static pod of kubeadm is started with: accepted as text, they drive nothing here. */
function namesOnly(): readonly FlagDefinition[] {
  const source = 'kubernetes/kubernetes, cmd/kubeadm/app/phases/controlplane/manifests.go';
  return [
    'advertise-address',
    'allow-privileged',
    'audit-log-path',
    'audit-policy-file',
    'authorization-mode',
    'bind-address',
    'client-ca-file',
    'disable-admission-plugins',
    'enable-admission-plugins',
    'enable-bootstrap-token-auth',
    'encryption-provider-config',
    'etcd-cafile',
    'etcd-certfile',
    'etcd-keyfile',
    'etcd-servers',
    'etcd-servers-overrides',
    'kubelet-client-certificate',
    'kubelet-client-key',
    'kubelet-preferred-address-types',
    'proxy-client-cert-file',
    'proxy-client-key-file',
    'requestheader-allowed-names',
    'requestheader-client-ca-file',
    'requestheader-extra-headers-prefix',
    'requestheader-group-headers',
    'requestheader-username-headers',
    'secure-port',
    'service-account-issuer',
    'service-account-key-file',
    'service-account-signing-key-file',
    'service-cluster-ip-range',
    'tls-cert-file',
    'tls-private-key-file',
  ].map((name) => row(name, 'text', '', source));
}
