/**
 * Numbers that most documents share: what requests cost, as measured on a real kube-apiserver, and the timings of
 * Kubernetes 1.29 to 1.31. Every value carries its source; a document may replace any of them.
 */
import { assumed, derived, documented, measured } from './provenance.ts';
import type { ScenarioDocument } from './document.ts';

const unitCosts =
  'kube-apiserver 1.31.14 with etcd 3.5.16 on one core, pods of 5.1 kB JSON, up to 50,000 pods on a quiet machine';
const smallCosts = 'kube-apiserver 1.31.14 with etcd 3.5.16 on one core, 10,000 pods stored';
const burst = 'bursts of simultaneous LISTs on the same server: about 5 times the JSON size once several run';

const nothing = '0 B';
const lightWrite = {
  apiServerCpu: measured('4.56 ms', `PATCH of a pod status, ${smallCosts}`),
  etcdCpu: measured('0.71 ms', `PATCH of a pod status, ${smallCosts}`),
  apiServerMemory: nothing,
  etcdMemory: nothing,
};

/** Costs of every operation. */
export const measuredCosts: ScenarioDocument['costs'] = {
  operations: {
    'lease-update': {
      apiServerCpu: measured('1.72 ms', `PUT of a lease, ${smallCosts}`),
      etcdCpu: measured('0.52 ms', `PUT of a lease, ${smallCosts}`),
      apiServerMemory: nothing,
      etcdMemory: nothing,
    },
    'node-status-patch': lightWrite,
    get: {
      apiServerCpu: measured('0.70 ms', `GET of a pod with a quorum read, ${smallCosts}`),
      etcdCpu: measured('0.27 ms', `GET of a pod with a quorum read, ${smallCosts}`),
      apiServerMemory: nothing,
      etcdMemory: nothing,
    },
    'list-pods-etcd-json': {
      apiServerCpu: measured(
        '1.7 ms + 80 us * pods',
        `LIST with resourceVersion unset: 76 to 86 us a pod, ${unitCosts}`,
      ),
      etcdCpu: measured('2 ms + 5.8 us * pods', `the same LIST: 5 to 7 us a pod in etcd, ${unitCosts}`),
      apiServerMemory: measured('5 * 5.1 kB * pods', burst),
      etcdMemory: measured('3.3 kB * pods', 'four LISTs at once over 10,000 to 50,000 pods: 2.8 to 3.7 kB a pod'),
    },
    'list-pods-etcd-protobuf': {
      apiServerCpu: measured('1.7 ms + 52 us * pods', `the same LIST in protobuf: 45 to 55 us a pod, ${unitCosts}`),
      etcdCpu: measured('2 ms + 5.8 us * pods', `LIST with resourceVersion unset, ${unitCosts}`),
      apiServerMemory: derived('4.4 * 5.1 kB * pods', 'as in JSON, less what the smaller encoding saves twice'),
      etcdMemory: measured('3.3 kB * pods', 'four LISTs at once over 10,000 to 50,000 pods: 2.8 to 3.7 kB a pod'),
    },
    'list-pods-cache-json': {
      apiServerCpu: measured('0.3 ms + 42 us * pods', `LIST with resourceVersion 0: 38 to 46 us a pod, ${unitCosts}`),
      etcdCpu: '0 ms',
      apiServerMemory: measured(
        '2.4 * 5.1 kB * pods',
        'bursts of 30 to 100 LISTs from cache: 21 to 25 MiB at 2,000 pods',
      ),
      etcdMemory: nothing,
    },
    'list-pods-cache-protobuf': {
      apiServerCpu: measured('0.3 ms + 20 us * pods', `the same LIST in protobuf: 18 to 22 us a pod, ${unitCosts}`),
      etcdCpu: '0 ms',
      apiServerMemory: derived('2.4 * 3.6 kB * pods', 'as in JSON, scaled by the size of the encoding'),
      etcdMemory: nothing,
    },
    'list-own-pods-etcd': {
      apiServerCpu: measured(
        '35 us * pods',
        `LIST by node selector with resourceVersion unset: 33 to 36 us a pod, ${unitCosts}`,
      ),
      etcdCpu: measured('2 ms + 5.5 us * pods', `the same LIST in etcd, ${unitCosts}`),
      apiServerMemory: derived(
        '3 * 3.6 kB * pods',
        'stored bytes and decoded objects of every pod; the answer is small',
      ),
      etcdMemory: measured('3.3 kB * pods', 'as for the whole LIST: etcd knows no selector'),
    },
    'list-own-pods-cache': {
      apiServerCpu: measured('0.55 ms + 39 us * pods / nodes', `LIST by node selector from the index, ${unitCosts}`),
      etcdCpu: '0 ms',
      apiServerMemory: derived('2.4 * 5.1 kB * pods / nodes', 'the answer alone'),
      etcdMemory: nothing,
    },
    'kubelet-sync': {
      apiServerCpu: assumed(
        '5 ms + 39 us * pods / nodes',
        'a kubelet re-opens about seven watches at 0.7 ms each and lists its own pods from the cache',
      ),
      etcdCpu: '0 ms',
      apiServerMemory: derived('2.4 * 5.1 kB * pods / nodes', 'the answer alone'),
      etcdMemory: nothing,
    },
    'pod-create': {
      ...lightWrite,
      apiServerCpu: derived('4.56 ms', 'taken to cost as much as a PATCH of a pod status'),
    },
    'pod-bind': { ...lightWrite, apiServerCpu: derived('4.56 ms', 'taken to cost as much as a PATCH of a pod status') },
    'pod-delete': {
      ...lightWrite,
      apiServerCpu: derived('4.56 ms', 'taken to cost as much as a PATCH of a pod status'),
    },
    'object-update': {
      ...lightWrite,
      apiServerCpu: derived('4.56 ms', 'taken to cost as much as a PATCH of a pod status'),
    },
    probe: {
      apiServerCpu: measured('0.33 ms', `GET /readyz, ${smallCosts}`),
      etcdCpu: measured('0.27 ms', '/livez includes a GET in etcd; cost of a quorum GET'),
      apiServerMemory: nothing,
      etcdMemory: nothing,
    },
    'cache-fill': {
      apiServerCpu: derived(
        '35 us * pods + 175 us * nodes',
        'decoding without encoding; a node object is five times a pod',
      ),
      etcdCpu: derived('2 ms + 5.5 us * pods + 28 us * nodes', 'as for a LIST, by size'),
      apiServerMemory: nothing,
      etcdMemory: derived(
        '3.3 kB * min(pods, 10000)',
        'the watch cache reads in pages of 10,000 (kubernetes/apiserver, cacher.go)',
      ),
    },
  },
  connection: assumed('1.5 ms', 'one TLS 1.3 handshake with an ECDSA or RSA key and the HTTP/2 preface; not measured'),
  refusal: measured('0.32 ms', `GET /healthz as the bare cost of a request, ${smallCosts}`),
  apiServerBaseline: documented(
    '0.4 GiB + 9.3 MB * nodes',
    'OpenAI, "Scaling Kubernetes to 7,500 nodes": heap up to 70 GB at 7,500 nodes, linear in nodes; offset measured',
  ),
  etcdBaseline: measured('100 MiB + 27 kB * pods', 'resident memory of etcd at 2,000 to 50,000 pods'),
};

