/**
 * What is set by manifests and not by flags: the probes of kubeadm's static pod of the API server, and the Deployment and
 * Corefile of CoreDNS. Names are paths in the manifest.
 */
import { seconds, noTime } from '@brownout/core';
import { type FlagDefinition, rowsOf } from './flag.ts';

const pod = rowsOf('static-pod');
const dns = rowsOf('coredns');
const probes = 'kubernetes/kubernetes, cmd/kubeadm/app/util/staticpod/utils.go';
const manifest = 'kubernetes/kubernetes, cmd/kubeadm/app/phases/addons/dns/manifests.go';
const mebibyte = 1024 * 1024;

/** Probes of the static pod that runs kube-apiserver. */
export const staticPodFields: readonly FlagDefinition[] = [
  pod('livenessProbe.initialDelaySeconds', 'seconds', seconds(10), probes, undefined, { min: 0 }),
  pod('livenessProbe.timeoutSeconds', 'seconds', seconds(15), probes, 'time /livez has for its answer', {
    min: seconds(1),
  }),
  pod('livenessProbe.periodSeconds', 'seconds', seconds(10), probes, 'time between two asks', { min: seconds(1) }),
  pod('livenessProbe.failureThreshold', 'count', 8, probes, 'failures in a row that kill the process', { min: 1 }),
  pod('readinessProbe.initialDelaySeconds', 'seconds', noTime, probes, undefined, { min: 0 }),
  pod('readinessProbe.timeoutSeconds', 'seconds', seconds(15), probes, undefined, { min: seconds(1) }),
  pod('readinessProbe.periodSeconds', 'seconds', seconds(1), probes, undefined, { min: seconds(1) }),
  pod('readinessProbe.failureThreshold', 'count', 3, probes, undefined, { min: 1 }),
  pod('startupProbe.initialDelaySeconds', 'seconds', seconds(10), probes, undefined, { min: 0 }),
  pod('startupProbe.timeoutSeconds', 'seconds', seconds(15), probes, undefined, { min: seconds(1) }),
  pod('startupProbe.periodSeconds', 'seconds', seconds(10), probes, undefined, { min: seconds(1) }),
  pod('startupProbe.failureThreshold', 'count', 24, probes, 'periods a new process has to become ready', { min: 1 }),
];

/** CoreDNS: Deployment and Corefile. */
export const coreDnsFields: readonly FlagDefinition[] = [
  dns(
    'replicas',
    'count',
    2,
    'kubernetes/kubernetes, cmd/kubeadm/app/phases/addons/dns/dns.go',
    'CoreDNS processes: how many',
    { min: 0 },
  ),
  dns(
    'resources.limits.memory',
    'bytes',
    170 * mebibyte,
    manifest,
    'CoreDNS processes: memory at which one is killed',
    { min: 1 },
  ),
  dns('resources.requests.memory', 'bytes', 70 * mebibyte, manifest),
  dns('livenessProbe.initialDelaySeconds', 'seconds', seconds(60), manifest, 'CoreDNS processes: probe', { min: 0 }),
  dns('livenessProbe.timeoutSeconds', 'seconds', seconds(5), manifest, 'CoreDNS processes: probe', { min: seconds(1) }),
  dns(
    'livenessProbe.periodSeconds',
    'seconds',
    seconds(10),
    `${manifest}: left to the default`,
    'CoreDNS processes: probe',
    {
      min: seconds(1),
    },
  ),
  dns('livenessProbe.failureThreshold', 'count', 5, manifest, 'CoreDNS processes: probe', { min: 1 }),
  dns('kubernetes.ttl', 'seconds', seconds(30), manifest, 'CoreDNS processes: TTL of records of the cluster', {
    min: 0,
    max: seconds(3600),
  }),
  dns('cache', 'seconds', seconds(30), manifest, 'CoreDNS processes: longest time an answer is cached', { min: 0 }),
  dns(
    'cache.disable',
    'text',
    [
      ['1.29', ''],
      ['1.34', 'success denial'],
    ],
    `${manifest}: later kubeadm does not cache names of the cluster; the exact release was not checked`,
    'CoreDNS processes: whether names of the cluster are cached',
  ),
  dns('forward.max_concurrent', 'count', 1000, manifest),
  dns('health.lameduck', 'duration', seconds(5), manifest, undefined, { min: 0 }),
];
