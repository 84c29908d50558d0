/**
 * The FlowSchemas of a cluster nobody has configured. Source: kubernetes/apiserver, tag kubernetes-1.36.3,
 * pkg/apis/flowcontrol/bootstrap/default.go.
 */
import type { FlowSchema, NonResourceRule, PolicyRule, ResourceRule, Subject } from './flow-schema.ts';

const all: readonly string[] = ['*'];
const everyResource: ResourceRule = {
  verbs: all,
  apiGroups: all,
  resources: all,
  namespaces: all,
  clusterScope: true,
};
const everyPath: NonResourceRule = { verbs: all, nonResourceUrls: all };
const leasesAnywhere: Omit<ResourceRule, 'verbs'> = {
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  namespaces: all,
  clusterScope: false,
};
const anyone: readonly Subject[] = [group('system:unauthenticated'), group('system:authenticated')];
const kubeSystemAccounts: Subject = { kind: 'ServiceAccount', namespace: 'kube-system', name: '*' };

/** The two schemas every API server has, whatever the cluster's configuration says. */
export const mandatoryFlowSchemas: readonly FlowSchema[] = [
  { name: 'exempt', matchingPrecedence: 1, priorityLevel: 'exempt', rules: [everything(group('system:masters'))] },
  {
    name: 'catch-all',
    matchingPrecedence: 10_000,
    priorityLevel: 'catch-all',
    distinguisherMethod: 'ByUser',
    rules: [everything(...anyone)],
  },
];

const suggestedFlowSchemas: readonly FlowSchema[] = [
  {
    name: 'probes',
    matchingPrecedence: 2,
    priorityLevel: 'exempt',
    rules: [
      {
        subjects: anyone,
        nonResourceRules: [{ verbs: ['get'], nonResourceUrls: ['/healthz', '/readyz', '/livez'] }],
      },
    ],
  },
  {
    name: 'system-leader-election',
    matchingPrecedence: 100,
    priorityLevel: 'leader-election',
    distinguisherMethod: 'ByUser',
    rules: [
      {
        subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler'), kubeSystemAccounts],
        resourceRules: [{ ...leasesAnywhere, verbs: ['get', 'create', 'update'] }],
      },
    ],
  },
  {
    name: 'system-node-high',
    matchingPrecedence: 400,
    priorityLevel: 'node-high',
    distinguisherMethod: 'ByUser',
    rules: [
      {
        subjects: [group('system:nodes')],
        resourceRules: [
          { verbs: all, apiGroups: [''], resources: ['nodes', 'nodes/status'], namespaces: all, clusterScope: true },
          { ...leasesAnywhere, verbs: all },
        ],
      },
    ],
  },
  {
    name: 'system-nodes',
    matchingPrecedence: 500,
    priorityLevel: 'system',
    distinguisherMethod: 'ByUser',
    rules: [everything(group('system:nodes'))],
  },
  {
    name: 'kube-controller-manager',
    matchingPrecedence: 800,
    priorityLevel: 'workload-high',
    distinguisherMethod: 'ByNamespace',
    rules: [everything(user('system:kube-controller-manager'))],
  },
  {
    name: 'kube-scheduler',
    matchingPrecedence: 800,
    priorityLevel: 'workload-high',
    distinguisherMethod: 'ByNamespace',
    rules: [everything(user('system:kube-scheduler'))],
  },
  {
    name: 'kube-system-service-accounts',
    matchingPrecedence: 900,
    priorityLevel: 'workload-high',
    distinguisherMethod: 'ByNamespace',
    rules: [everything(kubeSystemAccounts)],
  },
  {
    name: 'service-accounts',
    matchingPrecedence: 9_000,
    priorityLevel: 'workload-low',
    distinguisherMethod: 'ByUser',
    rules: [everything(group('system:serviceaccounts'))],
  },
  {
    name: 'global-default',
    matchingPrecedence: 9_900,
    priorityLevel: 'global-default',
    distinguisherMethod: 'ByUser',
    rules: [everything(...anyone)],
  },
];

/** Mandatory and suggested schemas. */
export const defaultFlowSchemas: readonly FlowSchema[] = [...mandatoryFlowSchemas, ...suggestedFlowSchemas];

function everything(...subjects: readonly Subject[]): PolicyRule {
  return { subjects, resourceRules: [everyResource], nonResourceRules: [everyPath] };
}

function group(name: string): Subject {
  return { kind: 'Group', name };
}

function user(name: string): Subject {
  return { kind: 'User', name };
}
