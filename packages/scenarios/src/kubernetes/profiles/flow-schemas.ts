/**
 * The FlowSchemas that a release starts a cluster with. Up to 1.33 there were two more than today, from the time when leader
 * election used Endpoints and ConfigMaps. Source: kubernetes/apiserver, pkg/apis/flowcontrol/bootstrap/default.go, at
 * kubernetes-1.29.14 to 1.31.14 (with them) and 1.34.10 to 1.36.3 (without). The priority levels are the same in all.
 */
import { defaultFlowSchemas } from '../flow-control/default-flow-schemas.ts';
import type { FlowSchema, ResourceRule, Subject } from '../flow-control/flow-schema.ts';
import { isSince, type KubernetesRelease } from './release.ts';

const accounts = (...names: readonly string[]): readonly Subject[] =>
  names.map((name) => ({ kind: 'ServiceAccount', namespace: 'kube-system', name }));

function rule(apiGroup: string, ...resources: readonly string[]): ResourceRule {
  return {
    verbs: ['get', 'create', 'update'],
    apiGroups: [apiGroup],
    resources,
    namespaces: ['*'],
    clusterScope: false,
  };
}

const olderSchemas: readonly FlowSchema[] = [
  {
    name: 'endpoint-controller',
    matchingPrecedence: 150,
    priorityLevel: 'workload-high',
    distinguisherMethod: 'ByUser',
    rules: [
      {
        subjects: [
          { kind: 'User', name: 'system:kube-controller-manager' },
          ...accounts('endpoint-controller', 'endpointslicemirroring-controller'),
        ],
        resourceRules: [rule('', 'endpoints')],
      },
    ],
  },
  {
    name: 'workload-leader-election',
    matchingPrecedence: 200,
    priorityLevel: 'leader-election',
    distinguisherMethod: 'ByUser',
    rules: [
      {
        subjects: accounts('*'),
        resourceRules: [rule('', 'endpoints', 'configmaps'), rule('coordination.k8s.io', 'leases')],
      },
    ],
  },
];

/** Mandatory and suggested FlowSchemas of `release`. */
export function flowSchemasOf(release: KubernetesRelease): readonly FlowSchema[] {
  return isSince(release, '1.34') ? defaultFlowSchemas : [...defaultFlowSchemas, ...olderSchemas];
}