/** Timings and flags of Kubernetes 1.29 to 1.31. */
export const kubernetes2024: ScenarioDocument['kubernetes'] = {
  maxRequestsInflight: documented(400, 'default of --max-requests-inflight'),
  maxMutatingRequestsInflight: documented(200, 'default of --max-mutating-requests-inflight'),
  requestTimeout: documented('60 s', 'default of --request-timeout'),
  apiServerStart: assumed('10 s', 'image on the machine; start of the process and its post-start hooks'),
  nodeLeaseDuration: documented('40 s', 'kubelet default nodeLeaseDurationSeconds'),
  nodeLeaseRenewInterval: documented('10 s', 'a quarter of the lease duration (kubelet.go)'),
  nodeLeaseRenewJitter: documented(0.04, 'component-helpers, lease controller'),
  nodeLeaseRequestTimeout: documented('10 s', 'heartbeat client of the kubelet'),
  nodeStatusReportFrequency: documented('5 min', 'kubelet default nodeStatusReportFrequency'),
  controllerManager: {
    qps: documented(20, 'default of --kube-api-qps of the controller manager'),
    burst: documented(30, 'default of --kube-api-burst of the controller manager'),
  },
  scheduler: { qps: documented(50, 'scheduler default'), burst: documented(100, 'scheduler default') },
  daemonSetBurstReplicas: documented(250, 'BurstReplicas of the DaemonSet controller'),
  leaderElection: {
    leaseDuration: documented('15 s', 'component-base default'),
    renewDeadline: documented('10 s', 'component-base default'),
    retryPeriod: documented('2 s', 'component-base default'),
  },
  livenessProbe: {
    period: documented('10 s', 'kubeadm static pod'),
    timeout: documented('15 s', 'kubeadm static pod'),
    failureThreshold: documented(8, 'kubeadm static pod'),
  },
  crashBackoff: {
    first: documented('10 s', 'kubelet crash back-off, from the second death in a row'),
    longest: documented('5 min', 'kubelet crash back-off'),
    resetAfter: documented('10 min', 'kubelet crash back-off'),
  },
  etcd: {
    fsync: {
      distribution: 'uniform',
      from: assumed('0.9 ms', 'mean of 1.4 ms measured; its spread is assumed'),
      to: assumed('1.9 ms', 'mean of 1.4 ms measured; its spread is assumed'),
    },
    restart: assumed('30 s', 'restart, snapshot load and log replay of a member'),
    election: documented('1.5 s', 'election timeout 1 s, randomised up to twice (etcd tuning guide)'),
    requestTimeout: documented('7 s', '5 s plus two election timeouts (etcd server config)'),
  },
  loadBalancer: {
    healthCheckInterval: assumed('5 s', 'typical setting of a cloud balancer'),
    healthyThreshold: assumed(2, 'typical setting of a cloud balancer'),
    unhealthyThreshold: assumed(2, 'typical setting of a cloud balancer'),
    roundTrip: assumed('1 ms', 'one data centre'),
  },
};
