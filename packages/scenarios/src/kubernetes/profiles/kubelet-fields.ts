/**
 * Fields of KubeletConfiguration. Source of all defaults: kubernetes/kubernetes, pkg/kubelet/apis/config/v1beta1/defaults.go.
 */
import { minutes, seconds } from '@brownout/core';
import { type FlagDefinition, rowsOf } from './flag.ts';

const row = rowsOf('kubelet');
const source = 'kubernetes/kubernetes, pkg/kubelet/apis/config/v1beta1/defaults.go';

/** Fields, under their names in the configuration file. */
export const kubeletFields: readonly FlagDefinition[] = [
  row('nodeStatusUpdateFrequency', 'duration', seconds(10), source, 'how often the status is computed'),
  row(
    'nodeStatusReportFrequency',
    'duration',
    minutes(5),
    `${source}: when only nodeStatusUpdateFrequency is set, it has that value`,
    'how often an unchanged status is written',
  ),
  row('nodeLeaseDurationSeconds', 'seconds', seconds(40), source, 'lease of a node; it is renewed four times within', {
    min: seconds(1),
  }),
  row('kubeAPIQPS', 'count', 50, source, undefined, { min: 0 }),
  row('kubeAPIBurst', 'count', 100, source, undefined, { min: 0 }),
  row('eventRecordQPS', 'count', 50, source, undefined, { min: 0 }),
  row('eventBurst', 'count', 100, source, undefined, { min: 0 }),
  row('registryPullQPS', 'count', 5, source, undefined, { min: 0 }),
  row('registryBurst', 'count', 10, source, undefined, { min: 0 }),
  row('serializeImagePulls', 'boolean', true, source),
  row('syncFrequency', 'duration', minutes(1), source),
  row('fileCheckFrequency', 'duration', seconds(20), source),
  row('maxPods', 'count', 110, source, undefined, { min: 0 }),
  row('nodeStatusMaxImages', 'count', 50, source),
  row('configMapAndSecretChangeDetectionStrategy', 'text', 'Watch', source),
  row('contentType', 'text', 'application/vnd.kubernetes.protobuf', source),
  row(
    'crashLoopBackOff.maxContainerRestartPeriod',
    'duration',
    [['1.34', minutes(5)]],
    `${source}; behind the gate KubeletCrashLoopBackOffMax, which is on since 1.35`,
    'longest wait between two starts of a crashing container',
    { min: seconds(1), max: minutes(5) },
  ),
];
